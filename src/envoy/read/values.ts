/** What a text holds before anybody asks what it means. */
import type { ConfigProblem } from '../model/problem.ts';

export interface Values {
  readonly values: readonly unknown[];
  readonly problems: readonly ConfigProblem[];
}

/** Line and column of a place, from 1. */
export function lineAndColumn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
