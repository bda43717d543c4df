/**
 * Jumps that led to nothing: a rule sent the packet to a chain of which no rule applied, as UDP is sent to a redirection that
 * is for TCP alone. On a path it looks taken there, and is not.
 */
import type { Event } from '../netfilter/index.ts';
import { askedOf, knowsNodes } from './hosts/index.ts';
import type { Journey } from './journey.ts';
import { type DecidingRule, matchedRules } from './outcome.ts';

/** A jump that led to nothing, on the connection that was asked for. */
export interface JumpInVain extends DecidingRule {
  /** The chain of which no rule applied. */
  readonly to: string;
  /** The event of the rule that was asked there last, or of the jump where the chain is empty. */
  readonly asked: number;
}

/** The last jump of nat or mangle that led to nothing; null where the packet was taken elsewhere behind it, or let past. */
export function jumpInVain({ legs, outcome }: Pick<Journey, 'legs' | 'outcome'>): JumpInVain | null {
  if (!outcome.kind.startsWith('past ')) return null;
  const decided = 'decided' in outcome ? (outcome.decided?.event ?? 0) : 0;
  const leg = knowsNodes ? askedOf(legs) : 0;
  const events = legs[leg]?.passages[0]?.traversal.events ?? [];
  for (const { rule, event, isInBase } of matchedRules(events).toReversed()) {
    if (event < decided) break;
    const { table, chain, position, verdict } = rule;
    // The hook's own chain sends everything on, and captures nothing by that.
    if (isInBase || verdict?.kind !== 'jump' || /^(raw|filter|security)$/.test(table)) continue;
    const asked = inVainUntil(events, event);
    if (asked !== null) return { table, chain, position, leg, event, to: verdict.chain, asked };
  }
  return null;
}

/** Where the rule of an event sent the packet to a chain of which no rule matched: the last event in it. Null elsewhere. */
export function inVainUntil(events: readonly Event[], at: number): number | null {
  const rule = events[at];
  if (rule?.kind !== 'rule' || rule.verdict?.kind !== 'jump') return null;
  const { chain } = rule.verdict;
  for (let next = at + 1; ; next++) {
    const event = events[next];
    if (event?.kind === 'return') return next - 1;
    if (event?.kind !== 'rule' || event.matched || event.chain !== chain) return null;
  }
}
