/**
 * Checks every page of `content/` against the engine: `npm run docs:check`. With `--update` it rewrites path
 * fences to what the engine walks, and nothing else: `npm run docs:update`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptPaths, type ClaimProblem, checkPaths, checkProse } from '../../src/handbook/index.ts';

const folder = 'content';

export interface Page {
  readonly file: string;
  readonly source: string;
}

/** All pages, with their paths from the root of the project. */
export function readPages(): readonly Page[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.mdx?$/.test(name))
    .sort()
    .map((name) => ({ file: join(folder, name), source: readFileSync(join(folder, name), 'utf8') }));
}

export function checkPage({ file, source }: Page): readonly ClaimProblem[] {
  return [...checkPaths(file, source), ...checkProse(file, source)];
}

function update(pages: readonly Page[]): void {
  for (const { file, source } of pages) {
    const accepted = acceptPaths(source);
    if (accepted === source) continue;
    writeFileSync(file, accepted);
    console.log(`${file}: rewritten`);
  }
}

if (import.meta.main) {
  if (process.argv.includes('--update')) update(readPages());
  const problems = readPages().flatMap(checkPage);
  for (const { message } of problems) console.log(`${message}\n`);
  console.log(
    problems.length === 0 ? 'Every page says what the engine does.' : `${problems.length} problems.`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
