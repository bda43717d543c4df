/**
 * Checks every page of `content/` against the engine: `npm run docs:check`. With `--update` it rewrites the
 * fences that the engine writes, and nothing else: `npm run docs:update`. With `--report` it says what was
 * checked: `npm run docs:report`.
 */
import '../../src/site/settings/first.ts';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptPaths, checkPage, readCounts, reportPage } from '../../src/handbook/claims/index.ts';
import { evidenceKinds, facts } from '../../src/istio/facts/index.ts';
import { evidenceKindWords } from '../../src/words/index.ts';

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

function update(pages: readonly Page[]): void {
  if (process.env.CI === 'true')
    throw new Error('Pages are never rewritten in CI: run npm run docs:update yourself.');
  for (const { file, source } of pages) {
    const accepted = acceptPaths(source);
    if (accepted === source) continue;
    writeFileSync(file, accepted);
    console.log(`${file}: rewritten`);
  }
}

/** What was checked on each page, every exception with its reason, and whatever is bound to nothing. */
export function report(pages: readonly Page[]): string {
  const reports = pages.map(({ file, source }) => ({
    file,
    ...reportPage(source),
    unbound: checkPage(file, source),
  }));
  const lines = reports.flatMap((one) => [
    `${one.file}: ${counts([one])}`,
    ...factLines(one.facts),
    ...readLine([one.file]),
    ...one.exceptions.map(({ line, text, because }) => `  ${one.file}:${line}: ${text}: ${because}`),
    ...one.unbound.map(({ line, column }) => `  ${one.file}:${line}:${column}: bound to nothing`),
  ]);
  const all = reports.map(({ file }) => file);
  return [...lines, `${reports.length} pages: ${counts(reports)}`, ...readLine(all)].join('\n');
}

/** How many sentences of pages are no facts, and what holds them. */
function readLine(files: readonly string[]): readonly string[] {
  const counted = files.map(readCounts);
  const kinds = (['engine', 'page', 'reader', 'open'] as const).flatMap((kind) => {
    const count = counted.reduce((sum, one) => sum + one[kind], 0);
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return kinds.length === 0 ? [] : [`  read: ${kinds.join(', ')}`];
}

function counts(
  reports: readonly (ReturnType<typeof reportPage> & { readonly unbound: readonly unknown[] })[],
): string {
  const total = (count: (one: (typeof reports)[number]) => number): number =>
    reports.reduce((sum, one) => sum + count(one), 0);
  const elsewhere = total(({ passages }) => passages.filter(({ holds }) => !holds).length);
  return [
    amount(
      total(({ claims }) => claims),
      'claim',
    ),
    `${amount(
      total(({ paths }) => paths),
      'fence',
    )} of the engine`,
    `${total(({ codes }) => codes)} of commands`,
    `${amount(
      total(({ passages }) => passages.length),
      'passage',
    )} for some settings (${elsewhere} not for this one)`,
    amount(
      total(({ facts: said }) => said.length),
      'fact',
    ),
    amount(
      total(({ exceptions }) => exceptions.length),
      'exception',
    ),
    `${total(({ unbound }) => unbound.length)} bound to nothing`,
  ].join(', ');
}

/** How the facts of a page are known: each by all that it is known from. */
function factLines(names: readonly string[]): readonly string[] {
  const known = names.map((name) => new Set(facts[name]?.known.map(({ by }) => by)));
  const counted = evidenceKinds.flatMap((kind) => {
    const count = known.filter((kinds) => kinds.has(kind)).length;
    return count === 0 ? [] : [`${count} from ${evidenceKindWords(kind)}`];
  });
  return counted.length === 0 ? [] : [`  facts: ${counted.join(', ')}`];
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

if (import.meta.main) {
  const start = performance.now();
  if (process.argv.includes('--update')) update(readPages());
  const pages = readPages();
  if (process.argv.includes('--report')) console.log(report(pages));
  const problems = pages.flatMap(({ file, source }) => checkPage(file, source));
  for (const { message } of problems) console.log(`${message}\n`);
  const took = `${Math.round(performance.now() - start)} ms`;
  console.log(
    problems.length === 0
      ? `Every page says what the engine does (${took}).`
      : `${problems.length} problems (${took}). What is the engine's to say: npm run docs:update`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
