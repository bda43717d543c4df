/** The tables of dead rules and holes leave no release out, and nothing in them is untold. */
import { expect, test } from 'vitest';
import { settings } from '../../../src/handbook/tables/compared-settings.ts';
import {
  type DeadUnder,
  deadByOptions,
  deadByRelease,
  deadInAmbient,
} from '../../../src/handbook/tables/index.ts';
import { ambientRulesFor, releases, rulesFor } from '../../../src/istio/index.ts';

const names = releases.map(({ name }) => name);

/** The releases that rows speak of, each as often as it is in one. */
function releasesIn(rows: readonly DeadUnder[]): readonly string[] {
  return rows.flatMap(({ name }) => {
    const [first = '', last = first] = name.split('–');
    return names.slice(names.indexOf(first), names.indexOf(last) + 1);
  });
}

test.each([
  ['iptables', () => deadByRelease(), names],
  [
    'native nftables',
    () => deadByRelease({ nativeNftables: true }),
    names.filter((name) => rulesFor(name, { nativeNftables: true }).nft !== null),
  ],
  ['ambient mode', () => deadInAmbient(), names.filter((name) => ambientRulesFor(name).options !== null)],
] as const)('of %s each release is in one row, whose rules are all told', (_, rowsOf, expected) => {
  const rows = rowsOf();
  expect(releasesIn(rows)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(5);
  expect(rows.filter(({ dead }) => dead === null)).toEqual([]);
});

test('each setting by which releases are compared has its row, whose rules are all told', () => {
  const rows = deadByOptions();
  expect(rows.map(({ name }) => name)).toEqual(
    settings.flatMap(({ name, isOwn }) => (isOwn === true ? [] : [name])),
  );
  expect(rows.filter(({ dead, holes }) => dead === null || holes === null)).toEqual([]);
});
