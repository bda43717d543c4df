/**
 * Linux's netfilter: rulesets in text, packets, hooks, tables, conntrack, NAT and routing.
 */

export type { Interval, Prefix } from './address.ts';
export { familyOf, printAddress, printEndpoint, readAddress, readPrefix } from './address.ts';
export { invert, printTuple, sameTuple, tupleOf } from './conntrack.ts';
export type { ParsedDumps } from './dumps.ts';
export { parseDumps } from './dumps.ts';
export { guessFamily } from './family.ts';
export { isIpLine, type Network, readNetwork } from './iproute.ts';
export { matchExtensions } from './matches/index.ts';
export type * from './packet.ts';
export type { LineReading, ParsedRuleset } from './parse.ts';
export { longestText, parseLines, parseRuleset } from './parse.ts';
export { printRule, printRuleset, printTarget } from './print.ts';
export { isLocal, sourceAddress } from './routing.ts';
export type {
  Chain,
  Counters,
  Family,
  Hook,
  Match,
  Option,
  Problem,
  Rule,
  Ruleset,
  Table,
  TableName,
  Target,
} from './ruleset.ts';
export { builtInChains, findChain, findTable, hooks, tableNames, withBuiltInChains } from './ruleset.ts';
export { trackingRule } from './ruleset-index.ts';
export { nearest } from './spelling.ts';
export { targetExtensions } from './targets/index.ts';
export type { Answer } from './traverse.ts';
export { traverse } from './traverse.ts';
export type { Verification, Verified } from './verified.ts';
export { verifiedMatches, verifiedTargets } from './verified.ts';
