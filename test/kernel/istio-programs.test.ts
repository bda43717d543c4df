/** What the kernel lists of `rulesFor` is what it lists after Istio's own program: a few of each release. */
import { describe, expect, test } from 'vitest';
import { seedOf } from '../long/seed.ts';
import { kernelDifference } from '../mesh/istio-iptables/compare-recorded.ts';
import { readRecording } from '../mesh/istio-iptables/recorded.ts';
import { Draw } from './draw.ts';
import { missing, modeOf } from './recording.ts';

const isLive = modeOf(process.env, missing) !== 'recorded';
const recording = readRecording();
const seed = seedOf(process.env);
const few = 4;

describe.skipIf(!isLive && process.env.CI !== 'true')(`seed ${seed}`, () => {
  test.each(Object.entries(recording?.releases ?? {}))('%s', async (_, { tag, answers }) => {
    const taken = (recording?.sets ?? []).flatMap((set, at) => {
      const said = answers[at]?.said ?? null;
      return said === null ? [] : [{ set, said }];
    });
    const draw = new Draw(seed, taken.length);
    for (let times = 0; times < few; times++) {
      const { set, said } = draw.pick(taken);
      expect(await kernelDifference(tag, set, said), `${tag}: ${JSON.stringify(set)}`).toBeNull();
    }
  });
});
