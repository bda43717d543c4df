/**
 * All that a real Envoy was seen to do, against the model in a folder: `node test/envoy/replay.ts src`. Prints how many
 * disagreements there are.
 */

import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type * as Model from '../../src/envoy/index.ts';
import { conditionDisagreements, conditionRecording } from './condition-answers.ts';
import { disagreements } from './random-answers.ts';
import { bootstrapFor } from './random-config.ts';
import { randomRecording } from './random-recording.ts';
import { compareCalls } from './recorded-calls.ts';
import { recordedCalls } from './recordings.ts';

/** How many connections the model tells otherwise than Envoy, of the first recording that it contradicts. */
export function countDisagreements(model: typeof Model): number {
  const conditions = conditionRecording();
  for (const version of model.envoyReleases) {
    const found = conditionDisagreements(model, conditions, version);
    if (found.length > 0) return found.length;
  }
  const { cases, answers } = randomRecording();
  const { config } = model.readEnvoyConfig([bootstrapFor(cases)]);
  for (const version of model.envoyReleases) {
    const random = disagreements(model.connect, config, cases, answers[version], version);
    if (random.length > 0) return random.length;
  }
  const calls = Object.keys(recordedCalls).flatMap((name) => compareCalls(model, name));
  return calls.filter(({ recorded, modelled }) => !isDeepStrictEqual(plain(recorded), plain(modelled)))
    .length;
}

/** A field that is undefined is not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? 'src');
  const model: typeof Model = await import(`${folder}/envoy/index.ts`);
  console.log(countDisagreements(model));
}
