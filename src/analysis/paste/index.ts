/** A pasted text, cut into what it is. */
export {
  isState,
  type Paste,
  type PastedPart,
  type PastedPod,
  type PastedRules,
  type RulesFrom,
  readPaste,
} from './cut.ts';
export { type CutText, cutEnvoy, type EnvoyText } from './envoy.ts';
export type { OtherPart } from './line-kinds.ts';
export type { Repair, RepairCode } from './tidy.ts';
