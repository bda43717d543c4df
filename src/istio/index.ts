/**
 * What Istio puts into a pod: releases, options, rules, ports and processes.
 */

export {
  type Accepted,
  type Behaviour,
  behave,
  type Dial,
  inboundByPodAddressSince,
  type ProcessName,
  passthroughSource,
  probePath,
  readinessPath,
  type Service,
  type Workload,
} from './behaviour.ts';
export { told } from './change-words.ts';
export { type Change, changes, type Since } from './changes.ts';
export { checkOptions, type OptionProblem, printOptionProblem } from './check.ts';
export {
  type FromYaml,
  optionsFromHelm,
  optionsFromPod,
  printYamlMessage,
  type WorkloadHints,
  type YamlMessage,
} from './from-yaml.ts';
export { listenersOf, type Process, processesOf } from './listeners.ts';
export { interceptionModes, type OptionKind } from './option-kinds.ts';
export { type OptionEntry, optionTable, type Sources } from './option-table.ts';
export {
  completeOptions,
  defaultCniOptions,
  defaultOptions,
  type Ignored,
  isOptionName,
  type OptionName,
  type Options,
  optionNames,
} from './options.ts';
export { findPort, type Listener, type PortEntry, type PortName, ports, portsOf } from './ports.ts';
export { defaultApp, defaultProxy, type ProcessEntry, processes, proxyOwner, subject } from './processes.ts';
export { isSince, type ReleaseNumber, readRelease } from './release.ts';
export { newestRelease } from './release-names.ts';
export { type Release, releases } from './releases.ts';
export { type Role, roles } from './roles.ts';
export { type PlacedRole, placesOf, roleAt, rulesFor, type SidecarRules } from './rules.ts';
export { type Step, type Steps, selfCallMark, steps } from './steps.ts';
