/** A text of JSON as plain values, several in a row too. It loads no reader of YAML. */
import { readRoughJson } from './rough-json.ts';
import type { Values } from './values.ts';

/** Whether a text is JSON, or the end of one, and not YAML. */
export function isJson(text: string): boolean {
  return /^\s*(?:[{[\]}]|"[\w@.]+"\s*:\s*(?:["{[\d]|(?:true|false|null)\s*,))/.test(text);
}

/** What is not JSON as it stands is read as people paste it. */
export function readJson(text: string): Values {
  try {
    return { values: [JSON.parse(text)], problems: [] };
  } catch {
    return readRow(text) ?? readRoughJson(text);
  }
}

/** JSON values one behind the other: what several commands print; null where one of them is none. */
function readRow(text: string): Values | null {
  const values: unknown[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOfValue(text, at);
    if (end === null) return null;
    const part = text.slice(at, end);
    if (part.trim() === '') break;
    try {
      values.push(JSON.parse(part));
    } catch {
      return null;
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
