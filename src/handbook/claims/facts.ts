/**
 * Facts on Istio's programs, as pages say them. The words of a page may be its own: each name, number and release in
 * them, each not, only and also, and the setting have to be those of the fact.
 */
import { type Fact, factHolds, factNames, factOptionsMissing, findFact } from '../../istio/facts/index.ts';
import { readRelease } from '../../istio/index.ts';
import {
  factText,
  type Polarity,
  polarities,
  programsIn,
  tokensOf,
  vocabularyOf,
} from '../../words/index.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import { milestone, optionSetter } from './names.ts';
import { factTag, type PageText, type SaidFact, type Tag } from './page-text.ts';
import { type ClaimProblem, problemAt } from './problem.ts';

/** The fact of a name; a text is what is wrong with the name. */
export function factNamed(name: string): Fact | string {
  return findFact(name) ?? unknown('fact', name, factNames);
}

/** What is wrong with words, and where in them; without a place it is missing. */
export interface WrongWords {
  readonly at: number | null;
  readonly what: string;
  readonly fix: string;
}

/** The words of each fact on a page against the fact. */
export function checkFacts(file: string, page: PageText): readonly ClaimProblem[] {
  return [...checkOptionsOf(file, page), ...checkSaid(file, page)];
}

/** Facts that do not hold with the options of the handbook. */
function checkOptionsOf(file: string, { tags }: PageText): readonly ClaimProblem[] {
  return tags
    .filter(({ name }) => name === factTag)
    .flatMap((tag) => {
      const name = attribute(tag, 'is') ?? '';
      const fact = factNamed(name);
      if (typeof fact === 'string') return [];
      return factOptionsMissing(fact, handbookSetting.options).map((option) =>
        problemAt(
          file,
          tag,
          `found the fact "${name}", which holds with ${option}=${fact.options?.[option]} alone`,
          [`Put it into <Where option="${option}=${fact.options?.[option]}">.`],
        ),
      );
    });
}

function checkSaid(file: string, page: PageText): readonly ClaimProblem[] {
  const text = page.lines.join('\n');
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return page.facts.flatMap((said) => {
    const name = said.tag.attributes.find((one) => one.name === 'is')?.value ?? '';
    const fact = factNamed(name);
    if (typeof fact === 'string') return [];
    const end = said.start + said.words.length;
    const inside = page.tags
      .map((tag) => ({ tag, at: (starts[tag.line - 1] ?? 0) + tag.column - 1 }))
      .filter(({ at }) => at >= said.start && at < end);
    const words = withValues(said, inside);
    return [...wrongOptions(name, inside), ...checkWords(name, fact, words)].map(({ at, what, fix }) => {
      const from = at === null ? null : at + said.start;
      const line = from === null ? 0 : starts.findLastIndex((start) => start <= from);
      const place =
        from === null ? said.tag : { line: line + 1, column: from - (starts[line] as number) + 1 };
      return problemAt(file, place, what, [`The fact "${name}": ${factText(name)}.`, fix]);
    });
  });
}

interface Inside {
  readonly tag: Tag;
  /** As an offset of the page. */
  readonly at: number;
}

const attribute = ({ attributes }: Tag, key: string): string | null =>
  attributes.find(({ name }) => name === key)?.value ?? null;

/** What a tag within the words shows, where it is a number or a release. */
function shown(tag: Tag): string | null {
  if (tag.name === 'Port') return attribute(tag, 'number');
  if (tag.name !== 'Release') return null;
  const change = attribute(tag, 'with');
  const found = change === null ? handbookSetting : milestone(change);
  return typeof found === 'string' ? null : found.release;
}

function withValues({ words, start }: SaidFact, inside: readonly Inside[]): string {
  const units = words.split('');
  for (const { tag, at } of inside) {
    for (const [index, unit] of [...(shown(tag) ?? '')].entries()) units[at - start + index] = unit;
  }
  return units.join('');
}

function wrongOptions(name: string, inside: readonly Inside[]): readonly WrongWords[] {
  const { names } = vocabularyOf(name);
  return inside.flatMap(({ tag }) => {
    const option = tag.name === 'Option' ? optionSetter(attribute(tag, 'name') ?? '') : '';
    if (typeof option === 'string' || names.has(option.name)) return [];
    return [
      {
        at: null,
        what: `found option ${option.name} in the words of a fact that does not name it`,
        fix: fixWords,
      },
    ];
  });
}

const fixWords = 'Say what the fact says, or bind the words to another fact.';

/** What of words is not what a fact says. */
export function checkWords(name: string, fact: Fact, words: string): readonly WrongWords[] {
  const { names, programs, contrary } = vocabularyOf(name);
  const foreign = tokensOf(words)
    .filter(({ text }) => !names.has(text))
    .map(({ text, at }) => ({
      at,
      what: `found "${text}", which the fact "${name}" does not say`,
      fix: fixWords,
    }));
  return [
    ...foreign,
    ...wrongOrder(programs, words),
    ...wrongPolarity(fact, words),
    ...wrongSetting(fact, words),
    ...wrongValues(fact, words),
    ...wrongReleases(fact, words),
    ...contrary.flatMap((one) => {
      const found = one.words.exec(words);
      return found === null
        ? []
        : [{ at: found.index, what: `found "${found[0]}"; the fact says "${one.instead}"`, fix: fixWords }];
    }),
  ];
}

function wrongPolarity(fact: Fact, words: string): readonly WrongWords[] {
  return (Object.keys(polarities) as Polarity[]).flatMap((polarity): readonly WrongWords[] => {
    const found = [...words.matchAll(polarities[polarity])];
    const expected = fact[polarity] === true ? 1 : 0;
    if (found.length === expected) return [];
    if (found.length < expected) {
      return [
        {
          at: null,
          what: `found words without "${polarity}" for a fact that says it`,
          fix: `Say "${polarity}", or bind the words to another fact.`,
        },
      ];
    }
    const one = found[expected] as RegExpExecArray;
    const what =
      expected === 0 ? `a fact that does not say "${polarity}"` : `a fact that says "${polarity}" once`;
    return [{ at: one.index, what: `found "${one[0]}" in the words of ${what}`, fix: fixWords }];
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const smoothed = (text: string): string =>
  text.replaceAll('`', '').replaceAll('’', "'").replace(/\s+/g, ' ').toLowerCase();

function wrongSetting({ where = {} }: Fact, words: string): readonly WrongWords[] {
  return Object.values(where)
    .filter((setting) => !new RegExp(`(?<!\\w)${escaped(smoothed(setting))}(?!\\w)`).test(smoothed(words)))
    .map((setting) => ({
      at: null,
      what: `found words without the setting for which the fact holds: "${setting}"`,
      fix: `Say "${setting}" in the words.`,
    }));
}

/** Who does something to whom: the programs stand in the fact's own order. */
function wrongOrder(programs: readonly string[], words: string): readonly WrongWords[] {
  const said = programsIn(words).filter(({ text }) => programs.includes(text));
  const turned = said
    .slice(1)
    .find(({ text }, at) => programs.indexOf(text) < programs.indexOf(said[at]?.text ?? ''));
  if (turned === undefined) return [];
  const expected = programs.filter((program) => said.some(({ text }) => text === program)).join(', ');
  return [
    {
      at: turned.at,
      what: `found "${turned.text}" behind a program that the fact names after it`,
      fix: `Name the programs in its order: ${expected}.`,
    },
  ];
}

/** Words that share no name and no number with the fact are about something else. */
function wrongValues({ values = {} }: Fact, words: string): readonly WrongWords[] {
  const said = smoothed(words);
  const given = Object.values(values).map((value) => smoothed(String(value)));
  const spoken = new Set(tokensOf(words).map(({ text }) => text.toLowerCase()));
  if (given.length === 0 || given.some((value) => spoken.has(value) || said.includes(value))) return [];
  return [
    {
      at: null,
      what: 'found words that have no name and no number of the fact',
      fix: `Say one of them: ${Object.values(values).join(', ')}.`,
    },
  ];
}

/** `since 1.25` for a release that ended it, and words without a release where the fact does not hold in this one. */
function wrongReleases(fact: Fact, words: string): readonly WrongWords[] {
  const { since, before } = fact;
  const release = readRelease(handbookSetting.release);
  const isSaid = (one: string | undefined): boolean =>
    one !== undefined && tokensOf(words).some(({ text }) => text === one);
  const turned = [
    {
      pattern:
        since === undefined
          ? null
          : `\\b(?:before|until|till|up to)(?: Istio)? +(?:${escaped(since)})(?![.\\d]*\\d)`,
      says: `since ${since}`,
    },
    {
      pattern:
        before === undefined
          ? null
          : `\\b(?:since|from|after|in|with)(?: Istio)? +(?:${escaped(before)})(?![.\\d]*\\d)`,
      says: `before ${before}`,
    },
  ].flatMap(({ pattern, says }) =>
    pattern === null
      ? []
      : [...words.matchAll(new RegExp(pattern, 'gi'))].map(({ 0: text, index }) => ({
          at: index,
          what: `found "${text}"; the fact says "${says}"`,
          fix: `Write "${says}".`,
        })),
  );
  if (release === null || factHolds(fact, release) || isSaid(since) || isSaid(before)) return turned;
  return [
    ...turned,
    {
      at: null,
      what: `found a fact that does not hold in Istio ${handbookSetting.release}, in words that name no release`,
      fix: `Say ${since === undefined ? `before ${before}` : `since ${since}`}, or put it into <Where since="…"> or <Where before="…">.`,
    },
  ];
}
