/**
 * What pages claim: read, checked against the engine, and brought up to date.
 */
export { type BareSentence, bareSentences } from './bare.ts';
export {
  acceptPaths,
  checkBound,
  checkPage,
  checkPaths,
  type PageReport,
  reportPage,
} from './check-page.ts';
export {
  allHold,
  conditionKinds,
  conditionWords,
  judgeCondition,
  type StatedCondition,
} from './conditions.ts';
export { checkWords, factNamed, type WrongWords } from './facts.ts';
export { problemTag, withProblems } from './in-place.ts';
export {
  chainNamed,
  listenerNamed,
  markNamed,
  milestone,
  milestones,
  type OptionSetter,
  optionSetter,
  optionSetters,
  placeOfAmbientRole,
  placeOfRole,
  portNumbered,
} from './names.ts';
export { type Statement, statementsIn } from './net.ts';
export { readFences } from './page.ts';
export type { Exception, Fence } from './page-text.ts';
export { acceptCommand, pathOf } from './path-fences.ts';
export type { ClaimProblem } from './problem.ts';
export { type PathQuestion, readPathQuestion } from './question.ts';
export { goneFrom, isRead, readCounts, unreadOn } from './read-check.ts';
export { isClaimTag, standsAround } from './tags.ts';
export { type PassageHere, pageHere, pageHolds, sourceHere } from './where.ts';
