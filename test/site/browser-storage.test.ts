/** What is kept in a reader's browser has its keys in one place; what runs before everything else knows them, too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storageKeys } from '../../src/site/browser-storage.ts';
import { filesIn } from '../house/tree.ts';

const root = join(import.meta.dirname, '../..');
/** Each key that a text reaches for in the browser's storage, or what stands there instead of one. */
const reachedFor = (text: string) =>
  [...text.matchAll(/(?:local|session)Storage\s*(?:\.\w+\(\s*|\[)([^,)\]]+)/g)].map(([, key]) => key);

test('the script that runs first reads the colours where the page keeps them', () => {
  const script = readFileSync(join(root, 'public/first.js'), 'utf8');
  expect(reachedFor(script)).toEqual([`'${storageKeys.scheme}'`]);
});

test('no other file of a page reaches for the storage by itself', () => {
  const others = filesIn(['src', 'components', 'content'], ['.ts', '.tsx', '.js', '.astro', '.mdx']).filter(
    ({ path, text }) =>
      path !== 'src/site/browser-storage.ts' && /\b(local|session)Storage\b|indexedDB/.test(text),
  );
  expect(others.map(({ path }) => path)).toEqual([]);
});

test('each key says whose it is', () => {
  const keys = Object.values(storageKeys);
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(/^sidetrack-/);
});
