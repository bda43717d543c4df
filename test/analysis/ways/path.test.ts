/** Who takes a published path: the example does, and where it is said that none does, no packet comes further. */
import { describe, expect, test } from 'vitest';
import {
  type PathStop,
  type PathTakers,
  type Survey,
  stopsMet,
  survey,
  takersOf,
} from '../../../src/analysis/index.ts';
import { withoutGroups } from '../../../src/analysis/ways/ground.ts';
import { entrancesOf } from '../../../src/analysis/ways/index.ts';
import { everyPacket } from '../../../src/analysis/ways/space.ts';
import type { Options, Workload } from '../../../src/istio/index.ts';
import { podOf } from '../../../src/journey/index.ts';
import {
  type Family,
  type Host,
  type Packet,
  type Traversal,
  traverse,
} from '../../../src/netfilter/index.ts';
import { packetsWords } from '../../../src/words/index.ts';
import { Draw } from '../../kernel/draw.ts';
import { seedOf } from '../../long/seed.ts';
import { drawPoint, packetAt, randomHost } from './compare-ways.ts';

const workload: Workload = {
  addresses: ['10.244.1.5/24'],
  uid: 1000,
  gid: 1000,
  ports: [{ port: 8080 }],
  services: [],
  outboundTrafficPolicy: 'ALLOW_ANY',
};

function sidecar(options: Partial<Options>): Host {
  return podOf('1.31', options, workload).host;
}

function rule(position: number): PathStop {
  return { kind: 'rule', table: 'nat', chain: 'ISTIO_OUTPUT', position };
}

const id = (value: number) => [[BigInt(value), BigInt(value)]] as const;

describe('rule 9, 15001, rule 4', () => {
  const found = survey(sidecar({}));
  const captured: readonly PathStop[] = [rule(9), { kind: 'delivered', port: 15001 }];
  const proxy = new Map([
    ['uid', id(1337)],
    ['gid', id(1337)],
  ]);

  test('the packets that take the first part, and those of the proxy that take the second', () => {
    const first = takersOf(found, captured);
    expect(first.packets.flatMap(packetsWords)).toEqual([
      'TCP, from 10.244.1.5, to an address that is not its own, any uid but 1337, any gid but 1337',
    ]);
    expect([first.dies, first.isWhole]).toEqual([null, true]);
    const second = takersOf(found, [rule(4), { kind: 'sent' }], { from: 'process', within: proxy });
    expect(second.packets.flatMap(packetsWords)).toEqual([
      'from 10.244.1.5, to an address that is not its own, uid 1337, gid 1337',
    ]);
  });

  test('of the proxy’s own, none takes the first: it dies at rule 9, and these rules take all before', () => {
    const { packets, dies, isWhole } = takersOf(found, captured, { from: 'process', within: proxy });
    expect([packets, dies?.stop, dies?.takenBy, isWhole]).toEqual([[], 0, [1, 2, 4], true]);
  });

  test('a path that dies behind its first stops names the first that is missing', () => {
    const { dies } = takersOf(found, [rule(9), { kind: 'hook', hook: 'INPUT' }, { kind: 'sent' }]);
    expect(dies?.stop).toBe(2);
    expect(dies?.packets.flatMap(packetsWords)).toEqual([
      'TCP, from 10.244.1.5, to an address that is not its own, any uid but 1337, any gid but 1337',
    ]);
  });
});

/** Some of what a packet met, with a stop here and there that it did not. */
function drawStops(draw: Draw, { events, outcome }: Traversal, others: Traversal): readonly PathStop[] {
  const rules = others.events.filter((event) => event.kind === 'rule');
  const stops = events.flatMap((event): readonly PathStop[] => {
    if (rules.length > 0 && draw.chance(0.06)) {
      const { table, chain, position } = draw.pick(rules);
      return [{ kind: 'rule', table, chain, position }];
    }
    if (event.kind === 'hook' && draw.chance(0.5)) return [{ kind: 'hook', hook: event.hook }];
    if (event.kind !== 'rule' || event.matched !== true || draw.chance(0.4)) return [];
    const { table, chain, position } = event;
    return [{ kind: 'rule', table, chain, ...(draw.chance(0.2) ? {} : { position }) }];
  });
  return outcome.kind === 'sent' ? [...stops, { kind: 'sent' }] : stops;
}

/** What no packet may do, and what its examples have to. */
function faultsOf(
  whole: Host,
  stops: readonly PathStop[],
  { packets, dies, isWhole }: PathTakers,
  sent: readonly Traversal[],
): readonly string[] {
  const wanted = dies?.stop ?? stops.length;
  const examples = (dies?.packets ?? packets).flatMap(({ example }) => {
    const traversal = traverse(whole, example);
    // What the reader is asked is answered in a set, and not here.
    return traversal.outcome.kind === 'cannot tell' ? [] : [stopsMet(traversal, stops)];
  });
  const tooFar = isWhole ? sent.filter((one) => stopsMet(one, stops) > wanted) : [];
  return [
    ...examples.flatMap((met) => (met === wanted ? [] : [`an example meets ${met} of ${wanted}`])),
    ...tooFar.map((one) => `${JSON.stringify(one.events[0]?.packet)} meets more than ${wanted}`),
  ];
}

const seed = seedOf(process.env);

/** Packets from anywhere, and from the sets, which have what the rules ask for. */
function drawPackets(draw: Draw, whole: Host, { ways }: Survey, each: number): readonly Packet[] {
  return (['v4', 'v6'] as const).flatMap((family: Family) =>
    entrancesOf(whole).flatMap((entrance) =>
      Array.from({ length: each }, (): Packet => {
        const box = draw.pick(everyPacket(whole, family, entrance));
        const point = drawPoint(draw, draw.chance(0.7) ? draw.pick(ways).packets : box);
        return packetAt(whole, family, entrance, new Map([...drawPoint(draw, box), ...point]));
      }),
    ),
  );
}

function triedPaths(draw: Draw, whole: Host, found: Survey, times: number) {
  const walked = drawPackets(draw, whole, found, 40).flatMap((packet) => {
    const traversal = traverse(whole, packet);
    return traversal.outcome.kind === 'cannot tell' ? [] : [traversal];
  });
  return Array.from({ length: times }, () => {
    const stops = drawStops(draw, draw.pick(walked), draw.pick(walked));
    const takers = takersOf(found, stops);
    return { isAlive: takers.dies === null, faults: faultsOf(whole, stops, takers, walked) };
  });
}

test.each<[string, Partial<Options>]>([
  ['the defaults', {}],
  ['DNS capture', { redirectDNS: true, captureAllDNS: true }],
  ['TPROXY', { inboundInterceptionMode: 'TPROXY' }],
  [
    'lists',
    { outboundPortsExclude: '5432', inboundPortsInclude: '80', outboundIPRangesExclude: '10.9.0.0/16' },
  ],
  ['native nftables', { nativeNftables: true }],
])(
  `paths through a sidecar with %s, seed ${seed}: where none takes it, no packet comes further`,
  (_, options) => {
    const whole = withoutGroups(sidecar(options));
    const found = survey(whole);
    expect([found.isWhole, found.open]).toEqual([true, []]);
    const tried = triedPaths(new Draw(seed), whole, found, 90);
    expect(tried.flatMap(({ faults }) => faults)).toEqual([]);
    expect(tried.filter(({ isAlive }) => isAlive).length).toBeGreaterThan(1);
    expect(tried.filter(({ isAlive }) => !isAlive).length).toBeGreaterThan(1);
  },
);

test(`random rules and paths, seed ${seed}: the example comes as far as it is said`, () => {
  const number = 3 * (seed % 300);
  const draw = new Draw(seed, number);
  const whole = withoutGroups(randomHost(seed, number, draw));
  const tried = triedPaths(draw, whole, survey(whole, { most: 60 }), 20);
  expect(tried.flatMap(({ faults }) => faults)).toEqual([]);
});
