/** Questions are marked by what the engine walks: there is no key of answers that could be wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allScenarios, type Scenario } from '../../src/handbook/scenarios/index.ts';
import { course, exercisesAbout, exercisesOf, exercisesOfStep } from '../../src/handbook/tables/index.ts';
import { exerciseWords } from '../../src/words/index.ts';

const root = join(import.meta.dirname, '../..');
const named = (name: string): Scenario => allScenarios.find((one) => one.name === name) as Scenario;
const rightOf = (scenario: Scenario, id: string): string | undefined =>
  exercisesAbout(scenario)
    .find((one) => one.id === `${scenario.name}.${id}`)
    ?.choices.find(({ isRight }) => isRight)?.text;

describe('the questions of a scenario', () => {
  test('have one right answer each, which is in the path, and a reason for every other', () => {
    const all = allScenarios.flatMap(({ name }) => exercisesOf(name));
    expect(all.length).toBeGreaterThan(60);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id, asks, choices, because, path } of all) {
      expect([id, choices.filter(({ isRight }) => isRight).length]).toEqual([id, 1]);
      expect([id, new Set(choices.map(({ text }) => text)).size]).toEqual([id, choices.length]);
      for (const { reason } of choices) expect([id, reason || because]).not.toEqual([id, '']);
      if (asks.kind !== 'rule') continue;
      const position = choices.findIndex(({ isRight }) => isRight) + 1;
      expect(path.split('\n')[asks.leg - 1]).toContain(`${asks.chain} ${position}`);
    }
  });

  test('ask in words that somebody knows who has read the page', () => {
    const [first, second, changed] = exercisesOf('local-to-remote').map(({ asks }) => exerciseWords(asks));
    expect(first).toBe(
      'This pod calls a remote pod. Connection 1 of 2, app uid 1000 to 10.96.0.7:80: which rule of ISTIO_OUTPUT decides?',
    );
    expect(second).toContain('Connection 2 of 2, Envoy uid 1337 to 10.244.2.9:9080');
    expect(changed).toBe(
      'Run the app as the user that the rules take for the proxy: what becomes of the call?',
    );
    expect(exercisesOf('app-bypasses-envoy').map(({ asks }) => exerciseWords(asks))).toContain(
      'The app runs as the user that the rules take for the proxy. Which change brings the call through Envoy?',
    );
  });

  test('another walk marks another answer', () => {
    const scenario = named('local-to-remote');
    const asProxy: Scenario = {
      ...scenario,
      request: { ...scenario.request, from: { name: 'app', uid: 1337, gid: 1337 } },
    };
    const excluded: Scenario = { ...scenario, setting: { options: { outboundPortsExclude: '80' } } };
    expect(rightOf(scenario, 'rule-1')).toBe('9: -j ISTIO_REDIRECT');
    expect(rightOf(asProxy, 'rule-1')).toBe('4: -m owner --uid-owner 1337 -j RETURN');
    expect(rightOf(excluded, 'rule-1')).toMatch(/^1: .*--dport 80 -j RETURN$/);
    const broken = named('app-bypasses-envoy');
    expect(rightOf(broken, 'fix')).toBe('Run the app as a user of its own');
    // Well from the start: nothing is to be put right.
    expect(rightOf({ ...broken, request: scenario.request }, 'fix')).toBeUndefined();
  });

  test('say of a rule that is not the one why not', () => {
    const [about] = exercisesOf('prometheus');
    expect(about?.choices.map(({ reason }) => reason)).toEqual([
      'Rule 1 does not match: destination port 15090 is not 15008.',
      'Rule 2 matches: protocol is tcp, destination port is 15090.',
      'Rule 3 is not asked: rule 2 has decided before.',
      'Rule 4 is not asked: rule 2 has decided before.',
      'Rule 5 is not asked: rule 2 has decided before.',
    ]);
  });
});

describe('the course', () => {
  const sourceOf = (page: string): string => {
    const path = page.replace(/^\/|\/$/g, '');
    const file = path.includes('/') ? `${path}.mdx` : `${path}/index.mdx`;
    return readFileSync(join(root, 'content', file), 'utf8');
  };
  const asked = (source: string): string | undefined => source.match(/<Exercises scenario="([^"]+)"/)?.[1];

  test('leads to pages that ask what it counts', () => {
    for (const { page, scenario } of course) expect([page, asked(sourceOf(page))]).toEqual([page, scenario]);
    expect(course.flatMap(exercisesOfStep).length).toBeGreaterThan(25);
  });

  test('every learn page and every traffic page asks something', () => {
    for (const folder of ['learn', 'traffic']) {
      const silent = readdirSync(join(root, 'content', folder)).filter(
        (file) => asked(readFileSync(join(root, 'content', folder, file), 'utf8')) === undefined,
      );
      // An overview, the course itself, and the page about tests.
      expect(silent).toEqual(folder === 'learn' ? ['course.mdx', 'how-verified.mdx', 'index.mdx'] : []);
    }
  });

  test('takes about an hour', () => {
    const minutes = course.reduce((sum, step) => sum + step.minutes, 0);
    expect(minutes).toBeGreaterThanOrEqual(50);
    expect(minutes).toBeLessThanOrEqual(70);
  });
});
