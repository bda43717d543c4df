/** What comes of a table, or of a base chain of nft. */
import type { AddressChoice } from '../kernel/nat.ts';
import type { Event, Outcome, RuleName, Verdict } from '../model/event.ts';
import type { TargetReason } from '../model/rule-reason.ts';
import { whyTooLong } from './budget/index.ts';
import type { StepEnd } from './step.ts';

export interface Passed {
  readonly step: StepEnd;
  /** What the rule that accepted wants NAT to write. */
  readonly choice: AddressChoice | null;
}

/** How deep chains may call each other (NFT_JUMP_STACK_SIZE); a loop is deeper than that. */
export const deepest = 16;

/** Why the jump of a rule is not followed, in either language; null where it is. */
export function whyNotFollowed(depth: number, rule: RuleName, events: readonly Event[]): Outcome | null {
  if (depth > deepest)
    return { kind: 'cannot tell', reason: { ...rule, code: 'too deep', depth, most: deepest } };
  const tooLong = whyTooLong?.(events, rule);
  return tooLong ? { kind: 'cannot tell', reason: tooLong } : null;
}

/** How a packet ends by a rule that drops or rejects it. */
export function stoppedBy(
  verdict: Extract<Verdict, { readonly kind: 'reject' }> | 'drop',
  rule: RuleName,
  target?: TargetReason,
): Outcome {
  return verdict === 'drop'
    ? { kind: 'dropped', reason: { ...rule, code: 'drops', ...(target && { target }) } }
    : { kind: 'rejected', with: verdict.with, reason: { ...rule, code: 'rejects' } };
}
