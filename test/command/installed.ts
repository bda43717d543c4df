/** The package, installed into an empty folder, and the oldest Node that it is for. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packInto } from '../../src/command/package/pack.ts';

const cache = join(import.meta.dirname, '../../node_modules/.cache');
const oldest = '22.23.5';

/** Node 22 out of the registry, once for this clone; null where it cannot be had. */
export function node22(): string | null {
  const name = `node-linux-${process.arch}`;
  const folder = join(cache, `node-${oldest}`);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${oldest}`],
    { stdio: 'ignore' },
  );
  return status === 0 && existsSync(binary) ? binary : null;
}

export interface Installed {
  readonly folder: string;
  readonly tarball: string;
  /** Runs a program in the folder, without a network where this user may take it away. */
  run(program: string, args: readonly string[], input?: string): { exit: number; out: string; err: string };
  remove(): void;
}

/** Packs, and installs the tarball into an empty folder. */
export function install(): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'sidetrack-installed-'));
  const tarball = packInto(join(folder, 'tarball'));
  const within = withoutNetwork();
  const run: Installed['run'] = (program, args, input = '') => {
    const [first = program, ...rest] = [...within, program, ...args];
    const { status, stdout, stderr } = spawnSync(first, rest, { cwd: folder, encoding: 'utf8', input });
    return { exit: status ?? -1, out: stdout, err: stderr };
  };
  const { exit, err } = run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball]);
  if (exit !== 0) throw new Error(`The tarball could not be installed: ${err}`);
  return { folder, tarball, run, remove: () => rmSync(folder, { recursive: true }) };
}

/** In a network namespace of its own there is not even lo. */
function withoutNetwork(): readonly string[] {
  for (const words of [
    ['unshare', '--net'],
    ['unshare', '--map-root-user', '--net'],
  ]) {
    try {
      execFileSync(words[0] as string, [...words.slice(1), 'true'], { stdio: 'ignore' });
      return words;
    } catch {
      // Another way, or none.
    }
  }
  return [];
}
