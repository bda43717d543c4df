/** What cannot be nearest is not compared, and the answer is the one that comparing everything gives. */
import { expect, test } from 'vitest';
import { compareNearest } from '../../src/analysis/nearest.ts';
import type { NftRuleset } from '../../src/netfilter/index.ts';
import { Draw } from '../kernel/draw.ts';
import { seedOf } from '../long/seed.ts';
import { StepCounter } from '../netfilter/steps.ts';

test('the nearest are those of all, in their order; each left out costs more than they do', () => {
  const draw = new Draw(seedOf(process.env));
  let leftOut = 0;
  for (let time = 0; time < 500; time++) {
    const candidates = Array.from({ length: 8 }, (_, at) => {
      const floor = draw.below(30);
      return { at, floor, costs: [floor + draw.below(20), floor + draw.below(20)] };
    });
    const compare = ({ at, costs }: (typeof candidates)[number]) => costs.map((cost) => ({ at, cost }));
    const all = candidates.flatMap(compare);
    const least = Math.min(...all.map(({ cost }) => cost));
    const found = compareNearest(candidates, ({ floor }) => floor, compare);
    expect(found.least).toBe(least);
    const nearest = (of: typeof all) => of.filter(({ cost }) => cost === least);
    expect(nearest([...found.compared])).toEqual(nearest(all));
    expect(found.leftOut.every(({ floor }) => floor > least)).toBe(true);
    leftOut += found.leftOut.length;
  }
  expect(leftOut).toBeGreaterThan(500);
});

test('native rules that are exactly Istio’s are compared with fewer sets than those that lack a rule', async () => {
  const counter = new StepCounter();
  // Files are counted that are loaded afterwards.
  const { identifyNative } = await import('../../src/analysis/native/identify.ts');
  const { rulesFor } = await import('../../src/istio/index.ts');
  const { nft } = rulesFor('1.30', { nativeNftables: true });
  if (nft === null) throw new Error('there are no native rules');
  const lacking: NftRuleset = {
    tables: nft.tables.map((table) => ({
      ...table,
      chains: table.chains.map((chain) =>
        chain.name === 'istio-output' ? { ...chain, rules: chain.rules.slice(1) } : chain,
      ),
    })),
  };
  const steps = (ruleset: NftRuleset) => counter.count(() => identifyNative(ruleset));
  steps(nft);
  const [whole, torn] = [steps(nft), steps(lacking)];
  counter.close();
  // Of two sets, the defaults and those of the CNI plugin, the second cannot be nearer: it costs one more.
  expect(whole).toBeLessThan(torn * 0.5);
});
