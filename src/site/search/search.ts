/**
 * The search: what is typed, and the pages that answer it. MiniSearch knows which terms stand where, and which are spelt
 * much alike; what is ranked here is how much of what was typed a page answers.
 *
 * A page is found by its *labels* (title, headings, names of entries, what people type who need it) and by its text. A
 * page that has a few of the words is found as well, behind those that have more.
 */
import MiniSearch from 'minisearch';
import type { SearchPage, SearchPart } from './pages.ts';
import { type KnownTerms, readTyped, type TypedWord } from './read-typed.ts';
import { isStopWord, proseWords, termsOf } from './terms.ts';

export interface FoundPage {
  readonly page: SearchPage;
  /** The best places of the page, best first; without its beginning. */
  readonly parts: readonly SearchPart[];
  readonly score: number;
  /** From 0 to 1: how much of what was typed stands on the page. */
  readonly coverage: number;
}

export interface SearchAnswer {
  /** Best first. */
  readonly found: readonly FoundPage[];
  /** False: no page answers it; what was found comes nearest. */
  readonly isGood: boolean;
  /** What the search took for what was typed: with it excerpts are marked. */
  readonly terms: ReadonlySet<string>;
}

export interface SiteSearch {
  ask(typed: string): SearchAnswer;
}

/** A label, or a piece of text. */
interface Entry {
  readonly id: number;
  readonly page: number;
  readonly part: SearchPart | undefined;
  readonly isLabel: boolean;
  readonly text: string;
  readonly terms: ReadonlySet<string>;
  readonly weight: number;
}

/** Text says less of what a page is about than its labels do. */
const ofText = 0.55;
const ofTitle = 1.2;
/** A heading is about a part of its page. */
const ofPart = 0.85;
const goodCoverage = 0.5;
/** A rule or a port that is named as a whole, whatever stands beside it. */
const named = 0.75;
/** What stands on no page says little of which page is meant: a class, an address, a time of an error text. */
const unknownWeight = { name: 0.1, word: 0.35 } as const;

export function siteSearch(pages: readonly SearchPage[]): SiteSearch {
  const entries = pages.flatMap(entriesOf).map((entry, id) => ({ ...entry, id }));
  const index = new MiniSearch<Entry>({
    fields: ['text'],
    tokenize: (text) => [...termsOf(text)],
    processTerm: (term) => term,
    // What is looked for is a term already.
    searchOptions: { tokenize: (term) => [term] },
  });
  index.addAll(entries);
  const pagesWith = new Map<string, Set<number>>();
  for (const { page, terms } of entries)
    for (const term of terms) pagesWith.set(term, (pagesWith.get(term) ?? new Set()).add(page));
  const spelt = (term: string, options: { prefix?: boolean; fuzzy?: number }) => [
    ...new Set(index.search(term, options).flatMap((found) => found.terms)),
  ];
  const vocabulary: KnownTerms = {
    has: (term) => pagesWith.has(term),
    beginningWith: (term) => spelt(term, { prefix: true }),
    near: (term) => spelt(term, { fuzzy: 2 }),
  };
  /** How much a term tells pages apart. One that stands nowhere tells as much as one of a single page. */
  const rarity = (term: string) => Math.log(1 + pages.length / (0.5 + (pagesWith.get(term)?.size ?? 1)));
  const weightOf = (word: TypedWord) => {
    const [first = ''] = word.keys();
    if ([...word.keys()].some(vocabulary.has)) return rarity(first);
    return rarity(first) * (/[\d.]/.test(first) ? unknownWeight.name : unknownWeight.word);
  };

  /** Names that are typed in small letters, too. */
  const names = new Map(
    entries
      .filter(({ isLabel, text }) => isLabel && !/\s/.test(text) && looksLikeName(text))
      .map(({ text }) => [text.toLowerCase(), text]),
  );

  /** The entries that have any of the words, and how well they have each of them. */
  const placesOf = (words: readonly TypedWord[]): ReadonlyMap<number, readonly number[]> => {
    const places = new Map<number, number[]>();
    for (const [at, word] of words.entries()) {
      for (const [term, how] of word) {
        for (const { id } of index.search(term)) {
          const row = places.get(id) ?? words.map(() => 0);
          row[at] = Math.max(row[at] ?? 0, how);
          places.set(id, row);
        }
      }
    }
    return places;
  };

  /** How much of a label was typed. */
  const shareOfLabel = ({ terms }: Entry, words: readonly TypedWord[]): number => {
    const all = sum([...terms].map(rarity));
    const typed = [...terms].filter((term) => words.some((word) => word.has(term)));
    return all === 0 ? 0 : sum(typed.map(rarity)) / all;
  };

  const ask = (typed: string): SearchAnswer => {
    const words = readTyped(typed, vocabulary);
    if (words.length === 0) return { found: [], isGood: true, terms: new Set() };
    const weights = words.map(weightOf);
    const shareOf = (row: readonly number[]) =>
      sum(row.map((how, at) => how * (weights[at] ?? 0))) / sum(weights);
    const standings = new Map<number, Standing>();
    for (const [id, row] of placesOf(words)) {
      const entry = entries[id] as Entry;
      const standing = standings.get(entry.page) ?? new Standing(words.length);
      standings.set(entry.page, standing);
      const share = shareOf(row);
      if (entry.isLabel) standing.addLabel(entry, row, share, shareOfLabel(entry, words));
      else standing.addText(entry, row, share);
    }
    const asksForName = isOfNames(typed, names);
    const found = [...standings].map(([at, standing]): FoundPage => {
      const page = pages[at] as SearchPage;
      const coverage = shareOf(standing.covered);
      const score = (2 * standing.label + coverage + standing.text / 2) * (0.4 + 0.6 * coverage);
      const parts = [...standing.parts].sort(([, a], [, b]) => b - a).map(([part]) => part);
      return { page, coverage, score: score * sectionWeight(page, asksForName), parts };
    });
    found.sort((a, b) => b.score - a.score);
    return {
      found,
      isGood: found.some(({ coverage }) => coverage >= goodCoverage),
      terms: new Set(words.flatMap((word) => [...word.keys()])),
    };
  };
  return { ask };
}

/** What was found on one page so far. */
class Standing {
  /** How well each word stands on it. */
  readonly covered: number[];
  /** Its best label and its best text. */
  label = 0;
  text = 0;
  readonly parts = new Map<SearchPart, number>();

  constructor(words: number) {
    this.covered = new Array(words).fill(0);
  }

  /** `share`: how much of what was typed the label has; `ofLabel`: how much of the label was typed. */
  addLabel({ part, text, weight }: Entry, row: readonly number[], share: number, ofLabel: number): void {
    const score = share * (0.45 + 0.55 * ofLabel) * weight;
    const isNamed = ofLabel === 1 && part !== undefined && /\d/.test(text);
    this.label = Math.max(this.label, isNamed ? Math.max(score, named) : score);
    this.#cover(row, 1);
    this.#place(part, score);
  }

  addText({ part }: Entry, row: readonly number[], share: number): void {
    const score = share * ofText;
    this.text = Math.max(this.text, score);
    this.#cover(row, ofText);
    this.#place(part, score);
  }

  #cover(row: readonly number[], factor: number): void {
    for (const [at, how] of row.entries()) this.covered[at] = Math.max(this.covered[at] ?? 0, how * factor);
  }

  #place(part: SearchPart | undefined, score: number): void {
    if (part !== undefined && part.id !== '')
      this.parts.set(part, Math.max(this.parts.get(part) ?? 0, score));
  }
}

function entriesOf(page: SearchPage, at: number): Omit<Entry, 'id'>[] {
  const label = (text: string, weight: number, part?: SearchPart) => entryOf(at, text, true, weight, part);
  const text = (words: string, part?: SearchPart) => entryOf(at, words, false, 1, part);
  return [
    label(page.title, ofTitle),
    ...page.typed.map((typed) => label(typed, 1)),
    text(page.description),
    ...page.parts.flatMap((part) => [
      ...(part.id === '' ? [] : [part.title, ...part.names].map((name) => label(name, ofPart, part))),
      text(`${part.title} ${part.text}`, part),
    ]),
  ];
}

function entryOf(
  page: number,
  text: string,
  isLabel: boolean,
  weight: number,
  part: SearchPart | undefined,
): Omit<Entry, 'id'> {
  return { page, part, isLabel, text, terms: new Set(termsOf(text)), weight };
}

/** A symptom is answered by a runbook, a name by the reference. */
function sectionWeight({ address }: SearchPage, asksForName: boolean): number {
  const isRunbook = /^\/runbooks\/./.test(address);
  const isOverview = /^\/[^/]+\/$/.test(address) && address !== '/lab/';
  if (isOverview) return 0.85;
  const isReference = /^\/(?:reference|options)\//.test(address);
  if (asksForName) return isReference ? 1.25 : 1;
  return isRunbook ? 1.25 : 1;
}

/** A rule, a port, an annotation, an option: nothing but names and numbers. */
function isOfNames(typed: string, names: ReadonlyMap<string, string>): boolean {
  const words = proseWords(typed).filter((word) => !isStopWord(word));
  const nameOf = (word: string) => (looksLikeName(word) ? word : names.get(word.toLowerCase()));
  // Capitals in small letters are a word like others, unless a name stands beside them.
  const isAlone = (word: string) => looksLikeName(word) || /\p{Ll}/u.test(nameOf(word) ?? '');
  return words.every((word) => nameOf(word) !== undefined) && words.some(isAlone);
}

function looksLikeName(word: string): boolean {
  return (
    /\d|[_/]|\p{Ll}\p{Lu}|^--|^[A-Z]{4,}$/u.test(word) ||
    /^(?:port|rule|chain|option|annotation|uid|gid|inbound|outbound)s?$/i.test(word)
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
