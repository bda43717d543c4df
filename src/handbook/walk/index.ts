/**
 * A journey step by step, as a simulator shows it: walked anew for whatever is asked, and told in links.
 */
export { readEndpoint } from './endpoint.ts';
export { openQuestion } from './open-question.ts';
export { type Decoded, decodePermalink, encodePermalink, linkOf, type State } from './permalink.ts';
export {
  again,
  answersOf,
  type Beginning,
  type CameBy,
  change,
  chooseInEnvoy,
  giveAnswer,
  goTo,
  hasNotWalked,
  hasWalked,
  having,
  isChanged,
  isForAddress,
  linkedCall,
  newSession,
  openLink,
  openPage,
  type Places,
  paces,
  play,
  redo,
  type Session,
  show,
  shownAddress,
  shownLink,
  stepOf,
  stepOfKey,
  type ToWalk,
  takeBack,
  tick,
  toldMore,
  toldOutlook,
  tryOut,
  undo,
  type WantedOutlook,
  wantedOutlook,
  wantsMore,
} from './session.ts';
export {
  type Around,
  inFamilyOf,
  type Menu,
  type MessagePlace,
  type OfferedExperiment,
  type OpenQuestion,
  type ShownOption,
  type ShownPacket,
  type Walked,
  type WalkedScenario,
  withMore,
} from './view.ts';
export {
  type ChainRule,
  type ChainView,
  chainAt,
  type HookPlace,
  hookPlaces,
  isLeftOut,
  legStarts,
  messageAt,
  nextOf,
  packetAt,
  passageAt,
  type RuleStatus,
  stepAt,
  stopAt,
} from './view-at-step.ts';
export { problemsIn, take, view } from './walk.ts';
export { walkerOn } from './walker.ts';
export { ambientWalkerOn } from './walker-ambient.ts';
export type { Opened, Purposes, Sequence, Walker } from './walker-over.ts';
