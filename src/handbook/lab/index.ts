/** The lab: what is said of a pasted text, two sides compared, and a text in a link. */
export { type Comparison, compare, comparing, type DifferentConnection } from './comparison.ts';
export { type DecodedDump, type DumpLink, decodeDump, encodeDump, longestDumpLink } from './dump-link.ts';
export {
  type AsideLine,
  type Identified,
  type Inspected,
  type InspectedWalk,
  type Inspection,
  inspect,
  inspectRules,
  type Progress,
  withWalks,
} from './inspection.ts';
export { asIstioMakesIt } from './pod.ts';
export type { ReadRules } from './reading.ts';
