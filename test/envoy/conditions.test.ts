/** Configurations by hand: the model against what both Envoys did with them. */
import { expect, test } from 'vitest';
import * as model from '../../src/envoy/index.ts';
import { conditionDisagreements, conditionRecording } from './condition-answers.ts';
import { conditionCases } from './conditions/index.ts';

const recording = conditionRecording();

test('what was asked is what stands there', () => {
  expect(recording.cases, 'record it anew as root, SIDETRACK_RECORD=1').toEqual(
    JSON.parse(JSON.stringify(conditionCases)),
  );
  const titles = conditionCases.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(conditionCases.flatMap(({ connections }) => connections).length).toBeGreaterThan(1500);
});

test.each(model.envoyReleases)('Envoy %s did what the model says', (version) => {
  expect(conditionDisagreements(model, recording, version)).toEqual([]);
});

test('where chance decides whether a line is waited for, both are right, and nothing else is', () => {
  const title = 'a chain of TLS alone, met by what is none';
  const told = (became: string) => {
    const answers = recording.answers['1.39'][title]?.with(1, became) ?? [];
    const changed = { ...recording.answers['1.39'], [title]: answers };
    return conditionDisagreements(
      model,
      { ...recording, answers: { ...recording.answers, '1.39': changed } },
      '1.39',
    ).map(({ envoy, model }) => [...envoy, ...model]);
  };
  // What the client sent lies unread, so the kernel closes with a reset.
  expect(['waits', 'reset'].flatMap(told)).toEqual([]);
  expect(['closed', 'server 0'].flatMap(told)).toEqual([
    ['closed', 'waits'],
    ['server 0', 'waits'],
  ]);
});
