/** What comes of a table, or of a base chain of nft. */
import type { AddressChoice } from '../kernel/nat.ts';
import type { StepEnd } from './step.ts';

export interface Passed {
  readonly step: StepEnd;
  /** What the rule that accepted wants NAT to write. */
  readonly choice: AddressChoice | null;
}

/** How deep chains may call each other (NFT_JUMP_STACK_SIZE); a loop is deeper than that. */
export const deepest = 16;
