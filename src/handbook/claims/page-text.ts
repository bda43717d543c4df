/** What a page of MDX is made of. */

/** A fence of a page. */
export interface Fence {
  /** Of its opening line, counted from 1. */
  readonly line: number;
  /** White space before its ticks; what else stands there makes it a fence in a quote or a list. */
  readonly indent: string;
  readonly language: string;
  /** Behind the language. */
  readonly meta: string;
  readonly body: readonly string[];
  readonly isClosed: boolean;
}

/** A piece of a page's source, as offsets. */
export interface Piece {
  readonly kind: 'head' | 'fence' | 'tag' | 'inline';
  readonly from: number;
  readonly to: number;
}

/** Both are counted from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface Tag extends TextPlace {
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

export interface Attribute extends TextPlace {
  readonly name: string;
  /** Null where it is an expression and not a literal. */
  readonly value: string | null;
}

/** Something written that stands outside the net, with the reason that its writer gives. */
export interface Exception {
  readonly line: number;
  readonly text: string;
  readonly because: string;
}

/** The tag that bounds a passage. */
export const passageTag = 'Where';

/** What stands between `<Where …>` and `</Where>`, as offsets of the text. */
export interface WherePassage {
  readonly tag: Tag;
  readonly from: number;
  /** Behind the opening tag. */
  readonly start: number;
  /** Before the closing tag. */
  readonly end: number;
  readonly to: number;
}

/** The tag of a fact, alone or around words that say it. */
export const factTag = 'Fact';

/** A fact in the words of a page. */
export interface SaidFact {
  readonly tag: Tag;
  /** Behind the opening tag, as an offset. */
  readonly start: number;
  /** The words, with tags and the targets of links blank. */
  readonly words: string;
}

export interface PageText {
  readonly fences: readonly Fence[];
  readonly tags: readonly Tag[];
  readonly exceptions: readonly Exception[];
  /** In the order of their ends, so that an inner one comes before the one around it. */
  readonly passages: readonly WherePassage[];
  /** Facts that are said in the page's own words. */
  readonly facts: readonly SaidFact[];
  /** Where a passage is closed that was never opened. */
  readonly astray: readonly TextPlace[];
  /** What must stay in one piece: front matter, imports, fences, tags, code spans, expressions; in the order of the text. */
  readonly pieces: readonly Piece[];
  /** The lines as a reader sees them; what was markup is blank, so that columns stay. */
  readonly lines: readonly string[];
}
