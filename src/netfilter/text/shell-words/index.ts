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

/** The texts of the words alone: of tens of thousands of lines, one or two have a column that somebody asks for. */
export function splitWords(line: string): readonly string[] {
  if (line.includes('\\') || line.includes("'") || line.includes('\t') || line.includes('\r'))
    return textsOf(line);
  const words: string[] = [];
  const { length } = line;
  const placeOf = (letter: string, from: number) => {
    const place = line.indexOf(letter, from);
    return place < 0 ? length : place;
  };
  let quote = placeOf('"', 0);
  for (let at = 0; at < length; at++) {
    if (line.charCodeAt(at) === 32) continue;
    const start = at;
    if (quote === start) {
      // A word in quotes from end to end is common; whatever is more entangled is read letter by letter.
      at = placeOf('"', start + 1) + 1;
      if (at > length || (at < length && line.charCodeAt(at) !== 32)) return textsOf(line);
      words.push(line.slice(start + 1, at - 1));
      quote = placeOf('"', at);
    } else {
      at = placeOf(' ', start);
      if (quote < at) return textsOf(line);
      words.push(line.slice(start, at));
    }
  }
  return words;
}

function textsOf(line: string): readonly string[] {
  return readWords(line).map(({ text }) => text);
}

function isBlank(letter: string | undefined): boolean {
  return letter === ' ' || letter === '\t' || letter === '\r';
}
