/**
 * A journey step by step, as a simulator shows it: walked anew for whatever is asked, and told in links.
 */
export { readEndpoint } from './endpoint.ts';
export { openQuestion } from './open-question.ts';
export { type Decoded, decodePermalink, encodePermalink, linkOf, type State } from './permalink.ts';
export {
  type Around,
  type ChainRule,
  type ChainView,
  chainAt,
  type HookPlace,
  hookPlaces,
  inFamilyOf,
  isLeftOut,
  legStarts,
  type Menu,
  type MessagePlace,
  nextOf,
  type OfferedExperiment,
  type OpenQuestion,
  packetAt,
  passageAt,
  type RuleStatus,
  type ShownPacket,
  type StepWords,
  stepAt,
  type Walked,
  type WalkedScenario,
  withMore,
} from './view.ts';
export { problemsIn, take, view } from './walk.ts';
export { type Opened, type Purposes, type Sequence, type Walker, walkerOn } from './walker.ts';
