/** All that is listed, by file. */
import { componentsHeld } from './components.ts';
import { errorsHeld } from './errors.ts';
import { handbookHeld } from './handbook.ts';
import type { FileHeld } from './kinds.ts';
import { optionsHeld } from './options.ts';
import { rulesHeld } from './rules.ts';
import { wordsHeld } from './words.ts';

const held = new Map(
  Object.entries({
    ...componentsHeld,
    ...errorsHeld,
    ...handbookHeld,
    ...optionsHeld,
    ...rulesHeld,
    ...wordsHeld,
  }),
);

export const heldFiles: readonly string[] = [...held.keys()];

export function heldIn(file: string): FileHeld | undefined {
  return held.get(file);
}
