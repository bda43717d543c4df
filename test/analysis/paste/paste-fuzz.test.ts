/** A share of what `npm run test:long pastes` tries, another one every day. */
import { expect, test } from 'vitest';
import { seedOf } from '../../long/seed.ts';
import { drawPaste, leastRead, pasteFault, pastesIn } from './paste-fuzz.ts';

const seed = seedOf(process.env);

test(`150 pastes of real pieces are read without a fault, seed ${seed}`, () => {
  const { faults, rules, read } = pastesIn({ seed, pastes: 150 });
  expect(faults).toEqual([]);
  expect(rules).toBeGreaterThan(1000);
  expect(read / rules).toBeGreaterThan(leastRead);
}, 120_000);

test('the same seed draws the same pastes', () => {
  expect(drawPaste(3, 4)).toEqual(drawPaste(3, 4));
});

test('advice that harms is noticed', () => {
  const text =
    '*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:CNI-HOSTPORT-DNAT - [0:0]\n-A PREROUTING -j CNI-HOSTPORT-DNAT\nCOMMIT';
  expect(pasteFault({ text, rules: 1, hasSidecar: false }).fault).toMatch(/^advice that harms/);
});
