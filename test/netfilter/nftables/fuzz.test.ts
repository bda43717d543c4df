/** A share of what `npm run test:long nft-reading` tries, another one every day, and that it notices faults. */
import { expect, test } from 'vitest';
import { seedOf } from '../../long/seed.ts';
import { drawNft, faultOfNft, nftFaultsIn } from './fuzz.ts';

const seed = seedOf(process.env);

test(`4,000 mutated texts of nft are read without a fault, seed ${seed}`, () => {
  expect(nftFaultsIn({ seed, inputs: 4000 })).toEqual([]);
}, 120_000);

test('the same seed draws the same texts; of both forms, and many with a word to look for', () => {
  expect(drawNft(3, 4)).toEqual(drawNft(3, 4));
  const drawn = Array.from({ length: 300 }, (_, number) => drawNft(3, number));
  expect(drawn.filter(({ isMarked }) => isMarked).length).toBeGreaterThan(80);
  expect(drawn.filter(({ text }) => text.startsWith('{"nftables"')).length).toBeGreaterThan(60);
  expect(drawn.filter(({ text }) => text.includes('table ')).length).toBeGreaterThan(60);
});

test('a lost word is noticed', () => {
  const kept = 'table ip t {\n\tchain c {\n\t\tzq7zq 1 accept\n\t}\n}\n';
  expect(faultOfNft({ text: kept, isMarked: true })).toBeNull();
  expect(faultOfNft({ text: kept.replace('zq7zq', '# zq7zq'), isMarked: true })).toBe('zq7zq is lost');
});
