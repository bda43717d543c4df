/**
 * YAML as a plain tree with places, and what is broken in it. Only this file on the floor knows the library.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import type { YamlMessage } from './message.ts';

/** Counted from 1. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

export interface YamlEntry {
  readonly key: string;
  readonly place: YamlPlace;
  readonly value: Value;
}

export type Value =
  | { readonly kind: 'map'; readonly place: YamlPlace; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'list'; readonly place: YamlPlace; readonly items: readonly Value[] }
  /** `isText` is false for what YAML takes for a number, a truth value or nothing. */
  | { readonly kind: 'scalar'; readonly place: YamlPlace; readonly text: string; readonly isText: boolean };

export interface Documents {
  readonly values: readonly Value[];
  readonly messages: readonly YamlMessage[];
}

/** Longer texts are no pod, and would keep a browser busy. */
export const longestYaml = 2_000_000;

/** Aliases can make a short text a huge tree. */
const mostNodes = 200_000;

/** All documents of a text. Never throws. */
export function readDocuments(text: unknown): Documents {
  const start = { line: 1, column: 1 };
  if (typeof text !== 'string') {
    return only(
      start,
      `a ${text === null ? 'null' : typeof text}`,
      'YAML is text.',
      'Hand over the text of a file.',
    );
  }
  if (text.length > longestYaml) {
    return only(
      start,
      `${text.length} characters`,
      `At most ${longestYaml} are read.`,
      'Leave out the objects that are not asked about.',
    );
  }
  const lines = new LineCounter();
  const messages: YamlMessage[] = [];
  const values: Value[] = [];
  const placeAt = (offset: number | undefined): YamlPlace => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
    for (const document of 'empty' in parsed ? [] : parsed) {
      messages.push(...document.errors.map((error) => broken(error, placeAt(error.pos[0]), text)));
      const left = { nodes: mostNodes };
      const value = plain(document.contents as Node | null, placeAt, left, (alias) =>
        alias.resolve(document),
      );
      if (value !== null) values.push(value);
      if (left.nodes <= 0) {
        messages.push({
          severity: 'error',
          code: 'too many nodes',
          ...start,
          found: 'a document whose aliases unfold into too many nodes',
          because: `At most ${mostNodes} are read.`,
          fix: 'Write the values in the place of the aliases.',
        });
      }
    }
  } catch (thrown) {
    // The library promises not to throw here; a mistake of its own must not become one of the page.
    const because = thrown instanceof Error ? thrown.message : String(thrown);
    return only(
      start,
      'a text',
      `The YAML library cannot read it: ${because}`,
      'Check it with a YAML linter.',
    );
  }
  return { values, messages };
}

function only(place: YamlPlace, found: string, because: string, fix: string): Documents {
  return {
    values: [],
    messages: [{ severity: 'error', code: 'unreadable', ...place, found, because, fix }],
  };
}

type Resolve = (alias: Extract<Node, { source: string }> & { resolve(doc: unknown): unknown }) => unknown;

function plain(
  node: Node | null | undefined,
  placeAt: (offset: number | undefined) => YamlPlace,
  left: { nodes: number },
  resolve: Resolve,
): Value | null {
  left.nodes--;
  if (node === null || node === undefined || left.nodes <= 0) return null;
  const place = placeAt(node.range?.[0]);
  if (isAlias(node)) return plain(resolve(node as never) as Node | undefined, placeAt, left, resolve);
  if (isMap(node)) {
    const entries = node.items.flatMap(({ key, value }): readonly YamlEntry[] => {
      const keyNode = key as Node | null;
      const name = isScalar(keyNode) ? String(keyNode.value) : null;
      if (name === null) return [];
      const at = placeAt(keyNode?.range?.[0]);
      const read = plain(value as Node | null, placeAt, left, resolve);
      if (read === null && isAlias(value)) return [];
      return [
        { key: name, place: at, value: read ?? { kind: 'scalar', place: at, text: '', isText: false } },
      ];
    });
    return { kind: 'map', place, entries };
  }
  if (isSeq(node)) {
    const items = node.items.flatMap((item) => plain(item as Node | null, placeAt, left, resolve) ?? []);
    return { kind: 'list', place, items };
  }
  if (!isScalar(node)) return null;
  const isText = typeof node.value === 'string';
  // What the writer wrote, where YAML would take it for something else: 1.10 is not 1.1.
  const text = isText ? String(node.value) : (node.source ?? String(node.value ?? ''));
  return { kind: 'scalar', place, text, isText };
}

/** What the library's errors mean to someone who wrote a pod, by their codes. */
const broken = (error: YAMLError, place: YamlPlace, text: string): YamlMessage => {
  const line = text.split('\n')[place.line - 1] ?? '';
  const wildcard = /:\s*(\*\s*)$/.exec(line);
  const [because, fix] =
    wildcard !== null
      ? ['An unquoted * begins an alias in YAML; a name was expected behind it.', 'Write "*" in quotes.']
      : (wordsOf[error.code] ?? [
          `The YAML is broken: ${error.message.split('\n')[0]}.`,
          'Compare the indentation and the quotes with the line before.',
        ]);
  return {
    severity: 'error',
    code: 'broken YAML',
    ...place,
    found: line.trim() === '' ? 'the end of a line' : `"${line.trim().slice(0, 80)}"`,
    because,
    fix,
  };
};

const wordsOf: Readonly<Partial<Record<string, readonly [because: string, fix: string]>>> = {
  TAB_AS_INDENT: [
    'Expected blanks: YAML takes no tab for indentation.',
    'Put blanks in the place of the tabs.',
  ],
  BAD_INDENT: [
    'Expected the indentation of the lines that this one belongs to.',
    'Indent it as the other entries of the same object.',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'Expected a colon and a blank behind the key, in the same line.',
    'Write "key: value", or quote the text.',
  ],
  MISSING_CHAR: [
    'Expected a sign that is missing: a closing quote, bracket or comma.',
    'Close what was opened.',
  ],
  UNEXPECTED_TOKEN: ['Expected a key or a value.', 'Quote the text, or take the sign away.'],
  DUPLICATE_KEY: [
    'Expected each key once: of two, Kubernetes takes the last one or refuses the object.',
    'Take one of the two away.',
  ],
  BAD_ALIAS: ['Expected a name behind *.', 'Write "*" in quotes.'],
  BLOCK_AS_IMPLICIT_KEY: [
    'Expected one value: a second key stands in the same line.',
    'Write the second key in a line of its own, or quote the value.',
  ],
};

// --- Reading the tree ---------------------------------------------------------------------------------------

/** The value under a path of keys, or undefined. */
export function field(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let at = value;
  for (const key of path) at = entriesOf(at).findLast((entry) => entry.key === key)?.value;
  return at;
}

export function entriesOf(value: Value | undefined): readonly YamlEntry[] {
  return value?.kind === 'map' ? value.entries : [];
}

export function itemsOf(value: Value | undefined): readonly Value[] {
  return value?.kind === 'list' ? value.items : [];
}

/** The text of a scalar; undefined for anything else. */
export function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'scalar' ? value.text : undefined;
}

/** A whole number, or undefined. */
export function numberOf(value: Value | undefined): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** All documents of a text as plain values; what cannot be read is left out. */
export function plainDocuments(text: string): readonly unknown[] {
  const parsed = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  return ('empty' in parsed ? [] : parsed).flatMap((document) =>
    document.errors.length > 0 ? [] : [document.toJS({ maxAliasCount: 100 }) as unknown],
  );
}
