/**
 * What TEE sends beside a packet. In the traces of `cases.test.ts` copies are left out, so that the packet itself can be
 * held to the engine; here they are counted where they come to.
 */
import { afterAll, expect, test } from 'vitest';
import { copiesOf, type Host, type Packet, parseRuleset, traverse } from '../../src/netfilter/index.ts';
import { runCrafted } from './crafted.ts';
import { openKernel } from './kernel.ts';
import type { Pod } from './pod.ts';
import { type PodPlan, usualPod } from './pod-plan.ts';

const kernel = openKernel('copies');
afterAll(() => kernel.end());

const rulesFor = (hook: string, gateway: string) =>
  [
    '*mangle',
    ...['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`),
    `-A ${hook} -p udp -j TEE --gateway ${gateway}`,
    'COMMIT\n',
  ].join('\n');

const app = { from: { uid: 1000, gid: 1000 } };
const peer = { from: { interface: 'eth0' } };
const ports = { protocol: 'udp', sourcePort: 40000, destinationPort: 53 };

/** The counters of the neighbour's rules, in their order. */
async function counted(agent: Pod['root']): Promise<number[]> {
  const listed = await agent.run('nft', ['list', 'table', 'inet', 'watch']);
  return [...listed.matchAll(/counter packets (\d+)/g)].map(([, packets]) => Number(packets));
}

const watch = [
  'table inet watch { chain in { type filter hook prerouting priority -460;',
  'udp dport 53 ip ttl 64 counter',
  'udp dport 53 ip ttl 63 counter',
  'udp dport 53 ip6 hoplimit 64 counter',
  'udp dport 53 ip6 hoplimit 63 counter',
  '}',
  '}\n',
].join('\n');

/** Of the packets that the neighbour sees: how many with a TTL of 64, and how many with one less. */
test.each([
  ['PREROUTING', 'v4', { source: '10.244.2.9', destination: '10.244.1.5', ...peer }, [0, 1]],
  ['INPUT', 'v4', { source: '10.244.2.9', destination: '10.244.1.5', ...peer }, [0, 1]],
  ['OUTPUT', 'v4', { source: '10.244.1.5', destination: '10.96.0.7', ...app }, [2, 0]],
  ['POSTROUTING', 'v4', { source: '10.244.1.5', destination: '10.96.0.7', ...app }, [2, 0]],
  ['PREROUTING', 'v6', { source: 'fd00:10:244:2::9', destination: 'fd00:10:244:1::5', ...peer }, [0, 1]],
  ['OUTPUT', 'v6', { source: 'fd00:10:244:1::5', destination: 'fd00:10:96::7', ...app }, [2, 0]],
] as const)('%s, IP%s', async (hook, family, ends, expected) => {
  const packet: Packet = { ...ports, ttl: 64, ...ends };
  const text = rulesFor(hook, family === 'v4' ? '10.244.1.1' : 'fd00:10:244:1::1');
  const live = async (pod: Pod, backend: 'nft' | 'legacy') => {
    await pod.peer().run('nft', ['-f', '-'], watch);
    try {
      const crafted = [{ packet, direction: 'original', connection: 1 }] as const;
      await runCrafted(pod, backend, { [family]: text }, [], crafted);
      const seen = await counted(pod.peer());
      return family === 'v4' ? seen.slice(0, 2) : seen.slice(2);
    } finally {
      await pod.peer().run('nft', ['delete', 'table', 'inet', 'watch']);
      await pod.flush();
    }
  };
  const answer = await kernel.answer(`${hook}, ${family}`, { plan: usualPod, text, packet }, live);
  expect(answer).toEqual({ nft: expected, legacy: expected });
});

/** What each rule asks of a packet, so that a copy is told from the packet that it was made of. */
const asks = [
  '-m ttl --ttl-eq 64',
  '-m ttl --ttl-eq 63',
  '-m ttl --ttl-eq 62',
  '-m conntrack --ctstate UNTRACKED',
  '-m conntrack --ctstate NEW',
  '-m owner --socket-exists',
  '-m owner ! --socket-exists',
  '-m mark --mark 7',
  '-d 10.96.0.7 -o eth0',
  '-o lo',
];
const lines = (chain: string, besides: readonly string[] = []) =>
  asks.filter((one) => !besides.some((left) => one.includes(left))).map((one) => `-A ${chain} -p udp ${one}`);
const inward = lines('PREROUTING', ['owner', '-o ']);

/** Rules of all tables, with these put in between. */
function rulesWith(put: { readonly [place: string]: readonly string[] }): string {
  const of = (place: string) => put[place] ?? [];
  const text = [
    '*raw',
    ':PREROUTING ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...of('raw'),
    'COMMIT',
    '*mangle',
    ...['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING', 'behind'].map(
      (name) => `:${name} ${name === 'behind' ? '-' : 'ACCEPT'} [0:0]`,
    ),
    ...of('mangle before'),
    ...inward,
    ...of('mangle'),
    ...lines('OUTPUT'),
    ...of('mangle behind'),
    ...lines('POSTROUTING'),
    '-A POSTROUTING -p udp -j behind',
    '-A behind -p udp -i eth0',
    '-A behind -p udp -i lo',
    'COMMIT',
    '*nat',
    ...['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`),
    ...of('nat'),
    'COMMIT',
    '*filter',
    ...['INPUT', 'FORWARD', 'OUTPUT'].map((name) => `:${name} ACCEPT [0:0]`),
    '-A INPUT -p udp',
    ...of('filter'),
    'COMMIT\n',
  ];
  return text.join('\n');
}

const inV6 = (text: string) =>
  text
    .replaceAll('-m ttl --ttl-eq', '-m hl --hl-eq')
    .replaceAll('10.244.1.', 'fd00:10:244:1::')
    .replaceAll('10.96.0.7', 'fd00:10:96::7')
    .replaceAll('10.244.2.9', 'fd00:10:244:2::9')
    .replaceAll('192.0.2.', '2001:db8::');

const wide: PodPlan = {
  ...usualPod,
  routes: [
    ...(usualPod.routes ?? []),
    { destination: '192.0.2.0/24', type: 'blackhole' },
    { destination: '2001:db8::/64', type: 'blackhole' },
    { destination: 'default', via: '10.244.1.1', dev: 'eth0', table: '100' },
    { destination: 'default', via: 'fd00:10:244:1::1', dev: 'eth0', table: '100' },
  ],
  rules: [{ priority: 100, fwmark: { value: 7, mask: 0xffffffff }, table: '100' }],
};
const router: PodPlan = {
  ...usualPod,
  sysctls: { 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1 },
};

const out: Packet = { ...ports, ttl: 64, source: '10.244.1.5', destination: '10.96.0.7', ...app };
const incoming: Packet = { ...ports, ttl: 64, source: '10.244.2.9', destination: '10.244.1.5', ...peer };
const tee = '-j TEE --gateway 10.244.1.1';

const copying: readonly (readonly [string, PodPlan, Packet, Parameters<typeof rulesWith>[0]])[] = [
  ['no copy at all', usualPod, out, {}],
  ['of what is sent', usualPod, out, { mangle: [`-A OUTPUT -p udp ${tee}`] }],
  [
    'two of them, and none of a copy',
    usualPod,
    out,
    { mangle: [`-A OUTPUT -p udp ${tee}`, `-A OUTPUT -p udp ${tee}`] },
  ],
  ['before conntrack', usualPod, out, { raw: [`-A OUTPUT -p udp ${tee}`] }],
  ['behind OUTPUT', usualPod, out, { 'mangle behind': [`-A POSTROUTING -p udp ${tee}`] }],
  ['of what comes in', usualPod, incoming, { 'mangle before': [`-A PREROUTING -p udp ${tee}`] }],
  ['of what comes to a socket', usualPod, incoming, { filter: [`-A INPUT -p udp ${tee}`] }],
  [
    'of what is sent on',
    router,
    { ...incoming, destination: '10.96.0.7' },
    { mangle: [`-A FORWARD -p udp ${tee}`] },
  ],
  ['to this host itself', usualPod, out, { mangle: ['-A OUTPUT -p udp -j TEE --gateway 10.244.1.5'] }],
  ['to no way', wide, out, { mangle: ['-A OUTPUT -p udp -j TEE --gateway 192.0.2.1'] }],
  [
    'by a named interface',
    usualPod,
    out,
    { mangle: ['-A OUTPUT -p udp -j TEE --gateway 10.244.1.9 --oif eth0'] },
  ],
  [
    'by an interface that is not there',
    usualPod,
    out,
    { mangle: ['-A OUTPUT -p udp -j TEE --gateway 10.244.1.1 --oif eth7'] },
  ],
  [
    'of what goes to this host',
    usualPod,
    { ...out, destination: '10.244.1.5' },
    { mangle: [`-A OUTPUT -p udp ${tee}`] },
  ],
  ['with its mark', wide, { ...out, mark: 7 }, { mangle: [`-A OUTPUT -p udp ${tee}`] }],
  [
    'that is marked itself, and routed again',
    wide,
    out,
    {
      mangle: [
        `-A OUTPUT -p udp -j TEE --gateway 10.244.1.5`,
        '-A OUTPUT -p udp -m conntrack --ctstate UNTRACKED -j MARK --set-mark 7',
      ],
    },
  ],
  [
    'that NAT leaves alone',
    usualPod,
    out,
    { mangle: [`-A OUTPUT -p udp ${tee}`], nat: ['-A OUTPUT -p udp -j DNAT --to-destination 10.244.2.9'] },
  ],
  [
    'that was rewritten before',
    usualPod,
    out,
    {
      'mangle behind': [`-A POSTROUTING -p udp ${tee}`],
      nat: ['-A OUTPUT -p udp -j DNAT --to-destination 10.244.2.9'],
    },
  ],
  [
    'that is dropped',
    usualPod,
    out,
    {
      mangle: [`-A OUTPUT -p udp ${tee}`],
      filter: ['-A OUTPUT -p udp -m conntrack --ctstate UNTRACKED -j DROP'],
    },
  ],
  [
    'of what is dropped behind it',
    usualPod,
    out,
    { mangle: [`-A OUTPUT -p udp ${tee}`], filter: ['-A OUTPUT -p udp -m owner --socket-exists -j DROP'] },
  ],
];

/** The counters of all rules, `mangle OUTPUT 2: 1` where there are any. */
function countersIn(saved: string): readonly string[] {
  const counters: string[] = [];
  let table = '';
  const places = new Map<string, number>();
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, packets, chain] = /^\[(\d+):\d+\] -A (\S+)/.exec(line) ?? [];
    if (chain === undefined) continue;
    const place = `${table} ${chain}`;
    places.set(place, (places.get(place) ?? 0) + 1);
    if (packets !== '0') counters.push(`${place} ${places.get(place)}: ${packets}`);
  }
  return counters.toSorted();
}

/** What the engine says of the packet and of its copies, counted in the same way. */
function countersOfEngine(host: Host, packet: Packet): readonly string[] {
  const whole = traverse(host, packet);
  const counted = new Map<string, number>();
  for (const { events } of [whole, ...copiesOf(host, whole)])
    for (const event of events) {
      if (event.kind !== 'rule' || event.matched !== true) continue;
      const place = `${event.table} ${event.chain} ${event.position}`;
      counted.set(place, (counted.get(place) ?? 0) + 1);
    }
  return [...counted].map(([place, packets]) => `${place}: ${packets}`).toSorted();
}

test.each(copying.flatMap((one) => [['v4', ...one] as const, ['v6', ...one] as const]))(
  'each rule counts the packet and its copies, IP%s: %s',
  async (family, name, plan, given, put) => {
    const isV4 = family === 'v4';
    const address = (text: string) => (isV4 ? text : inV6(text));
    const text = isV4 ? rulesWith(put) : inV6(rulesWith(put));
    const packet = { ...given, source: address(given.source), destination: address(given.destination) };
    const host: Host = {
      ...plan,
      sets: plan.sets ?? {},
      rulesets: { [family]: parseRuleset(text, family).ruleset },
    };
    const answer = await kernel.answer(
      `counters, ${name}, ${family}`,
      { plan, text, packet },
      async (pod, backend) => {
        const crafted = [{ packet, direction: 'original', connection: 1 }] as const;
        await runCrafted(pod, backend, { [family]: text }, [], crafted);
        const saved = await pod.counted(backend, family);
        await pod.flush();
        return countersIn(saved);
      },
    );
    const expected = countersOfEngine(host, packet);
    expect(expected.length).toBeGreaterThan(3);
    expect.soft(expected, 'nft').toEqual(answer.nft);
    expect.soft(expected, 'legacy').toEqual(answer.legacy);
  },
);
