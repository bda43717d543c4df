/** A part of a listed rule behind its columns, such as `tcp dpt:80`, and the options that it stands for. */

/** A word of a rule, and where in the row it was said. */
export interface Placed {
  readonly word: string;
  readonly at: number;
}

export interface Phrase {
  /** The match that it is an option of. */
  readonly match: string;
  /** Of a phrase that is said only behind the beginning of its match: `dpt:80` behind `tcp`. */
  readonly isInside: boolean;
  readonly pattern: RegExp;
  /** Null where it does not tell enough to be a rule. */
  readonly words: (found: RegExpExecArray) => readonly string[] | null;
}

export type Words = Phrase['words'];

/** A pattern that is tried at one place and ends with a word. */
export function atPlace(source: string): RegExp {
  return new RegExp(`(?:${source})(?=\\s|$)`, 'y');
}

export function phrase(match: string, source: string, words: Words, isInside = false): Phrase {
  return { match, isInside, pattern: atPlace(source), words };
}

/** `["--dport", "80"]` with its `!` where one was found. */
export function option(
  not: string | undefined,
  name: string,
  ...values: readonly string[]
): readonly string[] {
  return not === undefined || not === '' ? [name, ...values] : ['!', name, ...values];
}

/** An option with the `!` and the value that the pattern finds. */
export function inverted(name: string): Words {
  return ([, not, value = '']) => option(not?.trim(), name, value);
}

/** An option with the value that the pattern finds. */
export function valued(name: string): Words {
  return ([, value = '']) => [name, value];
}

/** An option without a value. */
export function bare(name: string): Words {
  return ([, not]) => option(not?.trim(), name);
}

/** `0x17`: those of the names whose bits are set, the first name the lowest bit; null where another bit is. */
export function bitNames(number: number, names: readonly string[]): readonly string[] | null {
  if (!(number >= 0 && number < 2 ** names.length)) return null;
  return names.filter((_, bit) => (number >> bit) % 2 === 1);
}
