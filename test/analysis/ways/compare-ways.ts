/**
 * The ways through random hosts, held to the engine: every random packet goes the way that its set says, and no packet is
 * in two sets. `npm run test:long ways -- --rulesets 2000 --seed 1`.
 */

import { Ground, withoutGroups } from '../../../src/analysis/ways/ground.ts';
import { type Entrance, entrancesOf, type PacketWay } from '../../../src/analysis/ways/index.ts';
import type { Box } from '../../../src/analysis/ways/packet-set.ts';
import { packetOf } from '../../../src/analysis/ways/space.ts';
import { waysFrom } from '../../../src/analysis/ways/ways.ts';
import {
  type Family,
  type Host,
  type Packet,
  type Traversal,
  traverse,
} from '../../../src/netfilter/index.ts';
import { Draw } from '../../kernel/draw.ts';
import { hostOf } from '../../kernel/engine.ts';
import { drawNftBatch } from '../../kernel/nftables/compare.ts';
import { nftTextOf } from '../../kernel/nftables/draw-ruleset.ts';
import { drawBatch } from '../../kernel/random.ts';
import { randomPod } from '../../kernel/random-pod.ts';
import { textOf } from '../../kernel/random-rules.ts';
import { sockets, transparentSockets } from '../../kernel/random-values.ts';
import type { Task } from '../../long/parts.ts';

/** What a way is: each rule's answer, each route, the end. Addresses and ports are not: they are the packet's own. */
export function signatureOf({ events, outcome }: Traversal): string {
  return JSON.stringify([
    events.map((event) => {
      switch (event.kind) {
        case 'rule':
          return `${event.table} ${event.chain} ${event.position} ${event.matched}`;
        case 'route':
          return `route ${event.out}`;
        case 'conntrack':
          return event.state;
        default:
          return event.kind;
      }
    }),
    outcome.kind,
    outcome.kind === 'sent' ? [outcome.interface, outcome.via] : null,
    outcome.kind === 'delivered' ? [outcome.socket?.port, outcome.socket?.uid] : null,
    'reason' in outcome ? outcome.reason.code : null,
  ]);
}

/** A value of each field. */
type Point = ReadonlyMap<string, bigint>;

/** Anywhere in a set; its ends come often. */
export function drawPoint(draw: Draw, box: Box): Point {
  return new Map(
    [...box].map(([field, intervals]) => {
      const [first, last] = draw.pick(intervals);
      const size = last - first;
      const inside = first + (size * BigInt(draw.below(1_000_000))) / 1_000_000n;
      return [field, draw.pick([first, last, inside])] as const;
    }),
  );
}

export function isIn(point: Point, box: Box): boolean {
  for (const [field, intervals] of box) {
    const value = point.get(field) as bigint;
    if (!intervals.some(([first, last]) => first <= value && value <= last)) return false;
  }
  return true;
}

/** What goes together in a protocol, and all else. */
const ofProtocol: ReadonlySet<string> = new Set(['protocol', 'sourcePort', 'destinationPort']);

/** Of one packet its protocol and ports, of another the rest: a packet of a set that neither may be in. */
export function crossed(one: Point, other: Point): Point {
  return new Map(
    [...one].map(([field, value]) => [field, ofProtocol.has(field) ? value : (other.get(field) ?? value)]),
  );
}

export function packetAt(host: Host, family: Family, entrance: Entrance, point: Point): Packet {
  const box = new Map([...point].map(([field, value]) => [field, [[value, value]]] as const));
  return packetOf(host, family, entrance, box);
}

export interface Counted {
  packets: number;
  /** Of them, those that were drawn from no set, and were looked for among all. */
  anywhere: number;
  ways: number;
  /** Ways that hang on something that is not told apart. */
  openWays: number;
  /** The same, by what. */
  open: Map<string, number>;
}

export function nothingCounted(): Counted {
  return { packets: 0, anywhere: 0, ways: 0, openWays: 0, open: new Map() };
}

/** Each fault that is found among the ways of a host, in words. */
export function faultsOf(
  host: Host,
  family: Family,
  draw: Draw,
  each: number,
  counted: Counted,
): readonly string[] {
  const faults: string[] = [];
  const ground = new Ground(withoutGroups(host), family);
  for (const entrance of entrancesOf(host)) {
    const { ways } = waysFrom(ground, entrance, { most: 400 });
    counted.ways += ways.length;
    const exact = ways.filter(({ open }) => open.length === 0);
    counted.openWays += ways.length - exact.length;
    for (const { open } of ways)
      for (const one of open) counted.open.set(one, (counted.open.get(one) ?? 0) + 1);
    for (let again = 0; again < (exact.length === 0 ? 0 : 40 * each); again++) {
      const own = draw.pick(exact);
      const point = drawPoint(draw, own.packets);
      const isOwn = draw.chance(0.5);
      const anywhere = isOwn ? point : crossed(point, drawPoint(draw, draw.pick(ways).packets));
      const here = isOwn ? [own] : ways.filter(({ packets }) => isIn(anywhere, packets));
      const fault = sharedBy(here) ? 'is in two sets' : null;
      const packet = packetAt(host, family, entrance, anywhere);
      if (fault !== null) faults.push(`${JSON.stringify(packet)} ${fault}`);
      for (const way of here) {
        if (way.open.length > 0) continue;
        counted.packets++;
        if (!isOwn) counted.anywhere++;
        const wrong = faultOf(host, way, packet);
        if (wrong !== null) faults.push(wrong);
      }
    }
  }
  return faults;
}

/** Whether two have no answer that tells them apart. */
function sharedBy(ways: readonly PacketWay[]): boolean {
  return ways.some((one, at) =>
    ways
      .slice(at + 1)
      .some(
        (other) =>
          !one.answers.some((answer) =>
            other.answers.some(
              (and) =>
                and.table === answer.table &&
                and.chain === answer.chain &&
                and.position === answer.position &&
                and.matches !== answer.matches,
            ),
          ),
      ),
  );
}

/** Of each way the example walks once. */
const signatures = new WeakMap<PacketWay, string>();

function signatureOfWay(host: Host, way: PacketWay): string {
  const before = signatures.get(way);
  if (before !== undefined) return before;
  const found = signatureOf(traverse(withoutGroups(host), way.example, way.answers));
  signatures.set(way, found);
  return found;
}

function faultOf(host: Host, way: PacketWay, packet: Packet): string | null {
  const wanted = signatureOfWay(host, way);
  const found = signatureOf(traverse(withoutGroups(host), packet, way.answers));
  return found === wanted
    ? null
    : `${JSON.stringify(packet)}\n  goes ${found}\n  and not as ${JSON.stringify(way.example)}\n  goes ${wanted}`;
}

/** The long run, ruleset by ruleset. */
export async function compareWays({ seed, from, amount, isStopped, reached }: Task): Promise<boolean> {
  const counted = nothingCounted();
  let faults = 0;
  for (let number = from; number < from + amount && !isStopped(); number++) {
    for (const fault of faultsOfBatch(seed, number, counted)) {
      faults++;
      if (faults <= 5) console.log(`ruleset ${number} of seed ${seed}: ${fault}`);
    }
    reached(number + 1);
  }
  const open = [...counted.open].map(
    ([cause, ways]) => `${cause} ${((100 * ways) / counted.ways).toFixed(1)} %`,
  );
  console.log(
    `${counted.packets} packets of ${counted.ways} ways, ${counted.anywhere} of them from anywhere, ${faults} disagreements; not told apart: ${((100 * counted.openWays) / counted.ways).toFixed(1)} % of the ways, by ${open.join(', ')}`,
  );
  return faults === 0;
}

/** Of three batches one is of iptables, the others of nft, alone or beside it. */
function rulesetsOf(seed: number, number: number, draw: Draw) {
  const hasNft = number % 3 !== 0;
  const { rulesets } = hasNft
    ? drawNftBatch(seed, number, draw.pick(['nft', 'legacy']))
    : drawBatch(seed, number);
  const { v4, v6, nft } = rulesets;
  return {
    v4: textOf(v4),
    v6: textOf(v6),
    ...(nft === undefined ? {} : { nft: nftTextOf(nft) }),
  };
}

export function faultsOfBatch(seed: number, number: number, counted: Counted, each = 25): readonly string[] {
  const draw = new Draw(seed, number);
  const host = randomHost(seed, number, draw);
  return (['v4', 'v6'] as const).flatMap((family) => faultsOf(host, family, draw, each, counted));
}

export function randomHost(seed: number, number: number, draw: Draw): Host {
  return hostOf(
    randomPod,
    {
      rulesets: rulesetsOf(seed, number, draw),
      sockets: [...sockets, ...transparentSockets],
      packets: [],
    },
    draw.chance(0.5) ? 'nft' : 'legacy',
  );
}
