/**
 * The journeys of ambient mode with a real ztunnel, in-pod, with rules of iptables and of nft, in both families. Whom
 * ztunnel dials, from which address and with which mark, and every rule that its packets and the answers meet, is what the
 * model and the pages say.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { AmbientScenario } from '../../../src/handbook/scenarios/index.ts';
import type { Seen } from '../journeys.ts';
import { MeshRecording } from '../recorded.ts';
import { AmbientMesh } from './ambient-mesh.ts';
import { type AmbientJourney, ambientJourneys, compared, meshOf } from './asked.ts';
import { asksAllOfZtunnel, ztunnelMode } from './recording.ts';
import { walkLive } from './walk.ts';
import { type BackEnd, backEnds } from './world.ts';

const recording = new MeshRecording<Partial<Seen>>('ambient-journeys', ztunnelMode());
afterAll(() => recording.save());

/** A share that takes seconds: what is asked of the usual mesh, in one family. */
const isAsked = (backEnd: BackEnd, { scenario, title }: AmbientJourney): boolean =>
  asksAllOfZtunnel() || (backEnd === 'nft' && meshOf(scenario) === meshOf({}) && title.endsWith(', v4'));

describe.each(backEnds)('%s', (backEnd: BackEnd) => {
  let open: { readonly mesh: string; readonly ready: Promise<AmbientMesh> } | undefined;
  const close = async () => (await open?.ready.catch(() => undefined))?.end();
  afterAll(close);

  /** Opened when the first asks for it; those that follow have it, too. */
  async function meshFor(scenario: AmbientScenario): Promise<AmbientMesh> {
    const mesh = meshOf(scenario);
    if (open?.mesh !== mesh) {
      await close();
      const { options = {}, workload = {} } = scenario;
      open = { mesh, ready: AmbientMesh.open({ backEnd, options, workload }) };
    }
    return open.ready;
  }

  test.each(ambientJourneys(backEnd).map((one): [string, AmbientJourney] => [one.title, one]))(
    '%s',
    async (_, one) => {
      const { key, scenario, request, question, journey, says } = one;
      if (recording.mode === 'recorded' || !isAsked(backEnd, one)) {
        expect(says()).toEqual(recording.recorded(key, question));
        return;
      }
      const seen = compared(scenario, await walkLive(await meshFor(scenario), request, journey()));
      recording.keep(key, question, seen);
      if (recording.mode === 'live') expect(recording.recorded(key, question)).toEqual(seen);
      expect(says()).toEqual(seen);
    },
  );
});
