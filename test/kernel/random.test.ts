/**
 * Rules and packets that nobody chose, a new lot every day: 250 rulesets for each family, on both back ends, and
 * packets of every way in (over lo, out, from a peer, forwarded) and kind: of real sockets, and crafted ones of TCP, UDP,
 * ICMP and SCTP; with Linux's corners among them (random-corners.ts). `npm run test:long kernel -- --pairs 20000 --seed …` does the same.
 */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { seedOf } from '../long/seed.ts';
import { corners } from './random-corners.ts';
import { missing, modeOf } from './recording.ts';

const pairs = 20_000;

function run(seed: number): Promise<{ readonly code: number; readonly printed: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['test/long/run.ts', 'kernel', '--pairs', String(pairs), '--seed', String(seed)],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), printed: stdout + stderr }),
    );
  });
}

// A recording holds questions that are known beforehand; these are not. Without the kernel there is nothing to ask.
if (modeOf(process.env, missing) === 'recorded') {
  test('the kernel is not to be had here, and no random rules are put to it', () => {
    expect(process.env.CI === 'true' && process.env.SIDETRACK_KERNEL !== 'recorded').toBe(false);
  });
} else {
  const seed = seedOf(process.env);
  test(`the engine and the kernel agree on ${pairs} random pairs of rules and packets, seed ${seed}`, async () => {
    const { code, printed } = await run(seed);
    console.log(printed.trim().split('\n').slice(-7).join('\n'));
    expect(code, printed).toBe(0);
    expect(printed).toContain('0 disagreements');
    const shares = (what: string) => {
      const line = new RegExp(`^${what}: (.*)$`, 'm').exec(printed)?.[1] ?? '';
      return [...line.matchAll(/\d+(?=,|$)/g)].map(Number);
    };
    // every way in, both families and both back ends have their part
    for (const [what, kinds] of [
      ['ways', 4],
      ['families', 2],
      ['back ends', 2],
    ] as const) {
      expect(shares(what), what).toHaveLength(kinds);
      for (const share of shares(what)) expect(share, what).toBeGreaterThanOrEqual(pairs / 10);
    }
    const byProtocol = shares('protocols');
    expect(byProtocol).toHaveLength(4);
    for (const [at, least] of [20, 20, 50, 1000].entries())
      expect(byProtocol[at], `protocol ${at}`).toBeGreaterThanOrEqual(pairs / least);
    // Linux's corners come in every lot: the rarest is one of two hundred
    expect(shares('corners')).toHaveLength(corners.length);
    for (const [at, share] of shares('corners').entries())
      expect(share, corners[at]).toBeGreaterThanOrEqual(pairs / 400);
    const rulesets = [...printed.matchAll(/(\d+) v[46](?=,|$)/gm)].map(([, distinct]) => Number(distinct));
    expect(rulesets).toHaveLength(2);
    for (const distinct of rulesets) expect(distinct).toBeGreaterThanOrEqual(250 / 2);
    expect(rulesets.reduce((sum, distinct) => sum + distinct, 0)).toBeGreaterThanOrEqual(250);
  }, 900_000);
}
