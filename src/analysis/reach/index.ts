/** Which packets come to which rule: as sets, and by an example. */
export type { Box, Intervals } from './packet-set.ts';
export { type ReachedRule, reachedRules, unmatchable } from './reach.ts';
export { type Witness, witnesses } from './witness.ts';
