/**
 * A publisher's route, walked: a copy of the handbook, its `handbook.config.ts` edited, pages of one's own added,
 * `npm run docs:update`, and the build.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { handbook } from './handbook.ts';

const root = join(import.meta.dirname, '../..');
/** What the handbook is built from. */
const parts = [
  'astro.config.mjs',
  'components',
  'content',
  'deploy',
  'package.json',
  'public',
  'src',
  'tsconfig.json',
  'test/docs',
  'handbook.config.ts',
];

export interface Fork {
  readonly folder: string;
  /** The built site. */
  readonly dist: string;
  /** How long the build took, in seconds. */
  readonly seconds: number;
  remove(): void;
}

/** Throws with what the program said when a step fails. */
export function buildFork(): Fork {
  // Below the project, so that its packages are found; `.cache` is nobody's source.
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/fork-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    return { folder, dist: join(folder, 'dist'), seconds: walk(folder), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Answers with how long the build took, in seconds. */
function walk(folder: string): number {
  for (const part of parts) {
    mkdirSync(dirname(join(folder, part)), { recursive: true });
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  // Drawings that were made before are as good here.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules/.cache'), join(folder, 'node_modules/.cache'));
  cpSync(join(import.meta.dirname, 'fork'), folder, { recursive: true });
  editConfig(join(folder, 'handbook.config.ts'));
  run(folder, 'test/docs/check.ts', '--update');
  const started = Date.now();
  run(folder, join(root, 'node_modules/astro/bin/astro.mjs'), 'build');
  return (Date.now() - started) / 1000;
}

/** The values change, the form of the file does not. */
function editConfig(file: string): void {
  const source = readFileSync(file, 'utf8');
  const edited = source.replace(
    /(const handbook: Handbook = )\{[\s\S]*?\n\};/,
    (_, start: string) => `${start}${JSON.stringify(handbook, null, 2)};`,
  );
  if (edited === source) throw new Error(`${file} no longer holds "const handbook: Handbook = {…};"`);
  writeFileSync(file, edited);
}

function run(folder: string, script: string, ...words: readonly string[]): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfTheTests(name)));
  try {
    execFileSync(process.execPath, [script, ...words], { cwd: folder, env, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${script} ${words.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`);
  }
}

/** A publisher's shell has none of these: Vitest's own, which a build would take for its own, and ours. */
function isOfTheTests(name: string): boolean {
  return /^(VITEST.*|HANDBOOK_.*|BASE_URL|MODE|DEV|PROD|SSR|TEST|NODE_ENV|CI)$/.test(name);
}
