/** Every fact that a page says in its own words, altered in turn: its numbers, names, release, setting and polarity. */
import { findFact } from '../../src/istio/facts/index.ts';
import {
  factText,
  type Polarity,
  polarities,
  programNames,
  programsIn,
  tokensOf,
} from '../../src/words/index.ts';
import type { Mutation } from './mutations.ts';

export type FactMutationKind =
  | 'number of a fact'
  | 'name of a fact'
  | 'release of a fact'
  | 'setting of a fact'
  | 'polarity of a fact';

/** An alteration of words: where, what goes and what comes. */
export interface Alteration {
  readonly kind: FactMutationKind;
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** Something is missing then, which is told where the fact begins. */
  readonly isLoss: boolean;
}

/** All alterations of words that say a fact. */
export function alterationsOf(name: string, words: string): readonly Alteration[] {
  const fact = findFact(name);
  if (fact === undefined) return [];
  const { where = {}, since, before } = fact;
  const tokens = tokensOf(withoutTags(words)).flatMap(({ text, at }): readonly Alteration[] => {
    const from = written(words, text, at);
    if (from === null) return [];
    if (text === since || text === before) {
      const [major, minor = '0'] = text.split('.');
      return [{ kind: 'release of a fact', at, from, to: `${major}.${Number(minor) + 1}`, isLoss: false }];
    }
    const number = /\d+/.exec(from);
    if (number !== null) {
      const to = from.replace(number[0], String(Number(number[0]) + 1));
      return [{ kind: 'number of a fact', at, from, to, isLoss: false }];
    }
    return [
      {
        kind: 'name of a fact',
        at,
        from,
        to: programNames.includes(from) ? other(words) : `${from}X`,
        isLoss: false,
      },
    ];
  });
  const [first, second] = programsIn(withoutTags(words)).filter(({ text }) => factText(name).includes(text));
  const turned: readonly Alteration[] =
    first === undefined || second === undefined
      ? []
      : [
          {
            kind: 'name of a fact',
            at: first.at,
            from: words.slice(first.at, second.at + second.text.length),
            to: second.text + words.slice(first.at + first.text.length, second.at) + first.text,
            isLoss: false,
          },
        ];
  const ports = [...words.matchAll(/(?<=<Port number=\{)\d+/g)].map(
    ({ 0: from, index }): Alteration => ({
      kind: 'number of a fact',
      at: words.lastIndexOf('<', index),
      from: `<Port number={${from}`,
      to: `<Port number={${from === '15021' ? 15090 : 15021}`,
      isLoss: false,
    }),
  );
  const settings = Object.values(where).flatMap((setting): readonly Alteration[] => {
    const spaced = setting.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
    const found = new RegExp(spaced, 'i').exec(words);
    return found === null
      ? []
      : [{ kind: 'setting of a fact', at: found.index, from: found[0], to: '', isLoss: true }];
  });
  const polarity = (Object.keys(polarities) as Polarity[]).flatMap((one): readonly Alteration[] => {
    const said = [...words.matchAll(polarities[one])];
    if (said.length === 0)
      return [{ kind: 'polarity of a fact', at: 0, from: '', to: `${one} `, isLoss: false }];
    return said.map(({ 0: from, index: at }) => ({
      kind: 'polarity of a fact',
      at,
      from,
      to: '',
      isLoss: true,
    }));
  });
  return [...tokens, ...turned, ...ports, ...settings, ...polarity];
}

/** A program that is not in the words. */
const other = (words: string): string =>
  ['ztunnel', 'istio-init', 'istioctl', 'istiod'].find((name) => !words.includes(name)) ?? 'netshoot';

/** Tags blank, as the check has them. */
const withoutTags = (words: string): string => words.replace(/<[^>]*>/g, (tag) => ' '.repeat(tag.length));

/** A token as it is written: `ten` is a token 10, and cannot be altered by its digits. */
function written(words: string, text: string, at: number): string | null {
  const found = words.slice(at, at + text.length);
  return found === text ? found : null;
}

export function factMutations(source: string): readonly Mutation[] {
  const said = [...source.matchAll(/<Fact is="([\w-]+)">([\s\S]*?)<\/Fact>/g)];
  const lineAt = (index: number): number => source.slice(0, index).split('\n').length;
  return said.flatMap(({ 0: whole, 1: name = '', 2: words = '', index }) => {
    const start = index + whole.length - words.length - '</Fact>'.length;
    return alterationsOf(name, words).map(
      ({ kind, at, from, to, isLoss }): Mutation => ({
        kind,
        line: isLoss ? lineAt(index) : lineAt(start + at),
        from: from === '' ? `${words.slice(0, 20)}…` : from,
        to,
        source: source.slice(0, start + at) + to + source.slice(start + at + from.length),
      }),
    );
  });
}
