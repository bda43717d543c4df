/**
 * What Istio puts into a pod: releases, options, rules, ports and processes.
 */
export { type Change, changes } from './changes.ts';
export { checkOptions, type OptionProblem } from './check.ts';
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
export { newestRelease, type Release, releases } from './release.ts';
export { type Role, roles } from './roles.ts';
export { type PlacedRole, placesOf, roleAt, rulesFor, type SidecarRules } from './rules.ts';
