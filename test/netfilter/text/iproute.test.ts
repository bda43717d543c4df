/** What `ip rule`, `ip route` and `ip address` print, as a host's network. */
import { expect, test } from 'vitest';
import { isIpLine, readNetwork, traverse } from '../../../src/netfilter/index.ts';
import { problemWords } from '../../../src/words/index.ts';

const network = (text: string) => readNetwork(text.split('\n'));

test('ip address: interfaces with their addresses in order', () => {
  const { interfaces, routes, rules } = network(`$ ip addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host proto kernel_lo
3: eth0@if12: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default
    link/ether 0a:58:0a:f4:01:05 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 10.244.7.5/24 brd 10.244.7.255 scope global eth0
    inet6 fe80::858:aff:fef4:105/64 scope link`);
  expect(interfaces).toEqual([
    { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
    { name: 'eth0', addresses: ['10.244.7.5/24', 'fe80::858:aff:fef4:105/64'] },
  ]);
  expect([routes, rules]).toEqual([undefined, undefined]);
});

/** As iproute2 6.1 prints them. */
const linked = `2: br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    inet 10.8.0.1/24 scope global br0
3: eth9@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
4: eth0@eth9: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    inet 10.244.1.5/24 scope global eth0
6: veth1@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP group default qlen 1000
7: eth0.100@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    inet 10.9.0.1/24 scope global eth0.100
8: tunl0@NONE: <NOARP> mtu 1480 qdisc noop state DOWN group default qlen 1000`;

test('ports of a bridge, and what stands on another device; the ends of a veth pair stand on none', () => {
  expect(network(linked).interfaces).toEqual([
    { name: 'br0', addresses: ['10.8.0.1/24'] },
    { name: 'eth9', addresses: [] },
    { name: 'eth0', addresses: ['10.244.1.5/24'] },
    { name: 'veth1', addresses: [], master: 'br0' },
    { name: 'eth0.100', addresses: ['10.9.0.1/24'], lower: 'eth0' },
    { name: 'tunl0', addresses: [] },
  ]);
  expect(network('eth0 UP 10.0.0.9/32\neth0.100@eth0 UP 10.9.0.1/24').interfaces?.[1]).toEqual({
    name: 'eth0.100',
    addresses: ['10.9.0.1/24'],
    lower: 'eth0',
  });
});

test('ip -o address and ip -br address', () => {
  expect(
    network(
      '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n3: eth0    inet 10.0.0.9/32 scope global eth0',
    ).interfaces,
  ).toEqual([
    { name: 'lo', addresses: ['127.0.0.1/8'] },
    { name: 'eth0', addresses: ['10.0.0.9/32'] },
  ]);
  expect(network('eth0@if12        UP             10.0.0.9/24 fd00::9/64').interfaces).toEqual([
    { name: 'eth0', addresses: ['10.0.0.9/24', 'fd00::9/64'] },
  ]);
});

test('ip rule: all but the kernel’s own; a second beginning is that of IPv6', () => {
  const { rules, told } = network(`0:	from all lookup local
32765:	from all fwmark 0x539 lookup 133
32766:	from all lookup main
32767:	from all lookup default
0:	from all lookup local
100:	from all to fd00::/8 iif eth0 lookup 7
32766:	from all lookup main`);
  expect(rules).toEqual([
    { priority: 32765, family: 'v4', fwmark: { value: 0x539, mask: 0xffffffff }, table: '133' },
    { priority: 100, family: 'v6', to: 'fd00::/8', iif: 'eth0', table: '7' },
  ]);
  expect(told).toEqual({ routes: [], rules: ['v4', 'v6'] });
});

test('a routing rule that is not understood is a problem and is not heeded', () => {
  const { rules, problems } = network('0:\tfrom all lookup local\n9:\tfrom all uidrange 0-99 lookup 5');
  expect(rules).toEqual([]);
  expect(problems).toMatchObject([{ line: 2, code: 'routing rule unknown' }]);
  expect(problems.map(problemWords)).toMatchObject([{ found: '“uidrange” in a routing rule' }]);
});

test('ip route show table all: routes by table, and the addresses where ip address is not there', () => {
  const { interfaces, routes, tables } = network(`local default dev lo table 133 scope host
default via 10.244.7.1 dev eth0
10.244.7.0/24 dev eth0 proto kernel scope link src 10.244.7.5
local 10.244.7.5 dev eth0 table local proto kernel scope host src 10.244.7.5
broadcast 10.244.7.255 dev eth0 table local proto kernel scope link src 10.244.7.5
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1
fe80::/64 dev eth0 proto kernel metric 256 pref medium
default via fe80::1 dev eth0 metric 1024 pref medium`);
  expect(tables).toBeNull();
  expect(interfaces).toEqual([
    { name: 'eth0', addresses: ['10.244.7.5/24'] },
    { name: 'lo', addresses: ['127.0.0.1/8'] },
  ]);
  expect(routes?.filter(({ table }) => table !== 'local')).toEqual([
    { destination: 'default', family: 'v4', type: 'local', dev: 'lo', table: '133' },
    { destination: 'default', family: 'v4', dev: 'eth0', via: '10.244.7.1' },
    { destination: '10.244.7.0/24', family: 'v4', dev: 'eth0', src: '10.244.7.5' },
    { destination: 'fe80::/64', family: 'v6', dev: 'eth0', metric: 256 },
    { destination: 'default', family: 'v6', dev: 'eth0', via: 'fe80::1', metric: 1024 },
  ]);
});

test('ip route show table 133: the table is that of the command, or of the only mark', () => {
  expect(network('# ip -6 route show table 133\nlocal default dev lo metric 1024').routes).toEqual([
    { destination: 'default', family: 'v6', type: 'local', dev: 'lo', table: '133', metric: 1024 },
  ]);
  expect(network('32765:\tfrom all fwmark 0x539 lookup 133\nlocal default dev lo scope host').routes).toEqual(
    [{ destination: 'default', family: 'v4', type: 'local', dev: 'lo', table: '133' }],
  );
  expect(network('ip route show table 133')).toMatchObject({ routes: [], tables: ['133'] });
});

test('routes and rules of one family are not asked for the other', () => {
  const { rules, routes } = network(
    '32765:\tfrom all fwmark 0x539 lookup 133\nlocal default dev lo table 133 scope host\ndefault via 10.0.0.1 dev eth0',
  );
  const host = {
    rulesets: {},
    interfaces: [
      { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
      { name: 'eth0', addresses: ['10.0.0.9/24', 'fd00::9/64'] },
    ],
    ...(rules === undefined ? {} : { rules }),
    ...(routes === undefined ? {} : { routes }),
  };
  const marked = {
    protocol: 'tcp',
    sourcePort: 4,
    destinationPort: 80,
    mark: 0x539,
    from: { interface: 'eth0' },
  };
  const v4 = traverse(host, { ...marked, source: '10.0.0.1', destination: '10.9.9.9' });
  const v6 = traverse(host, { ...marked, source: 'fd00::1', destination: '2001:db8::1' });
  expect(v4.outcome.kind).toBe('delivered');
  expect(v6.outcome.kind).not.toBe('delivered');
});

test.for([
  ['  inet 10.0.0.1/8 scope global eth0', true],
  ['default via 10.0.0.1 dev eth0', true],
  ['10.0.0.1 is the address of the pod', false],
  ['default is what I left it at', false],
  ['local traffic fails', false],
  ['1: first I restarted it', false],
  ['-A OUTPUT -j ISTIO_OUTPUT', false],
] as const)('%s: %s', ([line, isOne]) => {
  expect(isIpLine(line.trim())).toBe(isOne);
});

const addedRule = { priority: 32765, family: 'v4', fwmark: { value: 1337, mask: 0xffffffff }, table: '133' };
const addedRoute = { destination: 'default', family: 'v4', type: 'local', dev: 'lo', table: '133' };

test('what a command adds is there, and tells of nothing beside', () => {
  const { rules, routes, told, tables, interfaces, problems } = network(`+ ip rule add fwmark 1337 lookup 133
ip route add local default dev lo table 133 || true
ip -6 addr add ::6/128 dev lo`);
  expect({ rules, routes }).toEqual({ rules: [addedRule], routes: [addedRoute] });
  expect({ told, tables, interfaces, problems }).toEqual({
    told: { routes: [], rules: [] },
    tables: [],
    interfaces: undefined,
    problems: [],
  });
});

test('what is added and printed, too, is there once; what is deleted is gone', () => {
  const text = `ip rule add fwmark 1337 table 133
ip route add local 0.0.0.0/0 dev lo table 133
ip rule add fwmark 0x539 lookup 133 pref 9
ip route show table 133
local default dev lo scope host`;
  expect(network(text).rules).toEqual([addedRule]);
  expect(network(text).routes).toEqual([addedRoute]);
  const gone = network(`${text}\nip rule del fwmark 1337 lookup 133\nip route flush table 133`);
  expect([gone.rules, gone.routes]).toEqual([[], []]);
});

test('a second rule goes before the first, as the kernel puts it', () => {
  const { rules } = network('ip rule add from 10.0.0.9 table 7\nip rule add not fwmark 0x1/0xff table 8');
  expect(rules).toMatchObject([{ priority: 32765, from: '10.0.0.9' }]);
});

test('ifconfig and route -n, of net-tools and of busybox', () => {
  const text = `eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1450
        inet 10.244.1.5  netmask 255.255.255.0  broadcast 10.244.1.255
        inet6 fe80::858:aff:fef4:105  prefixlen 64  scopeid 0x20<link>
        ether 0a:58:0a:f4:01:05  txqueuelen 0  (Ethernet)
lo        Link encap:Local Loopback
          inet addr:127.0.0.1  Mask:255.0.0.0
          inet6 addr: ::1/128 Scope:Host
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         10.244.1.1      0.0.0.0         UG    0      0        0 eth0
10.244.1.0      0.0.0.0         255.255.255.0   U     0      0        0 eth0
default         10.244.1.1      0.0.0.0         UG    100    0        0 eth0`;
  const { interfaces, routes } = network(text);
  expect(interfaces).toEqual([
    { name: 'eth0', addresses: ['10.244.1.5/24', 'fe80::858:aff:fef4:105/64'] },
    { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
  ]);
  expect(routes).toEqual([
    { destination: 'default', family: 'v4', via: '10.244.1.1', dev: 'eth0' },
    { destination: '10.244.1.0/24', family: 'v4', dev: 'eth0' },
    { destination: 'default', family: 'v4', via: '10.244.1.1', dev: 'eth0', metric: 100 },
  ]);
});

test('ip -j says the same as ip', () => {
  const { interfaces, routes, rules } = network(
    [
      '[{"ifindex":2,"ifname":"eth0","addr_info":[{"family":"inet","local":"10.0.0.9","prefixlen":24}]}]',
      '[{"dst":"default","gateway":"10.0.0.1","dev":"eth0","flags":[]},{"type":"local","dst":"default","dev":"lo","table":"133","scope":"host"}]',
      '[{"priority":0,"src":"all","table":"local"},{"priority":32765,"src":"all","fwmark":"0x539","table":"133"}]',
    ].join('\n'),
  );
  expect(interfaces).toEqual([{ name: 'eth0', addresses: ['10.0.0.9/24'] }]);
  expect(routes).toEqual([
    { destination: 'default', family: 'v4', via: '10.0.0.1', dev: 'eth0' },
    addedRoute,
  ]);
  expect(rules).toEqual([addedRule]);
});

test.for([
  '[{"',
  '[{"ifname":1}]',
  '[{"dst":null}]',
  '[{"priority":{}}]',
  '[{"ifname":"a","addr_info":[{}]}]',
])('%s does no harm', (line) => {
  expect(() => network(line)).not.toThrow();
});
