/** A text as plain values: JSON, several of it in a row, or YAML. Only this file on the floor knows the library. */
import { type Document, isScalar, parseAllDocuments, visit } from 'yaml';
import type { ConfigProblem } from '../model/problem.ts';
import { isJson, readJson } from './json.ts';
import { lineAndColumn, type Values } from './values.ts';

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
      problems.push({ code: 'not YAML', line: 1, column: 1 });
      return [];
    }
  });
  return { values: values.filter((value) => value !== null), problems };
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
