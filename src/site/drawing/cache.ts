/**
 * Drawings that were made before. A key covers all that a drawing depends on: what was asked, the code of this
 * folder, and the packages that draw. Anything unreadable is drawn again.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Drawing, DrawingRequest } from './drawing.ts';
import { styleSheets } from './site-style.ts';

/** Where this folder stands. Astro bundles this file into `dist`; then the folder is found from the project's root. */
export function drawingFolder(): string {
  const beside = fileURLToPath(new URL('.', import.meta.url));
  if (existsSync(join(beside, 'worker.ts'))) return beside;
  const fromRoot = resolve('src/site/drawing');
  if (existsSync(join(fromRoot, 'worker.ts'))) return fromRoot;
  throw new Error(
    `src/site/drawing/worker.ts was not found from ${process.cwd()}. Run the build from the project's root.`,
  );
}

export interface DrawingCache {
  get(request: DrawingRequest): Drawing | undefined;
  put(request: DrawingRequest, drawing: Drawing): void;
}

/** A cache without a writable `node_modules` is no cache, and no error. */
export function openCache(
  folder = resolve(drawingFolder(), '../../../node_modules/.cache/sidetrack-drawings'),
): DrawingCache {
  const version = codeVersion();
  const current = join(folder, version);
  try {
    mkdirSync(current, { recursive: true });
    for (const old of readdirSync(folder))
      if (old !== version) rmSync(join(folder, old), { recursive: true, force: true });
  } catch {
    return { get: () => undefined, put: () => {} };
  }
  const fileOf = (request: DrawingRequest): string =>
    join(current, `${hash([JSON.stringify(request)])}.json`);
  return {
    get(request) {
      try {
        const drawing: unknown = JSON.parse(readFileSync(fileOf(request), 'utf8'));
        return isDrawing(drawing) ? drawing : undefined;
      } catch {
        return undefined;
      }
    },
    put(request, drawing) {
      // Another build may be reading: a file appears under its name only when it is whole.
      const unfinished = `${fileOf(request)}.${process.pid}`;
      try {
        writeFileSync(unfinished, JSON.stringify(drawing));
        renameSync(unfinished, fileOf(request));
      } catch {
        rmSync(unfinished, { force: true });
      }
    },
  };
}

function codeVersion(): string {
  const folder = drawingFolder();
  const require = createRequire(join(folder, 'worker.ts'));
  const code = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const styles = styleSheets.map((file) => readFileSync(join(folder, file), 'utf8'));
  const lock = ['mermaid', 'jsdom', 'fontkit', '@fontsource/inter'].map((name) => versionOf(require, name));
  return hash([...code, ...styles, ...lock]);
}

function versionOf(require: NodeJS.Require, name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    const file = join(folder, name, 'package.json');
    if (existsSync(file))
      return `${name}@${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
  }
  throw new Error(`The package ${name} is not installed. Run: npm ci`);
}

function isDrawing(value: unknown): value is Drawing {
  if (typeof value !== 'object' || value === null) return false;
  const { svg, width, height } = value as Partial<Record<keyof Drawing, unknown>>;
  return typeof svg === 'string' && typeof width === 'number' && typeof height === 'number';
}

function hash(parts: readonly string[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex').slice(0, 32);
}
