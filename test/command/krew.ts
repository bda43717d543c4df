/**
 * krew's own programs, of which one validates manifests and one installs. They are built once for this clone, from
 * Go's module proxy, by
 *
 *     node test/command/krew.ts
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const version = 'v0.4.4';
const folder = join(import.meta.dirname, `../../node_modules/.cache/krew-${version}`);
const names = ['validate-krew-manifest', 'krew'] as const;

export type KrewPrograms = Readonly<Record<(typeof names)[number], string>>;

/** Where they are; null where they have not been built. */
export function krewPrograms(): KrewPrograms | null {
  const paths = names.map((name) => [name, join(folder, name)] as const);
  return paths.every(([, path]) => existsSync(path)) ? (Object.fromEntries(paths) as KrewPrograms) : null;
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync(
    'go',
    ['install', ...names.map((name) => `sigs.k8s.io/krew/cmd/${name}@${version}`)],
    { stdio: 'inherit', env: { ...process.env, GOBIN: folder } },
  );
  process.exitCode = status ?? 1;
}
