/**
 * How each match and target is held to the Linux kernel. The tests hold this to the cases, and the page of limits is
 * made from it.
 */
import type { MatchExtension, TargetExtension } from './extension.ts';
import { matchExtensions } from './matches/index.ts';
import { targetExtensions } from './targets/index.ts';

/**
 * `kernel`: at least one case that is put to the kernel. `question`: the reader answers, and both answers can be
 * walked. `cannot tell`: what comes of it is decided elsewhere. `not asked`: modelled, and the kernel was not asked.
 */
export type Verification =
  | { readonly kind: 'kernel' }
  | { readonly kind: 'question' | 'cannot tell' | 'not asked'; readonly because: string };

export interface Verified {
  readonly name: string;
  readonly purpose: string;
  readonly verification: Verification;
}

/** Why the kernel is not asked about these. */
const notAsked: Readonly<Record<string, string>> = {
  '-m set': 'sets need ipset, which the oracle does without',
  '-j TEE': 'a copy cannot be told from its packet in a trace',
  '-j SET': 'sets need ipset, which the oracle does without',
};

/** `undefined` stands for an extension that says nothing of itself: it has to be put to the kernel. */
function verification(key: string, open: Verification | undefined): Verification {
  const because = notAsked[key];
  if (because !== undefined) return { kind: 'not asked', because };
  return open ?? { kind: 'kernel' };
}

function ofMatch({ name, purpose, asks }: MatchExtension): Verified {
  const open = asks === undefined ? undefined : ({ kind: 'question', because: asks } as const);
  return { name, purpose, verification: verification(`-m ${name}`, open) };
}

function ofTarget({ name, purpose, leavesOpen }: TargetExtension): Verified {
  const open = leavesOpen === undefined ? undefined : ({ kind: 'cannot tell', because: leavesOpen } as const);
  return { name, purpose, verification: verification(`-j ${name}`, open) };
}

export const verifiedMatches: readonly Verified[] = matchExtensions.map(ofMatch);
export const verifiedTargets: readonly Verified[] = targetExtensions.map(ofTarget);
