/** What both Envoys did with random cases, as it was recorded: `npm test -- mesh` with SIDETRACK_RECORD=1 writes it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { EnvoyRelease } from '../../src/envoy/index.ts';
import type { Became } from './random-answers.ts';
import { type RandomCase, randomCase } from './random-config.ts';

const file = new URL('./recorded/random.json.gz', import.meta.url);

export interface RandomRecording {
  readonly cases: readonly RandomCase[];
  /** By release, case and connection. */
  readonly answers: Readonly<Record<EnvoyRelease, readonly (readonly Became[])[]>>;
}

/** Numbers of the first seed, each of which tells one of the mistakes in `mutants.test.ts` from the truth. */
const telling = [
  0, 2, 3, 10, 11, 12, 17, 21, 22, 33, 40, 41, 42, 43, 47, 48, 49, 55, 59, 97, 118, 503, 769, 852, 1083,
];

/** The cases that are recorded: as they are drawn today. */
export function casesToRecord(): readonly RandomCase[] {
  return telling.map((number) => randomCase(1, number, 25));
}

export function randomRecording(): RandomRecording {
  if (!existsSync(file)) throw new Error('nothing is recorded: record it as root, SIDETRACK_RECORD=1');
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

export function writeRandomRecording(recording: RandomRecording): void {
  writeFileSync(file, gzipSync(JSON.stringify(recording), { level: 9 }));
}
