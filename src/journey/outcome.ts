/**
 * How a request ends and what that means: one answer, as data. Paths, diagrams, pages, weights and `src/words` read it.
 */
import type { ProcessName } from '../istio/index.ts';
import {
  type Event,
  type Outcome,
  type Packet,
  printEndpoint,
  type RuleEvent,
  type RuleName,
  type TableEvent,
  type TableRef,
} from '../netfilter/index.ts';
import type { Leg } from './leg.ts';

/** For good: words, pages and trace.json hang on them. */
export const outcomeKinds = [
  'nothing sent',
  'through Envoy',
  'past Envoy',
  'through ztunnel',
  'past ztunnel',
  'refused',
  'dropped',
  'in a circle',
  'cannot tell',
] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

/** Who takes the connections of a pod. */
export type ProxyName = Extract<ProcessName, 'Envoy'> | 'ztunnel';

/** What became of a request. */
export type JourneyOutcome =
  | { readonly kind: 'nothing sent' }
  /**
   * Somebody has it. Through Envoy, or ztunnel: that took the connection that was asked for, or made it. `decided` is the rule that
   * sent it there, or that let it go past; null where none did, by which it went on as it was.
   */
  | {
      readonly kind: `through ${ProxyName}` | `past ${ProxyName}`;
      /** The last connection. */
      readonly leg: number;
      readonly decided: DecidingRule | null;
    }
  /** The client is told: nobody listens, a rule rejects, or the process that took the connection closes it. */
  | {
      readonly kind: 'refused';
      readonly leg: number;
      readonly by: 'no listener' | 'a rule' | 'a process';
      readonly decided: DecidingRule | null;
    }
  /** By a rule, or by something else of the kernel, as a policy or a route. */
  | { readonly kind: 'dropped' | 'cannot tell'; readonly leg: number; readonly decided: DecidingRule | null }
  /** The last connection is `again` once more; null where that many were made, none twice. */
  | {
      readonly kind: 'in a circle';
      readonly leg: number;
      readonly again: number | null;
      readonly decided: DecidingRule | null;
    };

/** The rule that decided, and its event: legs[leg].passages[0].traversal.events[event]. */
export interface DecidingRule extends RuleName {
  readonly leg: number;
  readonly event: number;
}

/** What stopped a journey that would go on for ever. */
export type Round = { readonly again: number | null } | null;

/** What became of the request whose connections these are. */
export function outcomeOf(legs: readonly Leg[], round: Round, proxy: ProxyName): JourneyOutcome {
  const last = legs.length - 1;
  if (last < 0) return { kind: 'nothing sent' };
  // What sends the last connection where one was before it.
  if (round !== null)
    return { kind: 'in a circle', leg: last, again: round.again, decided: captured(legs, last) };
  const broken = legs.findIndex(({ server, closes }) => server === null || closes === true);
  const leg = legs[broken];
  const stopped = leg === undefined ? null : stoppedAt(leg, broken);
  if (stopped !== null) return stopped;
  return isOf(proxy, legs[0])
    ? { kind: `through ${proxy}`, leg: last, decided: captured(legs, 0) }
    : { kind: `past ${proxy}`, leg: last, decided: passed(legs, 0) };
}

/** Whether somebody has the request. */
export function hasArrived({ kind }: JourneyOutcome): boolean {
  return kind.startsWith('through ') || kind.startsWith('past ');
}

/** A connection that goes no further; null where the kernel itself has taken it, as it answers a ping. */
function stoppedAt({ passages, closes }: Leg, leg: number): JourneyOutcome | null {
  if (closes) return { kind: 'refused', leg, by: 'a process', decided: null };
  const traversal = passages[0]?.traversal;
  if (traversal === undefined) return null;
  const { outcome, events } = traversal;
  const decided = decidedBy(outcome, events, leg);
  switch (outcome.kind) {
    case 'refused':
      return { kind: 'refused', leg, by: 'no listener', decided };
    case 'rejected':
      return { kind: 'refused', leg, by: 'a rule', decided };
    case 'dropped':
    case 'cannot tell':
      return { kind: outcome.kind, leg, decided };
    default:
      return null;
  }
}

function decidedBy(outcome: Outcome, events: readonly Event[], leg: number): DecidingRule | null {
  if (!('reason' in outcome) || !('position' in outcome.reason)) return null;
  const { table, chain, position } = outcome.reason;
  const event = events.findLastIndex(
    (one) => one.kind === 'rule' && one.table === table && one.chain === chain && one.position === position,
  );
  return { table, chain, position, leg, event };
}

/** Whether the proxy is at one of its ends. */
function isOf(proxy: ProxyName, leg: Leg | undefined): boolean {
  return [leg?.client, leg?.server].some((party) => party?.kind === 'process' && party.name === proxy);
}

/**
 * The rule that decided where a packet went: of the first user chain that nat asked, the last rule that matched;
 * where nat asked none, of the first one of mangle, where TPROXY is. Null where none was asked.
 */
export function decisiveRule(events: readonly Event[]): RuleEvent | null {
  const matched = matchedRules(events).filter(({ isInBase }) => !isInBase);
  const first =
    matched.find(({ table }) => table === 'nat') ?? matched.find(({ table }) => table === 'mangle');
  return (
    matched.findLast((one) => one.table === first?.table && one.rule.chain === first.rule.chain)?.rule ?? null
  );
}

interface MatchedRule {
  readonly rule: RuleEvent;
  readonly event: number;
  /** What asks there; of nft its base chain counts as the table of iptables whose place it has. */
  readonly table: TableRef;
  /** In the chain that the hook itself asks. */
  readonly isInBase: boolean;
}

/** The rules that matched, with where they stood. */
export function matchedRules(events: readonly Event[]): readonly MatchedRule[] {
  let begun: TableEvent | undefined;
  const matched: MatchedRule[] = [];
  for (const [event, rule] of events.entries()) {
    if (rule.kind === 'table') begun = rule;
    if (rule.kind !== 'rule' || rule.matched !== true) continue;
    matched.push({ rule, event, table: begun?.like ?? rule.table, isInBase: rule.chain === begun?.chain });
  }
  return matched;
}

/** The rule by which a connection came to another socket than the one that was dialled: by NAT, or by TPROXY in mangle. */
function captured(legs: readonly Leg[], leg: number): DecidingRule | null {
  const events = eventsOf(legs, leg);
  const rewritten = redirectedAt(events);
  if (rewritten < 0)
    return lastRule(events, leg, ({ table, rule }) => table === 'mangle' && rule.verdict?.kind === 'accept');
  const before = events.slice(0, rewritten);
  const decisive = decisiveRule(before);
  return lastRule(before, leg, ({ table, rule }) =>
    decisive === null ? table === 'nat' : rule === decisive,
  );
}

/** The rule behind which no other could capture it. */
function passed(legs: readonly Leg[], leg: number): DecidingRule | null {
  return lastRule(
    eventsOf(legs, leg),
    leg,
    ({ table, rule: { hook, verdict } }) =>
      (hook === 'OUTPUT' || hook === 'PREROUTING') &&
      (table === 'nat' || table === 'mangle') &&
      (verdict?.kind === 'return' || verdict?.kind === 'accept'),
  );
}

/** The last event by which NAT sends a packet to another socket than the one that was dialled; -1 where none does. */
export function redirectedAt(events: readonly Event[]): number {
  return events.findLastIndex(
    (one) => one.kind === 'rewrite' && destinationIn(one.before) !== destinationIn(one.packet),
  );
}

function destinationIn({ destination, destinationPort }: Packet): string {
  return printEndpoint(destination, destinationPort);
}

function eventsOf(legs: readonly Leg[], leg: number): readonly Event[] {
  return legs[leg]?.passages[0]?.traversal.events ?? [];
}

function lastRule(
  events: readonly Event[],
  leg: number,
  is: (one: MatchedRule) => boolean,
): DecidingRule | null {
  const found = matchedRules(events).findLast(is);
  if (found === undefined) return null;
  const { table, chain, position } = found.rule;
  return { table, chain, position, leg, event: found.event };
}

/**
 * Whether two requests end alike: with the same outcome, and by way of the same processes and ports. By which rules they
 * came there makes no difference.
 */
export function endAlike(one: Ending, other: Ending): boolean {
  return endOf(one) === endOf(other);
}

interface Ending {
  readonly legs: readonly Leg[];
  readonly outcome: JourneyOutcome;
}

function endOf({ legs, outcome }: Ending): string {
  return JSON.stringify([
    outcome.kind,
    outcome.kind === 'refused' ? outcome.by : null,
    legs.map(({ server }) =>
      server === null ? null : [server.name, server.port, server.kind === 'network' ? server.address : null],
    ),
  ]);
}
