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

/** The texts alone, where the line has neither quotes nor backslashes; else null. Most lines are such. */
export function splitPlainWords(line: string): string[] | null {
  if (line.includes('"') || line.includes("'") || line.includes('\\')) return null;
  const words = line.split(' ');
  for (const word of words) {
    if (word === '' || word.includes('\t') || word.includes('\r')) {
      return line.split(/[ \t\r]+/).filter((one) => one !== '');
    }
  }
  return words;
}

function isBlank(letter: string | undefined): boolean {
  return letter === ' ' || letter === '\t' || letter === '\r';
}

/** As xtables_save_string prints a free text (libxtables/xtables.c). */
export function printFreeText(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  return `"${text.replace(/["\\']/g, '\\$&')}"`;
}
