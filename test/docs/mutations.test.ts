/** The test of the net: every claim on every page is altered in turn, and each must be caught, by page and line. */
import { expect, test } from 'vitest';
import { checkPage } from '../../src/handbook/index.ts';
import { readPages } from './check.ts';
import { type Mutation, mutationsOf } from './mutations.ts';

const pages = readPages();

test('every altered claim is caught at its page and line', () => {
  const kinds = new Map<Mutation['kind'], { caught: number; tried: number }>();
  const missed: string[] = [];
  for (const { file, source } of pages) {
    for (const mutation of mutationsOf(source)) {
      const count = kinds.get(mutation.kind) ?? { caught: 0, tried: 0 };
      kinds.set(mutation.kind, count);
      count.tried += 1;
      const found = checkPage(file, mutation.source).filter(({ line }) => line === mutation.line);
      const isNamed = found.some(({ message }) => message.startsWith(`${file}:${mutation.line}:`));
      if (isNamed) count.caught += 1;
      else missed.push(`${file}:${mutation.line} ${mutation.kind}: ${mutation.from} -> ${mutation.to}`);
    }
  }
  const lines = [...kinds].map(([kind, { caught, tried }]) => `${kind} ${caught}/${tried}`);
  const sum = (one: 'caught' | 'tried') => [...kinds.values()].reduce((all, count) => all + count[one], 0);
  console.log(`caught ${sum('caught')} of ${sum('tried')}: ${lines.join(', ')}`);
  expect(missed).toEqual([]);
  expect(sum('tried')).toBeGreaterThan(500);
});
