/**
 * What the pages show in rows, lists and tables: computed, not told.
 */
export { type AmbientEntry, type AmbientWith, ambientEntries } from './ambient.ts';
export { pathVerdict, readPathStop, type StopRead, takersOfPath } from './asked-path.ts';
export { settings } from './compared-settings.ts';
export { type CourseStep, course, courseRelease, exercisesOfStep } from './course.ts';
export { type DeadUnder, deadByOptions, deadByRelease, deadInAmbient } from './dead-by-setting.ts';
export {
  type ConntrackEntry,
  conntrackEntries,
  type Decision,
  type DecisionTable,
  decisions,
} from './decisions.ts';
export { type EndingPackets, optionPackets, stepPackets } from './ending-packets.ts';
export { type Exercise, type ExerciseChoice, exercisesAbout, exercisesOf } from './exercises.ts';
export { type HookVisit, hookVisits, type PacketVisits } from './hook-visits.ts';
export { type LandingRow, landingRows } from './landing.ts';
export {
  type DecidedBy,
  type EndsOtherwise,
  endingOtherwise,
  type NativeCompared,
  nativeRelease,
  sixByTool,
  type UnderTool,
} from './native-compared.ts';
export {
  defaultWords,
  exampleOf,
  exampleWords,
  optionAddress,
  optionPages,
  sinceOf,
  valueWords,
} from './options.ts';
export { type ChangedPath, changedPaths, sixTypes } from './paths-compared.ts';
export {
  type PathSender,
  type Placing,
  type PublishedLeg,
  publishedLegs,
  publishedTakers,
  senderOf,
  takersOfLeg,
  textPlaced,
} from './published-takers.ts';
export {
  type DeadRole,
  deadRoles,
  holesOf,
  type ReachedPlace,
  reachOfRule,
  type ShownHole,
  surveyUnder,
  type WhoMatches,
} from './reached.ts';
export {
  type PortReference,
  type ProcessReference,
  portEntries,
  processEntries,
  type RoleHistory,
  type RuleEntry,
  ruleEntries,
} from './reference.ts';
export { pathRows, type ReleaseStep, releaseSteps, type SettingDifference } from './releases.ts';
export {
  type DifferentChain,
  type DifferentRow,
  routingDifference,
  rulesDifference,
  sameDifference,
} from './rules-compared.ts';
export {
  differsAt,
  type EventItem,
  type LegItems,
  legItems,
  type PublishedRow,
  publishedRows,
  type RuleRow,
  roleAddress,
  ruleRows,
  scenarioOf,
  shownScenarioOf,
  stepId,
} from './scenario.ts';
export {
  type SetupError,
  type SetupSpeaker,
  setupErrors,
  setupSpeakers,
} from './setup-errors.ts';
