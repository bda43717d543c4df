/** The engine that only decides ends every packet as the one that explains; a share of `npm run test:long decide`. */
import { expect, test } from 'vitest';
import { decide, parseRuleset, traverse } from '../../../src/netfilter/index.ts';
import { seedOf } from '../../long/seed.ts';
import { faultsOfDeciding } from './decide.ts';

const seed = seedOf(process.env);

test(`random rulesets and packets, seed ${seed}`, () => {
  const lots = Array.from({ length: 20 }, (_, number) => faultsOfDeciding(seed, (seed % 1000) + number));
  expect(lots.flatMap(({ faults }) => faults)).toEqual([]);
  expect(lots.reduce((sum, { pairs }) => sum + pairs, 0)).toBeGreaterThan(1000);
});

test('a rule deep in a long chain has its own position, also where it asks', () => {
  const rules = Array.from({ length: 40 }, (_, at) => `-A INPUT -d 10.0.0.${at}/32 -j RETURN`);
  rules.splice(
    30,
    0,
    '-A INPUT -s 10.9.9.9/32 -j DROP',
    '-A INPUT -m statistic --mode random --probability 0.5 -j DROP',
  );
  const { ruleset } = parseRuleset(['*filter', ...rules, 'COMMIT'].join('\n'), 'v4');
  const host = { rulesets: { v4: ruleset }, interfaces: [{ name: 'eth0', addresses: ['10.0.0.39/24'] }] };
  const packet = {
    protocol: 'tcp',
    destination: '10.0.0.39',
    sourcePort: 1,
    destinationPort: 2,
    from: { interface: 'eth0' },
  };
  for (const source of ['10.9.9.9', '10.9.9.8']) {
    const { outcome } = decide(host, { ...packet, source });
    expect(outcome).toEqual(traverse(host, { ...packet, source }).outcome);
    expect(outcome).toMatchObject({ reason: { position: source === '10.9.9.9' ? 31 : 32 } });
  }
});
