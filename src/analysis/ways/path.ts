/**
 * Which packets take a path that somebody has published, stop by stop, or that none does, and at which stop the last of
 * them leave it.
 */
import {
  type Answer,
  type Event,
  type Hook,
  type Host,
  type Packet,
  type RuleEvent,
  type TableRef,
  type Traversal,
  traverse,
} from '../../netfilter/index.ts';
import { withoutGroups } from './ground.ts';
import type { Open } from './narrowing.ts';
import { type Box, meet } from './packet-set.ts';
import { type Packets, packetsOf, type Survey, type SurveyedWay, share } from './questions.ts';
import { packetOf } from './space.ts';
import { shortened, takenBefore } from './ways.ts';

/** One decision, or the end, that a path names. */
export type PathStop =
  | { readonly kind: 'hook'; readonly hook: Hook }
  /** A rule that matches; without a position, any of the chain. */
  | {
      readonly kind: 'rule';
      readonly table: TableRef;
      readonly chain: string;
      readonly position?: number;
    }
  /** A socket gets it: at this port, or at any but these. */
  | { readonly kind: 'delivered'; readonly port?: number; readonly butPorts?: readonly number[] }
  | { readonly kind: 'sent' };

export interface PathTakers {
  /** The packets that meet all stops, in their order. */
  readonly packets: readonly Packets[];
  /** Null where there are some. */
  readonly dies: PathDeath | null;
  /** Whether no other packet does. */
  readonly isWhole: boolean;
  /** Some may take it, by a rule that nobody can judge, and none is known to. */
  readonly isDoubtful: boolean;
  /** What is not told apart: some of the packets may not take it, and others may. */
  readonly open: readonly Open[];
}

/** The first stop that no packet comes to, of those that came to all before it. */
export interface PathDeath {
  /** Its number among the stops, from 0. */
  readonly stop: number;
  /** Those that came so far. */
  readonly packets: readonly Packets[];
  /** Where the stop is a rule: the rules of its chain before it that took them. */
  readonly takenBy: readonly number[];
  /** One of them, as it went on instead. */
  readonly traversal: Traversal | null;
}

export interface PathLimits {
  /** Only these packets: those of one sender. */
  readonly within?: Box;
  /** Only those that enter there: by a process, or by an interface. */
  readonly from?: 'process' | 'interface';
}

/** How many of the stops a packet meets before it leaves the path. */
export function stopsMet(
  { events, outcome }: Pick<Traversal, 'events' | 'outcome'>,
  stops: readonly PathStop[],
): number {
  let met = 0;
  for (const event of events) {
    const stop = stops[met];
    if (stop === undefined) break;
    if (isMet(event, stop)) met++;
  }
  const last = events.at(-1)?.packet.destinationPort;
  const stop = stops[met];
  if (stop?.kind === 'sent' && outcome.kind === 'sent') met++;
  if (stop?.kind === 'delivered' && outcome.kind === 'delivered') {
    const port = outcome.socket?.port ?? last;
    const isThere = stop.port === undefined || stop.port === port;
    if (isThere && (port === undefined || stop.butPorts?.includes(port) !== true)) met++;
  }
  return met;
}

function isMet(event: Event, stop: PathStop): boolean {
  if (stop.kind === 'hook') return event.kind === 'hook' && event.hook === stop.hook;
  return stop.kind === 'rule' && event.kind === 'rule' && event.matched === true && isAt(event, stop);
}

function isAt({ table, chain, position }: RuleEvent, stop: PathStop): boolean {
  return (
    stop.kind === 'rule' &&
    table === stop.table &&
    chain === stop.chain &&
    (stop.position === undefined || position === stop.position)
  );
}

/** The packets that take the path; what a later packet does, of a connection that is there, is no part of it. */
export function takersOf(
  { host, ways, isWhole }: Survey,
  stops: readonly PathStop[],
  { within, from }: PathLimits = {},
): PathTakers {
  const asked = ways.flatMap((way): readonly SurveyedWay[] => {
    if (from !== undefined && way.entrance.kind !== from) return [];
    if (within === undefined) return [way];
    const packets = meet(way.packets, within);
    if (packets === null) return [];
    const example = packetOf(host, way.family, way.entrance, packets);
    return [{ ...way, packets, example, ...shortened(walked(host, example, way.answers)) }];
  });
  const met = asked.map((way) => [stopsMet(way, stops), way] as const);
  const most = Math.max(0, ...met.map(([count]) => count));
  const furthest = met.flatMap(([count, way]) => (count === most ? [way] : []));
  const open = [...new Set(asked.flatMap((way) => way.open))];
  const isAlive = most === stops.length && furthest.length > 0;
  const [one] = furthest;
  const leaving = met.flatMap(([count, way]) => (count < most ? [way] : []));
  // A rule that nobody can judge and that only logs keeps nobody from the path.
  const sure = furthest.filter(
    (way) => way.answers.length === 0 || (isWhole && leaving.every((other) => !share(way, other))),
  );
  const isDoubtful = isAlive && sure.length === 0;
  const taking = isDoubtful ? furthest : sure;
  return {
    packets: isAlive ? packetsOf(host, taking) : [],
    dies: isAlive
      ? null
      : {
          stop: most,
          packets: packetsOf(host, furthest),
          takenBy: takersBefore(furthest, stops[most]),
          traversal: one === undefined ? null : walked(host, one.example, one.answers),
        },
    isWhole: isWhole && open.length === 0 && !(isAlive && taking.length < furthest.length),
    isDoubtful,
    open,
  };
}

function walked(host: Host, packet: Packet, answers: readonly Answer[]): Traversal {
  return traverse(withoutGroups(host), packet, answers);
}

/** The rules of the chain that ended it for them before they were asked by the stop's. */
function takersBefore(ways: readonly SurveyedWay[], stop: PathStop | undefined): readonly number[] {
  if (stop?.kind !== 'rule' || stop.position === undefined) return [];
  const { table, chain, position } = stop;
  const taking = ways.flatMap((way) => takenBefore(way, { table, chain, position }) ?? []);
  return [...new Set(taking)].sort((a, b) => a - b);
}
