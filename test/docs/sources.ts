/**
 * Looks up the source of every fact in a checkout, at its tag: `npm run docs:sources -- PATH`, where PATH is a git
 * repository of istio/istio, with or without a work tree. Others are named: `envoyproxy/envoy=PATH`. With `--record` it
 * writes the lines that it found into `test/docs/sources-found.txt`: a clone has no Istio beside it, and the test there
 * asks that every source has once been found.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { facts, type SourceLine } from '../../src/istio/facts/index.ts';
import { imageSources } from './commands/images.ts';

export const recordFile = join(import.meta.dirname, 'sources-found.txt');

export interface NamedSource extends SourceLine {
  /** The fact that it is for. */
  readonly fact: string;
}

/** All lines of source that facts name, and those by which it is known what an image has. */
export function sources(): readonly NamedSource[] {
  const ofImages = imageSources().map((source) => ({ fact: 'programs of an image', ...source }));
  const ofFacts = Object.entries(facts).flatMap(([fact, { known }]) =>
    known.flatMap((evidence) => ('line' in evidence ? [{ fact, ...evidence }] : [])),
  );
  return [...ofFacts, ...ofImages];
}

/** As the record has it: one line for each source. */
export function recorded({ repo, tag, path, line, isAbsent }: SourceLine): string {
  return `${repo} ${tag} ${path}${isAbsent === true ? ' has no' : ''}: ${line}`;
}

export interface Looked {
  readonly source: NamedSource;
  /** What is wrong; null where the line is there, or the absent one is not. */
  readonly wrong: string | null;
}

/** Asks a checkout for a source. */
export function lookUp(source: NamedSource, checkout: string): Looked {
  const { fact, tag, path, line, isAbsent = false } = source;
  const text = fileAt(checkout, tag, path);
  const where = `fact "${fact}": ${path} at ${tag}`;
  if (!hasTag(checkout, tag)) return { source, wrong: `${where}: there is no such tag in ${checkout}` };
  if (text === null) return { source, wrong: isAbsent ? null : `${where} is not in ${checkout}` };
  const is = text.split('\n').some((one) => one.includes(line));
  if (is === !isAbsent) return { source, wrong: null };
  return {
    source,
    wrong: isAbsent
      ? `${where} has a line that should be gone:\n  ${line}`
      : `${where} has no such line:\n  ${line}\n  Find what says it now, and write its line into the fact, or correct the fact.`,
  };
}

const tags = new Map<string, boolean>();

function hasTag(checkout: string, tag: string): boolean {
  const key = `${checkout} ${tag}`;
  const known =
    tags.get(key) ?? git(checkout, 'rev-parse', '--verify', '--quiet', `${tag}^{commit}`) !== null;
  tags.set(key, known);
  return known;
}

const read = new Map<string, string | null>();

function fileAt(checkout: string, tag: string, path: string): string | null {
  const key = `${checkout} ${tag} ${path}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const text = git(checkout, 'show', `${tag}:${path}`);
  read.set(key, text);
  return text;
}

/** What git prints, or null where it has nothing to say. */
function git(checkout: string, ...args: readonly string[]): string | null {
  try {
    return execFileSync('git', ['-C', checkout, ...args], {
      encoding: 'utf8',
      maxBuffer: 64_000_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return null;
  }
}

/** `PATH` is Istio's own repository; another is named before it. */
export function readCheckouts(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((one) => {
      const at = one.indexOf('=');
      return at < 0 ? ['istio/istio', one] : [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

/** The sources that were once found. */
export function recordedSources(): readonly string[] {
  return readFileSync(recordFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

if (import.meta.main) {
  const given = process.argv.slice(2);
  const checkouts = readCheckouts(given.filter((one) => !one.startsWith('--')));
  if (checkouts.size === 0) {
    console.log('npm run docs:sources -- PATH_TO_ISTIO_GIT [OWNER/NAME=PATH …] [--record]');
    process.exit(2);
  }
  const all = sources();
  const looked = all.flatMap((source) => {
    const checkout = checkouts.get(source.repo);
    return checkout === undefined ? [] : [lookUp(source, checkout)];
  });
  for (const { wrong } of looked) if (wrong !== null) console.log(`${wrong}\n`);
  const found = looked.filter(({ wrong }) => wrong === null);
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    `${date}: ${found.length} of ${looked.length} sources say what their facts say; ${all.length - looked.length} not looked up, of repositories that were not given.`,
  );
  if (given.includes('--record')) {
    const lines = new Set([...found.map(({ source }) => recorded(source)), ...kept(all, checkouts)]);
    writeFileSync(recordFile, `${[...lines].sort().join('\n')}\n`);
  }
  process.exitCode = found.length === looked.length ? 0 : 1;
}

/** What was recorded of repositories that are not given this time. */
function kept(all: readonly NamedSource[], checkouts: ReadonlyMap<string, string>): readonly string[] {
  const before = recordedSources();
  return all
    .filter(({ repo }) => !checkouts.has(repo))
    .map(recorded)
    .filter((line) => before.includes(line));
}
