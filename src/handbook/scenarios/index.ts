/**
 * The scenarios of the handbook: who calls whom, on which pod, what has been published about it, and what of that
 * holds as the handbook is set.
 */
export {
  type AmbientBound,
  type AmbientChange,
  type AmbientGround,
  type AmbientScenario,
  ambientRulesUnder,
  ambientScenarioNamed,
  ambientScenarios,
  bindAmbient,
  enrolledWorkload,
} from './ambient.ts';
export { type AmbientMeshChoice, inMesh, meshAround, meshChoices } from './ambient-mesh.ts';
export { type Bound, bind, podOfScenario, settingOf } from './bind.ts';
export { assumptionHolds, decidingRoles, experimentHolds } from './decisive.ts';
export { unknown } from './did-you-mean.ts';
export {
  callsOn,
  type ExampleCall,
  type ExamplePeer,
  type ExampleSender,
  exampleCalls,
  exampleDnsServer,
  examplePeers,
  exampleSenders,
} from './examples.ts';
export { requestOn } from './own-place.ts';
export {
  type ComparedStep,
  comparePublished,
  isPublishedSetting,
  publishedCount,
  publishedHolds,
  publishedJourney,
  publishedVerdict,
  type StepVerdict,
} from './published.ts';

export type { RealPod } from './real-pod/index.ts';
export { rulesUnder } from './rules-under.ts';
export { runbookScenarios } from './runbooks.ts';
export type { Assumption, Experiment, Published, Scenario, ScenarioChange, TrafficType } from './scenario.ts';
export {
  handbookSetting,
  metricsPort,
  peers,
  pod,
  podUnder,
  type Setting,
  services,
  settingWith,
  workload,
} from './setting.ts';
export {
  ambientToldSince,
  isAmbientScenario,
  type Shown,
  type ShownScenario,
  shownScenarioNamed,
  shownScenarios,
  walkShown,
} from './shown.ts';
export { allScenarios, scenarioNamed, scenarios } from './traffic.ts';
