/** A place in the words of an nft text, and what a reader asks of it. */
import type { NftRule } from './model.ts';
import type { NftExpected } from './problem.ts';
import type { NftToken } from './tokens.ts';

export interface Cursor {
  readonly text: string;
  readonly tokens: readonly NftToken[];
  at: number;
  /** How many sets are open: between their braces a comma parts elements. */
  depth: number;
  /** Chains that stand in the rule that is read, and how many were met in the text. */
  readonly anonymous: { readonly name: string; readonly rules: NftRule[] }[];
  chainNumber: number;
  /** How many of them stand in one another here. */
  nested: number;
  /** How many parentheses are open. */
  brackets: number;
}

/** How deep sets, parentheses and JSON are followed: what nests without an end would fill the stack of who reads it. */
export const deepestNesting = 100;

/** Thrown inside of the reader where a word is not what has to stand there, and caught at the end of the line. */
export class Unexpected extends Error {
  readonly expected: NftExpected;
  readonly token: NftToken | undefined;
  constructor(expected: NftExpected, token: NftToken | undefined) {
    super('a word that does not belong there');
    this.expected = expected;
    this.token = token;
  }
}

export function peek(c: Cursor, ahead = 0): NftToken | undefined {
  return c.tokens[c.at + ahead];
}

/** The next word's text, where it is on the same line; else ''. */
export function peekText(c: Cursor, ahead = 0): string {
  const token = c.tokens[c.at + ahead];
  return token === undefined || ['string', 'handle', 'owner'].includes(token.kind) ? '' : token.text;
}

/** Goes on if the next word is this one. */
export function takeWord(c: Cursor, text: string): boolean {
  if (peekText(c) !== text) return false;
  c.at++;
  return true;
}

export function demand(c: Cursor, text: string): void {
  if (!takeWord(c, text)) throw new Unexpected([text], peek(c));
}

/** A word, whatever it is. */
export function demandWord(c: Cursor, expected: NftExpected): string {
  const token = peek(c);
  if (token === undefined || token.kind !== 'word') throw new Unexpected(expected, token);
  c.at++;
  return token.text;
}

/** A name, with or without quotes. */
export function demandName(c: Cursor, expected: NftExpected): string {
  const token = peek(c);
  if (token === undefined || (token.kind !== 'word' && token.kind !== 'string'))
    throw new Unexpected(expected, token);
  c.at++;
  return token.text;
}

/** True at the end of a statement: a line's end, `;`, a closing brace, or the text's end. */
export function isEnd(c: Cursor): boolean {
  const token = peek(c);
  return (
    token === undefined ||
    token.kind === 'end of line' ||
    token.kind === 'handle' ||
    (token.kind === 'sign' && (token.text === ';' || token.text === '}'))
  );
}

/** Ends of lines and semicolons. */
export function skipEnds(c: Cursor): void {
  for (;;) {
    const token = peek(c);
    if (
      token === undefined ||
      !(token.kind === 'end of line' || (token.kind === 'sign' && token.text === ';'))
    )
      return;
    c.at++;
  }
}

/** What stands in the text from a word to before the place. */
export function textFrom(c: Cursor, from: number): string {
  const first = c.tokens[from];
  const last = c.tokens[c.at - 1];
  return first === undefined || last === undefined || c.at === from
    ? ''
    : c.text.slice(first.start, last.end);
}

/** Everything up to the end of the statement, as it stands; braces in it are kept in pairs. */
export function restOfStatement(c: Cursor, stops: readonly string[] = []): string {
  const from = c.at;
  let depth = 0;
  for (;;) {
    const token = peek(c);
    if (token === undefined || token.kind === 'handle') break;
    if (depth === 0 && (isEnd(c) || (token.kind === 'word' && stops.includes(token.text)))) break;
    if (token.kind === 'sign' && token.text === '{') depth++;
    if (token.kind === 'sign' && token.text === '}') depth--;
    c.at++;
  }
  return textFrom(c, from);
}
