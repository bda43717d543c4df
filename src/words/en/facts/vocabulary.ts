/** What the words of a fact are made of, so that other words for the same fact can be held to it. */
import { findFact } from '../../../istio/facts/index.ts';
import { factText, programWords } from './index.ts';
import { programNames } from './programs.ts';
import { opposites, type Token, tokensOf } from './tokens.ts';

export interface Vocabulary {
  /** Each name and number of the fact. */
  readonly names: ReadonlySet<string>;
  /** The programs that the fact names, in their order: who does it stands before whom it is done to. */
  readonly programs: readonly string[];
  /** Words that would say the contrary, each with the one that the fact has. */
  readonly contrary: readonly { readonly words: RegExp; readonly instead: string }[];
}

export function vocabularyOf(name: string): Vocabulary {
  const fact = findFact(name);
  if (fact === undefined) return { names: new Set(), programs: [], contrary: [] };
  const { subject, values = {}, where = {}, since, before } = fact;
  const made = factText(name);
  const given = [...Object.values(values).map(String), ...Object.values(where), programWords(subject)];
  const names = [
    ...given,
    ...given.flatMap((value) => [...tokensOf(`\`${value}\``), ...tokensOf(value)].map(({ text }) => text)),
    ...[since, before].filter((release) => release !== undefined),
    ...tokensOf(made).map(({ text }) => text),
  ];
  const contrary = opposites
    .flatMap(([one, other]) => [
      { says: one, words: other },
      { says: other, words: one },
    ])
    .flatMap(({ says, words }) => {
      const instead = says.exec(made)?.[0];
      return instead === undefined || words.test(made) ? [] : [{ words, instead }];
    });
  return { names: new Set(names), programs: programsIn(made).map(({ text }) => text), contrary };
}

/** The first mention of each program in words. */
export function programsIn(words: string): readonly Token[] {
  const found = tokensOf(words).filter(({ text }) => programNames.includes(text));
  return found.filter(({ text }, at) => found.findIndex((one) => one.text === text) === at);
}
