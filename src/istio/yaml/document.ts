/**
 * YAML as a plain tree with places, and what is broken in it. Only this file on the floor knows the library.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
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
  | {
      readonly kind: 'scalar';
      readonly place: YamlPlace;
      readonly text: string;
      readonly isText: boolean;
      /** `true` or `false`, where the text is another word for it: `yes`, `off`. */
      readonly truth?: string;
      /** It begins in the line below, each of its lines in a line of the file: `|`. */
      readonly isBlock?: true;
    };

export interface Documents {
  readonly values: readonly Value[];
  readonly messages: readonly YamlMessage[];
}

/** Longer texts are no pod, and would keep a browser busy. */
export const longestYaml = 2_000_000;

/** Aliases can make a short text a huge tree. */
const mostNodes = 200_000;

/** How much is read. */
export interface Limits {
  readonly longest: number;
  readonly nodes: number;
}

const forPages: Limits = { longest: longestYaml, nodes: mostNodes };

/** Of a broken line. */
const mostShown = 80;

/** What else is broken in a document is not told. */
const mostBroken = 100;

/** All documents of a text. Never throws. */
export function readDocuments(text: unknown, { longest, nodes }: Limits = forPages): Documents {
  const start = { line: 1, column: 1 };
  if (typeof text !== 'string') {
    return only(start, { is: 'no text', type: text === null ? 'null' : typeof text });
  }
  if (text.length > longest) {
    return only(start, { is: 'too long', length: text.length, most: longest });
  }
  const lines = new LineCounter();
  const texts = text.split('\n');
  const messages: YamlMessage[] = [];
  const values: Value[] = [];
  const placeAt = (offset: number | undefined): YamlPlace => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'silent',
      uniqueKeys: false,
    });
    for (const document of 'empty' in parsed ? [] : parsed) {
      const left: Reading = { nodes, placeAt, targets: targetsOf(document), wrong: [], open: new Set() };
      const value = plain(document.contents as Node | null, left);
      const wrong = [...document.errors, ...left.wrong].sort((a, b) => a.pos[0] - b.pos[0]);
      messages.push(
        ...wrong.slice(0, mostBroken).map((error) => broken(error, placeAt(error.pos[0]), texts)),
      );
      if (value !== null) values.push(value);
      if (left.nodes <= 0) {
        messages.push({ severity: 'error', code: 'too many nodes', ...start, most: nodes });
      }
    }
  } catch (thrown) {
    // The library promises not to throw here; a mistake of its own must not become one of the page.
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return only(start, { is: 'beyond the library', why });
  }
  return { values, messages };
}

function only(
  place: YamlPlace,
  text: Extract<YamlMessage, { readonly code: 'unreadable' }>['text'],
): Documents {
  return { values: [], messages: [{ severity: 'error', code: 'unreadable', ...place, text }] };
}

/** What is known of a document while its nodes are made plain. */
interface Reading {
  /** How many nodes may still be read. */
  nodes: number;
  readonly placeAt: (offset: number | undefined) => YamlPlace;
  readonly targets: ReadonlyMap<Alias, Node>;
  /** What the library does not mind: a key that stands in its map already, a merge of what is no map. */
  readonly wrong: Broken[];
  /** What is being read, outermost first: an alias of one of them has no end. */
  readonly open: Set<Node>;
}

type Broken = Pick<YAMLError, 'message' | 'pos'> & {
  readonly code: YAMLError['code'] | 'MERGE_OF_NO_MAP' | 'ALIAS_IN_ITSELF' | 'ALIAS_OF_NOTHING';
};

/** What each alias stands for: the library would look through the whole document for each. */
function targetsOf(document: Document): ReadonlyMap<Alias, Node> {
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  visit(document, (_, node) => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  });
  return targets;
}

function plain(node: Node | null | undefined, reading: Reading): Value | null {
  reading.nodes--;
  if (node === null || node === undefined || reading.nodes <= 0) return null;
  const place = reading.placeAt(node.range?.[0]);
  if (isAlias(node)) {
    const target = reading.targets.get(node);
    if (target !== undefined && !reading.open.has(target)) return plain(target, reading);
    tell(reading, target === undefined ? 'ALIAS_OF_NOTHING' : 'ALIAS_IN_ITSELF', node);
    return null;
  }
  reading.open.add(node);
  const value = plainValue(node, place, reading);
  reading.open.delete(node);
  return value;
}

function plainValue(node: Node, place: YamlPlace, reading: Reading): Value | null {
  const { placeAt } = reading;
  if (isMap(node)) {
    const names = new Set<string>();
    const entries = node.items.flatMap(({ key, value }): readonly YamlEntry[] => {
      const keyNode = key as Node | null;
      const name = isScalar(keyNode) ? String(keyNode.value) : null;
      if (name === null) return [];
      if (names.has(name)) tell(reading, 'DUPLICATE_KEY', keyNode);
      names.add(name);
      const at = placeAt(keyNode?.range?.[0]);
      const read = plain(value as Node | null, reading);
      if (read === null && isAlias(value)) return [];
      if (isMerge(keyNode)) return mergedEntries(read, () => tell(reading, 'MERGE_OF_NO_MAP', keyNode));
      return [
        { key: name, place: at, value: read ?? { kind: 'scalar', place: at, text: '', isText: false } },
      ];
    });
    return { kind: 'map', place, entries: names.has(mergeKey) ? lastOfEach(entries) : entries };
  }
  if (isSeq(node)) {
    const items = node.items.flatMap((item) => plain(item as Node | null, reading) ?? []);
    return { kind: 'list', place, items };
  }
  if (!isScalar(node)) return null;
  const truth = node.type === 'PLAIN' ? truths.get(String(node.value)) : undefined;
  if (truth !== undefined) return { kind: 'scalar', place, text: String(node.value), isText: false, truth };
  const isText = typeof node.value === 'string';
  // What the writer wrote, where YAML would take it for something else: 1.10 is not 1.1.
  const text = isText ? String(node.value) : (node.source ?? String(node.value ?? ''));
  return { kind: 'scalar', place, text, isText, ...(node.type === 'BLOCK_LITERAL' ? { isBlock: true } : {}) };
}

/**
 * Words without quotes that kubectl, Helm and Istio take for truth values, as YAML 1.1 had them: resolve.go of
 * go.yaml.in/yaml/v2, with which sigs.k8s.io/yaml reads.
 */
const truths: ReadonlyMap<string, string> = new Map(
  [
    ['true', 'y', 'yes', 'on'],
    ['false', 'n', 'no', 'off'],
  ].flatMap(([truth = '', ...words]) =>
    words.flatMap((word) => {
      const capital = word.charAt(0).toUpperCase() + word.slice(1);
      return [word, capital, word.toUpperCase()].map((one) => [one, truth] as const);
    }),
  ),
);

/** `<<: *usual`. */
const mergeKey = '<<';

function isMerge(key: Node | null): boolean {
  return isScalar(key) && key.value === mergeKey && key.type === 'PLAIN';
}

/**
 * What kubectl makes of `<<`: the entries of a map, or of several, of which the first goes before the others. Like
 * its reader (go-yaml v2, decode.go merge) in the order of the text: what stands below goes before.
 */
function mergedEntries(value: Value | null, refuse: () => void): readonly YamlEntry[] {
  const maps = value?.kind === 'list' ? value.items.toReversed() : [value];
  return maps.flatMap((one) => {
    if (one?.kind === 'map') return one.entries;
    // failWantMap in decode.go
    refuse();
    return [];
  });
}

function lastOfEach(entries: readonly YamlEntry[]): readonly YamlEntry[] {
  return [...new Map(entries.map((entry) => [entry.key, entry])).values()];
}

function tell({ wrong }: Reading, code: Broken['code'], node: Node | null): void {
  const at = node?.range?.[0] ?? 0;
  if (wrong.length < mostBroken) wrong.push({ code, message: '', pos: [at, at + 1] });
}

/** An error of the library, at its line. */
const broken = (error: Broken, place: YamlPlace, lines: readonly string[]): YamlMessage => {
  const line = (lines[place.line - 1] ?? '').trim();
  return {
    severity: 'error',
    code: error.code === 'DUPLICATE_KEY' ? 'key twice' : 'broken YAML',
    ...place,
    text: line.slice(0, mostShown),
    error: error.code,
    isWildcard: /:\s*\*$/.test(line),
    why: error.message.split('\n')[0] ?? '',
  };
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

/** As `textOf`, but `true` or `false` for each word that YAML has for them. */
export function truthOf(value: Value | undefined): string | undefined {
  return value?.kind === 'scalar' ? (value.truth ?? value.text) : undefined;
}

/** A whole number, or undefined. */
export function numberOf(value: Value | undefined): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** All documents of a text as plain values; what cannot be read is left out. */
export function plainDocuments(text: string): readonly unknown[] {
  const parsed = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent', merge: true });
  return ('empty' in parsed ? [] : parsed).flatMap((document) =>
    document.errors.length > 0 ? [] : [document.toJS({ maxAliasCount: 100 }) as unknown],
  );
}
