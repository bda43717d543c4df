/** What a pasted text is of. */
export { ambientSideOfRules } from './ambient-rules.ts';
export { type Kind, kinds, type Recognised, type Sign } from './kind.ts';
export { recognise } from './recognise.ts';
export type { SeenText } from './seen.ts';
