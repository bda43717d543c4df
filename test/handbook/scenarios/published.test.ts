/** Laying a published path beside a computed one: whatever is published, nothing is lost and nothing is invented. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, comparePublished, publishedHolds, scenarios } from '../../../src/handbook/scenarios/index.ts';
import { stopLines } from '../../../src/render/index.ts';
import { stopText } from '../../../src/words/index.ts';

const journeys = scenarios.map((scenario) => bind(scenario).journey);
const stop = fc.constantFrom(
  ...['Remote Pod', 'Local Pod', 'Prometheus', 'Istiod', 'Envoy process', 'PREROUTING', 'INPUT', 'OUTPUT'],
  ...['POSTROUTING', 'ISTIO_INBOUND', 'ISTIO_INBOUND 5', 'ISTIO_OUTPUT', 'ISTIO_OUTPUT 4', 'ISTIO_OUTPUT 9'],
  ...['ISTIO_REDIRECT', 'ISTIO_IN_REDIRECT 1', 'ISTIO_ELSEWHERE 3', 'Envoy 15001', 'Envoy 15006', 'a word'],
);

test('every published stop and every computed one is in one step, in order', () => {
  fc.assert(
    fc.property(
      fc.array(stop, { maxLength: 16 }),
      fc.constantFrom(...journeys),
      fc.boolean(),
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      (stops, journey, replies, legs) => {
        const published = { stops, replies, ...(legs === undefined ? {} : { legs }), assumption: null };
        const steps = comparePublished(published, journey);
        expect(steps.flatMap((step) => step.published ?? [])).toEqual(stops);
        const spoken = stopLines(journey, { replies })
          .filter((line) => (line[0]?.leg ?? 0) < (legs ?? journey.legs.length))
          .flat();
        const computed = steps.flatMap((step) => step.computed ?? []);
        const places = computed.map((one) => spoken.findIndex((other) => same(one, other)));
        expect(places.every((place) => place >= 0)).toBe(true);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        // Only the second mention of a process that takes a connection and dials on may be left out.
        const left = spoken.filter((_, at) => !places.includes(at));
        for (const one of left) expect(one).not.toHaveProperty('hook');
        for (const { published: said, computed: is, verdict } of steps) {
          expect(verdict === 'left out').toBe(said === undefined);
          expect(verdict === 'never happens').toBe(is === undefined);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a path that is published as it is computed holds', () => {
  for (const journey of journeys) {
    const stops = stopLines(journey)
      .flat()
      .filter(({ kind }) => kind === 'hook' || kind === 'chain')
      .map(stopText);
    expect(publishedHolds(comparePublished({ stops, assumption: null }, journey))).toBe(true);
  }
});

function same(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
