/**
 * The sentences of a page that state something outside of any fact: whatever has a verb, a number, or a name and a colon,
 * and is no question and no call to do something.
 */
import { verbForms } from '../../words/index.ts';
import { readPage } from './page.ts';
import { beforeANoun, proseOf, sentencesOf } from './sentences.ts';

export interface BareSentence {
  readonly line: number;
  readonly column: number;
  /** As the page has it, without what lays it out. */
  readonly words: string;
}

const word = /[A-Za-z][\w’'-]*/g;
/** Verbs wherever they stand. */
const certain =
  /^(?:is|are|was|were|has|have|had|does|do|did|can|cannot|may|must|will|should|would|could|might|became|\w+n['’]t)$/i;

/** A known verb, or a word in the form of he, she, it or of the past; the first word of a sentence calls to do something. */
function isVerb(text: string, at: number, before: string): boolean {
  if (at === 0 && /^[A-Z]/.test(text)) return false;
  if (certain.test(text)) return true;
  if (beforeANoun.test(before)) return false;
  const small = text.toLowerCase().replaceAll('’', "'").replace(/^re-/, '');
  return verbForms.has(small) || /[a-z]ed$/.test(small) || (at > 0 && /[a-z]{2,}(?<![su'])s$/.test(small));
}

/** Headings that the tests of pages ask for. */
const headings =
  /^(?:The path, drawn|The rules that it meets|See it on a real pod|What breaks it|How to tell|See that it helped|Often confused with|Published and verified)$/;

function statesSomething(text: string, shown: string): boolean {
  if (/\?[\s”"|*]*$/.test(text) || /^(?:title|label):/.test(shown) || headings.test(shown)) return false;
  const said = [...text.matchAll(word)];
  if (said.length < 2) return false;
  return (
    /(?<![\w.])\d/.test(text) ||
    /\w: +\w/.test(text) ||
    said.some(({ 0: one, index }, at) => isVerb(one, at, text.slice(0, index)))
  );
}

const layout =
  /<\/?(?:Where|Answer|Term|li|ul|ol|p|div|details|summary|strong|em|br)\b(?:"[^"]*"|'[^']*'|[^>"'])*>/g;

/** As it is listed: blanks and what lays out are no words. */
const wordsOf = (source: string): string =>
  source
    .replace(layout, ' ')
    .replaceAll('**', '')
    .replace(/^(?:[\s>|#*-]|\d+\.\s)+|[\s|*]+$/g, '')
    .replace(/\s+/g, ' ');

/** In the head of a page each line is a sentence of its own. */
function withHead(text: string, source: string): string {
  if (!source.startsWith('---\n')) return text;
  const end = source.indexOf('\n---', 3);
  return text.slice(0, end).replaceAll('\n', '|') + text.slice(end);
}

/** All of a page, for whatever setting they stand on it. */
export function bareSentences(source: string): readonly BareSentence[] {
  const text = withHead(proseOf(readPage(source).lines), source);
  return sentencesOf(text).flatMap(({ from, text: sentence }) => {
    const words = wordsOf(source.slice(from, from + sentence.length));
    if (!statesSomething(sentence, words)) return [];
    const before = source.slice(0, from + (sentence.length - sentence.trimStart().length));
    const line = before.split('\n').length;
    return [{ line, column: before.length - before.lastIndexOf('\n'), words }];
  });
}
