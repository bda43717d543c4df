/** In the worker of a page, which walks through rules that no reader has written: no chain of theirs comes back to itself. */
import type { Chain } from '../ruleset.ts';
import type { Loop } from './index.ts';

export function findLoops(_chains: readonly Chain[]): readonly Loop[] {
  return [];
}
