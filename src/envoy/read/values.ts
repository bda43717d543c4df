/** What a text holds before anybody asks what it means. */
import type { ConfigProblem } from '../model/problem.ts';

export interface Values {
  readonly values: readonly unknown[];
  readonly problems: readonly ConfigProblem[];
}

/** In messages within each other. Deeper is no configuration of anybody. */
export const mostNested = 200;

/** What is nested deeper than that, or holds itself, is read no further. */
export class NestedTooDeep extends Error {}

/** Line and column of a place, from 1. */
export function lineAndColumn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
