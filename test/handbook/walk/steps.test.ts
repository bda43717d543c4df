/** The steps of a journey in words, as a page lists them. */
import { expect, test } from 'vitest';
import { allScenarios, bind } from '../../../src/handbook/scenarios/index.ts';
import { legItems } from '../../../src/handbook/tables/index.ts';

test.for(allScenarios.map((scenario) => [scenario.name, scenario] as const))(
  '%s: each step has an address of its own',
  ([, scenario]) => {
    for (const replies of [false, true]) {
      const items = legItems(bind(scenario).journey, replies).flatMap((leg) => leg.items);
      const ids = items.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  },
);

test('a circle is said where it closes', () => {
  const scenario = allScenarios.find(({ name }) => name === 'proxy-as-other-user');
  if (scenario === undefined) throw new Error('no such scenario');
  expect(legItems(bind(scenario).journey).at(-1)?.items.at(-1)?.text).toBe(
    'In a circle: connection 2 is made again and again.',
  );
});
