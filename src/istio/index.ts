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
  type Service,
  type Workload,
} from './behaviour.ts';
export { type Change, changes } from './changes.ts';
export { checkOptions, type OptionProblem, printOptionProblem } from './check.ts';
export { listenersOf, type Process, processesOf } from './listeners.ts';
export {
  completeOptions,
  defaultCniOptions,
  defaultOptions,
  type Ignored,
  interceptionModes,
  type OptionEntry,
  type OptionKind,
  type OptionName,
  type Options,
  optionNames,
  optionTable,
} from './options.ts';
export { findPort, type Listener, type PortEntry, type PortName, ports, portsOf } from './ports.ts';
export { defaultApp, defaultProxy, type ProcessEntry, processes, proxyOwner } from './processes.ts';
export { newestRelease, type Release, type ReleaseNumber, readRelease, releases } from './release.ts';
export { type Role, roles } from './roles.ts';
export { type PlacedRole, placesOf, roleAt, rulesFor, type SidecarRules } from './rules.ts';
export { type Step, type Steps, steps } from './steps.ts';
