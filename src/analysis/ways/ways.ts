/** Every way that a first packet can take through a host, each with the packets that take it. */
import {
  type Answer,
  type Family,
  type Host,
  type Packet,
  type Traversal,
  traverse,
} from '../../netfilter/index.ts';
import { type Ground, groundOf } from './ground.ts';
import type { Open } from './narrowing.ts';
import { type Box, divide, meet } from './packet-set.ts';
import { sameWay } from './same-way.ts';
import { type Entrance, everyPacket, type Liked, packetOf } from './space.ts';

export interface PacketWay {
  readonly entrance: Entrance;
  readonly packets: Box;
  /** One of them, and what happened to it. */
  readonly example: Packet;
  readonly traversal: Traversal;
  /** What was said to rules that depend on what was not told: the same packets may go another way. */
  readonly answers: readonly Answer[];
  /** Where not empty, some of the packets may go another way, because of these. */
  readonly open: readonly Open[];
}

export interface Ways {
  readonly ways: readonly PacketWay[];
  /** Packets that were not looked at, because there are more ways than the limit. */
  readonly unfinished: readonly Box[];
}

export interface WaysLimits extends Liked {
  /** How many ways at most; 20,000 when absent. */
  readonly most?: number;
  /** Only these packets. */
  readonly within?: readonly Box[];
  /** Only these, of each entrance. */
  readonly withinOf?: (entrance: Entrance) => Box;
}

/**
 * The ways of all first packets that enter there, without two that share a packet (but for answers). Exact by its making:
 * one packet walks, its events tell which others would have walked alike, and the rest is asked next.
 */
export function waysOf(host: Host, family: Family, entrance: Entrance, limits: WaysLimits = {}): Ways {
  return waysFrom(groundOf(host, family), entrance, limits);
}

/** The same, where other questions are asked of the host, too: what is found once for all packets is kept there. */
export function waysFrom(ground: Ground, entrance: Entrance, limits: WaysLimits = {}): Ways {
  const { host, family } = ground;
  const { most = 20_000, withinOf } = limits;
  const within = limits.within ?? (withinOf && [withinOf(entrance)]);
  const every = everyPacket(host, family, entrance);
  const waiting: { readonly packets: Box; readonly answers: readonly Answer[] }[] = (
    within === undefined ? every : every.flatMap((box) => within.flatMap((one) => meet(box, one) ?? []))
  ).map((packets) => ({ packets, answers: [] }));
  const ways: PacketWay[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (ways.length >= most) {
      waiting.push(next);
      break;
    }
    const { packets, answers } = next;
    const example = packetOf(host, family, entrance, packets, limits);
    const traversal = traverse(host, example, answers);
    const same = sameWay(ground, example, traversal);
    const { inside: met, outside } = divide(packets, same.packets);
    if (met === null)
      throw Object.assign(new Error('a packet is not among those that go its own way'), { example });
    for (const rest of outside) waiting.push({ packets: rest, answers });
    const { outcome } = traversal;
    if (outcome.kind === 'cannot tell' && outcome.question !== undefined) {
      const { table, chain, position } = outcome.question;
      for (const matches of [true, false])
        waiting.push({ packets: met, answers: [...answers, { table, chain, position, matches }] });
      continue;
    }
    ways.push({ entrance, packets: met, example, traversal, answers, open: same.open });
  }
  return { ways, unfinished: waiting.map(({ packets }) => packets) };
}

/** Where first packets enter: by a process, and by each interface but lo. */
export function entrancesOf({ interfaces }: Host): readonly Entrance[] {
  return [
    { kind: 'process' },
    ...interfaces.flatMap(({ name }): readonly Entrance[] =>
      name === 'lo' ? [] : [{ kind: 'interface', name }],
    ),
  ];
}
