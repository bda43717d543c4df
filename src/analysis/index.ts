/**
 * Questions about a whole ruleset: who can reach a rule, what is dead, what differs, which options made it, and
 * what is wrong with it.
 */

export {
  type AmbientDifference,
  type AmbientIdentification,
  type AmbientOrigin,
  type AmbientSide,
  identifyAmbient,
} from './ambient/index.ts';
export { withCalledChains } from './called-chains.ts';
export { type ChainOwner, chainOwner } from './chain-owner.ts';
export {
  type ChainDifference,
  chainDifferences,
  type DifferenceRow,
  difference,
  type RuleDifference,
  shortenedDifference,
} from './difference.ts';
export {
  type ErrorCode,
  type ErrorCodesOf,
  type ErrorLine,
  type ErrorLog,
  type ErrorProgram,
  errorCodes,
  type LoggedError,
  type RunOutcome,
  readErrorLine,
  readErrorLog,
  setupLines,
} from './errors/index.ts';
export type { Effect } from './findings/differences.ts';
export type {
  BackEndRules,
  Examined,
  ExaminedNative,
  ExaminedRules,
  NamedRule,
  PodYaml,
  Weight,
} from './findings/finding.ts';
export { weights } from './findings/finding.ts';
export { type Finding, type FindingId, type FindingNamed, findingsOf } from './findings/index.ts';
export type { InsertBefore, NamedNftRule, NativeEffect } from './findings/native.ts';
export type { Setter } from './findings/yaml.ts';
export {
  hasIstio,
  type Identification,
  identify,
  identifyPart,
  type RulesOrigin,
  releaseAmong,
} from './identify.ts';
export { type InPlaceStep, stepsInPlace } from './in-place.ts';
export {
  ambientSideOfRules,
  type Kind,
  kinds,
  type Recognised,
  recognise,
  type SeenText,
  type Sign,
} from './kinds/index.ts';
export {
  type CheckedRelease,
  type ManifestFinding,
  type ManifestIssue,
  type MarkOn,
  type MessageRule,
  manifestFindings,
  manifestRules,
  messageRule,
  type Namespaces,
} from './manifests/index.ts';
export {
  hasNativeIstio,
  identifyNative,
  listedText,
  type NativeDifference,
  type NativeIdentification,
  nativeDifferences,
} from './native/index.ts';
export {
  type CutText,
  characterCode,
  cutEnvoy,
  type EnvoyText,
  isState,
  type OtherPart,
  type Paste,
  type PastedPart,
  type PastedPod,
  type PastedRules,
  type Repair,
  type RepairCode,
  type RulesFrom,
  readPaste,
} from './paste/index.ts';
export type { RulePlace } from './rule-parts.ts';
export {
  bypass,
  byRoughEnds,
  type DeadRule,
  type DifferentPackets,
  deadRules,
  type Entrance,
  type FieldCondition,
  type Hole,
  type Met,
  type Open,
  type PacketDifference,
  type PacketSet,
  type Packets,
  type PacketsEnding,
  type PacketsThatDiffer,
  type PathDeath,
  type PathStop,
  type PathTakers,
  type ProxyPorts,
  packetsThatDiffer,
  type RareKind,
  type ReachedRule,
  type RoughEnd,
  type RuleOfFamily,
  reach,
  reachedRules,
  type Survey,
  someEndsOtherwise,
  stopsMet,
  survey,
  takersOf,
  unmarked,
  unmatchable,
  type Witness,
  witnesses,
} from './ways/index.ts';
