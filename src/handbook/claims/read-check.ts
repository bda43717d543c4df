/** Every sentence that states something is a fact, or is listed: `read` has it by what should hold it. */
import { type BareSentence, bareSentences } from './bare.ts';
import type { PageText } from './page-text.ts';
import { type ClaimProblem, problemAt } from './problem.ts';
import { type ReadKind, readKinds, readSentences } from './read/index.ts';
import { isClaim } from './tags.ts';

const kinds = Object.keys(readKinds) as readonly ReadKind[];

/**
 * Whether a page is one of the handbook's own, whose sentences are all listed. A page that a publisher adds is held to the
 * engine, the facts and the net, and to nobody's reading.
 */
export function isRead(file: string): boolean {
  return readSentences.has(file);
}

/** What is listed for a page, with its kind. */
export function readOn(file: string): ReadonlyMap<string, ReadKind> {
  const here = readSentences.get(file) ?? {};
  return new Map(kinds.flatMap((kind) => (here[kind] ?? []).map((words) => [words, kind] as const)));
}

/** Sentences of a page that are not listed. */
export function unreadOn(file: string, source: string): readonly BareSentence[] {
  const read = readOn(file);
  return bareSentences(source).filter(({ words }) => !read.has(words));
}

/** Sentences that were read, and are not on the page any more. */
export function goneFrom(file: string, source: string): readonly string[] {
  const there = new Set(bareSentences(source).map(({ words }) => words));
  return [...readOn(file).keys()].filter((words) => !there.has(words));
}

const short = (words: string): string => (words.length > 100 ? `${words.slice(0, 99)}…` : words);

export function checkRead(
  file: string,
  source: string,
  { tags, fences }: Pick<PageText, 'tags' | 'fences'>,
): readonly ClaimProblem[] {
  if (!isRead(file)) return [];
  const unread = unreadOn(file, source).map((sentence) =>
    problemAt(
      file,
      sentence,
      `found a statement that is no fact and is not listed: "${short(sentence.words)}"`,
      [
        'Write <Fact is="…" />, or <Fact is="…">your words</Fact>; the facts are in src/istio/facts.',
        `Or say what holds it: npm run docs:read -- ${kinds.join('|')}`,
      ],
    ),
  );
  // A sentence that was changed is told of once, where it stands.
  const gone = (unread.length > 0 ? [] : goneFrom(file, source)).map((words) =>
    problemAt(file, { line: 1, column: 1 }, `found no more, but listed as read: "${short(words)}"`, [
      'Has it been changed? Then read it again: npm run docs:read',
    ]),
  );
  const isWalked =
    fences.some(({ language }) => /^(?:path|trace|iptables|nft)/.test(language)) || tags.some(isClaim);
  const unheld =
    readSentences.get(file)?.engine === undefined || isWalked
      ? []
      : [
          problemAt(
            file,
            { line: 1, column: 1 },
            'found sentences that the engine holds, and nothing of the engine',
            ['Show what is walked, or list them as another kind.'],
          ),
        ];
  return [...unread, ...gone, ...unheld];
}

/** How many sentences of a page are held by what. */
export function readCounts(file: string): Readonly<Record<ReadKind, number>> {
  const here = readSentences.get(file) ?? {};
  return {
    engine: here.engine?.length ?? 0,
    page: here.page?.length ?? 0,
    reader: here.reader?.length ?? 0,
    open: here.open?.length ?? 0,
  };
}
