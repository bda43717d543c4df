/** Who takes a published path, in sentences: those of the handbook's scenarios, and each form of them. */
import { describe, expect, test } from 'vitest';
import { type PathTakers, stopsMet } from '../../src/analysis/index.ts';
import { podUnder, scenarioNamed, scenarios } from '../../src/handbook/scenarios/index.ts';
import { handbookSetting } from '../../src/handbook/scenarios/setting.ts';
import { publishedLegs, publishedTakers } from '../../src/handbook/tables/index.ts';
import { type Packet, traverse } from '../../src/netfilter/index.ts';
import { type SaidTakers, takersWords } from '../../src/words/index.ts';

function saidOf(name: string): readonly string[] {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return publishedTakers(scenario);
}

describe('the published paths', () => {
  test.for([
    [
      'local-to-remote',
      'OUTPUT … Envoy 15001: of the packets of app uid 1000, these do, and no others: TCP, from 10.244.1.5, to an address that is not its own, uid 1000, gid 1000.',
    ],
    [
      'prometheus',
      'No packet of an answer comes to ISTIO_OUTPUT 3: nat asks its rules about the first packet of a connection only.',
    ],
    [
      'inside-envoy',
      'OUTPUT … Envoy process: no packet of Envoy uid 1337 goes so. It ends before ISTIO_OUTPUT 8: rules 1, 2 and 4 take all that come so far. Nor does a packet of anybody else. ISTIO_OUTPUT 8 is for these only: packets of a socket that is bound to an interface (SO_BINDTODEVICE).',
    ],
    [
      'sidecar-to-istiod',
      'OUTPUT … Envoy 15001: no packet of pilot-agent uid 1337 goes so. It ends before ISTIO_OUTPUT 9: rules 1, 2 and 4 take all that come so far. Of others, these do, and no others: TCP, from 10.244.1.5, to an address that is not its own, any uid but 1337, any gid but 1337.',
    ],
  ] as const)('%s', ([name, said]) => {
    expect(saidOf(name)).toContain(said);
  });

  const pod = podUnder({ release: handbookSetting.release, options: {} });
  const { host } = pod;

  /** Packets of TCP of this user, or from behind eth0, to addresses and ports of each kind. */
  function packetsOf(uid: number | null): readonly Packet[] {
    const own = ['127.0.0.1', '127.0.0.6', '10.244.1.5'];
    const ports = [80, 8080, 15000, 15001, 15006, 15008, 15020, 15021, 15090];
    const [sources, destinations] =
      uid === null ? [['198.51.100.7'], ['10.244.1.5', '10.96.0.7']] : [own, [...own, '192.0.2.10']];
    return sources.flatMap((source) =>
      destinations.flatMap((destination) =>
        ports.map(
          (destinationPort): Packet => ({
            protocol: 'tcp',
            source,
            destination,
            sourcePort: 40000,
            destinationPort,
            from: uid === null ? { interface: 'eth0' } : { uid, gid: uid },
          }),
        ),
      ),
    );
  }

  const senders: Readonly<Record<string, number | null>> = {
    'remote-to-local': null,
    'local-to-remote': 1000,
    prometheus: null,
    'local-to-local': 1000,
    'inside-envoy': 1337,
    'sidecar-to-istiod': 1337,
  };

  test.for(scenarios.flatMap(({ name, published }) => (published === undefined ? [] : [name])))(
    '%s: where none is said to go so, none of these packets does; where some are, some do',
    (name) => {
      const { published } = scenarioNamed(name) ?? {};
      if (published === undefined) throw new Error(`nothing is published about ${name}`);
      const legs = publishedLegs(published, pod);
      const sentences = saidOf(name);
      expect(sentences.length).toBe(legs.length);
      for (const [at, { from, stops }] of legs.entries()) {
        if (from === 'answer') continue;
        const sender = from === 'Envoy' ? 1337 : senders[name];
        if (sender === undefined) throw new Error(`nobody is known to send ${name}`);
        const going = packetsOf(sender).filter(
          (packet) => stopsMet(traverse(host, packet), stops) === stops.length,
        );
        expect([sentences[at], going.length > 0]).toEqual([
          sentences[at],
          !/: no packet of /.test(sentences[at] as string),
        ]);
      }
    },
  );
});

describe('each form', () => {
  const packets: PathTakers['packets'] = [
    {
      entrance: { kind: 'process' },
      sets: [[{ field: 'uid', is: 'one of', values: ['7'] }]],
      example: {
        protocol: 'tcp',
        source: '10.0.0.1',
        destination: '10.0.0.2',
        sourcePort: 40000,
        destinationPort: 80,
        from: { uid: 7, gid: 7 },
      },
    },
  ];
  const taken = { packets, dies: null, isWhole: true, isDoubtful: false, open: [], rare: [] };
  const lost = (takenBy: readonly number[], stop = 1) => ({
    ...taken,
    packets: [],
    dies: { stop, packets, takenBy, traversal: null },
  });
  const leg: SaidTakers = {
    texts: ['OUTPUT', 'ISTIO_OUTPUT 8', 'Envoy process'],
    from: 'sender',
    sender: 'app uid 7',
    own: taken,
    others: null,
    never: null,
  };
  const words = (changed: Partial<SaidTakers>) => takersWords({ ...leg, ...changed });

  test('some take it', () => {
    expect(words({})).toEqual([
      'OUTPUT … Envoy process: of the packets of app uid 7, these do, and no others: uid 7.',
    ]);
    expect(words({ from: 'Envoy', own: { ...taken, isWhole: false } })).toEqual([
      'OUTPUT … Envoy process: of the packets of Envoy, these are known to do: uid 7.',
    ]);
  });

  test('none does, by one rule or none; nor anybody else', () => {
    expect(words({ own: lost([3]) })).toEqual([
      'OUTPUT … Envoy process: no packet of app uid 7 goes so. It ends before ISTIO_OUTPUT 8: rule 3 takes all that come so far.',
    ]);
    expect(words({ own: lost([], 2), others: lost([]) })).toEqual([
      'OUTPUT … Envoy process: no packet of app uid 7 goes so. It ends before Envoy process. Nor does a packet of anybody else.',
    ]);
  });

  test('what is not told apart is not said of all', () => {
    expect(
      words({ own: { ...lost([3]), isWhole: false }, others: { ...lost([3]), isWhole: false } }),
    ).toEqual([
      'OUTPUT … Envoy process: no packet of app uid 7 goes so. It ends before ISTIO_OUTPUT 8 as far as is known: rule 3 takes all that come so far. Of others none is known that does.',
    ]);
  });

  test('others do; or those alone that people rarely think of', () => {
    expect(words({ own: lost([3]), others: taken })).toEqual([
      'OUTPUT … Envoy process: no packet of app uid 7 goes so. It ends before ISTIO_OUTPUT 8: rule 3 takes all that come so far. Of others, these do, and no others: uid 7.',
    ]);
    expect(words({ own: lost([3]), others: { ...lost([3]), rare: ['bound'] } })[0]).toContain(
      'Nor does a packet of anybody else. ISTIO_OUTPUT 8 is for these only: packets of a socket that is bound to an interface (SO_BINDTODEVICE).',
    );
  });

  test('of an answer: no rule of nat is asked, or nothing is said', () => {
    expect(words({ own: null, never: 'ISTIO_OUTPUT 3' })).toEqual([
      'No packet of an answer comes to ISTIO_OUTPUT 3: nat asks its rules about the first packet of a connection only.',
    ]);
    expect(words({ own: null })).toEqual([]);
  });
});
