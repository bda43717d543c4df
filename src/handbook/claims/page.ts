/**
 * A page of MDX, cut into what can be checked: fences, tags, and the text that is left. It is no MDX parser: it
 * only has to leave nothing out. What it does not understand stays text, and text is searched for statements.
 */

import {
  type Attribute,
  type Exception,
  type Fence,
  factTag,
  type PageText,
  type Piece,
  passageTag,
  type SaidFact,
  type Tag,
  type TextPlace,
  type WherePassage,
} from './page-text.ts';
import { isClaimTag } from './tags.ts';

const opening = /^([\s>]*(?:(?:[-*+]|\d+[.)])\s+)*)(`{3,}|~{3,})[ \t]*([^\s`]*)[ \t]*([^`]*?)\s*$/;

/** All fences of a Markdown text. */
export function readFences(source: string): readonly Fence[] {
  const lines = source.split('\n');
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const found = opening.exec(lines[at] ?? '');
    if (found === null) continue;
    const [, indent = '', ticks = '', language = '', meta = ''] = found;
    const start = at;
    const body: string[] = [];
    const closes = (line: string) => isClosing(line, ticks);
    for (at++; at < lines.length && !closes(lines[at] ?? ''); at++) body.push(lines[at] ?? '');
    fences.push({ line: start + 1, indent, language, meta, body, isClosed: at < lines.length });
  }
  return fences;
}

function isClosing(line: string, ticks: string): boolean {
  const run = /^[\s>]*(`{3,}|~{3,})\s*$/.exec(line)?.[1] ?? '';
  return run[0] === ticks[0] && run.length >= ticks.length;
}

/** Attributes of any tag that no reader sees. */
const addresses = /^(?:href|see|src|class|id|slug)$/;
/** Front matter is text, but for the names in it, the settings that a page is for, and what no reader sees. */
const frontMatterName = /^\s*(?:-\s+)?[\w.-]+:(?=\s|$)/;
const unseenFrontMatter =
  /^\s*(?:slug|template|order|editUrl|draft|lastUpdated|tableOfContents|link|href|src|file|tag):/;

export function readPage(source: string): PageText {
  const page = new Blanked(source);
  const lines = source.split('\n');
  const fences = readFences(source);
  const frontMatter = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  const pieces: Piece[] = [];
  const piece = (kind: Piece['kind'], firstLine: number, endLine: number) =>
    pieces.push({ kind, from: page.start(firstLine), to: page.start(endLine) });
  if (frontMatter >= 0) piece('head', 0, frontMatter + 1);
  let isSetting = false;
  for (let at = 0; at <= frontMatter; at++) {
    const line = lines[at] ?? '';
    isSetting = /^(?:where|search):/.test(line) || (isSetting && /^\s/.test(line));
    const isUnseen = isSetting || unseenFrontMatter.test(line) || /^---\s*$/.test(line);
    const length = isUnseen ? line.length : (frontMatterName.exec(line)?.[0].length ?? 0);
    page.blank(page.start(at), page.start(at) + length);
  }
  for (const { line, body } of fences) {
    page.blank(page.start(line - 1), page.start(line + body.length + 1));
    piece('fence', line - 1, line + body.length + 1);
  }
  for (const [at, line] of lines.entries()) {
    if (!/^import\s.*\sfrom\s+['"]/.test(line)) continue;
    page.blank(page.start(at), page.start(at) + line.length);
    piece('head', at, at + 1);
  }
  const markup = readMarkup(page);
  return { fences, ...markup, pieces: [...pieces, ...markup.pieces].sort((a, b) => a.from - b.from) };
}

/** A text in which what has been read is blank, so that every line and column stays where it was. */
export class Blanked {
  readonly #units: string[];
  readonly #starts: number[] = [0];

  constructor(source: string) {
    this.#units = source.split('');
    for (const [at, unit] of this.#units.entries()) if (unit === '\n') this.#starts.push(at + 1);
  }

  get text(): string {
    return this.#units.join('');
  }

  /** Where a line begins, counted from 0; behind the last one, the end. */
  start(line: number): number {
    return this.#starts[line] ?? this.#units.length;
  }

  place(at: number): TextPlace {
    const line = this.#starts.findLastIndex((start) => start <= at);
    return { line: line + 1, column: at - this.start(line) + 1 };
  }

  blank(from: number, to: number): void {
    for (let at = from; at < to; at++) if (this.#units[at] !== '\n') this.#units[at] = ' ';
  }
}

const codeSpan = /^(`+)(?!`)[\s\S]*?[^`]\1(?!`)/;
const comment = /^\{\/\*[\s\S]*?\*\/\}/;
const linkTarget = /^\]\([^()\s]*(?:\s+"[^"]*")?\)/;
const closingTag = /^<\/([\w.]+)\s*>/;

/** Blanks tags, comments and the targets of links, and collects tags and exceptions on its way. */
function readMarkup(page: Blanked): Omit<PageText, 'fences'> {
  const { text } = page;
  const tags: Tag[] = [];
  const exceptions: Exception[] = [];
  const passages: WherePassage[] = [];
  const astray: TextPlace[] = [];
  const facts: SaidFact[] = [];
  let said: { readonly tag: Tag; readonly start: number } | null = null;
  const pieces: Piece[] = [];
  const piece = (kind: Piece['kind'], from: number, text: string) =>
    pieces.push({ kind, from, to: from + text.length });
  const opened: { readonly tag: Tag; readonly from: number; readonly start: number }[] = [];
  let open: { readonly from: number; readonly because: string } | null = null;
  for (let at = 0; at < text.length; at++) {
    if (!'`{]<'.includes(text[at] as string)) continue;
    const rest = text.slice(at);
    const code = codeSpan.exec(rest);
    const unseen = comment.exec(rest) ?? linkTarget.exec(rest);
    const closing = closingTag.exec(rest);
    const tag = readTag(page, text, at);
    if (text[at] === '{' && unseen === null) piece('inline', at, rest.slice(0, bracesLength(rest) ?? 1));
    if (code !== null) {
      piece('inline', at, code[0]);
      at += code[0].length - 1;
    } else if (unseen !== null) {
      piece('inline', at, unseen[0]);
      page.blank(at, at + unseen[0].length);
      at += unseen[0].length - 1;
    } else if (closing !== null) {
      if (closing[1] === 'Unchecked' && open !== null) {
        const { line } = page.place(open.from);
        exceptions.push({ line, text: text.slice(open.from, at).trim(), because: open.because });
        page.blank(open.from, at);
        open = null;
      }
      if (closing[1] === factTag && said !== null) {
        facts.push({ ...said, words: page.text.slice(said.start, at) });
        page.blank(said.start, at);
        said = null;
      }
      if (closing[1] === 'Where') {
        const passage = opened.pop();
        if (passage === undefined) astray.push(page.place(at));
        else passages.push({ ...passage, end: at, to: at + closing[0].length });
      }
      page.blank(at, at + closing[0].length);
      at += closing[0].length - 1;
    } else if (tag !== null) {
      const { end, ...found } = tag;
      tags.push(found);
      piece('tag', at, text.slice(at, end));
      blankTag(page, text.slice(at, end), at, found.name);
      const because = found.attributes.find(({ name }) => name === 'because')?.value;
      if (found.name === 'Where') opened.push({ tag: found, from: at, start: end });
      if (found.name === factTag && text[end - 2] !== '/') said = { tag: found, start: end };
      if (found.name === 'Unchecked') open = { from: end, because: because ?? '' };
      at = end - 1;
    }
  }
  return { tags, exceptions, facts, passages, astray, pieces, lines: page.text.split('\n') };
}

function readTag(page: Blanked, text: string, from: number): (Tag & { readonly end: number }) | null {
  const name = /^<([A-Za-z][\w.-]*)/.exec(text.slice(from))?.[1];
  if (name === undefined) return null;
  const attributes: Attribute[] = [];
  let at = from + 1 + name.length;
  for (;;) {
    const rest = text.slice(at);
    const end = /^\s*\/?>/.exec(rest);
    if (end !== null) return { ...page.place(from), name, attributes, end: at + end[0].length };
    const next = /^(\s+)([\w:@.-]+)(?:=("[^"]*"|'[^']*'|(?=\{)))?/.exec(rest);
    if (next === null) return null;
    const [whole, space = '', attribute = '', given] = next;
    const place = page.place(at + space.length);
    at += whole.length;
    const length = given === '' ? bracesLength(text.slice(at)) : 0;
    if (length === null) return null;
    const value = given === '' ? literalIn(text.slice(at, at + length)) : (given?.slice(1, -1) ?? '');
    attributes.push({ name: attribute, value, ...place });
    at += length;
  }
}

/** The value of `{15006}` or `{'a text'}`; null where it has to be computed. */
function literalIn(expression: string): string | null {
  const found = /^\{\s*(?:(\d+)|'([^']*)'|"([^"]*)"|`([^`$]*)`)\s*\}$/.exec(expression);
  return found?.slice(1).find((one) => one !== undefined) ?? null;
}

/** The length of an expression in braces, or null where it does not end. */
function bracesLength(text: string): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at + 1;
  }
  return null;
}

/** Blanks a tag, but keeps the attributes of one that is no claim: they may be shown, unless they are addresses. */
function blankTag(page: Blanked, tag: string, from: number, name: string): void {
  const isClaim = name === passageTag || isClaimTag(name);
  const shown = [...tag.matchAll(/([\w:@.-]+)=("[^"]*"|'[^']*'|\{[^}]*\})/g)].filter(
    ([, attribute = '']) => !isClaim && !addresses.test(attribute),
  );
  let at = from;
  for (const { index, 0: whole, 2: value = '' } of shown) {
    page.blank(at, from + index + whole.length - value.length);
    at = from + index + whole.length;
  }
  page.blank(at, from + tag.length);
}
