/**
 * Questions about a whole ruleset: who can reach a rule, what is dead, what differs, which options made it, and
 * what is wrong with it.
 */
export { askedFindings, type PodYaml, releaseAmong, resolverFindings } from './asked.ts';
export {
  type ChainDifference,
  chainDifferences,
  type DifferenceRow,
  difference,
  type RuleDifference,
  shortenedDifference,
} from './difference.ts';
export { byWeight, type Finding, findingSentence, findingsOf, type Weight } from './findings.ts';
export { type Identification, identify, isIstioChain, type Origin } from './identify.ts';
export { inferOptions } from './infer.ts';
export { chainOwner, isMesh } from './owner.ts';
export type { Box, Intervals } from './packet-set.ts';
export { type Paste, type PastedPart, type PastedPod, readPaste } from './paste.ts';
export { deadRules, type ReachedRule, reach } from './reach.ts';
export { routingFindings } from './routing.ts';
export { type Witness, witnesses } from './witness.ts';
