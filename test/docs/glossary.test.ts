/** The page of words: each once, in the order of the alphabet, and none left out that the rules and paths are told in. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { processes } from '../../src/istio/index.ts';

const source = readFileSync('content/reference/glossary.mdx', 'utf8');
const names = [...source.matchAll(/^<Term name="([^"]+)"/gm)].map(([, name = '']) => name);
const others = ['istiod', 'ztunnel', 'waypoint', 'namespace', 'socket', 'mutual TLS', 'sidecar', 'conntrack'];

test('each word stands once, in the order of the alphabet', () => {
  const sorted = [...new Set(names)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  expect(names.length).toBeGreaterThan(50);
  expect(names).toEqual(sorted);
});

test('each program of a pod is among them, and what a new reader asks for', () => {
  expect(names).toEqual(expect.arrayContaining([...processes.map(({ name }) => name), ...others]));
});
