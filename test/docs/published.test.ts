/**
 * What has been published, what would make it hold, and what a reader is invited to try: each is walked.
 */
import { describe, expect, test } from 'vitest';
import { checkText } from '../../src/handbook/claims/prose.ts';
import {
  allScenarios,
  bind,
  comparePublished,
  decidingRoles,
  experimentHolds,
  publishedHolds,
  type Scenario,
  type ScenarioChange,
  scenarios,
} from '../../src/handbook/scenarios/index.ts';
import type { Role } from '../../src/istio/index.ts';
import { stopLines } from '../../src/render/index.ts';
import { ending, stopText, unmetWords } from '../../src/words/index.ts';

const main = scenarios.filter(({ isMain }) => isMain);

/** Whether a leg of the changed journey is decided by a rule of the role. */
const decides = (scenario: Scenario, role: Role, change: ScenarioChange): boolean =>
  decidingRoles(bind(scenario, change)).includes(role);

describe('what is published', () => {
  /** Step for step: what the article says, what is computed, and the verdict. */
  test.each(main.map((scenario) => [scenario.type, scenario.name, scenario] as const))(
    'of type %i is judged step by step (%s)',
    async (_type, name, scenario) => {
      if (scenario.published === undefined) throw new Error(`nothing published about ${name}`);
      const { journey } = bind(scenario, { setting: { release: '1.17' } });
      const steps = comparePublished(scenario.published, journey);
      const lines = steps.map(({ published, computed, verdict, reason }) =>
        [
          verdict.padEnd(14),
          (published ?? '-').padEnd(20),
          (computed === undefined ? '-' : stopText(computed)).padEnd(22),
          unmetWords(reason),
        ]
          .join('')
          .trimEnd(),
      );
      await expect(
        [`type ${scenario.type} ${publishedHolds(steps) ? 'holds' : 'errs'}`, ...lines, ''].join('\n'),
      ).toMatchFileSnapshot(`verdicts/${name}.txt`);
    },
  );

  test('holds for types 1, 2 and 4, and errs for 3, 5 and 6', () => {
    const holding = main.filter(
      (scenario) =>
        scenario.published !== undefined &&
        publishedHolds(comparePublished(scenario.published, bind(scenario).journey)),
    );
    expect(main.map(({ type }) => type)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(holding.map(({ type }) => type)).toEqual([1, 2, 4]);
  });

  test.each(main.map((scenario) => [scenario.name, scenario] as const))(
    'about %s: every stop of both sides is in one step, in order',
    (_name, scenario) => {
      if (scenario.published === undefined) throw new Error('nothing published');
      for (const change of [{}, ...scenario.experiments.map((one) => one.change)]) {
        const { journey } = bind(scenario, change);
        const steps = comparePublished(scenario.published, journey);
        expect(steps.flatMap(({ published }) => published ?? [])).toEqual(scenario.published.stops);
        const computed = steps.flatMap((step) => step.computed ?? []);
        const all = stopLines(journey, { replies: scenario.published.replies === true }).flat();
        let from = 0;
        for (const stop of computed) {
          const at = all.findIndex((one, index) => index >= from && isSameStop(one, stop));
          expect(
            at,
            `${stopText(stop)} is a stop of the journey, after those before it`,
          ).toBeGreaterThanOrEqual(from);
          from = at + 1;
        }
        const places = computed.map((stop) => `${stop.leg} ${stop.passage} ${stop.event} ${stopText(stop)}`);
        expect(new Set(places).size).toBe(places.length);
        for (const { verdict, reason } of steps) {
          if (verdict === 'differs' || verdict === 'never happens') expect(reason).not.toBe('');
        }
      }
    },
  );
});

function isSameStop(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const assumed = scenarios.flatMap((scenario) => {
  const { assumption, conditions = [] } = scenario.published ?? { assumption: null };
  return [...(assumption === null ? [] : [assumption]), ...conditions].map(
    (one) => [one.text, scenario, one] as const,
  );
});

describe('the assumptions and conditions', () => {
  test.each(assumed)('%s', (_text, scenario, { meets, change }) => {
    expect(decides(scenario, meets, change)).toBe(true);
    expect(decides(scenario, meets, {})).toBe(false);
  });

  test('under its assumption the published path holds', () => {
    for (const scenario of scenarios) {
      const { published } = scenario;
      if (published === undefined || published.assumption === null) continue;
      const { journey } = bind(scenario, published.assumption.change);
      expect(publishedHolds(comparePublished(published, journey)), scenario.name).toBe(true);
    }
  });

  test('under a condition that is not met the published path does not hold', () => {
    for (const scenario of scenarios) {
      for (const { change } of scenario.published?.conditions ?? []) {
        const steps =
          scenario.published && comparePublished(scenario.published, bind(scenario, change).journey);
        expect(steps && publishedHolds(steps), scenario.name).toBe(false);
      }
    }
  });

  test('a path that errs without an assumption errs in every release', () => {
    for (const scenario of scenarios) {
      if (scenario.published === undefined || scenario.published.assumption !== null) continue;
      if (publishedHolds(comparePublished(scenario.published, bind(scenario).journey))) continue;
      for (const release of ['1.5', '1.10', '1.12', '1.17', '1.20', '1.24', '1.30']) {
        const { journey } = bind(scenario, { setting: { release } });
        expect(
          publishedHolds(comparePublished(scenario.published, journey)),
          `${scenario.name} ${release}`,
        ).toBe(false);
      }
    }
  });
});

const experiments = allScenarios.flatMap((scenario) =>
  scenario.experiments.map(
    (experiment) => [`${scenario.name}: ${experiment.title}`, scenario, experiment] as const,
  ),
);

describe('the experiments', () => {
  test.each(experiments)('%s', (_title, scenario, experiment) => {
    const { meets, doors, arrives, change } = experiment;
    const { journey } = bind(scenario, change);
    expect(decides(scenario, meets, change), `${meets} decides`).toBe(true);
    expect(journey.arrived).toBe(arrives);
    const passed = stopLines(journey)
      .flat()
      .filter((stop) => /^Envoy :150(01|06)$/.test(stopText(stop)));
    expect(passed.length).toBe(doors);
    expect(experimentHolds(scenario, experiment)).toBe(true);
  });

  test('read as they were checked', async () => {
    const lines = experiments.flatMap(([title, scenario, { says, change }]) => {
      const { journey } = bind(scenario, change);
      const path = stopLines(journey).map((line) => `  ${line.map(stopText).join(' ▸ ')}`);
      return [title, `  ${says}`, ...path, `  ${ending(journey)}`, ''];
    });
    await expect(lines.join('\n')).toMatchFileSnapshot('verdicts/experiments.txt');
  });
});

test('the words of scenarios are inside the net, too', () => {
  const found = allScenarios.flatMap(({ name, title, question, published, experiments: all }) => {
    const own = new Set([title, question]);
    const others = [
      ...(published?.conditions ?? []),
      ...(published?.assumption ? [published.assumption] : []),
    ];
    const texts = [
      ...[...own].map((text) => ({ text, given: '' })),
      ...others.map(({ text, change }) => ({ text, given: JSON.stringify(change) })),
      ...all.flatMap(({ title: text, says, change }) => {
        const given = JSON.stringify(change);
        return [
          { text, given },
          { text: says, given },
        ];
      }),
    ];
    // A number that the change itself sets is no claim.
    return texts.flatMap(({ text, given }) =>
      checkText(name, {
        lines: [text.replace(/\d+(?:\.\d+)*/g, (digits) => (given.includes(digits) ? '' : digits))],
      }),
    );
  });
  const allowed = /"1\.10"/;
  expect(found.map(({ message }) => message).filter((message) => !allowed.test(message))).toEqual([]);
});
