/** Every way that a packet can take through a host, as sets of packets; and questions about them all. */
export { bypass, type Hole, type ProxyPorts } from './bypass.ts';
export type { FieldCondition, PacketSet } from './conditions.ts';
export { type DeadRule, deadRules, type RareKind } from './dead.ts';
export {
  type DifferenceLimits,
  type DifferentPackets,
  type PacketDifference,
  type PacketsThatDiffer,
  packetsThatDiffer,
} from './difference.ts';
export type { Open } from './narrowing.ts';
export { type PathDeath, type PathStop, type PathTakers, stopsMet, takersOf } from './path.ts';
export {
  type Met,
  type Packets,
  packetsOf,
  type RuleOfFamily,
  reach,
  type Survey,
  type SurveyedWay,
  someEndsOtherwise,
  survey,
} from './questions.ts';
export { byRoughEnds, type PacketsEnding, type RoughEnd, unmarked } from './rough-ends.ts';
export { type ReachedRule, reachedRules, unmatchable } from './rules-alone.ts';
export type { Entrance, Liked } from './space.ts';
export { entrancesOf, type PacketWay, type Ways, type WaysLimits, waysOf } from './ways.ts';
export { type Witness, witnesses } from './witness.ts';
