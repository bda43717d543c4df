/** The journeys of all scenarios, as text: what a reader of this folder can check by eye. */
import { describe, expect, test } from 'vitest';
import { bind, scenarios } from '../../src/handbook/index.ts';
import type { RuleEvent } from '../../src/netfilter/index.ts';
import { text } from '../../src/render/index.ts';

const releases = ['1.17', '1.30'] as const;
const all = scenarios.flatMap((scenario) =>
  releases.map((release) => [scenario.name, release, scenario] as const),
);

describe.each(all)('%s with Istio %s', (name, release, scenario) => {
  const { journey } = bind(scenario, { setting: { release } });

  test('goes as it is written down', async () => {
    await expect(text(journey, { replies: true })).toMatchFileSnapshot(`golden/${name}-${release}.txt`);
  });

  test('arrives', () => {
    expect(journey.arrived).toBe(true);
  });

  test('joins its legs by what a process does, which is said of each leg but the first', () => {
    expect(journey.legs.map(({ modelled }) => modelled)).toEqual(journey.legs.map((_, at) => at > 0));
    for (const leg of journey.legs.slice(1)) expect(leg.because).not.toBe('');
  });

  test('no answer meets a rule of nat, and each comes from the address that was dialled', () => {
    for (const { dialled, passages } of journey.legs) {
      const [request, reply] = passages;
      expect(passages.map(({ direction }) => direction)).toEqual(['request', 'reply']);
      const events = reply?.traversal.events ?? [];
      expect(events.filter((event) => event.kind === 'rule' && event.table === 'nat')).toEqual([]);
      const back = events.at(-1)?.packet;
      expect(back?.destination).toBe(dialled.source);
      expect(back?.destinationPort).toBe(dialled.sourcePort);
      // What leaves by eth0 is answered from outside, where nothing of the pod has rewritten it yet.
      expect(back?.source).toBe(dialled.destination);
      expect(back?.sourcePort).toBe(dialled.destinationPort);
      expect(request?.traversal.outcome.kind).toMatch(/^(delivered|sent)$/);
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
