/**
 * One request through a pod: legs of kernel path, joined by what a process does.
 */
export { enrolledPodOf, isOnLink } from './ambient-pod.ts';
export { type Headline, headlineOf } from './headline.ts';
export { askedOf, knowsNodes, passagesOf } from './hosts/index.ts';
export { inVainUntil, type JumpInVain, jumpInVain } from './in-vain.ts';
export type { Journey, Request } from './journey.ts';
export type { Leg, Party, Passage, PlacedPassage } from './leg.ts';
export {
  type DecidingRule,
  decisiveRule,
  endAlike,
  type JourneyOutcome,
  matchedRules,
  type OutcomeKind,
  outcomeKinds,
  type ProxyName,
} from './outcome.ts';
export { addressOf, type Pod, podOf, type Rulesets, type Seen } from './pod.ts';
export { type Inhabited, journey } from './walk.ts';
