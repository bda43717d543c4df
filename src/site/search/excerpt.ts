/** The piece of a text that has most of what was asked for, with its words marked. */
import { isStopWord, partTerms, wholeTerm } from './terms.ts';

export interface ExcerptPiece {
  readonly text: string;
  readonly isMarked: boolean;
}

const mostWords = 24;

/** `terms`: what the search took for what was typed. */
export function excerpt(text: string, terms: ReadonlySet<string>): readonly ExcerptPiece[] {
  const words = text.split(' ');
  const isMarked = words.map((word) => {
    const plain = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    if (plain === '' || isStopWord(plain)) return false;
    return [wholeTerm(plain), ...partTerms(plain)].some((term) => terms.has(term));
  });
  const start = bestStart(isMarked, words);
  const end = Math.min(words.length, start + mostWords);
  const pieces: { text: string; isMarked: boolean }[] = [];
  if (start > 0) pieces.push({ text: '… ', isMarked: false });
  for (let at = start; at < end; at++) {
    pieces.push({ text: words[at] ?? '', isMarked: isMarked[at] ?? false });
    if (at < end - 1) pieces.push({ text: ' ', isMarked: false });
  }
  if (end < words.length) pieces.push({ text: ' …', isMarked: false });
  return pieces;
}

/** Where the most different marked words stand close together; the beginning when there are none. */
function bestStart(isMarked: readonly boolean[], words: readonly string[]): number {
  const places = isMarked.flatMap((marked, at) => (marked ? [at] : []));
  const wordsFrom = (place: number): number =>
    new Set(
      places
        .filter((other) => other >= place && other < place + mostWords - 4)
        .map((other) => words[other]?.toLowerCase()),
    ).size;
  const counts = places.map(wordsFrom);
  const best = places[counts.indexOf(Math.max(...counts))] ?? 0;
  return best <= 4 ? 0 : best - 4;
}
