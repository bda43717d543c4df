/** Sets of numbers by their bits, held to each number of a small width; and rules that ask for such bits, to the engine. */
import { expect, test } from 'vitest';
import { reach, type Survey, survey } from '../../../src/analysis/index.ts';
import { type Bits, combined, madeOf, ownBits, shifted, withBits } from '../../../src/analysis/ways/bits.ts';
import { type Intervals, ordered } from '../../../src/analysis/ways/packet-set.ts';
import { type Host, parseNft, parseRuleset } from '../../../src/netfilter/index.ts';
import { Draw } from '../../kernel/draw.ts';
import { seedOf } from '../../long/seed.ts';
import { faultsOf, nothingCounted } from './compare-ways.ts';

const seed = seedOf(process.env);

function isIn(value: bigint, intervals: Intervals): boolean {
  return intervals.some(([first, last]) => first <= value && value <= last);
}

test(`seed ${seed}: what is made of a number of eight bits is in a set just where it is said`, () => {
  const draw = new Draw(seed);
  for (let again = 0; again < 60; again++) {
    let bits: Bits = ownBits(8);
    const steps: ((value: bigint) => bigint)[] = [];
    for (let step = 0; step < 1 + draw.below(3); step++) {
      const constant = BigInt(draw.below(256));
      const by = draw.below(9);
      const kind = draw.pick(['&', '|', '^', '<<', '>>'] as const);
      if (kind === '<<') {
        bits = shifted(bits, by);
        steps.push((value) => BigInt.asUintN(8, value << BigInt(by)));
      } else if (kind === '>>') {
        bits = [...shifted(bits, -by), ...Array.from({ length: by }, () => 0 as const)].slice(0, 8);
        steps.push((value) => value >> BigInt(by));
      } else {
        bits = combined(bits, kind, constant);
        steps.push((value) =>
          kind === '&' ? value & constant : kind === '|' ? value | constant : value ^ constant,
        );
      }
    }
    const ends = [draw.below(256), draw.below(256)].sort((a, b) => a - b).map(BigInt) as [bigint, bigint];
    const set = ordered([ends, [BigInt(draw.below(256)), 255n]]);
    const found = madeOf(bits, 8, set);
    if (found === null) throw new Error('a set of eight bits is never too much');
    for (let value = 0n; value < 256n; value++)
      expect([value, isIn(value, found)]).toEqual([
        value,
        isIn(
          steps.reduce((all, step) => step(all), value),
          set,
        ),
      ]);
  }
});

test('bits of a mask with gaps are stretches of addresses; too many of them are not told', () => {
  expect(withBits(0xff00ff00n, 0x0a000500n, 32)?.length).toBe(256);
  expect(withBits(0xffffff00n, 0x0a000500n, 32)).toEqual([[0x0a000500n, 0x0a0005ffn]]);
  expect(withBits(0xf000000fn, 0x10000001n, 32)).toBe(null);
});

const interfaces = [
  { name: 'lo', addresses: ['127.0.0.1/8'] },
  { name: 'eth0', addresses: ['10.0.0.2/24'] },
];

const rules = (...lines: readonly string[]): Host => ({
  interfaces,
  rulesets: { v4: parseRuleset(['*nat', ...lines, 'COMMIT'].join('\n'), 'v4').ruleset },
});

const native = (...lines: readonly string[]): Host => {
  const chain = `chain out { type nat hook output priority -100; policy accept; ${lines.join('; ')}; }`;
  const { ruleset, problems } = parseNft(`table ip t { ${chain} }`);
  expect(problems).toEqual([]);
  return { interfaces, rulesets: { nft: ruleset } };
};

test.each<[string, Host]>([
  ['iptables', rules('-A OUTPUT -d 10.0.5.0/255.0.255.0 -p tcp -j REDIRECT --to-ports 15001')],
  ['iptables, not', rules('-A OUTPUT ! -d 10.0.5.1/255.0.255.255 -p tcp -j REDIRECT --to-ports 15001')],
  ['chosen bits', native('ip daddr & 255.0.255.0 == 10.0.5.0 tcp dport 1-65535 redirect to :15001')],
  ['other than', native('ip daddr & 255.0.255.0 != 10.0.5.0 redirect')],
  ['bits of a port', native('tcp dport & 0xf0 == 0x10 redirect to :15001')],
  ['an order', native('tcp dport & 0xff > 200 redirect to :15001')],
  ['none of some bits', native('tcp dport ! 0x0f redirect to :15001')],
  ['moved and turned', native('tcp dport >> 8 == { 3, 5-7 } redirect to :15001')],
  ['a map of them', native('tcp dport & 0x3 vmap { 1 : accept, 2 : drop }')],
  [
    'beside another part',
    native('ip daddr & 255.0.255.0 . tcp dport { 10.0.7.0 . 80, 10.0.7.0 . 90 } redirect to :15001'),
  ],
  ['of the user', native('meta skuid & 0xfffff00f == 0x3 redirect')],
])('%s: told apart, and every packet of a set goes its way', (_, host) => {
  const found: Survey = survey(host);
  expect([found.open, found.isWhole]).toEqual([[], true]);
  const counted = nothingCounted();
  expect(faultsOf(host, 'v4', new Draw(seed), 6, counted)).toEqual([]);
  expect(counted.packets).toBeGreaterThan(100);
});

test('a mask by which too many stretches are told apart stays one that is not', () => {
  const host = native('ip daddr & 0.0.0.255 == 0.0.0.7 redirect to :15001');
  expect(survey(host).open).toEqual(['a mask with gaps']);
});

test('the packets of a rule are told by its mask', () => {
  const host = rules('-A OUTPUT -d 10.0.5.0/255.0.255.0 -j REDIRECT');
  const found = survey(host);
  const rule = { family: 'v4', table: 'nat', chain: 'OUTPUT', position: 1 } as const;
  const { asked, matched } = reach(found, rule);
  expect(asked.length).toBe(1);
  const [condition] = matched[0]?.sets[0]?.filter(({ field }) => field === 'destination') ?? [];
  expect(condition?.values.length).toBe(256);
  expect(condition?.values.slice(0, 2)).toEqual(['10.0.5.0/24', '10.1.5.0/24']);
});
