/** A test of the test: mistakes planted in the model of ztunnel, each of which what a real ztunnel did must contradict. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Behaviour, Dial } from '../../../src/istio/pod/behaviour.ts';
import type { Seen } from '../journeys.ts';
import { MeshRecording } from '../recorded.ts';

const modelFile = '../../../src/istio/ambient/ztunnel.ts';

/** What the model says of a connection, with a mistake in it. */
type Mistake = (said: Behaviour) => Behaviour;

const dialling =
  (change: (dial: Dial) => Dial): Mistake =>
  (said) => ({ ...said, dials: said.dials.map(change) });

const codeOf = ({ reason }: Behaviour): string =>
  reason.code === 'by ztunnel' && 'does' in reason ? reason.does.code : '';

/** A connection of this kind is closed, and nobody dialled. */
const refusing =
  (code: string): Mistake =>
  (said) =>
    codeOf(said) === code ? { ...said, dials: [], closes: true } : said;

const mistakes: readonly (readonly [string, Mistake])[] = [
  ['no mistake', (said) => said],
  ['the app is called from the pod’s own address', dialling(({ source: _, ...dial }) => dial)],
  [
    'the app is called on 127.0.0.1',
    dialling((dial) => (dial.source === undefined ? dial : { ...dial, address: '127.0.0.1' })),
  ],
  ['what it dials has no mark', dialling(({ mark: _, ...dial }) => dial)],
  [
    'what it dials has the mark of answers',
    dialling((dial) => (dial.mark === undefined ? dial : { ...dial, mark: 0x111 })),
  ],
  [
    'a peer is called at the port of its app',
    dialling((dial) => (dial.port === 15008 ? { ...dial, port: 9080 } : dial)),
  ],
  [
    'a call out has the address of the app',
    dialling((dial) => (dial.port === 443 ? { ...dial, source: '127.0.0.6' } : dial)),
  ],
  ['an address that nobody has is refused', refusing('knows nobody there')],
  ['plain text is refused', refusing('takes plain text')],
  ['a tunnel is refused', refusing('ends a tunnel')],
  ['a question is not passed on', refusing('forwards a question')],
  [
    'STRICT lets plain text in',
    (said) =>
      codeOf(said) === 'refuses plain text'
        ? {
            ...said,
            closes: false,
            dials: [
              {
                process: 'ztunnel',
                address: '10.244.1.5',
                port: 8080,
                source: '203.0.113.10',
                mark: 0x539,
                reason: { code: 'by ztunnel', dial: { code: 'as it was dialled' } },
              },
            ],
          }
        : said,
  ],
];

afterEach(() => {
  vi.doUnmock(modelFile);
  vi.resetModules();
});

/** The recorded journeys about which the model, with a mistake, says something else than ztunnel did. */
async function contradicted(mistake: Mistake): Promise<readonly string[]> {
  vi.resetModules();
  vi.doMock(modelFile, async (original) => {
    const sound = await original<typeof import('../../../src/istio/ambient/ztunnel.ts')>();
    return {
      ...sound,
      behaveInMesh: (...asked: Parameters<typeof sound.behaveInMesh>) =>
        mistake(sound.behaveInMesh(...asked)),
    };
  });
  const { ambientJourneys } = await import('./asked.ts');
  const recording = new MeshRecording<Partial<Seen>>('ambient-journeys', 'recorded');
  return ambientJourneys('iptables')
    .filter(({ key, question, says }) => {
      const seen = recording.recorded(key, question);
      return JSON.stringify(says()) !== JSON.stringify(seen);
    })
    .map(({ key }) => key);
}

describe('what ztunnel did contradicts it when', () => {
  test.each(mistakes)('%s', async (what, mistake) => {
    const found = await contradicted(mistake);
    if (what === 'no mistake') expect(found).toEqual([]);
    else expect(found).not.toEqual([]);
  });
});
