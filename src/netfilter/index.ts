/**
 * Linux's netfilter: rulesets in text, packets, hooks, tables, conntrack, NAT and routing.
 */

export { onlyTableOf } from './iptables/catalogue.ts';
export type { MatchOptionForm } from './iptables/extension.ts';
export { guessFamily, spokenFamily } from './iptables/family.ts';
export type { LineReading } from './iptables/line.ts';
export { matchExtensions } from './iptables/matches/index.ts';
export { printCondition, printRule, printRuleset, printTarget } from './iptables/print.ts';
export type { ParsedDumps } from './iptables/read-dumps.ts';
export { parseDumpLines, parseDumps } from './iptables/read-dumps.ts';
export {
  guessListedTable,
  isListingHeading,
  type ListedTable,
  type ListingTells,
  type ParsedListing,
  readListing,
} from './iptables/read-listing.ts';
export { readRestored } from './iptables/read-restored.ts';
export type { ParsedRuleset } from './iptables/read-ruleset.ts';
export { longestText, parseRuleset } from './iptables/read-ruleset.ts';
export { targetExtensions } from './iptables/targets/index.ts';
export { redirectAddress } from './iptables/targets/REDIRECT.ts';
export { type BackEnd, readGenerated, readToolLine } from './iptables/tool-line.ts';
export type { Verification, Verified } from './iptables/verified.ts';
export { verifiedMatches, verifiedTargets } from './iptables/verified.ts';
export { groupAddresses } from './kernel/addressing/groups.ts';
export { sourceAddress, tiedTo } from './kernel/addressing/index.ts';
export { invert, printTuple, sameTuple, tupleOf } from './kernel/conntrack.ts';
export { isLocal, withLoopback } from './kernel/routing.ts';
export { setNamed } from './kernel/sets.ts';
export type { Interval, Prefix } from './model/address.ts';
export {
  addressValue,
  familyOf,
  prefixInterval,
  printAddress,
  printEndpoint,
  printPrefix,
  readAddress,
  readPrefix,
} from './model/address.ts';
export type * from './model/event.ts';
export type * from './model/host.ts';
export type * from './model/packet.ts';
export type * from './model/problem.ts';
export { hasPorts, protocolName, protocolNumber } from './model/protocol.ts';
export type * from './model/reason.ts';
export type * from './model/rule-reason.ts';
export type {
  Chain,
  Condition,
  Counters,
  Family,
  Hook,
  Match,
  Option,
  Rule,
  Ruleset,
  Table,
  TableName,
  TableRef,
  Target,
} from './model/ruleset.ts';
export {
  builtInChains,
  findChain,
  findTable,
  hooks,
  isBuiltIn,
  ruleCount,
  tableNames,
  withBuiltInChains,
} from './model/ruleset.ts';
export type * from './nftables/index.ts';
export {
  constantIntervals,
  elementsOf,
  isConstant,
  isNftJson,
  isVerdict,
  look,
  parseNft,
  parseNftJson,
  printExpression,
  printNft,
  printNftRule,
  printStatement,
  printValue,
  protocolsFor,
  readOf,
  tablesAsSaved,
} from './nftables/index.ts';
export { isSecretField, withoutKeys } from './text/keys.ts';
export {
  isConntrackLine,
  type ParsedConntrack,
  readConntrack,
  type TrackedEntry,
} from './text/read-conntrack.ts';
export { isIpLine, type Network, readNetwork } from './text/read-network.ts';
export { IpSetReader, readIpSets, readSysctls } from './text/read-settings.ts';
export {
  isSocketLine,
  type ListeningSocket,
  type ParsedSockets,
  readSockets,
} from './text/read-sockets.ts';
export { notShown, secretForms, secretWords } from './text/secret-words.ts';
export { nearest } from './text/spelling/index.ts';
export { copiesOf } from './walk/copies.ts';
export { type Decided, decide } from './walk/decide/index.ts';
export { inputRoute } from './walk/input-route.ts';
export { outputRoute } from './walk/output-route.ts';
export { trackingRule } from './walk/ruleset-index.ts';
export { traverse } from './walk/traverse.ts';
