/** Every way that a first packet can take through a host, each with the packets that take it. */
import {
  type Answer,
  type Event,
  type Family,
  type Host,
  type Outcome,
  type Packet,
  type RuleEvent,
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
  /** One of them, and what happened to it: all but the rules that did not match, of which there may be thousands. */
  readonly example: Packet;
  readonly events: readonly Event[];
  readonly outcome: Outcome;
  /** The rules that were asked, in their order. */
  readonly asked: readonly AskedRules[];
  /** What was said to rules that depend on what was not told: the same packets may go another way. */
  readonly answers: readonly Answer[];
  /** Where not empty, some of the packets may go another way, because of these. */
  readonly open: readonly Open[];
}

/** Rules of one chain that were asked one behind the other. */
export interface AskedRules extends Pick<RuleEvent, 'table' | 'chain'> {
  readonly first: number;
  readonly last: number;
}

/** Whether a rule was among them. */
function isAsked(
  asked: readonly AskedRules[],
  { table, chain, position }: Pick<RuleEvent, 'table' | 'chain' | 'position'>,
): boolean {
  return asked.some(
    (one) => one.first <= position && position <= one.last && one.chain === chain && one.table === table,
  );
}

/** The rule of the same chain that took the packets before they came to this one; null where none did, or it was asked. */
export function takenBefore(
  { events, asked }: Pick<PacketWay, 'events' | 'asked'>,
  { table, chain, position }: Pick<RuleEvent, 'table' | 'chain' | 'position'>,
): number | null {
  if (isAsked(asked, { table, chain, position })) return null;
  const last = events.findLast(
    (event): event is RuleEvent =>
      event.kind === 'rule' && event.matched === true && event.table === table && event.chain === chain,
  );
  return last !== undefined && last.position < position ? last.position : null;
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
    const { open } = same;
    ways.push({ entrance, packets: met, example, ...shortened(traversal), answers, open });
  }
  return { ways, unfinished: waiting.map(({ packets }) => packets) };
}

/** What is kept of a packet's way. */
export function shortened({
  events: all,
  outcome,
}: Traversal): Pick<PacketWay, 'events' | 'outcome' | 'asked'> {
  const events: Event[] = [];
  const asked: AskedRules[] = [];
  let last: { table: AskedRules['table']; chain: string; first: number; last: number } | null = null;
  for (const event of all) {
    if (event.kind !== 'rule') {
      events.push(event);
      continue;
    }
    const { table, chain, position, matched } = event;
    if (matched !== false) events.push(event);
    if (last !== null && position === last.last + 1 && chain === last.chain && table === last.table) {
      last.last = position;
      continue;
    }
    last = { table, chain, first: position, last: position };
    asked.push(last);
  }
  return { events, outcome, asked };
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
