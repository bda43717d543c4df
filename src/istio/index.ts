/**
 * What Istio puts into a pod: releases, options, rules, ports and processes.
 */

export type { AmbientProblem } from './ambient/check.ts';
export { ambientMask, probeSet, returnMark, ztunnelMark, ztunnelPorts } from './ambient/marks.ts';
export type { AmbientNativePlace } from './ambient/native.ts';
export type { PodSet } from './ambient/node.ts';
export {
  type AmbientIgnored,
  type AmbientOptionName,
  type AmbientOptions,
  ambientDefaults,
  ambientOptionsOf,
} from './ambient/options.ts';
export { type AmbientRolePlace, ambientPlaces } from './ambient/places.ts';
export { type AmbientRole, ambientRoles, isAmbientRole } from './ambient/roles.ts';
export {
  type AmbientPlace,
  type AmbientRules,
  type AmbientRuleset,
  ambientRoleAt,
  ambientRulesFor,
} from './ambient/rules.ts';
export {
  behaveInMesh,
  type EnrolledWorkload,
  type MeshPeer,
  socketsOf,
  ztunnelOwner,
} from './ambient/ztunnel.ts';
export type { ZtunnelDial, ZtunnelDoes } from './ambient/ztunnel-reasons.ts';
export { type Change, changes, type Since } from './history/changes.ts';
export { isSince, type ReleaseNumber, readRelease } from './history/release.ts';
export { isUnseen, newestCompared, newestRelease } from './history/release-names.ts';
export { changesBetween, patchesApart, type Release, releases } from './history/releases.ts';
export { isSupported, support } from './history/support.ts';
export { checkOptions } from './options/check.ts';
export type { Ignored, IgnoredReason } from './options/heeded.ts';
export { interceptionModes, type OptionKind } from './options/kinds.ts';
export {
  completeOptions,
  defaultCniOptions,
  defaultOptions,
  isOptionName,
  type OptionName,
  type Options,
  optionNames,
  type RulesOptions,
} from './options/options.ts';
export type { OptionProblem, OptionProblemCode } from './options/problem.ts';
export { type OptionEntry, optionTable, type Sources } from './options/table.ts';
export {
  type Accepted,
  type Behaviour,
  type BehaviourReason,
  behave,
  type Dial,
  type DialReason,
  inboundByPodAddressSince,
  type ProcessName,
  passthroughSource,
  probePath,
  readinessPath,
  type Service,
  type Workload,
} from './pod/behaviour.ts';
export { listenersOf, type Process, processesOf } from './pod/listeners.ts';
export {
  findPort,
  type PortEntry,
  type PortName,
  type PortOwner,
  portOf,
  ports,
  portsOf,
} from './pod/ports.ts';
export {
  defaultApp,
  defaultProxy,
  type ProcessEntry,
  processes,
  proxyOwner,
} from './pod/processes.ts';
// `sidecarConfig` itself reads YAML and stands behind its own door, src/istio/sidecar: this one loads no reader of YAML.
export type { EnvoyMessage, SidecarConfig, SidecarPod } from './sidecar/index.ts';
export { type BuildStep, selfCallMark } from './steps/command.ts';
export type { NativePlace } from './steps/native/index.ts';
export type { PlacedRole, RolePlace } from './steps/restore.ts';
export { isRole, type Role, roles } from './steps/roles.ts';
export {
  allPlaces,
  placesOf,
  roleAt,
  rulesFor,
  rulesTextFor,
  type SidecarRules,
} from './steps/rules.ts';
export { type Steps, steps } from './steps/steps.ts';
export {
  type AmbientFromYaml,
  type AppPort,
  ambientOptionsFromYaml,
  type EveryObject,
  type FromYaml,
  type InterceptionPart,
  interceptionPart,
  type MeshMark,
  optionOfVariable,
  optionsFromHelm,
  optionsFromPod,
  optionsFromYaml,
  type ProxyConfigPlace,
  type ReadObject,
  readEveryObject,
  usualName,
  type WorkloadHints,
  type YamlMatter,
  type YamlMessage,
  type YamlMessageCode,
  type YamlSetter,
} from './yaml/index.ts';
