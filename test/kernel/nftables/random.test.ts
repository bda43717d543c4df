/**
 * Random rules of native nftables, alone and beside iptables' of both back ends, a new lot every day;
 * `npm run test:long random-nft -- --pairs 200000 --seed …` does the same for longer.
 */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { seedOf } from '../../long/seed.ts';
import { missing, modeOf } from '../recording.ts';
import { asked, askedOfReader, notAsked } from './asked.ts';

const pairs = 2000;

function run(seed: number): Promise<{ readonly code: number; readonly printed: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['test/long/run.ts', 'random-nft', '--pairs', String(pairs), '--seed', String(seed)],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), printed: stdout + stderr }),
    );
  });
}

test('each expression and statement is asked, or it is said why not', () => {
  const all = [...asked, ...askedOfReader, ...Object.keys(notAsked)];
  expect(new Set(all).size).toBe(all.length);
});

// Without the kernel there is nothing to ask.
if (modeOf(process.env, missing) === 'recorded') {
  test('the kernel is not to be had here, and no random rules are put to it', () => {
    expect(process.env.CI === 'true' && process.env.SIDETRACK_KERNEL !== 'recorded').toBe(false);
  });
} else {
  const seed = seedOf(process.env);
  test(`the engine and the kernel agree on ${pairs} random pairs of nft rules and packets, seed ${seed}`, async () => {
    const { code, printed } = await run(seed);
    console.log(printed.trim().split('\n').slice(-9).join('\n'));
    expect(code, printed).toBe(0);
    expect(printed).toContain(' 0 disagreements');
    const [, iptables, nft] =
      /iptables changes what becomes of ([\d.]+) %, nft of ([\d.]+) %/.exec(printed) ?? [];
    expect(Number(iptables)).toBeGreaterThanOrEqual(10);
    expect(Number(nft)).toBeGreaterThanOrEqual(10);
    const line = /^decided by: (.*)$/m.exec(printed)?.[1] ?? '';
    const decided = [...line.matchAll(/ ([\d.]+) %(?=,|$)/g)].map(([, share]) => Number(share));
    expect(decided).toHaveLength(asked.length);
    // so few pairs leave some of them out, of all that are asked
    expect(decided.filter((share) => share === 0).length).toBeLessThan(asked.length / 10);
  }, 400_000);
}
