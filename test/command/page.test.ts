/** The page of the command: each of its examples runs, and is offered wherever something is to be pasted. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ambientWeights } from '../../src/analysis/manifests/ambient.ts';
import { exampleAnswer } from '../../src/command/examples/answer.ts';
import { exitCodes } from '../../src/command/terminal.ts';
import { askPod } from '../../src/handbook/lab/index.ts';
import { handbookSetting, meshChoices, pod } from '../../src/handbook/scenarios/index.ts';
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

test('every rule of check about ambient mode alone is broken once on the page, and has its fix and runbook', async () => {
  const page = readFileSync(join(root, 'content/reference/command.mdx'), 'utf8');
  const { exit, shown } = await exampleAnswer('sidetrack check enrolled');
  const broken = [
    ...shown.matchAll(/^\S+ \w+ (ambient\.\S+)\n.+\n {2}Fix: .+\n {2}Runbook: \/runbooks\/ambient-/gm),
  ];
  expect(exit).toBe(1);
  expect(broken.map(([, rule]) => rule).sort()).toEqual(Object.keys(ambientWeights).sort());
  expect(page).toContain('<CommandAnswer run="sidetrack check enrolled" />');
  // The page says how many they are.
  expect([broken.length, page.includes('Six of its rules are about ambient mode alone.')]).toEqual([6, true]);
});

test('the page tells every choice of the mesh, and first the value that holds without it', () => {
  const page = readFileSync(join(root, 'content/reference/command.mdx'), 'utf8');
  const told = [...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, name, values = '']) => [
    name,
    values.split(', ').map((value) => value.replaceAll('`', '')),
  ]);
  expect(Object.fromEntries(told)).toEqual(meshChoices);
});

test('RELEASE in an example is the release of the handbook', async () => {
  const { line, shown } = await exampleAnswer('sidetrack diff RELEASE ambient:RELEASE');
  const { release } = handbookSetting;
  expect(line).toBe(`sidetrack diff ${release} ambient:${release}`);
  expect(shown).toContain(`  ambient:${release}: through ztunnel`);
});

test('POD in an example is the address and the port of the handbook’s pod', async () => {
  const { line, exit } = await exampleAnswer('sidetrack walk --ambient --from 203.0.113.10 --to POD');
  expect(line).toBe(`sidetrack walk --ambient --from 203.0.113.10 --to ${pod.address}:${pod.port}`);
  expect(exit).not.toBe(2);
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
