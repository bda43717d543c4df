/** Words of a line: the quick way and the one that counts columns see the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printFreeText } from '../../src/netfilter/text/free-text.ts';
import { readWords, splitWords } from '../../src/netfilter/text/shell-words/index.ts';
import { nearest } from '../../src/netfilter/text/spelling/index.ts';

describe('words', () => {
  test('with their columns', () => {
    expect(readWords(`-A  OUTPUT --comment "a \\"b\\" c" 'd e'f`)).toEqual([
      { text: '-A', column: 1, quoted: false },
      { text: 'OUTPUT', column: 5, quoted: false },
      { text: '--comment', column: 12, quoted: false },
      { text: 'a "b" c', column: 22, quoted: true },
      { text: 'd ef', column: 34, quoted: true },
    ]);
  });

  test('are the same without columns', () => {
    const line = fc.string({ unit: fc.constantFrom(...'ab \t"\'\\-'), maxLength: 30 });
    fc.assert(
      fc.property(line, (text) => {
        expect(splitWords(text)).toEqual(readWords(text).map((word) => word.text));
      }),
      { numRuns: 5000 },
    );
  });

  test('a free text is read as it is printed', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ' ')),
        (text) => {
          expect(splitWords(`-m comment --comment ${printFreeText(text)}`)[3]).toBe(text);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['nta', ['raw', 'nat', 'filter'], 'nat'],
  ['--dpotr', ['--dport', '--sport'], '--dport'],
  ['REDIRCT', ['REDIRECT', 'REJECT'], 'REDIRECT'],
  ['x', ['raw', 'nat'], null],
  ['nat', ['nat'], null],
])('%s is nearest to', (text, names, expected) => {
  expect(nearest(text, names)).toBe(expected);
});
