/**
 * Packets that nobody chose through the rules of ambient mode, of a release and options at random, a new lot every day;
 * `npm run test:long random-ambient -- --pairs 20000 --seed …` does the same for longer.
 */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { seedOf } from '../long/seed.ts';
import { drawAmbientBatch } from './random-ambient.ts';
import { textOf } from './random-rules.ts';
import { missing, modeOf } from './recording.ts';

const pairs = 320;

test('what is drawn has the rules of every mode, in both languages', () => {
  const batches = Array.from({ length: 90 }, (_, number) => drawAmbientBatch(1, number));
  const texts = batches.map(({ rulesets }) => `${textOf(rulesets.v4)}${JSON.stringify(rulesets.nft ?? '')}`);
  for (const form of [
    '-j TPROXY',
    '--to-ports 15006',
    '--to-ports 15053',
    '-i eth1',
    'inet istio-ambient-nat',
  ])
    expect(texts.filter((text) => text.includes(form)).length, form).toBeGreaterThan(3);
  expect(new Set(texts).size).toBeGreaterThan(60);
});

// Without the kernel there is nothing to ask.
if (modeOf(process.env, missing) === 'recorded') {
  test('the kernel is not to be had here, and no random packets are put to it', () => {
    expect(process.env.CI === 'true' && process.env.SIDETRACK_KERNEL !== 'recorded').toBe(false);
  });
} else {
  const seed = seedOf(process.env);
  test(`the engine and the kernel agree on ${pairs} random packets through ambient’s rules, seed ${seed}`, async () => {
    const args = ['test/long/run.ts', 'random-ambient', '--pairs', String(pairs), '--seed', String(seed)];
    const { code, printed } = await new Promise<{ readonly code: number; readonly printed: string }>(
      (resolve) => {
        execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), printed: stdout + stderr }),
        );
      },
    );
    console.log(printed.trim().split('\n').slice(-7).join('\n'));
    expect(code, printed).toBe(0);
    expect(printed).toContain(' 0 disagreements');
  }, 240_000);
}
