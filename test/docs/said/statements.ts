/**
 * The net over what code tells readers: a sentence with the name of a program and a verb stands in a fact, with words that
 * agree with it, or is listed by what holds it. A sentence that is changed by a word is another one.
 */
import { checkWords, statementsIn } from '../../../src/handbook/claims/index.ts';
import { type FactName, findFact } from '../../../src/istio/facts/index.ts';
import { verbForms } from '../../../src/words/index.ts';
import { heldIn } from './held/index.ts';
import { type FileHeld, type HeldKind, heldKinds } from './held/kinds.ts';
import type { SaidText } from './texts.ts';

export interface SaidStatement {
  readonly file: string;
  readonly line: number;
  /** The sentence, as it is listed. */
  readonly words: string;
}

const kinds = Object.keys(heldKinds) as readonly HeldKind[];
const nothing: FileHeld = {};

/** Sentences of a text that name a program and say what it does. */
export function statementsOf({ file, line, text }: SaidText): readonly SaidStatement[] {
  return statementsIn(text).map(({ sentence }) => ({ file, line, words: sentence.text.trim() }));
}

/** The words of a sentence that a fact has, blank; what is left of it may state something else. */
function withoutFacts(words: string, { facts = [] }: FileHeld): string {
  return facts.reduce((rest, [, said]) => rest.replace(said, ' '), words);
}

/** What stands beside the words of a fact is not held by it. */
function hasVerb(rest: string): boolean {
  return [...rest.matchAll(/[A-Za-z][\w’'-]*/g)].some(([word]) =>
    verbForms.has(word.toLowerCase().replaceAll('’', "'")),
  );
}

/** Whole sentences that are listed. */
function listed(held: FileHeld): readonly string[] {
  return [...kinds.flatMap((kind) => held[kind] ?? []), ...(held.meant ?? []).map(([, words]) => words)];
}

/** What is said by these texts, and is neither a fact nor listed. */
export function unheld(texts: readonly SaidText[]): readonly SaidStatement[] {
  return texts.flatMap(statementsOf).filter(({ file, words }) => {
    const held = heldIn(file) ?? nothing;
    if (listed(held).includes(words)) return false;
    const rest = withoutFacts(words, held);
    return rest === words || hasVerb(rest);
  });
}

/** What is listed, and said no more. */
export function needless(file: string, texts: readonly SaidText[]): readonly string[] {
  const held = heldIn(file) ?? nothing;
  const said = texts.flatMap(statementsOf).map(({ words }) => words);
  return [
    ...(held.facts ?? []).flatMap(([, words]) => (said.some((one) => one.includes(words)) ? [] : [words])),
    ...listed(held).filter((words) => !said.includes(words)),
  ];
}

/** Where the words of a fact do not agree with it. */
export function wrongFacts(file: string): readonly string[] {
  const { facts = [], meant = [] } = heldIn(file) ?? nothing;
  return [
    ...facts.flatMap(([name, words]) => wrongWords(name, words)),
    ...meant.flatMap(([name]) => (findFact(name) === undefined ? [`there is no fact "${name}"`] : [])),
  ];
}

/** How readers know a program, and how facts call it. */
const asFactsSay = (words: string): string =>
  words.replace(/\b(?:Istio['’]s |[Tt]he )CNI plugin\b/g, 'istio-cni');

export function wrongWords(name: FactName, words: string): readonly string[] {
  const fact = findFact(name);
  if (fact === undefined) return [`there is no fact "${name}"`];
  return checkWords(name, fact, asFactsSay(words)).map(({ what }) => `"${words}": ${what}`);
}
