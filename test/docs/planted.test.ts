/** Statements that a reader slipped into the pages: the net catches them on whatever page they stand. */
import { expect, test } from 'vitest';
import { bareSentences, checkBound, checkPage, isRead, unreadOn } from '../../src/handbook/claims/index.ts';
import { readPages } from './check.ts';
import { fencesOf, wrongWith } from './commands/fences.ts';
import { planted } from './planted-by-a-reader.ts';
import { plantedByAStranger } from './planted-by-a-stranger.ts';

const pages = readPages().filter(({ file }) => file !== 'content/404.mdx');

/** What the net does not see by itself: no name of a program, or none of the verbs. */
const missed = [
  'The init container finishes before the app starts.',
  'envoy: a C++ program that reads its configuration from a file.',
  'The proxy’s job: mutual TLS.',
  'A 503 with UH means that no endpoint is healthy.',
  'NR in the log stands for no route.',
  'A Job never completes with a sidecar.',
  'Merged metrics drop the app’s labels.',
];

test('hardly any is missed by the net itself', () => {
  expect(missed.length).toBeLessThan(planted.length / 20);
});

/** What is found of a text that is planted at the end of a page. */
function foundOf(text: string, at: number, check: typeof checkPage): number {
  const page = pages[(at * 7) % pages.length] as (typeof pages)[number];
  const from = page.source.split('\n').length;
  return check(page.file, `${page.source}\n${text}\n`).filter(({ line }) => line > from).length;
}

test.each(
  [...planted.filter((text) => !text.startsWith('```')), ...plantedByAStranger].map(
    (text, at) => [text, at] as const,
  ),
)('stands in no fact and is not listed: %s', (text, at) => {
  expect(foundOf(text, at, checkPage)).toBeGreaterThan(0);
});

test.each(planted.map((text, at) => [text, at] as const))('is caught by the net: %s', (text, at) => {
  const page = pages[(at * 7) % pages.length] as (typeof pages)[number];
  const source = `${page.source}\n${text}\n`;
  const from = page.source.split('\n').length;
  const found = [
    ...checkBound(page.file, source).filter(({ line }) => line > from),
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
  expect(checkBound('content/page.mdx', source).map(({ line }) => line)).toContain(3);
});

/** One small thing changed in a sentence: a number, a release, a not, an only, who does it. */
const changes: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.:/#-])(\d+)(?![\w.:/])/, '$1$1'],
  [/\b(is|are|has|can|does) (?:not |never )/, '$1 '],
  [/\b(is|are|was|has|can|does)\b(?! not)/, '$1 not'],
  [/\bno\b/, 'a'],
  [/\bnever\b/, 'always'],
  [/\bnobody\b/i, 'somebody'],
  [/\bnothing\b/i, 'something'],
  [/\b(?:only|alone)\b/, 'also'],
  [/\bfirst\b/, 'last'],
  [/\bwithout\b/i, 'with'],
  [/\bevery\b/i, 'some'],
  [/\b(\w{3,})s (the|a|an|its|what|it)\b/, '$1s no longer $2'],
];

test.each(pages.map(({ file, source }) => [file, source] as const))(
  'a sentence of %s that is changed by a word is another one',
  (file, source) => {
    const changed = bareSentences(source).flatMap(({ words }) => {
      const at = source.indexOf(words);
      const change = changes.find(([from]) => from.test(words));
      if (at < 0 || change === undefined) return [];
      const said = words.replace(...change);
      return [{ said, source: source.slice(0, at) + said + source.slice(at + words.length) }];
    });
    for (const one of changed.filter((_, at) => at % 4 === 0))
      expect(checkPage(file, one.source), one.said).not.toEqual([]);
  },
);

test('what a writer is told of a sentence that is not listed, and of one that is gone', () => {
  expect(
    checkPage('content/404.mdx', 'Some words.\n\nDeny beats allow.\n').map(({ message }) => message),
  ).toEqual([
    [
      'content/404.mdx:3:1: found a statement that is no fact and is not listed: "Deny beats allow."',
      '  Write <Fact is="…" />, or <Fact is="…">your words</Fact>; the facts are in src/istio/facts.',
      '  Or say what holds it: npm run docs:read -- engine|page|reader|open',
    ].join('\n'),
  ]);
  const [gone] = checkPage('content/404.mdx', '---\ntitle: No page\n---\n');
  expect(gone?.message).toMatch(/^content\/404.mdx:1:1: found no more, but listed as read: "/);
});

test('a question, a call to do something and a name state nothing', () => {
  for (const text of [
    'What does Envoy do?',
    'Ask the sidecar.',
    'Calls without Envoy.',
    '## See it on a real pod',
  ])
    expect(unreadOn('content/404.mdx', `${text}\n`)).toEqual([]);
});

test('every page of the handbook is listed, and a page of a publisher need not be', () => {
  const unlisted = pages.filter(({ file }) => !isRead(file));
  expect(unlisted.map(({ file }) => file)).toEqual([]);
  const own = '---\ntitle: Our clusters\n---\n\nThe team runs three clusters. Envoy drops it.\n';
  expect(checkPage('content/runbooks/our-own.mdx', own).map(({ message }) => message.split('\n')[0])).toEqual(
    [expect.stringMatching(/^content\/runbooks\/our-own.mdx:5:31: /)],
  );
});
