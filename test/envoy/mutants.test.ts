/**
 * A test of the tests: mistakes that could be made in the order and in the conditions, each made in a copy of the floor.
 * What a real Envoy did must catch every one. A mistake whose place is not found any more fails too.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mutant, mutants } from './mutants.ts';

const cache = resolve('.cache');
const copies: string[] = [];

function newCopy(): string {
  mkdirSync(cache, { recursive: true });
  const copy = mkdtempSync(join(cache, 'envoy-mutant-'));
  copies.push(copy);
  for (const floor of ['netfilter', 'envoy'])
    cpSync(join('src', floor), join(copy, floor), { recursive: true });
  return copy;
}
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

/** What the replay prints: how many disagreements there are. */
function replay(copy: string): Promise<string> {
  return new Promise((done) => {
    execFile(process.execPath, ['test/envoy/replay.ts', copy], (error, stdout, stderr) => {
      done(error === null ? stdout.trim() : stderr);
    });
  });
}

async function tryMutant({ file, from, to }: Mutant): Promise<string> {
  const copy = newCopy();
  const path = join(copy, 'envoy', file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(from).length !== 2) return `its place in ${file} is not found`;
  writeFileSync(
    path,
    sound.replace(from, () => to),
  );
  return replay(copy);
}

test('the copy without a mistake agrees with Envoy', async () => {
  expect(await replay(newCopy())).toBe('0');
});

describe('Envoy catches it when', () => {
  const lanes = 2;
  const found = new Map<Mutant, Promise<string>>();
  beforeAll(() => {
    const ends = Array.from({ length: lanes }, () => Promise.resolve(''));
    for (const [index, mutant] of mutants.entries()) {
      const lane = index % lanes;
      const work = (ends[lane] ?? Promise.resolve('')).then(() => tryMutant(mutant));
      found.set(mutant, work);
      ends[lane] = work;
    }
  });

  test.each(mutants.map((mutant) => [mutant.mistake, mutant] as const))('%s', async (_, mutant) => {
    expect(await found.get(mutant)).toMatch(/^[1-9]\d*$/);
  });
});
