/**
 * How long a walk may become. Chains that jump to the next one twice, sixteen deep, are 32 rules and 65,536 ways, and
 * the kernel takes them: only rules in a namespace of their own are counted, and only by newer kernels
 * (nf_tables_jumps_max_netns).
 */
import type { Event, RuleDecision, RuleName } from '../../model/event.ts';

/**
 * The most events of a walk that still jumps. A dump of 50,000 rules, each of them asked at four hooks, has half as many.
 */
export const mostEvents = 400_000;

/** Why a walk does not go on with the jump of this rule; null where it may. */
export type WhyTooLong = (events: readonly Event[], rule: RuleName) => RuleDecision | null;

/** Null where nothing can be too long: see `common.ts`. */
export const whyTooLong: WhyTooLong | null = (events, rule) => {
  if (events.length < mostEvents) return null;
  const entered = new Map<string, number>();
  let to = rule.chain;
  for (const event of events) {
    const verdict = event.kind === 'rule' ? event.verdict : undefined;
    if (verdict?.kind !== 'jump' && verdict?.kind !== 'goto') continue;
    const times = (entered.get(verdict.chain) ?? 0) + 1;
    entered.set(verdict.chain, times);
    if (times > (entered.get(to) ?? 0)) to = verdict.chain;
  }
  return { ...rule, code: 'too many events', most: mostEvents, to, times: entered.get(to) ?? 0 };
};
