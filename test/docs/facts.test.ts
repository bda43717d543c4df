/** Facts on Istio's programs: their words, their sources, what a page may make of them, and the net over all others. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkBound, checkWords } from '../../src/handbook/claims/index.ts';
import { facts, type findFact } from '../../src/istio/facts/index.ts';
import { factTemplates, factText } from '../../src/words/index.ts';
import { alterationsOf } from './fact-mutations.ts';
import { plantedStatements } from './planted-statements.ts';
import { lookUp, recorded, recordedSources, sources } from './sources.ts';

test('every source has been found in a checkout, and nothing is recorded that no fact names', () => {
  const named = sources().map(recorded);
  expect(
    [...new Set(named)].filter((line) => !recordedSources().includes(line)),
    'npm run docs:sources -- PATH --record',
  ).toEqual([]);
  expect(recordedSources().filter((line) => !named.includes(line))).toEqual([]);
});

test('every case that a fact is known by is a file of a test, and has its title', () => {
  const missing = Object.entries(facts).flatMap(([name, { known }]) =>
    known.flatMap((evidence) => {
      if (!('case' in evidence)) return [];
      const { case: file, title } = evidence;
      if (!existsSync(file)) return [`${name}: there is no ${file}`];
      const titles = readFileSync(file, 'utf8').split('\n');
      return title === undefined || titles.includes(`# ${title}`)
        ? []
        : [`${name}: ${file} has no "# ${title}"`];
    }),
  );
  expect(missing).toEqual([]);
});

test.each(Object.keys(facts))('the words of %s have each value once, and nothing by themselves', (name) => {
  const {
    values = {},
    where = {},
    checked,
    known,
  } = facts[name as string] as NonNullable<ReturnType<typeof findFact>>;
  const template = factTemplates[name] ?? '';
  const slots = [...template.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot);
  expect(slots.filter((slot) => slot !== 'subject').sort()).toEqual(
    [...Object.keys(values), ...Object.keys(where)].sort(),
  );
  expect(slots).toContain('subject');
  expect(template.replace(/\{\w+\}/g, ''), 'a number stands in the fact').not.toMatch(/\d/);
  expect(factText(name)).not.toMatch(/[{}]/);
  expect(checked).toMatch(/^20\d\d-\d\d-\d\d$/);
  for (const evidence of known)
    if ('line' in evidence) expect(evidence.line.trim().length).toBeGreaterThan(7);
});

test.each(Object.entries(facts))(
  'the words of %s agree with it, and any altered ones do not',
  (name, fact) => {
    const words = factText(name);
    expect(checkWords(name, fact, words)).toEqual([]);
    const altered = alterationsOf(name, words);
    expect(altered.length).toBeGreaterThan(2);
    for (const { at, from, to } of altered) {
      const said = words.slice(0, at) + to + words.slice(at + from.length);
      expect(checkWords(name, fact, said), said).not.toEqual([]);
    }
  },
);

const plants = [
  'Envoy retries a failed call three times.',
  'By default istiod keeps certificates for a day.',
  'The header is added by Envoy.',
  'Istio encrypts all of it.',
  'There is no pilot-agent that answers here.',
  'It needs kubectl, which prints the container.',
  'A timeout of the gateway is what ends it.',
  '- **Not so:** istio-init can run twice.',
  '| a | ztunnel listens there |',
  '# The injector removes it',
  'The image has no shell.',
  'After `one` and before `two` istiod sends it.',
];
test.each([...plants, ...plantedStatements])('is a bare statement: %s', (text) => {
  const found = checkBound('content/page.mdx', `Some words.\n\n${text}\n`);
  expect(found.map(({ line }) => line)).toContain(3);
});

const free = [
  'What does Envoy do?',
  'Calls without Envoy.',
  'Ask the sidecar.',
  '[Prometheus](/traffic/prometheus/)',
  'Paste the output of `kubectl get pod`.',
  '<Unchecked because="a story that no program is part of">Envoy sings.</Unchecked>',
  '<Rule role="output.capture" /> takes the call to Envoy.',
];
test.each(free)('is none: %s', (text) => {
  expect(checkBound('content/page.mdx', `Some words.\n\n${text}\n`)).toEqual([]);
});

test('a source is looked up in a checkout at its tag', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'sources-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', checkout, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      stdio: 'ignore',
    });
  try {
    git('init');
    writeFileSync(join(checkout, 'a.go'), 'func a() {\n\ttimeout := 10 * time.Second\n}\n');
    git('add', 'a.go');
    git('commit', '-m', 'a');
    git('tag', '1.0.0');
    writeFileSync(join(checkout, 'a.go'), 'func a() {}\n');
    git('commit', '-am', 'b');
    git('tag', '1.1.0');
    const source = { fact: 'x', repo: 'a/b', path: 'a.go', line: 'timeout := 10 * time.Second' };
    const wrong = (more: object) => lookUp({ ...source, tag: '1.0.0', ...more }, checkout).wrong;
    expect(wrong({})).toBeNull();
    expect(wrong({ tag: '1.1.0', isAbsent: true })).toBeNull();
    expect(wrong({ tag: '1.1.0' })).toMatch(/^fact "x": a.go at 1.1.0 has no such line:/);
    expect(wrong({ isAbsent: true })).toMatch(/has a line that should be gone/);
    expect(wrong({ line: 'timeout := 5 * time.Second' })).toMatch(/has no such line/);
    expect(wrong({ path: 'b.go' })).toMatch(/is not in/);
    expect(wrong({ tag: '1.2.0', isAbsent: true })).toMatch(/no such tag/);
  } finally {
    rmSync(checkout, { recursive: true });
  }
});
