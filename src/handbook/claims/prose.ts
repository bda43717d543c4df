/**
 * What prose must not say by itself, because nothing would check it. Code spans count as prose; so do headings,
 * tables, the titles of front matter, and whatever a tag that is no claim shows.
 */
import { nearest } from '../../netfilter/index.ts';
import { optionSetters } from '../places.ts';
import type { PageText } from './page.ts';
import { type ClaimProblem, problemAt } from './problem.ts';

interface Bare {
  readonly pattern: RegExp;
  readonly what: string;
  readonly mend: (found: string) => string;
}

const counted = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\d+';
const ordinals = 'first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\\d+(?:st|nd|rd|th)';

/** `ISTIO_OUTPUT`, also as Markdown escapes it; names of metadata begin in the same way. */
const istioName = /\bISTIO(?:\\?_[A-Z0-9]+)+(?: \d+\b)?/gi;

const bare: readonly Bare[] = [
  {
    pattern: new RegExp(
      `\\brules? (?:number |no\\.? ?|#)?(?:${counted})\\b(?! (?:of|for|more|times?)\\b)`,
      'gi',
    ),
    what: 'a rule number',
    mend: () => 'Write <Rule role="…" />; its position is computed.',
  },
  {
    pattern: new RegExp(`\\b(?:${ordinals}) rule\\b|\\bposition (?:${counted})\\b`, 'gi'),
    what: 'a rule number',
    mend: () => 'Write <Rule role="…" />; its position is computed.',
  },
  {
    pattern: /\b(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) \d+\b/g,
    what: 'a rule number',
    mend: () => 'Write <Rule role="…" />; its position is computed.',
  },
  { pattern: istioName, what: 'a name of Istio', mend: mendIstioName },
  {
    pattern: /(?<![\d.])15[\d]{3}(?!\d|\.\d)/g,
    what: 'a port of Istio',
    mend: (port) => `Write <Port number={${port}} />.`,
  },
  {
    pattern: /(?<![\d.:])1337(?!\d|\.\d)/g,
    what: 'the uid or gid of the proxy',
    mend: () => 'Write <Uid /> or <Uid group />.',
  },
  {
    pattern: /(?<![\d.])1\.\d{1,2}(?:\.\d{1,2})?(?!\d|\.\d)/g,
    what: 'a release',
    mend: () =>
      'Write <Release /> for the release of the handbook, or <Release with="…" /> for the first one with a change.',
  },
  {
    pattern: /\b(?:[a-z]+\.)*istio\.io\/[A-Za-z][\w-]*/g,
    what: 'an annotation',
    mend: mendAnnotation,
  },
  { pattern: /▸|→|⇒|[-=]+>/g, what: 'an arrow', mend: () => 'Write a path in a fence: ```path SCENARIO.' },
];

function mendIstioName(found: string): string {
  const plain = found.replaceAll('\\', '').toUpperCase();
  const option = optionSetters.find(({ name }) => name === plain);
  if (option !== undefined) return `Write <Option name="${option.option}" />.`;
  const chain = plain.replace(/ \d+$/, '');
  return chain === plain
    ? `Write <Rule role="…" /> or <Chain name="${chain}" />.`
    : 'Write <Rule role="…" />; its position is computed.';
}

function mendAnnotation(found: string): string {
  const option = optionSetters.find(({ name }) => name === found);
  if (option !== undefined) return `Write <Option name="${option.option}" />.`;
  const meant = nearest(
    found,
    optionSetters.map(({ name }) => name),
  );
  return `Istio has no such annotation that shapes rules${meant === null ? '' : `; did you mean ${meant}?`}`;
}

/** Statements in prose that nothing checks. */
export function checkText(file: string, { lines }: Pick<PageText, 'lines'>): readonly ClaimProblem[] {
  return lines.flatMap((text, at) =>
    bare
      .flatMap(({ pattern, what, mend }) =>
        [...text.matchAll(pattern)].map((found) => ({ found, what, mend })),
      )
      .sort((one, other) => one.found.index - other.found.index)
      .map(({ found: { 0: found, index }, what, mend }) =>
        problemAt(file, { line: at + 1, column: index + 1 }, `found ${what} in prose: "${found}"`, [
          mend(found),
        ]),
      ),
  );
}
