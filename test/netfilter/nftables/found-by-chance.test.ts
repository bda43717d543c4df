/** What random rules and packets found, and a real kernel decided (6.18). */
import { expect, test } from 'vitest';
import { type Host, type Packet, parseNft, parseRuleset, traverse } from '../../../src/netfilter/index.ts';
import { hostAfter } from '../trace-lines.ts';

function hostWith(rules: string): Host {
  const { ruleset, problems } = parseNft(rules);
  expect(problems).toEqual([]);
  return {
    rulesets: { nft: ruleset },
    interfaces: [
      { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
      { name: 'eth0', addresses: ['10.244.1.5/24', 'fd00:10:244:1::5/64', 'fe80::5/64'] },
      { name: 'eth1', addresses: ['fd00:10:244:3::5/64', 'fe80::3:5/64'] },
    ],
    sockets: [{ protocol: 'udp', address: '::', port: 80, uid: 0, gid: 0 }],
  };
}

const udp = (source: string, destination: string, device: string): Packet => ({
  protocol: 'udp',
  source,
  destination,
  sourcePort: 40_000,
  destinationPort: 80,
  from: { interface: device },
});

test('fib looks for an address of a link on the link that the packet came by', () => {
  const host = hostWith(
    'table inet t {\n chain c {\n type filter hook prerouting priority 0; policy accept;\n fib saddr . iif oif missing drop\n }\n}\n',
  );
  expect(traverse(host, udp('fe80::3:1', 'fe80::3:5', 'eth1')).outcome.kind).toBe('delivered');
  expect(traverse(host, udp('fe80::9', 'fe80::5', 'eth0')).outcome.kind).toBe('delivered');
  expect(traverse(host, udp('fd00:10:244:1::9', 'fd00:10:244:3::5', 'eth1')).outcome.kind).toBe('dropped');
});

test('a condition on several fields names a family, so that a rejection puts none before the rule', () => {
  const host = hostWith(
    'table inet t {\n chain c {\n type filter hook input priority 0; policy accept;\n meta l4proto udp meta mark set 0x1 ip saddr . th sport != { 10.0.0.1 . 1 } reject with icmp admin-prohibited\n }\n}\n',
  );
  const { events, outcome } = traverse(host, udp('fd00:10:244:1::9', 'fd00:10:244:1::5', 'eth0'));
  expect(outcome.kind).toBe('delivered');
  expect(events.at(-1)?.packet.mark).toBe(1);
});

// nft 1.0.6, as `nft --debug=netlink` shows it
test.each([
  ['ct protocol udp', 0],
  ['meta protocol ip', 0],
  ['ct original ip saddr 10.0.0.1', 0],
  ['ct l3proto ipv4', 1],
  ['meta nfproto ipv4', 1],
])('beside %s a rejection in IPv4’s manner leaves a packet of IPv6 the mark %s', (condition, mark) => {
  const host = hostWith(
    `table inet t {\n chain c {\n type filter hook input priority 0; policy accept;\n meta mark set 0x1 ${condition} reject with icmp host-unreachable\n }\n}\n`,
  );
  const { events, outcome } = traverse(host, udp('fd00:10:244:1::9', 'fd00:10:244:1::5', 'eth0'));
  expect(outcome.kind).toBe('delivered');
  expect(events.at(-1)?.packet.mark ?? 0).toBe(mark);
});

test('a copy of what this host sends to many has no header of the link', () => {
  const host = hostWith(
    'table ip t {\n chain c {\n type filter hook input priority 0; policy accept;\n ether type ip drop\n }\n}\n',
  );
  const { events } = traverse(host, {
    protocol: 'icmp',
    source: '10.244.1.5',
    destination: '224.0.0.1',
    from: { uid: 0, gid: 0 },
  });
  const asked = events.filter((event) => event.kind === 'rule');
  expect(asked.map(({ matched }) => matched)).toEqual([false]);
});

test('fib looks for a group of a link on the link that the packet came by', () => {
  const host = hostWith(
    'table ip6 t {\n chain c {\n type filter hook prerouting priority 0; policy accept;\n fib daddr oif "eth0" drop\n }\n}\n',
  );
  expect(traverse(host, udp('fd00:10:97::7', 'ff02::1', 'eth1')).outcome.kind).not.toBe('dropped');
  expect(traverse(host, udp('fd00:10:97::7', 'ff02::1', 'eth0')).outcome.kind).toBe('dropped');
  const missing = hostWith(
    'table ip6 t {\n chain c {\n type filter hook prerouting priority 0; policy accept;\n fib daddr . mark oif missing drop\n }\n}\n',
  );
  expect(traverse(missing, udp('fd00:10:97::7', 'ff02::1', 'eth1')).outcome.kind).not.toBe('dropped');
});

test.each(['saddr', 'daddr'])(
  'fib %s: what has no sender yet and goes to all of a link is of the link that it came by',
  (side) => {
    const host = hostWith(
      `table ip t {\n chain c {\n type filter hook prerouting priority 0; policy accept;\n fib ${side} oif "eth0" drop\n }\n}\n`,
    );
    const isDropped = (source: string, destination: string, device: string) =>
      traverse(host, udp(source, destination, device)).outcome.kind === 'dropped';
    expect(isDropped('0.0.0.0', '224.0.0.1', 'eth0')).toBe(true);
    expect(isDropped('0.0.0.0', '255.255.255.255', 'eth0')).toBe(true);
    const { events } = traverse(host, udp('0.0.0.0', '255.255.255.255', 'eth1'));
    expect(events.flatMap((event) => (event.kind === 'rule' ? [event.matched] : []))).toEqual([false]);
  },
);

test('the first zone that is set counts, for what comes back over lo untracked too', () => {
  const host = hostWith(`table inet t {
  chain in {
    type filter hook prerouting priority -300; policy accept;
    ct original zone set 2
    ct zone set 0
  }
  chain nat {
    type nat hook prerouting priority -100; policy accept;
  }
  chain out {
    type filter hook output priority 0; policy accept;
    notrack
  }
}
`);
  const packet = (flags: Packet['flags'] & {}): Packet => ({
    protocol: 'tcp',
    source: '10.244.1.5',
    destination: '10.244.1.5',
    sourcePort: 23_203,
    destinationPort: 53,
    flags,
    from: { uid: 0, gid: 0 },
  });
  const after = hostAfter(host, traverse(host, packet(['SYN'])));
  const { events } = traverse(after, packet(['ACK']));
  const asked = events.filter((event) => event.kind === 'table' && event.chain === 'nat');
  expect(asked).toHaveLength(1);
});

test('no rule resets a connection to a group', () => {
  const [reject, ofNft] = ['-A INPUT -p tcp -j REJECT --reject-with tcp-reset', 'reject with tcp reset'];
  const withIptables: Host = {
    ...hostWith(''),
    rulesets: {
      v4: parseRuleset(`*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m state --state NEW\n${reject}\nCOMMIT\n`)
        .ruleset,
    },
  };
  const withNft = hostWith(
    `table ip t {\n chain c {\n type filter hook input priority 0; policy accept;\n ct state new,established meta l4proto tcp ${ofNft}\n }\n}\n`,
  );
  for (const host of [withIptables, withNft]) {
    const packet: Packet = {
      protocol: 'tcp',
      source: '10.244.1.5',
      destination: '224.0.0.1',
      sourcePort: 40_000,
      destinationPort: 80,
      flags: ['SYN'],
      from: { uid: 0, gid: 0 },
    };
    const { connections } = hostAfter(host, traverse(host, packet));
    expect(connections?.map(({ tcp }) => tcp?.state)).not.toContain('CLOSE');
  }
});
