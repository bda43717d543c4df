/** What `sidecarConfig` tells pods at random is what istiod told them: `ask-random.ts` has asked. */
import { expect, test } from 'vitest';
import { sidecarConfig } from '../../../src/istio/sidecar/index.ts';
import { deciding, differences } from './deciding.ts';
import { randomAnswers, recordedCount, recordedSeed } from './random-answers.ts';
import { randomPods } from './random-pods.ts';

const answers = randomAnswers();
const pods = randomPods(recordedSeed, recordedCount);

test('each pod of the seed is answered', () => {
  expect(pods.map(({ Name }) => Name)).toHaveLength(recordedCount);
  expect(pods.map(({ Name }) => Name).sort()).toEqual(Object.keys(answers).sort());
});

test.each(pods.map((pod) => [pod.Name, pod] as const))('%s', (name, pod) => {
  expect(differences(deciding(sidecarConfig('1.31', pod)), answers[name] ?? {})).toEqual([]);
});
