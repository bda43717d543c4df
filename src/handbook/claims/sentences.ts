/** The sentences of a page, with the places at which they stand. */
import type { Tag } from './page-text.ts';
import { plainText } from './plain.ts';

export interface PageSentence {
  readonly from: number;
  readonly text: string;
}

/** Before a word that could be a verb, and is none then: "its call", "the log". */
export const beforeANoun =
  /(?:\b(?:the|an?|its|his|their|your|own|each|every|this|these|those|of|for|by|other|two|both|all|no|in|on|at|with|without|outbound|inbound|access|new|first|last|any|some|such|native|plain)|[’']s?)[ \t\n]+$/i;

/** Where a sentence ends: a stop, the end of a block, of an item, of a cell. */
const ends =
  /[.!?;](?=[\s)”"]|$)|:(?=\s*(?:$|\n|[A-Z<`]))|\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d+[.)]|#+|>|\|)[ \t])|\|/g;

export function sentencesOf(text: string): readonly PageSentence[] {
  const sentences: PageSentence[] = [];
  let from = 0;
  for (const { 0: end, index } of [...text.matchAll(ends), { 0: '', index: text.length }]) {
    sentences.push({ from, text: text.slice(from, index + end.length) });
    from = index + end.length;
  }
  return sentences;
}

/** Prose without the commands in it, which are no sentences; every character keeps its place. */
export function proseOf(lines: readonly string[]): string {
  return plainText(
    lines.join('\n').replace(/`[^`]*`/g, (code) => (/\s/.test(code) ? code.replace(/[^\n]/g, ' ') : code)),
  );
}

/** A rule is a word of its sentence: what follows it is the rule's doing. */
export function withRules(lines: readonly string[], tags: readonly Tag[], starts: readonly number[]): string {
  const units = proseOf(lines).split('');
  for (const { name, line, column } of tags) {
    if (name !== 'Rule') continue;
    const start = (starts[line - 1] ?? 0) + column - 1;
    for (const [at, unit] of [...'rule'].entries()) units[start + at] = unit;
  }
  return units.join('');
}
