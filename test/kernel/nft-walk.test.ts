/**
 * Rules of native nftables, walked by the engine and asked of the kernel: the six types of traffic with Istio's own
 * rules, and a case for each expression and statement. The kernel's trace says which rule took the packet.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { rulesFor } from '../../src/istio/index.ts';
import type { Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { DialOn, KernelCase, RemoteSocket } from './case.ts';
import { compareCase } from './engine.ts';
import { eventLine } from './event.ts';
import { openKernel } from './kernel.ts';
import { peerMacOf, usualPod } from './pod-plan.ts';

const kernel = openKernel('nft-walk');
afterAll(() => kernel.end());

/** Asks the kernel, holds the engine to what it says, and answers with the rules that took the packets. */
async function taken(one: KernelCase): Promise<readonly string[]> {
  const said = await kernel.askBoth(expect.getState().currentTestName ?? '', one);
  // which back end iptables has makes a difference where it has rules
  const { v4, v6 } = one.rulesets;
  for (const backend of v4 === undefined && v6 === undefined
    ? (['nft'] as const)
    : (['nft', 'legacy'] as const))
    expect(compareCase(usualPod, one, said[backend], backend).join('\n\n'), backend).toBe('');
  return said.nft.flatMap(({ events }) => events.map(eventLine));
}

const app = { uid: 1000, gid: 1000 };
const proxy = { uid: 1337, gid: 1337 };

interface Addresses {
  readonly pod: string;
  readonly client: string;
  readonly service: string;
  readonly loopback: string;
  readonly passthrough: string;
}

const addresses: Readonly<Record<'v4' | 'v6', Addresses>> = {
  v4: {
    pod: '10.244.1.5',
    client: '10.244.2.9',
    service: '10.96.0.7',
    loopback: '127.0.0.1',
    passthrough: '127.0.0.6',
  },
  v6: {
    pod: 'fd00:10:244:1::5',
    client: 'fd00:10:244:2::9',
    service: 'fd00:10:96::7',
    loopback: '::1',
    passthrough: '::6',
  },
};

const listening = (owner: typeof app, port: number, address = '::'): Socket => ({
  protocol: 'tcp',
  address,
  port,
  ...owner,
});

const tcp = (from: Packet['from'], source: string, destination: string, destinationPort: number): Packet => ({
  protocol: 'tcp',
  source,
  destination,
  destinationPort,
  from,
});

describe.each(['1.27', '1.28', '1.31'])('the six types on native nft, release %s', (release) => {
  const nft = rulesFor(release, { nativeNftables: true, enableIPv6: true }).text.nft ?? '';
  test.each(['v4', 'v6'] as const)('%s', async (family) => {
    const { pod: own, client, service, loopback, passthrough } = addresses[family];
    const sockets = [
      listening(app, 8080),
      ...[15001, 15006, 15020, 15090].map((port) => listening(proxy, port)),
      listening(proxy, 15000, loopback),
    ];
    const remote: readonly RemoteSocket[] = [80, 15012].map((port) => ({
      protocol: 'tcp',
      address: service,
      port,
    }));
    const dialOn: readonly DialOn[] = [
      { port: 15001, to: { address: 'original', port: 'original' }, as: proxy },
      { port: 15006, to: { address: own, port: 'original' }, from: passthrough, as: proxy },
    ];
    const packets = [
      tcp({ interface: 'eth0' }, client, own, 8080),
      tcp(app, own, service, 80),
      tcp({ interface: 'eth0' }, client, own, 15090),
      tcp({ interface: 'eth0' }, client, own, 15020),
      tcp(proxy, loopback, loopback, 15000),
      tcp(app, own, own, 8080),
      tcp(proxy, own, service, 15012),
      tcp({ uid: 0, gid: 1337 }, own, service, 80),
    ];
    const lines = await taken({ rulesets: { nft }, sockets, remote, packets, dialOn });
    expect(lines).toContain('OUTPUT inet istio-proxy-nat istio-redirect 1 accept');
    expect(lines).toContain('PREROUTING inet istio-proxy-nat istio-in-redirect 1 accept');
  });
});

/** In the output chain, in front of what every packet meets. */
const output = (rules: string, more = '') => `table inet t {
  ${more}
  chain other { counter\n}
  chain out { type filter hook output priority 0; policy accept;
${rules}
  }
}
`;

const both = { v4: '10.96.0.7', v6: 'fd00:10:96::7' };

/** Each is asked of a TCP packet, and of a UDP one, of both families, of two users, to two ports. */
const expressions: readonly string[] = [
  'ip saddr 10.244.1.5 counter',
  'ip daddr != 10.96.0.0/16 counter',
  'ip daddr { 10.96.0.1-10.96.0.9, 10.97.0.0/16 } counter',
  'ip6 daddr fd00:10:96::/48 counter',
  'ip6 daddr != fd00:10:96::7 counter',
  'ip protocol tcp counter',
  'ip6 nexthdr udp counter',
  'ip ttl 64 counter',
  'ip6 hoplimit < 65 counter',
  'ip version 4 counter',
  'ip dscp cs0 counter',
  'tcp dport 80 counter',
  'tcp dport != { 22, 80-90 } counter',
  'tcp dport > 80 counter',
  'udp dport 53 counter',
  'th dport 53 counter',
  'tcp flags syn counter',
  'tcp flags & (syn | ack) == syn counter',
  'tcp flags != syn counter',
  'tcp flags ! ack counter',
  'tcp flags { syn, ack } counter',
  'meta l4proto { tcp, udp } counter',
  'meta l4proto != tcp counter',
  'meta nfproto ipv4 counter',
  'meta protocol ip6 counter',
  'meta mark 0 counter',
  'meta mark != 1 counter',
  'meta mark & 0xff == 0 counter',
  'meta skuid 1000 counter',
  'meta skuid != 1337 counter',
  'meta skgid { 1000, 1337 } counter',
  'meta pkttype host counter',
  'oifname "eth0" counter',
  'oifname "eth*" counter',
  'oifname { "lo", "eth0" } counter',
  'iifname != "lo" counter',
  'oif "lo" counter',
  'iiftype ether counter',
  'ct state new counter',
  'ct state established,related counter',
  'ct state != established,related counter',
  'ct state { new, untracked } counter',
  'ct direction original counter',
  'ct direction reply counter',
  'ct status dnat counter',
  'ct status & confirmed == 0 counter',
  'ct mark 0 counter',
  'ct zone 0 counter',
  'ct original ip daddr 10.96.0.7 counter',
  'tcp dport 80 ct original proto-dst 80 counter',
  'ct protocol tcp counter',
  'ct l3proto ipv6 counter',
  'fib daddr type local counter',
  'fib daddr type != local counter',
  'fib saddr type local counter',
  'ip daddr . tcp dport { 10.96.0.7 . 80, 10.96.0.8 . 1-100 } counter',
  'meta l4proto . th dport { tcp . 80, udp . 53 } counter',
  'tcp dport vmap { 80 : jump other, 81 : drop }',
  'meta l4proto vmap { tcp : continue, udp : jump other }',
  'ether saddr 02:00:00:00:00:01 counter',
  'meta mark set 7 tcp dport 1 accept',
  'meta mark set tcp dport map { 80 : 5, 81 : 6 } counter',
  'meta mark set ct mark counter',
  'ct mark set 9 ct mark 9 counter',
  'ct mark set meta mark or 0x10 counter',
  'meta priority set 1:2 counter',
  'meta length < 60 counter',
  'meta mark ^ 0x1 == 0x1 counter',
  'tcp flags == syn counter',
  'tcp flags != syn / syn,ack counter',
  'tcp flags syn / syn,rst counter',
  'tcp dport 79-80 counter',
  'tcp dport != 80-81 counter',
  'ct status != dnat counter',
  'ct state != { established, related } counter',
  'oiftype != loopback counter',
  'iiftype != ether counter',
  'fib saddr . oif type local counter',
  'fib daddr . mark type unicast counter',
  'icmp type echo-request counter',
  'icmpv6 type echo-request counter',
  'sctp dport 80 counter',
  'meta l4proto icmp counter',
  'ip ttl set 65 ip ttl 65 counter',
  'ip6 hoplimit set 65 ip6 hoplimit 65 counter',
  'ip dscp set cs1 ip dscp cs1 counter',
  'meta mark set 3 ip6 dscp set cs1',
  'meta mark set 3 reject with icmpv6 no-route',
  'meta mark set 3 meta l4proto udp reject with icmpx no-route',
  'log prefix "x" counter',
  'tcp dport 80 reject with tcp reset',
  'reject with icmpx admin-prohibited',
  'reject with icmp host-unreachable',
  'udp dport 53 drop',
  '@nh,72,8 6 counter',
  '@nh,128,16 0x0a60 counter',
  '@th,16,16 80 counter',
  '@th,16,16 != { 80, 53 } counter',
  '@th,24,8 > 80 counter',
  'tcp option maxseg size set 1000 counter',
  'tcp option maxseg size set rt mtu counter',
  'reset tcp option maxseg counter',
  'counter name tcp dport map { 80 : "web" } drop',
  'ct event set new counter',
  'tcp window set 100 counter',
  'ct mark set (meta mark | 0x10) << 8 ct mark 0x1000 counter',
  'ct mark set meta mark | 0x1 meta mark set (ct mark << 4) | 0x2 counter',
  'accept',
  'goto other',
  'jump other',
  'return',
  'continue',
];

describe('each expression and statement', () => {
  test.each(expressions)('%s', async (rule) => {
    const packets = (['v4', 'v6'] as const).flatMap((family) => {
      const { pod: own } = addresses[family];
      const to = both[family];
      return [
        tcp(app, own, to, 80),
        tcp(proxy, own, to, 81),
        { ...tcp(app, own, to, 53), protocol: 'udp' },
        tcp(app, own, own, 8080),
      ];
    });
    const remote: readonly RemoteSocket[] = Object.values(both).flatMap((address) => [
      { protocol: 'tcp', address, port: 80 } as const,
      { protocol: 'tcp', address, port: 81 } as const,
    ]);
    // counted behind it: what went on
    const more = rule.includes('"web"') ? 'counter web { packets 0 bytes 0\n}' : '';
    const nft = output(`${rule}\ncounter`, more);
    await taken({ rulesets: { nft }, sockets: [listening(app, 8080)], remote, packets, timeout: 60 });
  });
});

/** Beside these chains of iptables, and without them. */
const iptables = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A OUTPUT -p tcp --dport 81 -j REDIRECT --to-ports 8080
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p tcp --dport 83 -j DROP
COMMIT
`;

const chain = (hook: string, rules: string) =>
  `chain c${hook.replace(/\W/g, '_')} { type ${hook}; ${rules}\n}\n`;

const besides: Record<string, string> = {
  'of one priority the one that came last is asked first': `table inet a {
${chain('filter hook output priority 0', 'counter')}
chain second { type filter hook output priority 0; accept\n}
}
table ip b { ${chain('filter hook output priority 0', 'tcp dport 80 accept')} }`,
  'the first chain of type nat that chooses decides': `table ip n {
${chain('nat hook output priority -100', 'tcp dport 80 dnat to 10.96.0.7:82\ntcp dport 81 dnat to 10.96.0.7:80')}
${chain('nat hook postrouting priority 100', 'tcp dport 82 masquerade')}
}`,
  'filters at the priority of nat': `table ip n {
chain first { type filter hook output priority -100; counter\n}
${chain('nat hook output priority -100', 'tcp dport 80 redirect to :8080')}
chain last { type filter hook output priority -100; counter\n}
}`,
  'a mark set in a chain of type route': `table ip n { ${chain('route hook output priority -150', 'meta mark set 5')} }`,
  'notrack, and a set that changes on the way': `table ip n {
set s { type ipv4_addr; flags dynamic; }
${chain('filter hook output priority -300', 'tcp dport 80 notrack\nadd @s { ip daddr }\nip daddr @s counter\ndelete @s { ip daddr }\nip daddr @s drop')}
${chain('filter hook output priority 0', 'ct state untracked counter')}
}`,
  'a drop ends all, an accept its own chain': `table ip n {
${chain('filter hook output priority -5', 'tcp dport 80 drop\naccept')}
${chain('filter hook output priority 5', 'counter')}
}`,
};

const nat = (hook: string, rule: string) => `table ip n {
${chain(`nat hook ${hook} priority ${hook === 'output' ? -100 : 100}`, rule)}
}`;

Object.assign(besides, {
  'dnat to a port': nat('output', 'tcp dport 80 dnat to 10.96.0.7:82'),
  'dnat by a map': nat('output', 'dnat to ip daddr map { 10.96.0.7 : 10.244.2.9, 10.96.0.8 : 10.96.0.7 }'),
  'dnat to a network': nat('output', 'dnat ip prefix to 10.96.0.0/24'),
  'redirect by a map': nat('output', 'meta l4proto tcp redirect to :tcp dport map { 80 : 8080, 82 : 8081 }'),
  'redirect to the first of a range': nat('output', 'tcp dport 80 redirect to :8080-8085'),
  snat: nat('postrouting', 'snat to 10.244.1.5 persistent'),
  'snat by a map': nat('postrouting', 'snat to ip saddr map { 10.244.1.5 : 10.244.1.77 }'),
  masquerade: nat('postrouting', 'tcp dport { 80, 82 } masquerade'),
  'a table that sleeps': `table ip n { flags dormant;
${chain('filter hook output priority 0', 'drop')}
}`,
  'a zone, and what a template tells': `table ip n {
${chain('filter hook output priority -300', 'tcp dport 80 ct zone set 1\ntcp dport 81 notrack ct original zone set 2\nct state new counter\nct zone 1 counter')}
${chain('filter hook output priority 0', 'ct zone 1 counter\nct original zone 2 counter\nct reply zone 2 counter')}
}`,
  'notrack behind conntrack': `table ip n {
${chain('filter hook output priority 0', 'tcp dport 80 notrack\nct state untracked counter')}
}`,
  'another port, written into the packet before conntrack': `table ip n {
${chain('filter hook output priority -300', 'tcp dport 80 tcp dport set 82')}
${chain('filter hook output priority 0', 'meta l4proto tcp ct original proto-dst 82 counter')}
}`,
});

test('a packet that came back over lo untracked is tracked again by a zone', async () => {
  const nft = `table ip n {
${chain('filter hook output priority -300', 'notrack')}
${chain('filter hook prerouting priority -250', 'ct original zone set 2')}
${chain('nat hook prerouting priority -100', 'counter')}
}`;
  const packets = [tcp(app, '10.244.1.5', '10.244.1.5', 8080)];
  const took = await taken({ rulesets: { nft }, sockets: [listening(app, 8080)], packets, timeout: 60 });
  expect(took.filter((line) => line.includes('nat_hook'))).not.toEqual([]);
});

describe('what comes in', () => {
  const inward = (rules: string) => `table inet t {
  chain other { counter\n}
${chain('filter hook prerouting priority -150', rules)}
${chain('filter hook input priority 0', `${rules.includes('fib') ? rules : ''}\ncounter`)}
}`;
  test.each([
    'fib saddr oif "eth0" counter',
    'fib saddr . iif oif exists counter',
    'fib daddr oif missing counter',
    'fib daddr oifname != "lo" counter',
    'fib daddr . iif type local counter',
    'ether saddr != 02:00:00:00:00:01 counter',
    'iifname "eth0" oifname != "eth0" counter',
    'iif . meta l4proto vmap { "eth0" . tcp : jump other }',
    'meta skuid != 5 counter',
  ])('%s', async (rule) => {
    const mac = peerMacOf(usualPod, 'eth0') ?? '';
    const packets = (['v4', 'v6'] as const).map((family) => ({
      ...tcp({ interface: 'eth0' }, addresses[family].client, addresses[family].pod, 8080),
      mac,
    }));
    await taken({
      rulesets: { nft: inward(rule) },
      sockets: [listening(app, 8080)],
      packets,
      timeout: 60,
    });
  });

  test('TPROXY without a listener: nft breaks the rule off, and iptables drops', async () => {
    const packets = [tcp({ interface: 'eth0' }, '10.244.2.9', '10.244.1.5', 8080)];
    const sockets = [listening(app, 8080)];
    const nft = inward('meta l4proto tcp tproxy to :15006 accept\ncounter');
    const inNft = await taken({ rulesets: { nft }, sockets, packets, timeout: 60 });
    expect(inNft[0]).toBe('PREROUTING inet t cfilter_hook_prerouting_priority__150 2 continue');
    const v4 = `*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -j TPROXY --on-port 15006 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0
COMMIT
`;
    const one = { rulesets: { v4 }, sockets, packets, timeout: 60 };
    const said = await kernel.askBoth('TPROXY of iptables without a listener', one);
    expect(compareCase(usualPod, one, said.nft, 'nft').join('\n\n')).toBe('');
    expect(said.nft.flatMap(({ events }) => events.map(eventLine))).toEqual([
      'PREROUTING mangle PREROUTING 1 drop',
    ]);
  });

  test('a pod without enableIPv6 is captured for IPv6 too', async () => {
    const nft = rulesFor('1.31', { nativeNftables: true }).text.nft ?? '';
    const { pod: own, service, client } = addresses.v6;
    const lines = await taken({
      rulesets: { nft },
      sockets: [listening(app, 8080), listening(proxy, 15001), listening(proxy, 15006)],
      packets: [tcp(app, own, service, 80), tcp({ interface: 'eth0' }, client, own, 8080)],
      timeout: 60,
    });
    expect(lines).toContain('OUTPUT inet istio-proxy-nat istio-redirect 1 accept');
    expect(lines).toContain('PREROUTING inet istio-proxy-nat istio-in-redirect 1 accept');
  });
});

// what legacy iptables has once used for NAT stays in its namespace: without it first
describe.each([false, true])('both languages on one host: iptables too %s', (hasIptables) => {
  test.each(Object.entries(besides))('%s', async (_, nft) => {
    const rulesets = { ...(hasIptables ? { v4: iptables } : {}), nft };
    const packets = [80, 81, 82, 83].map((port) => tcp(app, '10.244.1.5', '10.96.0.7', port));
    const remote: readonly RemoteSocket[] = [80, 82].map((port) => ({
      protocol: 'tcp',
      address: '10.96.0.7',
      port,
    }));
    await taken({ rulesets, sockets: [listening(app, 8080)], remote, packets, timeout: 60 });
  });
});
