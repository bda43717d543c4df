/**
 * Rules that did not match, folded: whoever shows events shows a run of them as one.
 */
import type { Event, RuleEvent } from '../netfilter/index.ts';
import type { SaidMisses } from '../words/index.ts';

/** The rules among the events that did not match, as one; null where there are none. */
export function missesOf(events: readonly Event[]): (SaidMisses & { readonly rule: RuleEvent }) | null {
  const missed = events.filter(isMiss);
  const [rule] = missed;
  const last = missed.at(-1);
  if (rule === undefined || last === undefined) return null;
  return { rule, first: rule.position, last: last.position, count: missed.length };
}

/** The run of them right before an event. */
export function missesBefore(events: readonly Event[], at: number): SaidMisses | null {
  let first = at;
  while (first > 0 && isMiss(events[first - 1])) first--;
  return missesOf(events.slice(first, at));
}

function isMiss(event: Event | undefined): event is RuleEvent {
  return event?.kind === 'rule' && event.matched === false;
}
