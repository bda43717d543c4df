/** A pasted text, cut into what it is. */
export { characterCode, type Paste, readPaste } from './cut.ts';
export { startsDescription } from './described.ts';
export { type CutText, cutEnvoy, type EnvoyText } from './envoy.ts';
export type { OtherPart } from './line-kinds.ts';
export { isRunTogether } from './line-start.ts';
export { isState, type PastedPart, type PastedPod, type PastedRules, type RulesFrom } from './pasted.ts';
export { blankQuotes } from './quotes.ts';
export type { Repair, RepairCode } from './tidy-line.ts';
