/** Where the rows of CONTRIBUTING.md lead: each file and folder that one names. */
import { posix } from 'node:path';

/** Of text in Markdown between backticks, what is a path: `src/words`, `print.ts`, and no command, option or tag. */
const path =
  /`([\w.@-]+(?:\/[\w.@[\]-]+)+|[\w.-]+\.(?:ts|tsx|astro|css|md|mdx|txt|json|js|conf|yml|sh|svg))`/g;

/** Names that look like paths and are none of the project's own files. */
const others: readonly string[] = ['@microsoft/jest-sarif', 'trace.json'];

/** The rows of a file's tables, from a heading to the next of the same kind. */
export function rowsUnder(heading: string, markdown: string): readonly string[] {
  const [, behind = ''] = markdown.split(`\n## ${heading}\n`);
  const [section = ''] = behind.split('\n## ');
  return section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| to change'));
}

/** Paths of rows that lead nowhere. A name alone stands beside, or in, what the row has named before it. */
export function leadNowhere(
  rows: readonly string[],
  exists: (path: string) => boolean,
): { readonly wrong: readonly string[]; readonly found: readonly string[] } {
  const wrong: string[] = [];
  const found: string[] = [];
  for (const row of rows) {
    let folder = '';
    for (const [, written = ''] of row.matchAll(path)) {
      if (others.includes(written)) continue;
      const places = [written, posix.join(folder, written), posix.join(posix.dirname(folder), written)];
      const place = places.find(exists);
      if (place === undefined) wrong.push(`${written}, in: ${row.slice(2, 80)}`);
      else {
        found.push(place);
        if (written.includes('/')) folder = place;
      }
    }
  }
  return { wrong, found };
}
