/** Native nftables: its rulesets as data, read and printed. */

export type * from './model.ts';
export { isVerdict, type NftPrinting, printNft, printNftRule } from './print.ts';
export { readPriority, writePriority } from './priority.ts';
export type { NftExpected, NftPart, NftProblem, NftProblemCode } from './problem.ts';
export { type ParsedNft, parseNft } from './read.ts';
export { isNftJson, parseNftJson } from './read-json.ts';
