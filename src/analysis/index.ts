/**
 * Questions about a whole ruleset: who can reach a rule, what is dead, what differs, which options made it, and
 * what is wrong with it.
 */

export { chainOwner, isMesh } from './chain-owner.ts';
export {
  type ChainDifference,
  chainDifferences,
  type DifferenceRow,
  difference,
  type RuleDifference,
  shortenedDifference,
} from './difference.ts';
export { byWeight, type Finding, findingSentence, findingsOf, type Weight } from './findings/index.ts';
export { routingFindings } from './findings/routing.ts';
export { askedFindings, type PodYaml, releaseAmong, resolverFindings } from './findings/yaml.ts';
export { type Identification, identify, isIstioChain, type Origin } from './identify.ts';
export { inferOptions } from './infer.ts';
export { type Paste, type PastedPart, type PastedPod, readPaste } from './paste.ts';
export type { Box, Intervals } from './reach/packet-set.ts';
export { deadRules, type ReachedRule, reach } from './reach/reach.ts';
export { type Witness, witnesses } from './reach/witness.ts';
