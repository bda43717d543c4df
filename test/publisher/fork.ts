/**
 * A publisher's route, walked: a copy of the handbook, its `handbook.config.ts` edited, pages of one's own added,
 * `npm run docs:update`, and the build.
 */
import { execFileSync } from 'node:child_process';
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
    commitAll(folder);
    const started = Date.now();
    runIn(folder, astro, 'build');
    return { folder, dist: join(folder, 'dist'), seconds: (Date.now() - started) / 1000, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The day on which the publisher has committed all pages. */
export const committedOn = '2026-05-12';

function commitAll(folder: string): void {
  const when = `${committedOn}T12:00:00Z`;
  const env = { ...process.env, GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when };
  const who = ['-c', 'user.name=Publisher', '-c', 'user.email=publisher@example.org'];
  for (const words of [
    ['init', '-q'],
    ['add', 'content'],
    [...who, 'commit', '-q', '-m', 'Our pages'],
  ])
    execFileSync('git', words, { cwd: folder, env, stdio: 'pipe' });
}
