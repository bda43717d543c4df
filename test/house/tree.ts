/** The project's own files as the tests of the house see them: what each is called, says, and imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '../..');

export interface Import {
  /** As it is written: `../model/packet.ts`, `node:fs`. */
  readonly written: string;
  /** From the root, where it is one of the project's own: `src/netfilter/model/packet.ts`. */
  readonly path: string | null;
}

export interface SourceFile {
  /** From the root, with `/`: `src/netfilter/index.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Files with code in them. */
export const codeEnds = ['.ts', '.tsx', '.astro', '.js', '.mjs'] as const;

const aliases: readonly (readonly [start: string, folder: string])[] = [['@components/', 'components/']];

/** Files under these folders, by the ends of their names, in the order of their paths. */
export function filesIn(folders: readonly string[], ends: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && ends.some((end) => entry.name.endsWith(end)))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')));
}

/** The same of a text that stands in no file: what a test plants. */
export function sourceFile(path: string, text: string): SourceFile {
  const found = scriptsOf(path, text).flatMap((script) => importsOf(script));
  return { path, text, imports: found.map((written) => ({ written, path: resolved(path, written) })) };
}

/** The code of a file: all of it, of an Astro page what stands before it and in its scripts. */
export function scriptsOf(path: string, text: string): readonly string[] {
  if (/\.[cm]?[jt]sx?$/.test(path)) return [text];
  if (path.endsWith('.mdx')) return [(text.match(/^import .*$/gm) ?? []).join('\n')];
  if (!path.endsWith('.astro')) return [];
  const front = /^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '';
  return [front, ...[...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, code]) => code ?? '')];
}

/** Every module that is named: types, exports, `import()` and workers (`new URL('…', import.meta.url)`) too. */
function importsOf(code: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(code, true, true);
  const addressed = [...code.matchAll(/new URL\(\s*'(\.[^']*)',\s*import\.meta\.url/g)];
  return [...importedFiles.map(({ fileName }) => fileName), ...addressed.map(([, path]) => path as string)];
}

function resolved(from: string, written: string): string | null {
  const alias = aliases.find(([start]) => written.startsWith(start));
  if (alias !== undefined) return alias[1] + written.slice(alias[0].length);
  if (!written.startsWith('.')) return null;
  const [path = ''] = written.split('?');
  return posix.normalize(posix.join(posix.dirname(from), path));
}
