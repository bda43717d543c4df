/**
 * Nothing reads a sentence that the project made: with every sentence of `src/words` replaced by its code, stops,
 * messages, findings, verdicts and comparisons are what they were.
 */
import { afterAll, expect, test, vi } from 'vitest';

const sentences = Object.keys(import.meta.glob('../../src/words/en/**/*.ts'));

/** Whatever is text in an answer becomes the name of the function that made it. */
function coded(name: string, value: unknown): unknown {
  if (typeof value === 'string') return `«${name}»`;
  if (typeof value === 'function') return (...given: unknown[]) => coded(name, value(...given));
  if (Array.isArray(value)) return value.map((one) => coded(name, one));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coded(name, one)]));
}

/** Broken pods, as their dumps show them. */
const dumps = Object.values(
  import.meta.glob<string>('../analysis/dumps/*.txt', { query: '?raw', import: 'default', eager: true }),
);

/** The engine with its sentences, or with their codes in the place of them. */
async function engine(says: 'sentences' | 'codes') {
  vi.resetModules();
  for (const path of sentences) {
    if (says === 'sentences') vi.doUnmock(path);
    else
      vi.doMock(path, async (original) =>
        Object.fromEntries(
          Object.entries(await original<object>()).map(([name, value]) => [name, coded(name, value)]),
        ),
      );
  }
  return {
    ...(await import('../../src/handbook/scenarios/index.ts')),
    ...(await import('../../src/handbook/scenarios/same-way.ts')),
    ...(await import('../../src/handbook/walk/index.ts')),
    ...(await import('../../src/handbook/tables/index.ts')),
    ...(await import('../../src/handbook/lab/index.ts')),
    ...(await import('../../src/render/index.ts')),
    ...(await import('../../src/istio/index.ts')),
    ...(await import('../../src/analysis/index.ts')),
    ...(await import('../../src/words/index.ts')),
  };
}

const plain = await engine('sentences');
const bare = await engine('codes');
type Engine = typeof plain;

vi.setConfig({ testTimeout: 60_000 });

afterAll(() => {
  for (const path of sentences) vi.doUnmock(path);
  vi.resetModules();
});

/** A scenario as it is, and with each of its experiments. */
function journeysOf({ allScenarios, bind }: Engine) {
  return allScenarios.flatMap((scenario) =>
    [{}, ...scenario.experiments.map(({ change }) => change)].map((change) => bind(scenario, change).journey),
  );
}

function bothSay(what: (engine: Engine) => unknown): void {
  const said = what(plain);
  expect(what(bare)).toEqual(said);
  expect(JSON.stringify(said)).not.toContain('«');
}

test('the codes stand where sentences stood', () => {
  const [journey] = journeysOf(bare);
  if (journey === undefined) throw new Error('found no journey');
  expect(bare.ending(journey)).toBe('«ending»');
  expect(new Set(bare.stopLines(journey).flat().map(bare.stopText))).toEqual(new Set(['«stopText»']));
  expect(bare.mermaid(journey)).toContain('«messageWords»');
});

test('stops are the same', () => {
  bothSay((one) => journeysOf(one).map((journey) => one.stopLines(journey, { replies: true })));
});

test.each(['overview', 'detail'] as const)('messages of the %s are the same', (level) => {
  bothSay((one) =>
    journeysOf(one).map((journey) =>
      one
        .messages(journey, level, { replies: true })
        .map(({ says, ...message }) => ({ ...message, code: says.code })),
    ),
  );
  bothSay((one) => journeysOf(one).map((journey) => one.lifelines(one.messages(journey, level))));
});

test('published paths are judged in the same way', () => {
  bothSay((one) =>
    one.scenarios.map((scenario) =>
      scenario.published === undefined
        ? null
        : one
            .comparePublished(scenario.published, one.publishedJourney(scenario))
            .map(({ published, computed, verdict }) => ({ published, computed, verdict })),
    ),
  );
  bothSay((one) => one.landingRows().map(({ differs }) => differs !== null));
});

test('experiments hold or do not, and each decides by the same rule', () => {
  bothSay((one) =>
    one.allScenarios.map((scenario) =>
      scenario.experiments.map((experiment) => [
        one.experimentHolds(scenario, experiment),
        one.decidingRoles(one.bind(scenario, experiment.change)),
      ]),
    ),
  );
});

test('two journeys go the same way, or do not', () => {
  bothSay((one) => {
    const journeys = journeysOf(one);
    return journeys.map((journey, at) => {
      const next = journeys[(at + 1) % journeys.length] ?? journey;
      return [
        one.wayDifference(journey, journey),
        one.wayDifference(journey, next),
        one.samePath(journey, next),
      ];
    });
  });
  bothSay((one) =>
    one
      .changedPaths(one.settingWith('1.5'), one.settingWith('1.30'))
      .map(({ scenario, isMovedOnly, before, after }) => [scenario.name, isMovedOnly, before, after]),
  );
});

test('two settings are compared in the same way', () => {
  bothSay((one) => {
    const sides = ['1.9', '1.30'].map((release) => ({ setting: one.settingWith(release) }));
    const { walked, moved, different, open, connections } = one.compare(sides[0] ?? {}, sides[1] ?? {});
    return { walked, moved, different, open, paths: connections.map(({ a, b }) => [a, b]) };
  });
});

test('a walk has the same steps, and its diagrams the same places', () => {
  bothSay((one) =>
    one.scenarios.map(({ name }) => {
      const walker = one.walkerOn();
      const { lines, stops, matches, visits, length, arrived } = walker.walk({
        scenario: name,
        replies: true,
      });
      const places = (['overview', 'detail'] as const).map(
        (level) => walker.sequence({ scenario: name }, level).places,
      );
      return { lines, stops, matches, visits, length, arrived, places };
    }),
  );
});

test('findings are the same, and so is what is read of a pod’s YAML', async () => {
  const found = async (one: Engine) => {
    return Promise.all(
      dumps.map(async (text) => {
        const [pod] = one.readPaste(text).pods;
        const yaml = pod === undefined ? null : await one.optionsFromPod(pod.yaml.lines.join('\n'));
        const { findings, identified } = one.inspectRules(text, 0, yaml).inspection;
        return {
          findings,
          yaml,
          origins: identified.map(({ releases, options }) => [releases, options]),
        };
      }),
    );
  };
  const said = await found(plain);
  expect(said.flatMap(({ findings }) => findings).length).toBeGreaterThan(20);
  expect(await found(bare)).toEqual(said);
  expect(JSON.stringify(said)).not.toContain('«');
});

test('what Istio refuses, or does not heed, is the same', () => {
  bothSay((one) =>
    one.releases.map(({ name }) => [
      one.checkOptions(name, { inboundPortsInclude: '80-90', proxyUID: 'x', redirectDNS: true }),
      one.rulesFor(name, { dropInvalid: true, ownerGroupsInclude: '1', enableIPv6: true }).ignored,
    ]),
  );
});

test('the texts of a journey have the same lines, with codes in the place of sentences', () => {
  const shape = (text: string) => text.split('\n').length;
  const forms = Object.keys(plain.textForms) as (keyof typeof plain.textForms)[];
  expect(forms.length).toBeGreaterThan(3);
  for (const form of forms)
    bothSay((one) =>
      journeysOf(one)
        .slice(0, 12)
        .map((journey) => shape(one.inTextForm(form, journey))),
    );
  const trace = JSON.parse(bare.json(journeysOf(bare)[0] as never));
  expect(JSON.stringify(trace)).toContain('«because»');
});
