/**
 * Binds pages to the engine: scenarios, claims, permalinks, and the one setting that the handbook speaks of.
 */

export type { ChainDifference, DifferenceRow, Finding } from '../analysis/index.ts';
export { allHold, type Condition, conditionKinds, conditionWords, judge } from './claims/conditions.ts';
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
} from './claims/names.ts';
export {
  type AsideLine,
  asIstioMakesIt,
  type Comparison,
  compare,
  comparing,
  type DecodedDump,
  type DifferentConnection,
  type DumpLink,
  decodeDump,
  encodeDump,
  type Identified,
  type Inspected,
  type InspectedWalk,
  type Inspection,
  inspect,
  inspectRules,
  longestDumpLink,
  type Progress,
  type ReadRules,
  withWalks,
} from './lab/index.ts';
export { type Bound, bind, settingOf } from './scenarios/bind.ts';
export { assumptionHolds, decidingRoles, decisiveRule, experimentHolds } from './scenarios/decisive.ts';
export {
  callsOn,
  type ExampleCall,
  type ExampleSender,
  exampleCalls,
  exampleDnsServer,
  exampleSenders,
} from './scenarios/examples.ts';
export {
  type ComparedStep,
  comparePublished,
  isPublishedSetting,
  publishedCount,
  publishedHolds,
  publishedJourney,
  publishedVerdict,
  type StepVerdict,
} from './scenarios/published.ts';
export { type RealPod, requestOn } from './scenarios/real-pod.ts';
export { runbookScenarios } from './scenarios/runbooks.ts';
export type {
  Assumption,
  Change,
  Experiment,
  Published,
  Scenario,
  TrafficType,
} from './scenarios/scenario.ts';
export {
  handbookSetting,
  metricsPort,
  peers,
  pod,
  podUnder,
  type Setting,
  services,
  workload,
} from './scenarios/setting.ts';
export { allScenarios, scenarioNamed, scenarios } from './scenarios/traffic.ts';
export {
  type ConntrackEntry,
  conntrackEntries,
  type Decision,
  type DecisionTable,
  decisions,
} from './tables/decisions.ts';
export { type HookVisit, hookVisits, type PacketVisits } from './tables/hook-visits.ts';
export {
  type PortReference,
  type ProcessReference,
  portEntries,
  processEntries,
  type RoleHistory,
  type RuleEntry,
  ruleEntries,
} from './tables/reference.ts';
export { readEndpoint } from './walk/endpoint.ts';
export { openQuestion } from './walk/open-question.ts';
export { type Decoded, decodePermalink, encodePermalink } from './walk/read-link.ts';
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
} from './walk/view.ts';
export { take, view } from './walk/walk.ts';
export {
  type Opened,
  type Purposes,
  type Sequence,
  type TextForm,
  type Walker,
  walkerOn,
} from './walk/walker.ts';
export { linkOf, type State } from './walk/write-link.ts';
