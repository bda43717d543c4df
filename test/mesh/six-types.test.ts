/**
 * The six types of traffic with a real Envoy, in both modes and both families, behind rules of iptables and of nft. What Envoy dials, from which address
 * and with which mark, and every rule that its packets and the answers meet, is what the model and the pages say.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { scenarios } from '../../src/handbook/scenarios/index.ts';
import { portOf } from '../../src/istio/index.ts';
import { type Journey, journey as journeyOf } from '../../src/journey/index.ts';
import { envoyOf } from './envoy/binary.ts';
import { familiesOf, type PodName } from './istiod/pods.ts';
import { modelled, requestsOf, type Seen, walkLive } from './journeys.ts';
import { MeshPod } from './lab/mesh-pod.ts';
import { backEnds, modelOf, rulesOf } from './lab/setting.ts';
import { envoyMode, MeshRecording } from './recorded.ts';

const pods: readonly PodName[] = ['redirect', 'v6', 'tproxy', 'tproxy-v6'];
const version = envoyOf[rulesOf];

const recording = new MeshRecording<Seen>('six-types', envoyMode());
afterAll(() => recording.save());

const asked = backEnds.flatMap((backEnd) => pods.map((name) => [backEnd, name] as const));

describe.each(asked)('%s, %s', (backEnd, name) => {
  const model = modelOf(name, {}, backEnd);
  const called = backEnd === 'iptables' ? name : `${backEnd}, ${name}`;
  const family = familiesOf(name)[0] ?? 'v4';
  let open: Promise<MeshPod> | undefined;
  afterAll(async () => (await open)?.end());

  let hasScraped = false;

  /** Envoy keeps its connection to its admin port for later calls: who scrapes again meets a new Envoy. */
  async function podFor(journey: Journey): Promise<MeshPod> {
    const scrapes = journey.legs.some(
      ({ client, dialled }) => client.name === 'Envoy' && dialled.destinationPort === portOf('envoy-admin'),
    );
    if (open === undefined || (scrapes && hasScraped)) {
      await (await open)?.end();
      open = MeshPod.open({ name, envoy: version, backEnd });
      hasScraped = false;
    }
    hasScraped ||= scrapes;
    return open;
  }

  for (const scenario of scenarios) {
    test.each(requestsOf(scenario, family))('%s', async (title, request) => {
      const journey = journeyOf(model, request);
      const key = `${called}: ${title}`;
      const question = { version, request };
      if (recording.mode !== 'recorded') {
        const seen = await walkLive(await podFor(journey), request, journey);
        recording.keep(key, question, seen);
        if (recording.mode === 'live') expect(recording.recorded(key, question)).toEqual(seen);
        expect(modelled(journey)).toEqual(seen);
      } else {
        expect(modelled(journey)).toEqual(recording.recorded(key, question));
      }
    });
  }
});
