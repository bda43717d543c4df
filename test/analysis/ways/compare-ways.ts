/**
 * The ways through random hosts, held to the engine: every random packet goes the way that its set says, and no packet is
 * in two sets. `npm run test:long ways -- --rulesets 2000 --seed 1`.
 */

import type { Box } from '../../../src/analysis/reach/packet-set.ts';
import { type Entrance, entrancesOf, type PacketWay, waysOf } from '../../../src/analysis/ways/index.ts';
import { packetOf } from '../../../src/analysis/ways/space.ts';
import { withoutGroups } from '../../../src/analysis/ways/ways.ts';
import { type Family, type Host, type Traversal, traverse } from '../../../src/netfilter/index.ts';
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

/** One packet of a set, anywhere in it; its ends come often. */
export function drawFrom(draw: Draw, host: Host, family: Family, entrance: Entrance, box: Box) {
  const point = new Map(
    [...box].map(([field, intervals]) => {
      const [first, last] = draw.pick(intervals);
      const size = last - first;
      const inside = first + (size * BigInt(draw.below(1_000_000))) / 1_000_000n;
      const value = draw.pick([first, last, inside]);
      return [field, [[value, value]]] as const;
    }),
  );
  return packetOf(host, family, entrance, point);
}

export interface Counted {
  packets: number;
  ways: number;
  /** Ways that hang on something that is not told apart, by what. */
  open: Map<string, number>;
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
  for (const entrance of entrancesOf(host)) {
    const { ways } = waysOf(host, family, entrance, { most: 400 });
    counted.ways += ways.length;
    const exact = ways.filter(({ open }) => open.length === 0);
    for (const { open } of ways)
      for (const one of open) counted.open.set(one, (counted.open.get(one) ?? 0) + 1);
    for (const way of Array.from({ length: exact.length === 0 ? 0 : 40 }, () => draw.pick(exact))) {
      for (let again = 0; again < each; again++) {
        counted.packets++;
        const packet = drawFrom(draw, host, family, entrance, way.packets);
        const fault = faultOf(host, way, packet);
        if (fault !== null) faults.push(fault);
      }
    }
  }
  return faults;
}

function faultOf(host: Host, way: PacketWay, packet: PacketWay['example']): string | null {
  const wanted = signatureOf(way.traversal);
  const found = signatureOf(traverse(withoutGroups(host), packet, way.answers));
  return found === wanted
    ? null
    : `${JSON.stringify(packet)}\n  goes ${found}\n  and not as ${JSON.stringify(way.example)}\n  goes ${wanted}`;
}

/** The long run, ruleset by ruleset. */
export async function compareWays({ seed, from, amount, isStopped, reached }: Task): Promise<boolean> {
  const counted: Counted = { packets: 0, ways: 0, open: new Map() };
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
    `${counted.packets} packets of ${counted.ways} ways, ${faults} disagreements; not told apart: ${open.join(', ')}`,
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

export function faultsOfBatch(seed: number, number: number, counted: Counted, each = 5): readonly string[] {
  const draw = new Draw(seed, number);
  const host = hostOf(
    randomPod,
    {
      rulesets: rulesetsOf(seed, number, draw),
      sockets: [...sockets, ...transparentSockets],
      packets: [],
    },
    draw.chance(0.5) ? 'nft' : 'legacy',
  );
  return (['v4', 'v6'] as const).flatMap((family) => faultsOf(host, family, draw, each, counted));
}
