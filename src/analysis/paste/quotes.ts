/**
 * What stands in quotes in a line is its author's own: a comment may hold anything, and the rest of the line has to
 * be understood without it.
 */

/** What iptables quotes, and what a shell does. */
const quoted = /"(?:[^"\\]|\\.)*"|'[^']*'/g;

/** The line with `change` made to what stands outside of quotes, part by part. */
export function outsideQuotes(line: string, change: (part: string) => string): string {
  if (!line.includes('"') && !line.includes("'")) return change(line);
  let text = '';
  let from = 0;
  for (const found of line.matchAll(quoted)) {
    text += change(line.slice(from, found.index)) + found[0];
    from = found.index + found[0].length;
  }
  return text + change(line.slice(from));
}

/** The line with letters in the place of what stands in quotes, so that every other column is what it was. */
export function blankQuotes(line: string): string {
  if (!line.includes('"') && !line.includes("'")) return line;
  return line.replace(quoted, (found) => 'x'.repeat(found.length));
}
