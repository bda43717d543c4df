/**
 * How each match and target is held to the Linux kernel. The tests hold this to the cases, and the page of limits is
 * made from it.
 */
import type { OpenTarget, QuestionField } from '../model/rule-reason.ts';
import type { MatchExtension, TargetExtension } from './extension.ts';
import { matchExtensions } from './matches/index.ts';
import { targetExtensions } from './targets/index.ts';

/**
 * `kernel`: at least one case that is put to the kernel. `question`: the reader answers, and both answers can be
 * walked. `cannot tell`: what comes of it is decided elsewhere.
 */
export type Verification =
  | { readonly kind: 'kernel' }
  | { readonly kind: 'question'; readonly asks: QuestionField }
  | { readonly kind: 'cannot tell'; readonly leavesOpen: OpenTarget };

export interface Verified {
  readonly name: string;
  readonly verification: Verification;
}

function ofMatch({ name, asks }: MatchExtension): Verified {
  return {
    name,
    verification: asks === undefined ? { kind: 'kernel' } : { kind: 'question', asks },
  };
}

function ofTarget({ name, leavesOpen }: TargetExtension): Verified {
  const verification =
    leavesOpen === undefined ? ({ kind: 'kernel' } as const) : ({ kind: 'cannot tell', leavesOpen } as const);
  return { name, verification };
}

export const verifiedMatches: readonly Verified[] = matchExtensions.map(ofMatch);
export const verifiedTargets: readonly Verified[] = targetExtensions.map(ofTarget);
