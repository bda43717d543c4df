/** A text as plain values: JSON, several of it in a row, or YAML. Only this file on the floor knows the library. */
import { type Document, isScalar, parseAllDocuments, visit } from 'yaml';
import type { ConfigProblem } from '../model/problem.ts';
import { isJson, readJson } from './json.ts';
import { lineAndColumn, mostNested, type Values } from './values.ts';

/** In characters. A dump of thousands of Services has some ten millions. */
export const longestConfig = 100_000_000;
/** YAML is read a hundred times slower than JSON. */
const longestYamlConfig = 20_000_000;

export function readValues(text: string): Values {
  if (text.length > longestConfig) return tooLong(text, longestConfig);
  if (!/\S/.test(text)) return { values: [], problems: [{ code: 'text empty' }] };
  return isJson(text) ? readJson(text) : readYaml(text);
}

function tooLong({ length }: string, most: number): Values {
  return { values: [], problems: [{ code: 'text too long', length, most }] };
}

function readYaml(text: string): Values {
  if (text.length > longestYamlConfig) return tooLong(text, longestYamlConfig);
  const whole = documentsIn(text);
  // Of a text that begins within something, what stands in its outermost list is whole.
  const from = whole.values.length === 0 ? firstItem(text) : 0;
  if (from === 0) return whole;
  const { values, problems } = documentsIn(
    `${text.slice(0, from).replace(/[^\n]+/g, '')}${text.slice(from)}`,
  );
  return values.length === 0
    ? whole
    : { values, problems: [{ code: 'text begins too late', line: 1 }, ...problems] };
}

/** Where the first item of the outermost list begins that has one; 0 where none does. */
function firstItem(text: string): number {
  let least = Number.POSITIVE_INFINITY;
  let from = 0;
  for (const found of text.matchAll(/^( *)- /gm)) {
    const depth = found[1]?.length ?? 0;
    if (depth < least) [least, from] = [depth, found.index];
  }
  return from;
}

function documentsIn(text: string): Values {
  const problems: ConfigProblem[] = [];
  const read = { logLevel: 'silent', prettyErrors: false, uniqueKeys: false } as const;
  const values = parseAllDocuments(text, read).flatMap((document) => {
    const wrong = document.errors[0]?.pos[0] ?? placeOfKeyTwice(document);
    if (wrong !== null) {
      problems.push({ code: 'not YAML', ...lineAndColumn(text, wrong) });
      return [];
    }
    try {
      return [document.toJS({ maxAliasCount: 100 }) as unknown];
    } catch {
      problems.push({ code: 'nested too deep' });
      return [];
    }
  });
  const found = values.filter((value) => value !== null);
  if (problems.length === 0 && found.length > 0 && (!endsItsLine(text) || isCut(found.at(-1), 0)))
    problems.push({ code: 'text cut off', ...lineAndColumn(text, text.trimEnd().length) });
  return { values: found, problems };
}

/** A last line that is begun, by more blanks than stand before all lines, is not all there. */
function endsItsLine(text: string): boolean {
  const [, blanks] = /\n([ \t\u00a0]*)$/.exec(text) ?? [];
  return blanks !== undefined && blanks.length <= (/^[ \t\u00a0]*/.exec(text)?.[0].length ?? 0);
}

/** Fields without which no message is that others beside it have them. */
const needed = [
  'name',
  'address',
  'filters',
  'typed_config',
  'typedConfig',
  'match',
  'domains',
  'endpoint',
  '@type',
];

/** YAML has no end: where the last of it lacks what it must have, it is not all there. */
function isCut(value: unknown, depth: number): boolean {
  if (value === null) return true;
  if (typeof value !== 'object' || depth > mostNested) return false;
  if (!Array.isArray(value)) return isCut(lastOf(Object.values(value)), depth + 1);
  const last = lastOf(value);
  const others = value.slice(0, -1);
  const lacks = (name: string) => isMap(last) && !Object.hasOwn(last, name);
  const haveIt = (name: string) => others.every((one) => isMap(one) && Object.hasOwn(one, name));
  return (others.length > 1 && needed.some((name) => lacks(name) && haveIt(name))) || isCut(last, depth + 1);
}

/** The last of some; nothing of none. */
function lastOf(all: readonly unknown[]): unknown {
  return all.length === 0 ? '' : all.at(-1);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a key stands in its map a second time; the library compares each key with all before it. */
function placeOfKeyTwice(document: Document): number | null {
  let place: number | null = null;
  visit(document, {
    Map(_, { items }) {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value)) {
          place = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
        names.add(key.value);
      }
      return undefined;
    },
  });
  return place;
}
