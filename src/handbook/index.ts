/**
 * Binds pages to the engine: scenarios, claims, permalinks, and the one setting that the handbook speaks of.
 */

export type { ChainDifference, DifferenceRow, Finding } from '../analysis/index.ts';
export { type Bound, bind, settingOf } from './bind.ts';
export {
  acceptPaths,
  type ClaimProblem,
  checkPage,
  checkPaths,
  type Exception,
  type Fence,
  type PageReport,
  type PassageHere,
  type PathQuestion,
  pageHere,
  pageHolds,
  pathOf,
  problemTag,
  readFences,
  readPathQuestion,
  reportPage,
  sourceHere,
  withProblems,
} from './claims/index.ts';
export { type Comparison, compare, comparing, type DifferentConnection } from './comparison.ts';
export { allHold, type Condition, conditionKinds, conditionWords, judge } from './conditions.ts';
export { assumptionHolds, decidingRoles, experimentHolds } from './deciding.ts';
export {
  type ConntrackEntry,
  conntrackEntries,
  type Decision,
  type DecisionTable,
  decisions,
} from './decisions.ts';
export { type DecodedDump, type DumpLink, decodeDump, encodeDump, longestDumpLink } from './dump-link.ts';
export { readEndpoint } from './endpoint.ts';
export {
  callsOn,
  type ExampleCall,
  type ExampleSender,
  exampleCalls,
  exampleDnsServer,
  exampleSenders,
} from './examples.ts';
export { type HookVisit, hookVisits, type PacketVisits } from './hook-visits.ts';
export {
  type AsideLine,
  asIstioMakesIt,
  type Identified,
  type Inspected,
  type InspectedWalk,
  type Inspection,
  inspect,
  inspectRules,
  optionWords,
  otherOrigins,
  type Progress,
  type ReadRules,
  summary,
  withWalks,
} from './inspection.ts';
export { linkOf, type State } from './link.ts';
export { openQuestion } from './open-question.ts';
export { type Decoded, decodePermalink, encodePermalink } from './permalink.ts';
export {
  chainNamed,
  markNamed,
  milestone,
  milestones,
  type OptionSetter,
  optionSetter,
  optionSetters,
  placeOfRole,
  portNumbered,
} from './places.ts';
export {
  type ComparedStep,
  comparePublished,
  decisiveRule,
  isPublishedSetting,
  publishedCount,
  publishedHolds,
  publishedJourney,
  publishedVerdict,
  type StepVerdict,
} from './published.ts';
export { type RealPod, requestOn } from './real-pod.ts';
export {
  type PortReference,
  type ProcessReference,
  portEntries,
  processEntries,
  type RoleHistory,
  type RuleEntry,
  ruleEntries,
} from './reference.ts';
export { runbookScenarios } from './runbooks.ts';
export type { Assumption, Change, Experiment, Published, Scenario, TrafficType } from './scenario.ts';
export { allScenarios, scenarioNamed, scenarios } from './scenarios.ts';
export {
  handbookSetting,
  metricsPort,
  peers,
  pod,
  podUnder,
  type Setting,
  services,
  workload,
} from './setting.ts';
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
  stepAt,
  type Walked,
  type WalkedScenario,
  type Words,
  withMore,
} from './walked.ts';
export { type Opened, type Purposes, type Sequence, type TextForm, type Walker, walkerOn } from './walker.ts';
export { take, view } from './walking.ts';
