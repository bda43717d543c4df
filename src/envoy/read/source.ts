/** A text as plain values: JSON, several of it in a row, or YAML. Only this file on the floor knows the library. */
import { parseAllDocuments } from 'yaml';
import type { ConfigProblem } from '../model/problem.ts';

/** In characters. A dump of thousands of Services has some ten millions. */
export const longestConfig = 100_000_000;
/** YAML is read a hundred times slower than JSON. */
const longestYamlConfig = 20_000_000;

export interface Values {
  readonly values: readonly unknown[];
  readonly problems: readonly ConfigProblem[];
}

export function readValues(text: string): Values {
  if (text.length > longestConfig) return tooLong(text, longestConfig);
  const start = /\S/.exec(text)?.[0];
  if (start === undefined) return { values: [], problems: [{ code: 'text empty' }] };
  return start === '{' || start === '[' ? readJson(text) : readYaml(text);
}

function tooLong({ length }: string, most: number): Values {
  return { values: [], problems: [{ code: 'text too long', length, most }] };
}

function readJson(text: string): Values {
  try {
    return { values: [JSON.parse(text)], problems: [] };
  } catch {
    return readRow(text);
  }
}

/** JSON values one behind the other: what several commands print. What is whole before a break is read. */
function readRow(text: string): Values {
  const values: unknown[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOfValue(text, at);
    if (end === null) return { values, problems: [placed('text cut off', text, text.length)] };
    const part = text.slice(at, end);
    if (part.trim() === '') break;
    try {
      values.push(JSON.parse(part));
    } catch {
      return { values, problems: [placed('not JSON', text, at + (/\S/.exec(part)?.index ?? 0))] };
    }
    at = end;
  }
  return { values, problems: [] };
}

/** Behind the value that begins at `from`, null where the text ends in it. */
function endOfValue(text: string, from: number): number | null {
  let depth = 0;
  let isText = false;
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (isText) {
      if (letter === '\\') at++;
      else if (letter === '"') isText = false;
    } else if (letter === '"') isText = true;
    else if (letter === '{' || letter === '[') depth++;
    else if (letter === '}' || letter === ']') {
      depth--;
      if (depth <= 0) return at + 1;
    }
  }
  return depth === 0 && !isText ? text.length : null;
}

function placed(code: 'text cut off' | 'not JSON' | 'not YAML', text: string, at: number): ConfigProblem {
  const before = text.slice(0, at).split('\n');
  return { code, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function readYaml(text: string): Values {
  if (text.length > longestYamlConfig) return tooLong(text, longestYamlConfig);
  const problems: ConfigProblem[] = [];
  const values = parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false }).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      problems.push(placed('not YAML', text, error.pos[0]));
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
