/** A text of JSON as plain values, several in a row too. It loads no reader of YAML. */
import type { ConfigProblem } from '../model/problem.ts';

export interface Values {
  readonly values: readonly unknown[];
  readonly problems: readonly ConfigProblem[];
}

/** What is whole before a break is read. */
export function readJson(text: string): Values {
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

export function placed(
  code: 'text cut off' | 'not JSON' | 'not YAML',
  text: string,
  at: number,
): ConfigProblem {
  const before = text.slice(0, at).split('\n');
  return { code, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
