/**
 * How each match and target is held to the Linux kernel. The tests hold this to the cases, and the page of limits is
 * made from it.
 */
import type { MatchExtension, TargetExtension } from './extension.ts';
import { matchExtensions } from './matches/index.ts';
import { targetExtensions } from './targets/index.ts';

/**
 * `kernel`: at least one case that is put to the kernel. `question`: the reader answers, and both answers can be
 * walked. `cannot tell`: what comes of it is decided elsewhere.
 */
export type Verification =
  | { readonly kind: 'kernel' }
  | { readonly kind: 'question' | 'cannot tell'; readonly because: string };

export interface Verified {
  readonly name: string;
  readonly purpose: string;
  readonly verification: Verification;
}

/** `undefined` stands for an extension that says nothing of itself: it has to be put to the kernel. */
function verification(kind: 'question' | 'cannot tell', because: string | undefined): Verification {
  return because === undefined ? { kind: 'kernel' } : { kind, because };
}

function ofMatch({ name, purpose, asks }: MatchExtension): Verified {
  return { name, purpose, verification: verification('question', asks) };
}

function ofTarget({ name, purpose, leavesOpen }: TargetExtension): Verified {
  return { name, purpose, verification: verification('cannot tell', leavesOpen) };
}

export const verifiedMatches: readonly Verified[] = matchExtensions.map(ofMatch);
export const verifiedTargets: readonly Verified[] = targetExtensions.map(ofTarget);
