/** The lab: what is said of a pasted text, two sides compared, and a text in a link. */

export { type ComparedPackets, comparePackets, type NotCompared } from './all-packets.ts';
export { ambientGround } from './ambient.ts';
export {
  type AmbientComparison,
  ambientSideOf,
  areComparable,
  comparingAmbient,
  pastedAmbientSide,
  sidecarSide,
  type WalkableSide,
} from './ambient-comparison.ts';
export { type Anonymise, anonymiserOf } from './anonymous.ts';
export { askBothBackEnds, askNode, askPod, askRouting, proxyImage } from './asking.ts';
export { comparedSides } from './compared-sides.ts';
export { type Comparison, compare, comparing, type DifferentConnection } from './comparison.ts';
export {
  type DecodedDump,
  type DumpLink,
  decodeDump,
  encodeDump,
  longestDumpLink,
  scenarioInLink,
  withoutDump,
} from './dump-link.ts';
export { type CallProblem, type LinkedEnvoyCall, readCall, writeCall } from './envoy/call-link.ts';
export type { Identified } from './identified.ts';
export {
  type AsideLine,
  type Inspected,
  type InspectedWalk,
  type Inspection,
  inspect,
  inspectPaste,
  inspectRules,
  type Progress,
  withWalks,
} from './inspection.ts';
export { type InspectionWords, inspectionWords, type TrackedRow } from './inspection-words.ts';
export { asIstioMakesIt } from './pod.ts';
export { publishedPathsOn, type ShownPath, type ShownPaths } from './published-paths.ts';
export type { ReadRules } from './reading.ts';
export {
  type Inspecting,
  type LabEvent,
  type LabReading,
  type LabSession,
  labAfter,
  largestPaste,
  newLab,
  type OwnConnection,
  type OwnResult,
  type Unread,
} from './session.ts';
export type { ShownFinding } from './shown-finding.ts';
export {
  anotherText,
  asThese,
  type Choice,
  type ComparedSide,
  choicesShown,
  isRelease,
  noChoice,
  sideOf,
  these,
} from './sides.ts';
export { type Ticket, ticket } from './ticket.ts';
export type { PastedConnection, PastedConnections } from './tracked.ts';
export { usualConnection } from './usual-connection.ts';
export { labWalker } from './walker.ts';
export { type InspectedWithEnvoy, withEnvoy } from './with-envoy.ts';
