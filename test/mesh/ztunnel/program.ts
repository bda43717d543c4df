/**
 * Where ztunnel comes from: its own source at a tag, built with cargo and kept in the user's cache. Nobody serves a built
 * one outside of an image, so where it was not built its recordings are replayed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setups } from './world.ts';

function cache(tag: string): string {
  const base = process.env.XDG_CACHE_HOME ?? '';
  return join(base === '' ? join(homedir(), '.cache') : base, 'sidetrack/ztunnel', tag);
}

export const ztunnelFile = (tag: string): string => join(cache(tag), 'ztunnel');

/** All that are asked. */
export const ztunnelTags: readonly string[] = [
  ...new Set(Object.values(setups).map(({ ztunnel }) => ztunnel)),
];

/** Builds ztunnel from a clone of istio/ztunnel with its tags, which is not changed; needs cargo and protoc. */
export function buildZtunnel(clone: string, tag: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'sidetrack-ztunnel-'));
  try {
    const archive = execFileSync('git', ['-C', clone, 'archive', tag, '--', '.', ':(exclude)vendor'], {
      maxBuffer: 2 ** 30,
    });
    execFileSync('tar', ['-x', '-C', scratch], { input: archive });
    withoutBoring(scratch);
    // Symbols for a debugger are most of it.
    const features = ['--no-default-features', '-F', 'tls-ring,testing', '--config', 'profile.dev.debug=0'];
    execFileSync('cargo', ['build', '--jobs', '2', ...features, '--target-dir', join(scratch, 'built')], {
      cwd: scratch,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    mkdirSync(cache(tag), { recursive: true });
    // Into the cache in one step, so that what is there is whole.
    execFileSync('cp', [join(scratch, 'built/debug/ztunnel'), `${ztunnelFile(tag)}.new`]);
    renameSync(`${ztunnelFile(tag)}.new`, ztunnelFile(tag));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Takes out a way to do TLS that is not built here, and whose code cargo would fetch from a repository all the same. */
function withoutBoring(checkout: string): void {
  const manifest = join(checkout, 'Cargo.toml');
  const lines = readFileSync(manifest, 'utf8').split('\n');
  writeFileSync(manifest, lines.filter((line) => !/^(?:tls-)?boring/.test(line)).join('\n'));
  const lock = join(checkout, 'Cargo.lock');
  const packages = readFileSync(lock, 'utf8').split('\n\n');
  const kept = packages.filter((one) => !/^name = "boring/m.test(one));
  writeFileSync(lock, kept.join('\n\n').replace(/^ "boring.*\n/gm, ''));
}

/** Why ztunnel cannot be asked, in one line; null when it can. */
export function lackOfZtunnel(): string | null {
  const absent = ztunnelTags.find((tag) => !existsSync(ztunnelFile(tag)));
  return absent === undefined ? null : `a ztunnel ${absent} that was built here`;
}
