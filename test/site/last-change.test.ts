/** The day of a page's last change, in histories that were made here. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastChanges } from '../../src/site/addresses/last-change.ts';

let root: string;
const at = (name: string): string => join(root, name);

function git(folder: string, day: string, ...words: readonly string[]): void {
  const when = `${day}T12:00:00Z`;
  const names = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org' };
  const others = { GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' };
  execFileSync('git', ['-c', 'protocol.file.allow=always', ...words], {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, ...names, ...others, GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when },
  });
}

function commit(day: string, ...files: readonly string[]): void {
  for (const file of files) writeFileSync(join(at('origin'), 'docs', file), day);
  git(at('origin'), day, 'add', '.');
  git(at('origin'), day, 'commit', '-q', '-m', `On ${day}`);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'last-change-'));
  mkdirSync(join(at('origin'), 'docs/content'), { recursive: true });
  git(at('origin'), '2026-01-01', 'init', '-q');
  commit('2026-01-02', 'content/a.mdx', 'content/b.mdx', 'content/ü b.mdx');
  commit('2026-02-03', 'content/b.mdx');
  commit('2026-03-04', 'content/ü b.mdx');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('is that of the last commit that has the file, named from the folder that is asked', () => {
  expect(Object.fromEntries(lastChanges(join(at('origin'), 'docs')))).toEqual({
    'content/a.mdx': '2026-01-02',
    'content/b.mdx': '2026-02-03',
    'content/ü b.mdx': '2026-03-04',
  });
});

test('in a shallow clone, nothing is said of a file that only the last commit seems to have brought', () => {
  git(root, '2026-04-01', 'clone', '-q', '--depth', '2', `file://${at('origin')}`, 'shallow');
  expect(Object.fromEntries(lastChanges(join(at('shallow'), 'docs')))).toEqual({
    'content/ü b.mdx': '2026-03-04',
  });
  git(root, '2026-04-01', 'clone', '-q', '--depth', '1', `file://${at('origin')}`, 'shallowest');
  expect([...lastChanges(join(at('shallowest'), 'docs'))]).toEqual([]);
});

test('without a history, or without git, nothing is known', () => {
  mkdirSync(at('plain'));
  expect([...lastChanges(at('plain'))]).toEqual([]);
  const { PATH } = process.env;
  try {
    process.env.PATH = at('plain');
    expect([...lastChanges(join(at('origin'), 'docs'))]).toEqual([]);
  } finally {
    process.env.PATH = PATH;
  }
});
