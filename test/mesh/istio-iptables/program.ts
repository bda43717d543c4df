/**
 * Istio's own istio-iptables of a release: built from a clone of istio/istio, and kept in the user's cache. Which
 * releases build depends on what the module proxy still serves.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Program {
  /** `1.30.3` */
  readonly tag: string;
  readonly file: string;
  /** What its help names: `--proxy-uid`. */
  readonly flags: ReadonlySet<string>;
}

/** The tag that stands for a release: itself, or the newest patch of a minor, or else what was built before it. */
export function tagOf(clone: string, release: string): string {
  const tags = git(clone, 'tag', '--list', release, `${release}.*`)
    .split('\n')
    .filter((tag) => tag !== '');
  const finished = tags.filter((tag) => /^[\d.]+$/.test(tag));
  const newest = (finished.length > 0 ? finished : tags).sort(byNumber).at(-1);
  if (newest === undefined)
    throw new Error(`${clone} has no tag of ${release}: git fetch --tags brings them`);
  return newest;
}

/** Stages of a release by their names, which are in the order of the alphabet, and numbers by their value. */
function byNumber(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

/** The program of a tag. Throws with what the compiler said where it cannot be built. */
export function programOf(clone: string, tag: string): Program {
  const file = join(cache(), tag);
  if (!existsSync(file)) build(clone, tag, file);
  const help = execFileSync(file, ['--help'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return { tag, file, flags: new Set(help.match(/--[a-z0-9-]+/g)) };
}

function cache(): string {
  const base = process.env.XDG_CACHE_HOME ?? '';
  return join(base === '' ? join(homedir(), '.cache') : base, 'sidetrack/istio-iptables');
}

function build(clone: string, tag: string, file: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'sidetrack-istio-'));
  try {
    const archive = execFileSync('git', ['-C', clone, 'archive', tag, '--', '.', ':(exclude)pkg/test'], {
      maxBuffer: 2 ** 30,
    });
    execFileSync('tar', ['-x', '-C', scratch], { input: archive });
    rmSync(join(scratch, 'vendor'), { recursive: true, force: true });
    const place = join(scratch, 'tools/sidetrack');
    mkdirSync(place);
    writeFileSync(join(place, 'main.go'), mainFor(scratch));
    mkdirSync(cache(), { recursive: true });
    const built = join(scratch, 'built');
    execFileSync('go', ['build', '-o', built, './tools/sidetrack'], {
      cwd: scratch,
      env: { ...process.env, GOFLAGS: '-mod=mod -buildvcs=false', CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // Into the cache in one step, so that what is there is whole.
    execFileSync('cp', [built, `${file}.new`]);
    renameSync(`${file}.new`, file);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** A program around the command, which is a part of pilot-agent; how it is had changed twice. */
function mainFor(checkout: string): string {
  const source = readFileSync(join(checkout, 'tools/istio-iptables/pkg/cmd/root.go'), 'utf8');
  const [, parameters] = /^func GetCommand\((.*)\)/m.exec(source) ?? [];
  const needsLog = parameters !== undefined && parameters !== '';
  return [
    'package main',
    'import (',
    '\t"os"',
    ...(needsLog ? ['\t"istio.io/istio/pkg/log"'] : []),
    '\t"istio.io/istio/tools/istio-iptables/pkg/cmd"',
    ')',
    'func main() {',
    ...(parameters === undefined
      ? ['\tcmd.Execute()', '\tos.Exit(0)']
      : [
          `\tif err := cmd.GetCommand(${needsLog ? 'log.DefaultOptions()' : ''}).Execute(); err != nil {`,
          '\t\tos.Exit(1)',
          '\t}',
        ]),
    '}',
    '',
  ].join('\n');
}

function git(clone: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8' });
}
