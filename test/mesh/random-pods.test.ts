/** Random connections to Envoys with istiod's own configuration: a share of `npm run test:long envoy-pods` in every run. */
import { expect, test } from 'vitest';
import { connect } from '../../src/envoy/index.ts';
import { seedOf } from '../long/seed.ts';
import { envoyVersions } from './envoy/binary.ts';
import { podNames } from './istiod/pods.ts';
import { MeshPod } from './lab/mesh-pod.ts';
import { releaseOf } from './random/compare.ts';
import { askPod, drawPodCalls, type PodCallSeen, podDisagreements } from './random/pod-calls.ts';
import { envoyMode, MeshRecording } from './recorded.ts';

const recording = new MeshRecording<readonly PodCallSeen[]>('random-pods', envoyMode());
const seed = seedOf(process.env);
/** What is recorded is drawn from a seed of its own, of every pod. */
const recordedSeed = 1;
const amount = 25;

const whileRecording = recording.mode === 'record' ? test : () => {};
whileRecording('records every pod', { timeout: 600_000 }, async () => {
  for (const name of podNames)
    for (const version of envoyVersions) {
      const calls = drawPodCalls(name, recordedSeed, 0, amount);
      recording.keep(`${version} ${name}`, calls, await asked(name, version, calls));
    }
  recording.save();
});

/** The pod of the day, with each Envoy. */
const ofToday = podNames[seed % podNames.length] as (typeof podNames)[number];

test.skipIf(recording.mode === 'recorded').each(envoyVersions)(
  `Envoy %s in the pod ${ofToday} does what the model says`,
  { timeout: 120_000 },
  async (version) => {
    const calls = drawPodCalls(ofToday, seed, 0, 60);
    const found = podDisagreements(
      connect,
      ofToday,
      calls,
      await asked(ofToday, version, calls),
      releaseOf(version),
    );
    expect(found, `npm run test:long envoy-pods -- --seed ${seed}`).toEqual([]);
  },
);

const recorded = podNames.flatMap((name) => envoyVersions.map((version) => [version, name] as const));

test.skipIf(recording.mode === 'record').each(recorded)(
  'what was recorded of Envoy %s in %s',
  (version, name) => {
    const calls = drawPodCalls(name, recordedSeed, 0, amount);
    const seen = recording.recorded(`${version} ${name}`, calls);
    expect(podDisagreements(connect, name, calls, seen, releaseOf(version))).toEqual([]);
  },
);

test.skipIf(recording.mode === 'record')(
  'what a model says that never waits, or knows no Host, is contradicted',
  () => {
    const wrong: readonly (typeof connect)[] = [
      (config, { sends: _, ...connection }, options) =>
        connect(config, { ...connection, sends: { bytes: 'any bytes\r\n' } }, options),
      (config, connection, options) =>
        connect(config, { ...connection, destinationPort: connection.destinationPort + 1 }, options),
    ];
    for (const model of wrong) {
      const found = recorded.flatMap(([version, name]) => {
        const calls = drawPodCalls(name, recordedSeed, 0, amount);
        return podDisagreements(
          model,
          name,
          calls,
          recording.recorded(`${version} ${name}`, calls),
          releaseOf(version),
        );
      });
      expect(found.length).toBeGreaterThan(recorded.length);
    }
  },
);

async function asked(
  name: (typeof podNames)[number],
  version: (typeof envoyVersions)[number],
  calls: Parameters<typeof askPod>[2],
): Promise<readonly PodCallSeen[]> {
  const pod = await MeshPod.open({ name, envoy: version });
  try {
    return await askPod(pod, name, calls, releaseOf(version));
  } finally {
    await pod.end();
  }
}
