/** When a page was changed last, as the history of its file tells it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** A commit's line, before the names of its files: no file is called so. */
const commitLine = /^\0([\da-f]+) (\d{4}-\d\d-\d\d)$/;

/**
 * The day of the last commit of each file under `folder`, by its name from there: `content/lab.mdx` has `2026-03-14`.
 * A shallow clone ends at commits that seem to bring every file; of a file that no later one has, nothing is known.
 * Where there is no git, or no history, nothing is known of any.
 */
export function lastChanges(folder: string): ReadonlyMap<string, string> {
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  try {
    const shallow = resolve(folder, git('rev-parse', '--git-path', 'shallow').trim());
    const cutAt = new Set(existsSync(shallow) ? readFileSync(shallow, 'utf8').trim().split('\n') : []);
    const history = git(
      '-c',
      'core.quotePath=false',
      'log',
      '--relative',
      '--name-only',
      '--format=%x00%H %cs',
      '--',
      '.',
    );
    return readHistory(history, cutAt);
  } catch {
    return new Map();
  }
}

function readHistory(history: string, cutAt: ReadonlySet<string>): ReadonlyMap<string, string> {
  const days = new Map<string, string | null>();
  let day: string | null = null;
  for (const line of history.split('\n')) {
    const [, commit, on] = commitLine.exec(line) ?? [];
    if (commit !== undefined && on !== undefined) day = cutAt.has(commit) ? null : on;
    else if (line !== '' && !days.has(line)) days.set(line, day);
  }
  return new Map([...days].flatMap(([file, on]) => (on === null ? [] : [[file, on]])));
}

let here: ReadonlyMap<string, string> | undefined;

/** Those of the handbook that is built, asked once. */
export function lastChangesHere(): ReadonlyMap<string, string> {
  here ??= lastChanges(process.cwd());
  return here;
}
