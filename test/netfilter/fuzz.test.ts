/** A share of what `npm run test:long reading` tries, another one every day, and that it notices faults. */
import { expect, test } from 'vitest';
import { parseRuleset } from '../../src/netfilter/index.ts';
import { problemWords } from '../../src/words/index.ts';
import { seedOf } from '../long/seed.ts';
import { drawText, faultOf, faultsIn } from './fuzz.ts';

const seed = seedOf(process.env);

test(`20,000 generated and mutated inputs are read without a fault, seed ${seed}`, () => {
  expect(faultsIn({ seed, inputs: 20_000 })).toEqual([]);
}, 300_000);

test('the same seed draws the same texts, and they are no blanks', () => {
  expect(drawText(3, 4)).toEqual(drawText(3, 4));
  const lengths = Array.from({ length: 200 }, (_, number) => drawText(3, number).text.length);
  expect(lengths.filter((length) => length > 50).length).toBeGreaterThan(100);
});

test('a text without a fault has none', () => {
  expect(faultOf('*filter\n-A INPUT -j ACCEPT\nnonsense\n', 'v4')).toBeNull();
});

test('what was once read and printed otherwise is a problem now', () => {
  const text = '*filter\n-A INPUT -p sctp -m sctp --chunk-types any DATA\\\'"a -j ACCEPT\nCOMMIT\n';
  expect(faultOf(text, 'v4')).toBeNull();
  const { problems } = parseRuleset(text, 'v4');
  expect(problems).toMatchObject([{ line: 2, column: 40 }]);
  expect(problems.map(problemWords)).toMatchObject([
    { expected: 'any, all or only, and a list of chunk types such as INIT,DATA' },
  ]);
});
