/** A test of the test: mistakes planted in the model of Envoy, each of which what a real Envoy did must contradict. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Behaviour, Dial } from '../../src/istio/pod/behaviour.ts';
import { envoyOf } from './envoy/binary.ts';
import { familiesOf, type PodName } from './istiod/pods.ts';
import type { Seen } from './journeys.ts';
import { type BackEnd, backEnds } from './lab/setting.ts';
import { MeshRecording } from './recorded.ts';

const modelFile = '../../src/istio/pod/behaviour.ts';

/** What the model says of a connection, with a mistake in it. */
type Mistake = (said: Behaviour) => Behaviour;

const ofEnvoy =
  (change: (dial: Dial) => Dial): Mistake =>
  (said) => ({
    ...said,
    dials: said.dials.map((dial) => (dial.process === 'Envoy' ? change(dial) : dial)),
  });

const mistakes: readonly (readonly [string, PodName, Mistake])[] = [
  ['no mistake', 'redirect', (said) => said],
  ['no mistake', 'tproxy', (said) => said],
  ['Envoy dials the app from its own address', 'redirect', ofEnvoy(({ source: _, ...dial }) => dial)],
  [
    'Envoy dials the app from 127.0.0.6 in TPROXY mode, too',
    'tproxy',
    ofEnvoy((dial) => (dial.mark === undefined ? dial : { ...dial, source: '127.0.0.6' })),
  ],
  ['what Envoy dials has no mark', 'tproxy', ofEnvoy(({ mark: _, ...dial }) => dial)],
  [
    'Envoy dials the app on 127.0.0.1',
    'redirect',
    ofEnvoy((dial) => (dial.source === undefined ? dial : { ...dial, address: '127.0.0.1' })),
  ],
  [
    'Envoy dials the port of the Service',
    'redirect',
    ofEnvoy((dial) => (dial.port === 9080 ? { ...dial, port: 80 } : dial)),
  ],
  ['Envoy passes nothing on', 'redirect', (said) => ({ ...said, dials: [], closes: true })],
  [
    'Envoy refuses what no Service has',
    'redirect',
    (said) => (said.reason.code === 'no Service, passed on' ? { ...said, dials: [], closes: true } : said),
  ],
];

afterEach(() => {
  vi.doUnmock(modelFile);
  vi.resetModules();
});

/** The requests about which the model, with a mistake, says something else than Envoy did. */
async function contradicted(name: PodName, backEnd: BackEnd, mistake: Mistake): Promise<readonly string[]> {
  vi.resetModules();
  vi.doMock(modelFile, async (original) => {
    const sound = await original<typeof import('../../src/istio/pod/behaviour.ts')>();
    return {
      ...sound,
      behave: (...asked: Parameters<typeof sound.behave>) => mistake(sound.behave(...asked)),
    };
  });
  const { journey } = await import('../../src/journey/index.ts');
  const { modelOf, rulesOf } = await import('./lab/setting.ts');
  const { modelled, requestsOf } = await import('./journeys.ts');
  const { scenarios } = await import('../../src/handbook/scenarios/index.ts');
  const recording = new MeshRecording<Seen>('six-types', 'recorded');
  const version = envoyOf[rulesOf];
  const model = modelOf(name, {}, backEnd);
  const called = backEnd === 'iptables' ? name : `${backEnd}, ${name}`;
  const family = familiesOf(name)[0] ?? 'v4';
  return scenarios
    .flatMap((scenario) => requestsOf(scenario, family))
    .filter(([title, request]) => {
      const seen = recording.recorded(`${called}: ${title}`, { version, request });
      return JSON.stringify(modelled(journey(model, request))) !== JSON.stringify(seen);
    })
    .map(([title]) => title);
}

describe('what Envoy did contradicts it when', () => {
  const asked = backEnds.flatMap((backEnd) =>
    mistakes.map(([what, name, mistake]) => [what, name, backEnd, mistake] as const),
  );
  test.each(asked)('%s (%s, %s)', async (what, name, backEnd, mistake) => {
    const found = await contradicted(name, backEnd, mistake);
    if (what === 'no mistake') expect(found).toEqual([]);
    else expect(found).not.toEqual([]);
  });
});
