/** Which rules are called dead: somebody may delete them. */
import { describe, expect, test } from 'vitest';
import { deadRules, survey } from '../../../src/analysis/index.ts';
import { type Host, parseNft, parseRuleset } from '../../../src/netfilter/index.ts';

const interfaces = [
  { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
  { name: 'eth0', addresses: ['10.0.0.2/24', 'fd00::2/64'] },
];

/** Rules of nat, beside one that switches connection tracking on. */
function iptables(rules: readonly string[]): Host {
  const lines = ['*nat', ':A - [0:0]', ...rules, '-A POSTROUTING -d 203.0.113.99 -j MASQUERADE', 'COMMIT'];
  const { ruleset, problems } = parseRuleset(lines.join('\n'), 'v4');
  expect(problems).toEqual([]);
  return { rulesets: { v4: ruleset }, interfaces };
}

function nft(rules: readonly string[], more = ''): Host {
  const { ruleset, problems } = parseNft(`table inet t {
${more}
	chain a {
		counter return
	}
	chain o {
		type nat hook output priority -100; policy accept;
		${rules.join('\n\t\t')}
	}
	chain p {
		type nat hook postrouting priority 100; policy accept;
		ip daddr 203.0.113.99 masquerade
		ip6 daddr 2001:db8::99 masquerade
	}
}`);
  expect(problems).toEqual([]);
  return { rulesets: { nft: ruleset }, interfaces };
}

/** `OUTPUT 2`, and behind it the rare kinds of packets that match it. */
const deadIn = (host: Host) =>
  deadRules(survey(host)).map(({ chain, position, rare }) => [`${chain} ${position}`, ...rare].join(' '));

describe('iptables: a packet that is not gone through would match', () => {
  test.each<[string, readonly string[]]>([
    ['another TTL', ['-A PREROUTING -m ttl --ttl-eq 5 -j RETURN']],
    ['another TOS', ['-A OUTPUT -m tos --tos 0x10 -j RETURN']],
    [
      'a connection whose beginning was not seen',
      ['-A PREROUTING -p tcp -m tcp --tcp-flags SYN,ACK ACK -j RETURN'],
    ],
    [
      'the same, behind a rule on SYN',
      ['-A PREROUTING -p tcp -m tcp --syn -j RETURN', '-A PREROUTING -p tcp -j REDIRECT --to-ports 5'],
    ],
    ['another type of ICMP', ['-A OUTPUT -p icmp -m icmp --icmp-type 13 -j RETURN']],
    ['a connection that another announced', ['-A OUTPUT -m conntrack --ctstate RELATED -j RETURN']],
    ['another length', ['-A OUTPUT -m length --length 1500 -j RETURN']],
    ['another sender on the link', ['-A PREROUTING -m mac --mac-source 00:11:22:33:44:55 -j RETURN']],
    ['a link’s broadcast', ['-A PREROUTING -m pkttype --pkt-type broadcast -j RETURN']],
    ['an interface that may come', ['-A PREROUTING -i eth1 -j RETURN']],
    ['behind all but such an interface', ['-A PREROUTING ! -i eth1 -j RETURN', '-A PREROUTING -j RETURN']],
    ['a member that may come', ['-A OUTPUT -m set --match-set none dst -j RETURN']],
    [
      'a mark with both bits',
      [
        '-A OUTPUT -m mark ! --mark 0x1/0x1 -j RETURN',
        '-A OUTPUT -m mark ! --mark 0x2/0x2 -j RETURN',
        '-A OUTPUT -j REDIRECT --to-ports 5',
      ],
    ],
    [
      'a mark that a rule adds to',
      ['-A OUTPUT -j A', '-A OUTPUT -m mark --mark 0x4001/0x4001 -j RETURN', '-A A -j RETURN'],
    ],
    ['chance', ['-A OUTPUT -m statistic --mode random --probability 0.5 -j RETURN', '-A OUTPUT -j RETURN']],
    ['a group of a process', ['-A OUTPUT -m owner --gid-owner 5 --suppl-groups -j RETURN']],
    ['another protocol', ['-A PREROUTING -p esp -j RETURN']],
  ])('%s', (_, rules) => {
    expect(deadIn(iptables(rules))).toEqual([]);
  });

  test('where nothing switches connection tracking on, nat asks nothing, and something may', () => {
    const { ruleset } = parseRuleset('*nat\n-A OUTPUT -p tcp -j RETURN\nCOMMIT', 'v4');
    expect(deadIn({ rulesets: { v4: ruleset }, interfaces })).toEqual([]);
  });
});

describe('iptables: only rare packets match', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'without a process',
      ['-A OUTPUT -m owner --uid-owner 0-4294967294 -j RETURN', '-A OUTPUT -j REDIRECT --to-ports 5'],
      ['OUTPUT 2 kernel'],
    ],
    [
      'sent on',
      ['-A POSTROUTING -s 10.244.0.0/16 -o eth0 -d 10.9.9.9 -j RETURN'],
      ['POSTROUTING 1 transparent kernel bound sent on'],
    ],
    ['from another’s address', ['-A OUTPUT -s 9.9.9.9 -j RETURN'], ['OUTPUT 1 transparent kernel bound']],
    ['by an interface that it is bound to', ['-A OUTPUT -d 127.0.0.1 -o eth0 -j RETURN'], ['OUTPUT 1 bound']],
    [
      'with a mark from outside',
      ['-A PREROUTING -m mark --mark 0x200/0xf00 -j RETURN'],
      ['PREROUTING 1 marked sent on'],
    ],
  ])('%s', (_, rules, dead) => {
    expect(deadIn(iptables(rules))).toEqual(dead);
  });
});

describe('iptables: nothing matches', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'within a range before',
      ['-A OUTPUT -d 10.0.0.0/8 -j RETURN', '-A OUTPUT -d 10.1.0.0/16 -j RETURN'],
      ['OUTPUT 2'],
    ],
    [
      'behind two halves',
      ['-A OUTPUT -d 0.0.0.0/1 -j RETURN', '-A OUTPUT -d 128.0.0.0/1 -j RETURN', '-A OUTPUT -j RETURN'],
      ['OUTPUT 3'],
    ],
    [
      'behind all ports',
      [
        '-A OUTPUT -p tcp -m multiport --dports 0:1000 -j RETURN',
        '-A OUTPUT -p tcp -m multiport --dports 1001:65535 -j RETURN',
        '-A OUTPUT -p tcp -j REDIRECT --to-ports 5',
      ],
      ['OUTPUT 3'],
    ],
    [
      'two values of the same bits',
      ['-A OUTPUT -m mark --mark 0x1/0x3 -m mark --mark 0x2/0x3 -j RETURN'],
      ['OUTPUT 1'],
    ],
    [
      'a number within a mask of twelve bits',
      ['-A OUTPUT -m mark --mark 0x539/0xfff -j RETURN', '-A OUTPUT -m mark --mark 0x539 -j RETURN'],
      ['OUTPUT 2'],
    ],
    ['in a chain that is not called', ['-A A -p tcp -j RETURN'], ['A 1']],
    ['behind goto', ['-A A -p tcp -j RETURN', '-A OUTPUT -g A', '-A OUTPUT -j RETURN'], ['OUTPUT 2']],
  ])('%s', (_, rules, dead) => {
    expect(deadIn(iptables(rules))).toEqual(dead);
  });
});

describe('nft', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['flags', ['tcp flags & (syn | ack) == ack return', 'goto a'], []],
    ['TTL', ['ip ttl 5 return', 'goto a'], []],
    [
      'a packet without a process has neither owner',
      ['meta skuid != 1337 return', 'meta skuid 1337 return', 'jump a'],
      ['a 1 kernel', 'o 3 kernel'],
    ],
    [
      'a map that leaves port 0',
      ['tcp dport vmap { 80 : accept, 1-79 : jump a, 81-65535 : return }', 'meta l4proto tcp accept'],
      [],
    ],
    [
      'a map of all ports',
      ['jump a', 'tcp dport vmap { 0-79 : accept, 80-65535 : return }', 'meta l4proto tcp accept'],
      ['o 3'],
    ],
    [
      'two fields at once',
      [
        'jump a',
        'ip daddr . tcp dport { 10.1.1.1 . 80, 10.1.1.1 . 443 } return',
        'ip daddr 10.1.1.1 tcp dport 80 accept',
        'ip daddr 10.1.1.1 tcp dport 81 accept',
      ],
      ['o 3'],
    ],
    [
      'a mark that is added to',
      ['jump a', 'meta mark set meta mark | 0x1', 'meta mark 0x3 return', 'meta mark 0x2 return'],
      [],
    ],
    ['a state', ['jump a', 'ct state related return', 'ct state new accept', 'accept'], []],
    ['chance', ['jump a', 'numgen random mod 2 0 return', 'accept'], []],
    [
      'what the routes say',
      ['jump a', 'fib daddr type local return', 'ip daddr 10.0.0.2 accept', 'ip daddr 10.0.0.3 accept'],
      ['o 3'],
    ],
    [
      'any transport',
      ['jump a', 'th dport 53 return', 'udp dport 53 accept', 'meta l4proto icmp accept'],
      ['o 3'],
    ],
    [
      'all but a set',
      ['jump a', 'tcp dport != { 80, 443 } return', 'tcp dport 22 accept', 'tcp dport 80 accept'],
      ['o 3'],
    ],
    [
      'an order',
      ['jump a', 'tcp dport < 1024 return', 'tcp dport 80 accept', 'tcp dport 1024 accept'],
      ['o 3'],
    ],
    ['an interface that may come', ['jump a', 'oifname "eth1" accept'], []],
    [
      'a named object that is found by the packet',
      [
        'jump a',
        'counter name tcp dport map { 80 : "seen", 443 : "seen" } accept',
        'tcp dport 443 accept',
        'tcp dport 22 accept',
        'udp dport 80 accept',
      ],
      ['o 3'],
    ],
  ])('%s', (_, rules, dead) => {
    expect(deadIn(nft(rules))).toEqual(dead);
  });

  test('a named set, whose elements come and go', () => {
    const empty = 'set e {\n type ipv4_addr\n }';
    expect(deadIn(nft(['jump a', 'ip daddr @e return'], empty))).toEqual([]);
  });

  test('a rule that a hook other than nat asks too', () => {
    const filter = 'chain f {\n type filter hook output priority 0; policy accept;\n jump a\n }';
    expect(deadIn(nft(['meta l4proto tcp accept'], filter))).toEqual([]);
  });
});
