/**
 * What a real Envoy does with a connection, behaviour by behaviour: `behaviours/*.txt`. Asked live it must be what is
 * expected, and what was recorded; where Envoy cannot be had, what was recorded must be what is expected.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Options } from '../../src/istio/index.ts';
import { type BehaviourCase, readCases, waysOf } from './case-file.ts';
import { type EnvoyVersion, envoyVersions } from './envoy/binary.ts';
import { MeshPod } from './lab/mesh-pod.ts';
import { observe } from './observe.ts';
import { envoyMode, MeshRecording } from './recorded.ts';

const folder = new URL('./behaviours/', import.meta.url);
const cases = readdirSync(folder).flatMap((name) =>
  readCases(readFileSync(new URL(name, folder), 'utf8'), name),
);

/** Cases that share a pod and its Envoy, or its lack of one. */
interface Place {
  readonly name: string;
  readonly envoy: EnvoyVersion | null;
  readonly options: Partial<Options>;
  readonly own: readonly BehaviourCase[];
}

function podWords({ pod, excludes }: BehaviourCase): string {
  return excludes === undefined ? pod : `${pod} excluding ${excludes}`;
}

const places: readonly Place[] = [null, ...envoyVersions].flatMap((envoy) => {
  const all = cases.filter(({ hasEnvoy }) => hasEnvoy === (envoy !== null));
  return [...new Set(all.map(podWords))].map((pod) => {
    const own = all.filter((one) => podWords(one) === pod);
    const excludes = own[0]?.excludes;
    return {
      name: envoy === null ? `${pod} without Envoy` : `${pod}, Envoy ${envoy}`,
      envoy,
      options: excludes === undefined ? {} : { outboundPortsExclude: excludes },
      own,
    };
  });
});

const recording = new MeshRecording<readonly string[]>('behaviours', envoyMode());
afterAll(() => recording.save());

test('there are enough of them, and each has a title of its own', () => {
  expect(cases.length).toBeGreaterThan(60);
  const titles = cases.map((one) => `${podWords(one)}: ${one.title}`);
  expect(new Set(titles).size).toBe(titles.length);
});

type Observed = ReadonlyMap<BehaviourCase, readonly string[]>;

async function ask({ envoy, options, own }: Place): Promise<Observed> {
  const [first] = own;
  if (first === undefined) throw new Error('no cases');
  const pod = await MeshPod.open({ name: first.pod, envoy, options });
  try {
    return await observe(pod, own);
  } finally {
    await pod.end();
  }
}

/** Pods wait most of their time, for somebody who says nothing: two at once. */
const atOnce = 2;
const asked = new Map<Place, Promise<Observed>>();

function answerOf(place: Place): Promise<Observed> {
  for (const next of places.slice(places.indexOf(place), places.indexOf(place) + atOnce)) {
    if (asked.has(next)) continue;
    const answer = ask(next);
    // Whoever asks for it is told.
    answer.catch(() => {});
    asked.set(next, answer);
  }
  return asked.get(place) as Promise<Observed>;
}

/** What a case is asked: all of it but what is expected. */
function questionOf({ expected: _, ...question }: BehaviourCase) {
  return question;
}

describe.each(places.map((place) => [place.name, place] as const))('%s', (name, place) => {
  test.each(place.own.map((one) => [one.title, one] as const))('%s', async (title, one) => {
    const key = `${name}: ${title}`;
    const question = questionOf(one);
    const live = recording.mode === 'recorded' ? undefined : (await answerOf(place)).get(one);
    if (live !== undefined) recording.keep(key, question, live);
    const lines = live ?? recording.recorded(key, question);
    const ways = waysOf(one, place.envoy ?? '').map((way) => way.join('\n'));
    // With one way, the difference is shown line by line.
    if (ways.length === 1) expect(lines.join('\n')).toBe(ways[0]);
    expect(ways).toContain(lines.join('\n'));
    if (recording.mode === 'live') expect(ways).toContain(recording.recorded(key, question).join('\n'));
  });
});
