/**
 * What stands in quotes in a line is its author's own: a comment may hold anything, and the rest of the line has to
 * be understood without it.
 */

/** Where quotes begin and end, as iptables writes them and as a shell does; one that is never closed is a letter. */
function* quotesIn(line: string): Generator<readonly [from: number, to: number]> {
  const isClosed = { '"': true, "'": true };
  for (let at = 0; at < line.length; at++) {
    const letter = line[at];
    if ((letter !== '"' && letter !== "'") || !isClosed[letter]) continue;
    const end = letter === '"' ? closing(line, at + 1) : line.indexOf("'", at + 1);
    if (end < 0) isClosed[letter] = false;
    else {
      yield [at, end + 1];
      at = end;
    }
  }
}

/** The next `"` that no backslash stands before. */
function closing(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '"') return at;
  }
  return -1;
}

/** The line with `change` made to what stands outside of quotes, part by part. */
export function outsideQuotes(line: string, change: (part: string) => string): string {
  if (!line.includes('"') && !line.includes("'")) return change(line);
  let text = '';
  let from = 0;
  for (const [start, end] of quotesIn(line)) {
    text += change(line.slice(from, start)) + line.slice(start, end);
    from = end;
  }
  return text + change(line.slice(from));
}

/** The line with letters in the place of what stands in quotes, so that every other column is what it was. */
export function blankQuotes(line: string): string {
  if (!line.includes('"') && !line.includes("'")) return line;
  let text = '';
  let from = 0;
  for (const [start, end] of quotesIn(line)) {
    text += line.slice(from, start) + 'x'.repeat(end - start);
    from = end;
  }
  return text + line.slice(from);
}
