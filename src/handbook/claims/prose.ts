/**
 * What prose must not say by itself, because nothing would check it. Code spans count as prose; so do headings,
 * tables, front matter, and whatever a tag that is no claim shows.
 */
import { nearest } from '../../netfilter/index.ts';
import { optionSetters } from './names.ts';
import type { PageText } from './page-text.ts';
import { plainText } from './plain.ts';
import { type ClaimProblem, problemAt } from './problem.ts';

interface Bare {
  readonly pattern: RegExp;
  readonly what: string;
  /** What to write instead; null where this one may stand. */
  readonly fix: (found: string) => string | null;
}

/** Between two words of a sentence: blanks, or the end of a line. */
const gap = '(?:[ \\t]+\\n?[ \\t>]*|\\n[ \\t>]*)';

const small = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';
const teens = 'thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty';
const roman = 'II|III|IV|VI{0,3}|IX|XI{0,2}';
const counted = `${small}|${teens}|\\d+|${roman}`;
const ordinals =
  'first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\\d+(?:st|nd|rd|th)';
const number = `(?:(?:with${gap})?(?:the${gap})?(?:number|numero|no\\.?|nr\\.?|№|#)${gap}?)?`;
const hook = '(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)';
const place = `(?:${hook}|ISTIO\\w+|Envoy|app|pod|kernel)`;

const rulePosition = 'Write <Rule role="…" />; its position is computed.';
const aRuleNumber = (pattern: string, flags = 'gi'): Bare => ({
  pattern: new RegExp(pattern, flags),
  what: 'a rule number',
  fix: () => rulePosition,
});
const aPath = (pattern: RegExp, what: string): Bare => ({
  pattern,
  what,
  fix: () => 'Write a path in a fence: ```path SCENARIO.',
});

/** `ISTIO_OUTPUT`, also as Markdown escapes it; names of metadata begin in the same way. */
const istioName = /\bISTIO(?:\\?_[A-Z0-9]+)+(?: +\d+\b)?/gi;

const setters = optionSetters.map(({ name }) => name);
/** The last part of an annotation, which is how people speak of it. */
const shortNames = new Map(
  optionSetters
    .filter(({ name }) => name.includes('/'))
    .map(({ name, option }) => [name.slice(name.lastIndexOf('/') + 1), option]),
);
const metadata = new Map(
  optionSetters
    .filter(({ name }) => /^[A-Z][A-Z0-9_]+$/.test(name))
    .map(({ name, option }) => [name, option]),
);

const bare: readonly Bare[] = [
  aRuleNumber(
    `\\brules?(?:${gap}|-)${number}(?:${counted})\\b(?!${gap}(?:more|times?)\\b)(?<!\\bone(?=${gap}(?:of|for)\\b))`,
  ),
  aRuleNumber(`\\b(?:${ordinals})${gap}rule\\b`),
  aRuleNumber(`\\b(?:${ordinals})${gap}(?:and|or|to)${gap}(?:the${gap})?(?:${ordinals})${gap}rules\\b`),
  aRuleNumber(`\\b(?:last${gap}but${gap}one|next${gap}to${gap}last|penultimate)${gap}rule\\b`),
  aRuleNumber(`\\b(?:${ordinals})${gap}(?:one${gap})?(?:entry|position)\\b`),
  aRuleNumber(`\\b(?:${ordinals})${gap}(?:one${gap})?(?:in|of)${gap}(?:the|its|that|this)${gap}chain\\b`),
  aRuleNumber(`\\b(?:chain${gap})?(?:position|place|entry):?${gap}${number}(?:${counted})\\b`),
  aRuleNumber(
    `(?:\\bnumber${gap}|#|\\bline${gap})(?:${counted})${gap}(?:in|of)${gap}(?:the|its|that|this)${gap}chain\\b`,
  ),
  aRuleNumber(`\\b${hook}[ \\t]+\\d+\\b`, 'g'),
  {
    pattern: new RegExp(
      `(?<!\\w)(?:[3-9]|[1-9]\\d|${small.replace('one|two|', '')}|${teens})${gap}rules\\b`,
      'gi',
    ),
    what: 'how many rules there are',
    fix: () => 'Write <Count chain="…" />, or say it without the number.',
  },
  {
    pattern: new RegExp(`\\b(?:${small}|\\d)${gap}of${gap}(?:its|the|all)${gap}(?:six|6)\\b`, 'gi'),
    what: 'how many of the six there are',
    fix: () => 'Write <Count published="holds" /> or <Count published="errs" />.',
  },
  {
    pattern: new RegExp(
      `\\b(?:article|publication|published${gap}path)\\b[^.,\\n]{0,60}?\\b(?:holds|errs|is${gap}(?:right|wrong|correct))\\b`,
      'gi',
    ),
    what: 'a verdict on what is published',
    fix: () => 'Write <Verdict scenario="…" says="holds" />, or says="errs".',
  },
  { pattern: istioName, what: 'a name of Istio', fix: fixIstioName },
  {
    pattern:
      /\bISTIO(?:[ -]|_ )(?:OUTPUT|INBOUND|IN[ _-]?REDIRECT|REDIRECT|TPROXY|DIVERT|DROP)\b|\bistio-(?:output|inbound|in-redirect|redirect|tproxy|divert)\b|\bISTIO(?:OUTPUT|INBOUND|REDIRECT)\b/g,
    what: 'a name of Istio',
    fix: () => 'Write <Rule role="…" /> or <Chain name="…" />.',
  },
  {
    pattern: /(?<![\d.])15[\d]{3}(?!\d|\.\d)/g,
    what: 'a port of Istio',
    fix: (port) => `Write <Port number={${port}} />.`,
  },
  {
    pattern: /(?<![\d.])15[ ,_'’]0\d\d(?!\d)|\bfifteen[ -](?:oh|zero|thousand)\b/gi,
    what: 'a port of Istio',
    fix: () => 'Write <Port number={…} />.',
  },
  {
    pattern: /(?<![\d.:])1[,_ ]?337(?!\d|\.\d)|\bthirteen[ -]thirty-?[ ]?seven\b/gi,
    what: 'the uid or gid of the proxy',
    fix: () => 'Write <Uid /> or <Uid group />.',
  },
  {
    pattern: /\b(?:uid|gid)s?(?:[ =:]+)(?:of +)?(?!1[,_]?337)\d[\d,_]*\b/gi,
    what: 'a uid or gid',
    fix: () => 'Write <Uid />, <Uid of="app" />, or with group for the gid.',
  },
  {
    pattern: /\b0x(?:53[9a]|111)\b|(?<![\d.])1338(?!\d|\.\d)/gi,
    what: 'a mark of Istio',
    fix: () =>
      'Write <Mark /> for the mark of TPROXY, or <Mark of="self-call" />, <Mark of="ztunnel" />, <Mark of="return" />.',
  },
  {
    pattern: /(?<![\d.])1\.\d{1,2}(?:\.\d{1,2})?(?!\d|\.\d)|\bone point \w+/gi,
    what: 'a release',
    fix: () =>
      'Write <Release /> for the release of the handbook, or <Release with="…" /> for the first one with a change.',
  },
  {
    pattern: /\b(?:[a-z]+\.)*istio\.io\/[A-Za-z][\w-]*/g,
    what: 'an annotation',
    fix: fixAnnotation,
  },
  { pattern: /(?<![\w./-])[a-z]+(?:[A-Z][A-Za-z0-9]*)+\b/g, what: 'an annotation', fix: fixShortName },
  {
    pattern: /(?<![\w/-])(?!ISTIO_)[A-Z]+(?:_[A-Z0-9]+)+\b/g,
    what: 'metadata of the proxy',
    fix: fixMetadata,
  },
  {
    pattern: /\btypes? (?:0|[7-9]|\d\d+)\b/gi,
    what: 'a type of traffic that there is not',
    fix: () => 'There are six, from 1 to 6.',
  },
  aPath(/[▸►▶→⇒\u2190-\u21ff\u27f0-\u27ff\u2900-\u297f\u2b00-\u2b2f⮕➔➙➛➜➝➞➡➤]|[-=|]+>/g, 'an arrow'),
  aPath(/(?<=\S) [›»] (?=\S)/g, 'an arrow'),
  aPath(new RegExp(`\\b${place}[ \\t]+>[ \\t]+\\w|\\w[ \\t]+>[ \\t]+${place}\\b`, 'g'), 'an arrow'),
  aPath(
    new RegExp(`\\b${hook},?${gap}(?:and${gap})?then${gap}(?:[a-z]+${gap})?${hook}\\b`, 'g'),
    'a path in words',
  ),
];

function fixIstioName(found: string): string {
  const plain = found.replaceAll('\\', '').toUpperCase();
  const option = optionSetters.find(({ name }) => name === plain);
  if (option !== undefined) return `Write <Option name="${option.option}" />.`;
  const chain = plain.replace(/ +\d+$/, '');
  return chain === plain ? `Write <Rule role="…" /> or <Chain name="${chain}" />.` : rulePosition;
}

function fixAnnotation(found: string): string {
  const option = optionSetters.find(({ name }) => name === found);
  if (option !== undefined) return `Write <Option name="${option.option}" />.`;
  const meant = nearest(found, setters);
  return `Istio has no such annotation that shapes rules${meant === null ? '' : `; did you mean ${meant}?`}`;
}

function fixShortName(found: string): string | null {
  return fixNamed(found, shortNames, 'Istio has no such annotation');
}

function fixMetadata(found: string): string | null {
  return fixNamed(found, metadata, 'Istio has no such metadata that shapes rules');
}

/** Names of others may stand: only what is one of Istio's, or nearly one, is told. */
function fixNamed(found: string, names: ReadonlyMap<string, string>, none: string): string | null {
  const option = names.get(found);
  if (option !== undefined) return `Write <Option name="${option}" />.`;
  const meant = nearest(found, [...names.keys()]);
  return meant === null ? null : `${none}; did you mean ${meant}: <Option name="${names.get(meant)}" />?`;
}

/** Statements in prose that nothing checks. */
export function checkText(file: string, { lines }: Pick<PageText, 'lines'>): readonly ClaimProblem[] {
  const text = plainText(lines.join('\n'));
  const source = lines.join('\n');
  const starts = lines.map((_, at) => lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0));
  const found = bare.flatMap(({ pattern, what, fix }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: words, index }) => {
      const instead = fix(words);
      return instead === null ? [] : [{ from: index, to: index + words.length, what, instead }];
    }),
  );
  found.sort((one, other) => one.from - other.from || other.to - one.to);
  return found
    .filter(({ from, to }, at) => !found.slice(0, at).some((one) => one.from <= from && to <= one.to))
    .map(({ from, to, what, instead }) => {
      const line = starts.findLastIndex((start) => start <= from);
      const said = source.slice(from, to).replace(/\s+/g, ' ');
      const column = from - (starts[line] as number) + 1;
      return problemAt(file, { line: line + 1, column }, `found ${what} in prose: "${said}"`, [instead]);
    });
}
