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
