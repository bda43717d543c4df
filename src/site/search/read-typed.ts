/**
 * What is typed, word by word as it is meant: as it stands, in its parts, as two words, as the beginning of one, misspelt,
 * or as another word that means the same.
 */
import { alike, isKnownWord } from './alike.ts';
import { isStopWord, partTerms, proseWords, stem, wholeTerm } from './terms.ts';

/** A word of what was typed: the terms that stand for it, each with how well it does, from 0 to 1. The first is the word itself. */
export type TypedWord = ReadonlyMap<string, number>;

/** The terms that stand on any page. */
export interface KnownTerms {
  has(term: string): boolean;
  beginningWith(term: string): readonly string[];
  /** Two letters off at most. */
  near(term: string): readonly string[];
}

const quality = {
  joined: 1,
  beginning: 0.8,
  misspelt: 0.75,
  alike: 0.7,
  misspeltTwice: 0.6,
  half: 0.45,
} as const;

export function readTyped(typed: string, vocabulary: KnownTerms): readonly TypedWord[] {
  const all = proseWords(typed);
  const telling = all.filter((word) => !isStopWord(word));
  const asked = telling.length > 0 ? telling : all;
  const isOpen = /[\p{L}\p{N}]$/u.test(typed);
  const read = asked.flatMap((word, at) => readWord(word, isOpen && at === asked.length - 1, vocabulary));
  const words = new Map(read.map((word) => [[...word.keys()][0], word]));
  for (const [at, word] of all.entries()) {
    const next = all[at + 1];
    if (next !== undefined) addJoined([word, next], [...words.values()], vocabulary);
  }
  return [...words.values()];
}

/** Two words that people also write as one: `side car`. */
function addJoined(
  two: readonly [string, string],
  words: readonly Map<string, number>[],
  vocabulary: KnownTerms,
): void {
  const joined = wholeTerm(two.join(''));
  if (!vocabulary.has(joined) && !isKnownWord(joined)) return;
  for (const part of two.map(wholeTerm)) {
    const word = words.find((one) => one.has(part));
    if (word === undefined) continue;
    word.set(joined, quality.joined);
    for (const other of alike(joined)) if (!word.has(other)) word.set(other, quality.alike);
  }
}

/** One word, or several when it is made of several. `isOpen`: more of it may be typed yet. */
function readWord(word: string, isOpen: boolean, vocabulary: KnownTerms): Map<string, number>[] {
  const whole = wholeTerm(word);
  const isKnown = (term: string) => vocabulary.has(term) || isKnownWord(term);
  const inTwo = (letters: number) => splits(whole, letters).find((two) => two.every(isKnown));
  const several = (parts: readonly string[]) => parts.flatMap((part) => readWord(part, false, vocabulary));
  if (isKnown(whole)) {
    const meant = withAlike([whole], 1);
    for (const part of inTwo(4) ?? []) if (!meant.has(part)) meant.set(part, quality.half);
    if (isOpen && whole.length > 2) addBeginnings(whole, meant, vocabulary);
    return [meant];
  }
  const parts = partTerms(word);
  if (parts.length > 1) return several(parts);
  const halves = inTwo(4);
  if (halves !== undefined) return several(halves);
  const begun = new Map<string, number>();
  if (whole.length > 2) addBeginnings(whole, begun, vocabulary);
  if (begun.size > 0) return [begun];
  const misspelt = withAlike([...slips(word.toLowerCase())].filter(isKnown), quality.misspelt);
  if (misspelt.size > 0) return [misspelt];
  const pieces = inTwo(3);
  if (pieces !== undefined) return several(pieces);
  const far = withAlike(/^\p{L}{7,}$/u.test(whole) ? vocabulary.near(whole) : [], quality.misspeltTwice);
  return [far.size > 0 ? far : new Map([[whole, 1]])];
}

function withAlike(terms: readonly string[], how: number): Map<string, number> {
  const meant = new Map(terms.map((term) => [term, how]));
  for (const term of terms)
    for (const other of alike(term)) if (!meant.has(other)) meant.set(other, how * quality.alike);
  return meant;
}

function addBeginnings(term: string, meant: Map<string, number>, vocabulary: KnownTerms): void {
  for (const longer of vocabulary.beginningWith(term))
    if (!meant.has(longer)) meant.set(longer, quality.beginning);
}

/** All that is one slip away: a letter too many, too few, another one, or two the other way round. Numbers have none. */
function slips(word: string): ReadonlySet<string> {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const found = new Set<string>();
  if (!/^\p{L}{4,}$/u.test(word)) return found;
  for (let at = 0; at <= word.length; at++) {
    const before = word.slice(0, at);
    const after = word.slice(at);
    found.add(stem(before + after.slice(1)));
    if (after.length > 1) found.add(stem(before + after[1] + after[0] + after.slice(2)));
    for (const letter of letters) {
      found.add(stem(before + letter + after));
      found.add(stem(before + letter + after.slice(1)));
    }
  }
  return found;
}

/** Into two of so many letters at least, the even halves first. */
function splits(term: string, letters: number): [string, string][] {
  if (!/^\p{L}+$/u.test(term)) return [];
  const places = [...term].map((_, at) => at).filter((at) => at >= letters && term.length - at >= letters);
  return places
    .sort((a, b) => Math.abs(a - term.length / 2) - Math.abs(b - term.length / 2))
    .map((at) => [stem(term.slice(0, at)), stem(term.slice(at))]);
}
