/** What `ss`, netstat, `ipset` and `sysctl` print. */
import { expect, test } from 'vitest';
import { isSocketLine, readIpSets, readSockets, readSysctls } from '../../../src/netfilter/index.ts';

const lines = (text: string) => text.split('\n');

test('ss -ltnp, with and without its first column, and ss -lunp', () => {
  const { listening, unread } = readSockets(
    lines(`State   Recv-Q  Send-Q   Local Address:Port    Peer Address:Port Process
LISTEN  0       511            0.0.0.0:8080         0.0.0.0:*     users:(("nginx",pid=9,fd=7),("nginx",pid=8,fd=7))
LISTEN  0       4096                 *:9090               *:*
LISTEN  0       4096      [::1]:7070             [::]:*     users:(("java",pid=1,fd=3))
LISTEN  0       4096   127.0.0.53%lo:53        0.0.0.0:*
udp   UNCONN  0  0  127.0.0.1:15053  0.0.0.0:*  users:(("pilot-agent",pid=1,fd=15))
ESTAB   0       0          10.0.0.9:8080      10.0.0.7:41000
LISTEN  0       511            0.0.0.0:http         0.0.0.0:*`),
  );
  expect(listening.map(({ protocol, address, port, process }) => [protocol, address, port, process])).toEqual(
    [
      ['tcp', '0.0.0.0', 8080, 'nginx'],
      ['tcp', '::', 9090, null],
      ['tcp', '::1', 7070, 'java'],
      ['tcp', '127.0.0.53', 53, null],
      ['udp', '127.0.0.1', 15053, 'pilot-agent'],
    ],
  );
  expect(unread).toEqual([8]);
});

test('netstat -ltnp', () => {
  const { listening } = readSockets(
    lines(`Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 0.0.0.0:15006           0.0.0.0:*               LISTEN      15/envoy
tcp        0      0 127.0.0.1:8080          0.0.0.0:*               LISTEN      -
tcp6       0      0 :::9090                 :::*                    LISTEN      1/java
tcp        0      0 10.0.0.9:41000          10.0.0.7:443            ESTABLISHED 15/envoy
udp        0      0 127.0.0.1:15053         0.0.0.0:*                           1/pilot-agent`),
  );
  expect(listening.map(({ protocol, address, port, process }) => [protocol, address, port, process])).toEqual(
    [
      ['tcp', '0.0.0.0', 15006, 'envoy'],
      ['tcp', '127.0.0.1', 8080, null],
      ['tcp', '::', 9090, 'java'],
      ['udp', '127.0.0.1', 15053, 'pilot-agent'],
    ],
  );
});

test.for([
  'tcp is refused',
  'LISTEN to me',
  '-A INPUT -p tcp -j ACCEPT',
  'udp 17 29 src=10.0.0.1 dst=10.0.0.2',
])('%s is no socket', (line) => {
  expect(isSocketLine(line)).toBe(false);
});

test('ipset list and ipset save say the same', () => {
  const listed = readIpSets(
    lines(`Name: istio-inpod-probes-v4
Type: hash:ip
Revision: 5
Header: family inet hashsize 1024 maxelem 65536
References: 1
Number of entries: 2
Members:
10.244.1.5
10.244.1.6 comment "42"
Name: v6
Type: hash:net,port
Header: family inet6 hashsize 1024
Members:
fd00::/64,tcp:80 nomatch`),
  );
  expect({ ...listed }).toEqual({
    'istio-inpod-probes-v4': { type: 'hash:ip', members: ['10.244.1.5', '10.244.1.6'] },
    v6: { type: 'hash:net,port', family: 'v6', members: ['fd00::/64,tcp:80 nomatch'] },
  });
  const saved = readIpSets(
    lines(`create istio-inpod-probes-v4 hash:ip family inet hashsize 1024
add istio-inpod-probes-v4 10.244.1.5
add istio-inpod-probes-v4 10.244.1.6 comment "42"
create v6 hash:net,port family inet6
add v6 fd00::/64,tcp:80 nomatch
add unknown 10.0.0.1`),
  );
  expect(saved).toEqual(listed);
});

test('the members of a list are names, whatever they look like', () => {
  const listed = readIpSets(
    lines(`Name: cali40all-hosts-net
Type: hash:net
Header: family inet hashsize 1024 maxelem 1048576
Members:
10.0.0.0/8
Name: both
Type: list:set
Revision: 3
Header: size 8
Size in memory: 144
References: 1
Number of entries: 2
Members:
cali40all-hosts-net
KUBE-LOOP-BACK timeout 9 comment "nomatch"
Name: ports
Type: bitmap:port
Header: range 0-1023
Members:
80`),
  );
  expect({ ...listed }).toEqual({
    'cali40all-hosts-net': { type: 'hash:net', members: ['10.0.0.0/8'] },
    both: { type: 'list:set', members: ['cali40all-hosts-net', 'KUBE-LOOP-BACK'] },
    ports: { type: 'bitmap:port', members: ['80'] },
  });
  const saved = readIpSets(
    lines(`create cali40all-hosts-net hash:net family inet hashsize 1024 maxelem 1048576
add cali40all-hosts-net 10.0.0.0/8
create both list:set size 8
add both cali40all-hosts-net
add both KUBE-LOOP-BACK timeout 9 comment "nomatch"
create ports bitmap:port range 0-1023
add ports 80`),
  );
  expect(saved).toEqual(listed);
});

test.each([
  ['ipset list -t', 'Name: all\nType: hash:ip\nHeader: family inet\nNumber of entries: 2'],
  ['members that were cut off', 'Name: all\nType: hash:ip\nNumber of entries: 2\nMembers:\n10.0.0.1'],
  ['a set that nobody made', 'add all 10.0.0.1'],
  // IPSET_ERR_LOOP: no kernel has it
  ['a list in itself', 'create all list:set size 8\nadd all all'],
  ['lists in one another', 'create other list:set\ncreate all list:set\nadd all other\nadd other all'],
])('of %s no set is told', (_, text) => {
  expect(Object.keys(readIpSets(lines(text)))).not.toContain('all');
});

test('sysctl, and /proc/sys', () => {
  const text = `net.ipv4.ip_forward = 1
/proc/sys/net/ipv4/conf/all/rp_filter:2
net/ipv4/conf/eth0.7/rp_filter=1
net.ipv4.tcp_rmem = 4096 131072 6291456
net.ipv4.conf.eth0.route_localnet=0`;
  expect({ ...readSysctls(lines(text)) }).toEqual({
    'net.ipv4.ip_forward': 1,
    'net.ipv4.conf.all.rp_filter': 2,
    'net.ipv4.conf.eth0/7.rp_filter': 1,
    'net.ipv4.conf.eth0.route_localnet': 0,
  });
});

test('no name of a set or a setting is inherited', () => {
  expect(readIpSets([]).constructor).toBeUndefined();
  expect(readSysctls([]).toString).toBeUndefined();
  expect(readIpSets(['create __proto__ hash:ip', 'add __proto__ 10.0.0.1'])).toHaveProperty(['__proto__']);
});
