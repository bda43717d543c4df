/** The journeys of all scenarios, as text: what a reader of this folder can check by eye. */
import { describe, expect, test } from 'vitest';
import { allScenarios, bind } from '../../src/handbook/scenarios/index.ts';
import type { RuleEvent } from '../../src/netfilter/index.ts';
import { text } from '../../src/render/index.ts';
import { dialWords, ending as endingOf } from '../../src/words/index.ts';

const releases = ['1.17', '1.30'] as const;
/** Runbooks tell of requests that go nowhere, too: how these end. */
const endings: Readonly<Record<string, RegExp>> = {
  'answer-503': /^Refused: no tcp socket listens on 10\.244\.1\.5:9998\.$/,
  'app-on-loopback': /^Refused: no tcp socket listens on 10\.244\.1\.5:8080\.$/,
  'connection-reset': /^Mutual TLS is STRICT, and no filter chain of Envoy takes plain text\.$/,
  'no-endpoint': /^Envoy knows the Service reviews, which has no endpoint\.$/,
  'unknown-host-refused': /^Envoy knows no such Service, and REGISTRY_ONLY sends it to BlackHoleCluster\.$/,
  'agent-captured': /^Refused: no tcp socket listens on 127\.0\.0\.1:15001\.$/,
  'connection-refused': /^Refused: no tcp socket listens on 127\.0\.0\.1:15001\.$/,
  'connection-refused-inbound': /^Refused: no tcp socket listens on 10\.244\.1\.5:15006\.$/,
  'init-container-no-network': /^Refused: no tcp socket listens on 127\.0\.0\.1:15001\.$/,
  'proxy-as-other-user': /^In a circle: connection 2 is made again and again\.$/,
};
const all = allScenarios.flatMap((scenario) =>
  releases.map((release) => [scenario.name, release, scenario] as const),
);

/** Before 1.20 the answer to pilot-agent is looked for in another zone than its query, and is nobody's. */
function isLostInItsZone(name: string, release: string): boolean {
  return name === 'dns-of-agent' && release === '1.17';
}

describe.each(all)('%s with Istio %s', (name, release, scenario) => {
  const { journey } = bind(scenario, { setting: { release } });

  test('goes as it is written down', async () => {
    await expect(text(journey, { replies: true })).toMatchFileSnapshot(`golden/${name}-${release}.txt`);
  });

  test('arrives, or ends as its page says', () => {
    const ending = endings[name];
    expect(journey.arrived).toBe(ending === undefined);
    if (ending !== undefined) expect(endingOf(journey)).toMatch(ending);
  });

  test('joins its legs by what a process does, which is said of each leg but the first', () => {
    expect(journey.legs.map(({ modelled }) => modelled)).toEqual(journey.legs.map((_, at) => at > 0));
    for (const leg of journey.legs.slice(1)) expect(dialWords(leg.reason)).toMatch(/^[A-Z].+\.$/);
  });

  test('no answer meets a rule of nat, and each comes from the address that was dialled', () => {
    for (const { dialled, passages } of journey.legs) {
      const [request, reply] = passages;
      if (isLostInItsZone(name, release)) {
        const answer = reply?.traversal.events.find(({ kind }) => kind === 'conntrack');
        expect(answer).toMatchObject({ state: 'NEW' });
        continue;
      }
      expect(passages.map(({ direction }) => direction)).toEqual(['request', 'reply']);
      const events = reply?.traversal.events ?? [];
      expect(events.filter((event) => event.kind === 'rule' && event.table === 'nat')).toEqual([]);
      const back = events.at(-1)?.packet;
      expect(back?.destination).toBe(dialled.source);
      expect(back?.destinationPort).toBe(dialled.sourcePort);
      // What leaves by eth0 is answered from outside, where nothing of the pod has rewritten it yet.
      expect(back?.source).toBe(dialled.destination);
      expect(back?.sourcePort).toBe(dialled.destinationPort);
      expect(request?.traversal.outcome.kind).toMatch(
        name in endings ? /^(delivered|sent|refused)$/ : /^(delivered|sent)$/,
      );
    }
  });

  test('asks each nat chain at most once for a connection', () => {
    for (const { passages } of journey.legs) {
      const places = passages
        .flatMap(({ traversal }) => traversal.events)
        .filter((event): event is RuleEvent => event.kind === 'rule' && event.table === 'nat')
        .map(({ hook, chain, position }) => `${hook} ${chain} ${position}`);
      expect(new Set(places).size).toBe(places.length);
    }
  });
});
