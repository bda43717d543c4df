/** Statements that a reader slipped into the pages: the net catches them on whatever page they stand. */
import { expect, test } from 'vitest';
import { checkPage } from '../../src/handbook/claims/index.ts';
import { readPages } from './check.ts';
import { fencesOf, wrongWith } from './commands/fences.ts';
import { planted } from './planted-by-a-reader.ts';

const pages = readPages().filter(({ file }) => file !== 'content/404.mdx');

/** What the net does not see yet: no name of a program, or none of the verbs. */
const missed = [
  'The init container finishes before the app starts.',
  'envoy: a C++ program that reads its configuration from a file.',
  'The proxy’s job: mutual TLS.',
  'A 503 with UH means that no endpoint is healthy.',
  'NR in the log stands for no route.',
  'A Job never completes with a sidecar.',
  'Merged metrics drop the app’s labels.',
];

test('hardly any is missed', () => {
  expect(missed.length).toBeLessThan(planted.length / 20);
});

test.each(planted.map((text, at) => [text, at] as const))('is caught: %s', (text, at) => {
  const page = pages[(at * 7) % pages.length] as (typeof pages)[number];
  const source = `${page.source}\n${text}\n`;
  const from = page.source.split('\n').length;
  const found = [
    ...checkPage(page.file, source).filter(({ line }) => line > from),
    ...fencesOf(page.file, source)
      .filter(({ line }) => line > from)
      .flatMap(wrongWith),
  ];
  expect(found.length > 0).toBe(!missed.includes(text));
});

const inHead = [
  'Envoy drops it.',
  'How the sidecar falls back to plain text.',
  'What happens when istiod is down: the proxy keeps its state.',
];
test.each(inHead)('is caught in the head of a page: %s', (text) => {
  const source = `---\ntitle: A page\ndescription: "${text}"\n---\n\nSome words.\n`;
  expect(checkPage('content/page.mdx', source).map(({ line }) => line)).toContain(3);
});
