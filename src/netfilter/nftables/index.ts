/**
 * Native nftables: its rulesets as data, read, printed, and walked by `traverse` of a host with `rulesets.nft`. Events of
 * its rules have the kinds that iptables' have (`table`, `rule`, `return`, `policy`, `skip`), with `table` as nft names
 * it (`inet NAME`), `chain`, `position` counted from 1, and the `handle` where the text told it.
 */

export { type SavedTables, tablesAsSaved } from './as-saved.ts';
export { isConstant, look } from './evaluate/expression.ts';
export { constantIntervals, type NftRead, protocolsFor, readOf } from './evaluate/reads.ts';
export { elementsOf } from './evaluate/sets.ts';
export type * from './model.ts';
export {
  isVerdict,
  type NftPrinting,
  printExpression,
  printNft,
  printNftRule,
  printStatement,
  printValue,
} from './print.ts';
export { readPriority, writePriority } from './priority.ts';
export type { NftExpected, NftPart, NftProblem, NftProblemCode } from './problem.ts';
export { type ParsedNft, parseNft } from './read.ts';
export { isNftJson, parseNftJson } from './read-json.ts';
export type * from './reason.ts';
