/**
 * A publisher's route, walked: a copy of the handbook, its `handbook.config.ts` edited, pages of one's own added,
 * `npm run docs:update`, and the build.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { astro, copyHandbook, runIn, setHandbook } from './copy.ts';
import { handbook } from './handbook.ts';

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
  const { folder, remove } = copyHandbook('fork');
  try {
    cpSync(join(import.meta.dirname, 'fork'), folder, { recursive: true });
    setHandbook(folder, handbook);
    runIn(folder, 'test/docs/check.ts', '--update');
    const started = Date.now();
    runIn(folder, astro, 'build');
    return { folder, dist: join(folder, 'dist'), seconds: (Date.now() - started) / 1000, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
