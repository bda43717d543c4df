/** A copy of the handbook, as a publisher makes one: to be set otherwise, written in, built, or served while writing. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Handbook } from '../../handbook.config.ts';

const root = join(import.meta.dirname, '../..');
/** What the handbook is built from. */
const parts = [
  'astro.config.mjs',
  'components',
  'content',
  'deploy',
  'LICENSE',
  'NOTICE',
  'package.json',
  'public',
  'src',
  'tsconfig.json',
  'test/docs',
  'handbook.config.ts',
];

export const astro = join(root, 'node_modules/astro/bin/astro.mjs');

export interface Copy {
  readonly folder: string;
  remove(): void;
}

/** A copy below the project, so that its packages are found; `.cache` is nobody's source. */
export function copyHandbook(name: string): Copy {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, `.cache/${name}-`));
  for (const part of parts) {
    mkdirSync(dirname(join(folder, part)), { recursive: true });
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  // Drawings that were made before are as good here.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules/.cache'), join(folder, 'node_modules/.cache'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Edits `handbook.config.ts` as a publisher does: the values change, the form of the file does not. */
export function setHandbook(folder: string, handbook: Handbook): void {
  const file = join(folder, 'handbook.config.ts');
  const source = readFileSync(file, 'utf8');
  const edited = source.replace(
    /(const handbook: Handbook = )\{[\s\S]*?\n\};/,
    (_, start: string) => `${start}${JSON.stringify(handbook, null, 2)};`,
  );
  if (edited === source) throw new Error(`${file} no longer holds "const handbook: Handbook = {…};"`);
  writeFileSync(file, edited);
}

/** Runs a script of the copy. Throws with what the program said when it fails. */
export function runIn(folder: string, script: string, ...words: readonly string[]): void {
  try {
    execFileSync(process.execPath, [script, ...words], {
      cwd: folder,
      env: publishersEnvironment(),
      stdio: 'pipe',
      encoding: 'utf8',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${script} ${words.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`);
  }
}

/** A publisher's shell has neither Vitest's own variables, which a build would take for its own, nor ours. */
export function publishersEnvironment(): NodeJS.ProcessEnv {
  const isOfTheTests = /^(VITEST.*|HANDBOOK_.*|BASE_URL|MODE|DEV|PROD|SSR|TEST|NODE_ENV|CI)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfTheTests.test(name)));
}
