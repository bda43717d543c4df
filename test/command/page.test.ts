/** The page of the command: each of its examples runs, and is offered wherever something is to be pasted. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exampleAnswer } from '../../src/command/examples/answer.ts';
import { exitCodes } from '../../src/command/terminal.ts';
import { askPod } from '../../src/handbook/lab/index.ts';
import { exitWords } from '../../src/words/index.ts';
import { pageExamples } from './page-examples.ts';
import { sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');

test('every example runs, and shows no path of this machine', async () => {
  expect(pageExamples.length).toBeGreaterThan(3);
  for (const line of pageExamples) {
    const { exit, shown } = await exampleAnswer(line);
    expect([0, 1], line).toContain(exit);
    expect(shown.length, line).toBeGreaterThan(100);
    expect(shown, line).not.toMatch(/src\/command|\/home\/|\/tmp\//);
  }
});

test('the page tells every exit code, in the words of the command’s help', () => {
  const page = readFileSync(join(root, 'content/reference/command.mdx'), 'utf8');
  const told = [...page.matchAll(/^\| (\d) \| (.+) \|$/gm)].map(([, code, words]) => [Number(code), words]);
  const named = Object.entries(exitWords).map(([name, words]) => [
    exitCodes[name as keyof typeof exitWords],
    words,
  ]);
  expect(told).toEqual(named);
});

test('one that does not run is seen', async () => {
  expect((await exampleAnswer('sidetrack inspect absent.txt')).exit).toBe(2);
});

test('every runbook and the lab offer the pipe beside the paste', () => {
  const runbooks = readdirSync(join(root, 'content/runbooks')).map((name) => `content/runbooks/${name}`);
  for (const file of [...runbooks, 'content/lab.mdx'])
    expect(readFileSync(join(root, file), 'utf8'), file).toMatch(/^<InTerminal \/>$/m);
});

test('what the lab’s first command prints is read from the pipe', async () => {
  // Its own script, run where there is no rule to be seen, prints headings alone; a recorded pod printed these.
  expect(askPod).toContain('iptables-nft-save iptables-legacy-save ip6tables-nft-save ip6tables-legacy-save');
  const recorded = readFileSync(join(root, 'components/lab/sample.iptables-save.txt'), 'utf8');
  const piped = `# iptables-nft-save\n${recorded}# iptables-legacy-save\n# ip6tables-nft-save\n# ip6tables-legacy-save\n`;
  const { exit, out } = await sidetrack(['inspect', '-'], { piped });
  expect([exit, out.includes('These are the rules of Istio')]).toEqual([0, true]);
});
