/**
 * The words of one line, as a shell and `iptables-restore` take it apart, each with its column.
 */
export interface Word {
  readonly text: string;
  /** Counted from 1. */
  readonly column: number;
  readonly quoted: boolean;
}

/** Splits at blanks; quotes of both kinds and backslashes keep blanks. An open quote ends with the line. */
export function readWords(line: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (isBlank(line[at])) {
      at++;
      continue;
    }
    const start = at;
    let text = '';
    let quote = '';
    let quoted = false;
    for (; at < line.length; at++) {
      const letter = line[at] as string;
      if (quote === '' && isBlank(letter)) break;
      if (letter === '\\' && quote !== "'" && at + 1 < line.length) {
        at++;
        text += line[at];
      } else if (quote === letter) {
        quote = '';
      } else if (quote === '' && (letter === '"' || letter === "'")) {
        quote = letter;
        quoted = true;
      } else {
        text += letter;
      }
    }
    words.push({ text, column: start + 1, quoted });
  }
  return words;
}

/** The texts of the words alone, for a text with one line in tens of thousands that needs their columns. */
export function splitWords(line: string): readonly string[] {
  if (line.includes('\t') || line.includes('\r')) return textsOf(line);
  const words: string[] = [];
  const { length } = line;
  let special = nextSpecial(line, 0);
  for (let at = 0; at < length; ) {
    if (line.charCodeAt(at) === 32) {
      at++;
      continue;
    }
    let end = line.indexOf(' ', at);
    if (end < 0) end = length;
    if (special > end) {
      words.push(line.slice(at, end));
    } else {
      // A word in double quotes from end to end is common; whatever is more entangled is read letter by letter.
      end = line.indexOf('"', at + 1);
      const isPlain = special === at && line.charCodeAt(at) === 34 && end > 0;
      if (!isPlain || nextSpecial(line, at + 1) !== end) return textsOf(line);
      if (end + 1 < length && line.charCodeAt(end + 1) !== 32) return textsOf(line);
      words.push(line.slice(at + 1, end));
      special = nextSpecial(line, end + 1);
      end++;
    }
    at = end + 1;
  }
  return words;
}

function textsOf(line: string): readonly string[] {
  return readWords(line).map(({ text }) => text);
}

const specials = /["'\\]/g;

/** Where the next quote or backslash is; behind the line where there is none. */
function nextSpecial(line: string, from: number): number {
  specials.lastIndex = from;
  return specials.exec(line)?.index ?? line.length + 1;
}

function isBlank(letter: string | undefined): boolean {
  return letter === ' ' || letter === '\t' || letter === '\r';
}

/** As xtables_save_string prints a free text (libxtables/xtables.c). */
export function printFreeText(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  return `"${text.replace(/["\\']/g, '\\$&')}"`;
}
