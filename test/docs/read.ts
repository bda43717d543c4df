/**
 * The sentences of pages that are no fact: `npm run docs:read` says which are not listed and which are gone;
 * `npm run docs:read -- KIND` lists the former as held by that kind, once they have been read, and drops the latter.
 */
import '../../src/site/settings/first.ts';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { bareSentences, goneFrom, unreadOn } from '../../src/handbook/claims/index.ts';
import { type ReadKind, readKinds, readSentences } from '../../src/handbook/claims/read/index.ts';
import { type Page, readPages } from './check.ts';

const folder = 'src/handbook/claims/read';
const isKind = (text: string): text is ReadKind => text in readKinds;

/** `content/ambient/dns.mdx` is kept in `ambient.ts`, and a page of no section in `start.ts`. */
const roomOf = (file: string): string => /^content\/([^/]+)\//.exec(file)?.[1] ?? 'start';

/** A text as the formatter would have it. */
const quoted = (text: string): string =>
  text.includes("'") && !text.includes('"')
    ? `"${text.replaceAll('\\', '\\\\')}"`
    : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function listed({ file, source }: Page, kind: (words: string) => ReadKind | null): readonly string[] {
  const before = readSentences.get(file) ?? {};
  const words = [...new Set(bareSentences(source).map((sentence) => sentence.words))];
  const kinds = (Object.keys(readKinds) as ReadKind[]).flatMap((one) => {
    const here = words.filter((text) =>
      Object.values(before).some((texts) => texts?.includes(text))
        ? before[one]?.includes(text)
        : kind(text) === one,
    );
    return here.length === 0
      ? []
      : [`    ${one}: [`, ...here.map((text) => `      ${quoted(text)},`), '    ],'];
  });
  // A page that states nothing yet is listed all the same: from then on it is held to this.
  return [`  '${file}': {`, ...kinds, '  },'];
}

/** Writes the files anew: what was read stays where it was, what is new goes where it is sent. */
export function writeRead(
  pages: readonly Page[],
  kind: (file: string, words: string) => ReadKind | null,
): void {
  for (const room of new Set(pages.map(({ file }) => roomOf(file)))) {
    const members = pages.filter(({ file }) => roomOf(file) === room);
    const path = `${folder}/${room}.ts`;
    const lines = members.flatMap((page) => listed(page, (words) => kind(page.file, words)));
    const text = [
      `/** Read, and kept by npm run docs:read: pages of ${room}. */`,
      "import type { ReadSentences } from './kinds.ts';",
      '',
      `export const ${room}Read: ReadSentences = {`,
      ...lines,
      '};',
      '',
    ].join('\n');
    writeFileSync(path, text);
  }
  execFileSync('npx', ['biome', 'format', '--write', folder], { stdio: 'ignore' });
}

if (import.meta.main) {
  const [kind] = process.argv.slice(2);
  const pages = readPages();
  if (kind !== undefined && !isKind(kind))
    throw new Error(`found "${kind}"; kinds are ${Object.keys(readKinds).join(', ')}`);
  for (const { file, source } of pages) {
    for (const { line, words } of unreadOn(file, source)) console.log(`${file}:${line}: unread: ${words}`);
    for (const words of goneFrom(file, source)) console.log(`${file}: gone: ${words}`);
  }
  if (kind !== undefined) writeRead(pages, () => kind);
}
