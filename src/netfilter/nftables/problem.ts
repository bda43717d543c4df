/** Something in an nft text that could not be read, as data; `src/words` says what it means and how to fix it. */

export type NftProblem = NftProblemDetails & {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** The whole line, so that what was not read is not lost. */
  readonly text: string;
};

export type NftProblemCode = NftProblem['code'];

/** What nft's grammar has at a place: one of these words, or a part of the grammar. */
export type NftExpected = NftPart | readonly string[];

export type NftPart =
  | 'address'
  | 'amount'
  | 'comment'
  | 'expression'
  | 'field'
  | 'flag'
  | 'handle'
  | 'handle of a rule'
  | 'header or field'
  | 'index of a rule'
  | 'key'
  | 'key of ct'
  | 'key of meta'
  | 'name'
  | 'name of a chain'
  | 'name of a set'
  | 'name of a table'
  | 'number'
  | 'option'
  | 'priority'
  | 'rate'
  | 'set that was made'
  | 'statement'
  | 'type'
  | 'value';

type NftProblemDetails =
  | { readonly code: 'text too long'; readonly length: number; readonly most: number }
  /** `expected` is what nft's grammar has there. */
  | { readonly code: 'unexpected word'; readonly found: string; readonly expected: NftExpected }
  | { readonly code: 'include'; readonly file: string }
  | { readonly code: 'variable unknown'; readonly name: string }
  /** JSON that ends too early or breaks off, or is not what nft -j prints. */
  | { readonly code: 'JSON unreadable' }
  /** A part of the JSON that is not known, as it stands. */
  | { readonly code: 'JSON part unknown'; readonly part: string }
  /** A line of iptables-save or a command of iptables. */
  | { readonly code: 'rules of iptables' };
