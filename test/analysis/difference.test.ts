/** A difference leads from the one to the other, whichever way it is found. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chainDifferences, difference, shortenedDifference } from '../../src/analysis/index.ts';
import { parseRuleset } from '../../src/netfilter/index.ts';

const ruleset = (rules: readonly string[]) =>
  parseRuleset(`*nat\n:OUTPUT ACCEPT [0:0]\n${rules.map((rule) => `-A OUTPUT ${rule}\n`).join('')}COMMIT\n`)
    .ruleset;
const port = (number: number) => `-p tcp -m tcp --dport ${number} -j RETURN`;

/** What becomes of `a` by the rows. */
function applied(a: readonly string[], b: readonly string[]): readonly string[] {
  const [chain] = chainDifferences(ruleset(a), ruleset(b));
  if (chain === undefined) return a;
  return chain.rows.flatMap((row) => {
    if (row.kind !== 'kept') {
      expect((row.kind === 'gone' ? a : b)[row.position - 1]).toBe(row.rule);
      return row.kind === 'gone' ? [] : [row.rule];
    }
    const kept = a.slice(row.from - 1, row.from - 1 + row.count);
    expect(b.slice(row.to - 1, row.to - 1 + row.count)).toEqual(kept);
    return kept;
  });
}

const ports = fc.array(fc.integer({ min: 1, max: 12 }).map(port), { maxLength: 14 });

test('of any two chains', () => {
  fc.assert(
    fc.property(ports, ports, (a, b) => {
      expect(applied(a, b)).toEqual(b);
    }),
    { numRuns: 150 },
  );
});

test('of chains that are too long to be compared pair by pair', () => {
  const a = Array.from({ length: 2500 }, (_, at) => port(1 + ((at * 7919) % 5003)));
  const b = [...a.slice(1200, 2400), port(9), ...a.slice(0, 1100), port(8)];
  expect(applied(a, b)).toEqual(b);
  // The longer of the two parts that changed places stays.
  expect(difference(ruleset(a), ruleset(b)).filter(({ only }) => only === 'b').length).toBeLessThan(1110);
});

test('a long one is shortened and counted', () => {
  const chains = chainDifferences(ruleset([]), ruleset(Array.from({ length: 40 }, (_, at) => port(at + 1))));
  expect(shortenedDifference(chains, 10)).toMatchObject({ differing: 40, chains: [{ chain: 'OUTPUT' }] });
  expect(shortenedDifference(chains, 10).chains[0]?.rows).toHaveLength(10);
});
