import type { Part } from '../parts.ts';

/** The two halves of a sentence about a finding. */
export interface FindingWords {
  /** What is the matter, with the rule: `ISTIO_OUTPUT 9, -j ISTIO_REDIRECT, is missing`. No full stop. */
  readonly says: readonly Part[];
  /** How to fix it, in the imperative. No full stop. */
  readonly fix: readonly Part[];
}
