/**
 * One packet of each set, sent: for Istio's own rules in both languages, the example of each way through the pod goes
 * through the kernel as the set says, rule by rule.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { bypass, packetsThatDiffer, survey, takersOf } from '../../src/analysis/index.ts';
import { type Entrance, entrancesOf, waysOf } from '../../src/analysis/ways/index.ts';
import { type Options, portOf, rulesFor } from '../../src/istio/index.ts';
import { addressValue, type Host, type Packet, type Socket } from '../../src/netfilter/index.ts';
import { openListeners, runBatch } from './batch.ts';
import { compareAnswer, hostOf } from './engine.ts';
import { openPod, type Pod } from './pod.ts';
import { usualPod } from './pod-plan.ts';
import { missing, modeOf } from './recording.ts';

const app = { uid: 1000, gid: 1000 };
const proxy = { uid: 1337, gid: 1337 };
const sockets: readonly Socket[] = [
  { protocol: 'tcp', address: '::', port: 8080, ...app },
  ...[15001, 15006, 15008, 15020, 15021, 15053, 15090].map(
    (port): Socket => ({ protocol: 'tcp', address: '::', port, ...proxy }),
  ),
  { protocol: 'udp', address: '127.0.0.1', port: 15053, ...proxy },
];

/** What sockets can send here: from addresses that this pod and its peer have, as three users. */
function sendable(entrance: Entrance): ReadonlyMap<string, readonly (readonly [bigint, bigint])[]> {
  const numbers = (...all: readonly number[]) => all.map((one) => [BigInt(one), BigInt(one)] as const);
  const addresses = (...all: readonly string[]) =>
    all
      .map(addressValue)
      .sort((a, b) => (a < b ? -1 : 1))
      .map((one) => [one, one] as const);
  const isProcess = entrance.kind === 'process';
  return new Map([
    ['protocol', numbers(6, 17)],
    ['source', isProcess ? addresses('127.0.0.1', '127.0.0.6', '10.244.1.5') : addresses('10.244.2.9')],
    [
      'destination',
      isProcess ? addresses('127.0.0.1', '10.244.1.5', '10.96.0.7', '10.244.2.9') : addresses('10.244.1.5'),
    ],
    ['sourcePort', [[20000n, 29999n]] as const],
    ['destinationPort', [[1n, 65535n]] as const],
    ['mark', numbers(0)],
    ...(isProcess
      ? ([
          ['uid', numbers(0, 1000, 1337)],
          ['gid', numbers(0, 1000, 1337)],
        ] as const)
      : []),
  ]);
}

const ports = { inbound: portOf('envoy-inbound'), outbound: portOf('envoy-outbound') };

/** Rule 9 and 15001, and what follows of the proxy: rule 4, and off the host. */
const publishedParts = [
  { stops: [ruleOfOutput(9), { kind: 'delivered', port: ports.outbound }], sender: app },
  { stops: [ruleOfOutput(4), { kind: 'sent' }], sender: proxy },
] as const;

function ruleOfOutput(position: number) {
  return { kind: 'rule', table: 'nat', chain: 'ISTIO_OUTPUT', position } as const;
}

/** One packet of each answer: of each hole, of each difference, of a published path. */
function examplesOfAnswers(host: Host, other: Host): readonly Packet[] {
  const limits = { withinOf: sendable };
  const found = survey(host, limits);
  const holes = bypass(found, ports).map(({ packets }) => packets.example);
  const different = packetsThatDiffer(found, survey(other, limits))?.cases ?? [];
  const published = publishedParts.flatMap(({ stops, sender }) =>
    takersOf(found, stops, {
      from: 'process',
      within: new Map([
        ['uid', [[BigInt(sender.uid), BigInt(sender.uid)]]],
        ['gid', [[BigInt(sender.gid), BigInt(sender.gid)]]],
      ]),
    }).packets.map(({ example }) => example),
  );
  let port = 30000;
  return [...holes, ...different.map(({ packets }) => packets.example), ...published]
    .filter(({ destination }) => !destination.includes(':'))
    .map((packet) => ({ ...packet, sourcePort: port++ }));
}

/** The example of each way, each from a port of its own. */
function examplesOf(host: Host): readonly Packet[] {
  let port = 20000;
  return entrancesOf(host).flatMap((entrance) =>
    waysOf(host, 'v4', entrance, { within: [sendable(entrance)] })
      .ways.filter(({ events }) => events.some(({ kind }) => kind === 'hook'))
      .map(({ example }) => ({ ...example, sourcePort: port++ })),
  );
}

const settings: readonly (readonly [string, Partial<Options>])[] = [
  ['the defaults', {}],
  ['DNS capture', { redirectDNS: true, captureAllDNS: true }],
  [
    'lists of ports and ranges',
    { outboundPortsExclude: '5432', inboundPortsInclude: '80,8080', outboundIPRangesExclude: '10.96.0.0/16' },
  ],
  ['native nftables', { nativeNftables: true }],
  ['native nftables with DNS capture', { nativeNftables: true, redirectDNS: true, captureAllDNS: true }],
];

// A recording holds questions that are known beforehand; the sets are computed.
if (modeOf(process.env, missing) === 'recorded') {
  test('the kernel is not to be had here, and no examples are put to it', () => {
    expect(process.env.CI === 'true' && process.env.SIDETRACK_KERNEL !== 'recorded').toBe(false);
  });
} else {
  describe('one packet of each set goes its way in the kernel', () => {
    let opened: Promise<Pod> | null = null;
    afterAll(async () => (await opened)?.end());
    test.each(settings)(
      '%s',
      async (_, options) => {
        opened ??= openPod(usualPod).then(async (pod) => {
          await openListeners(pod, sockets, []);
          return pod;
        });
        const { text, nft } = rulesFor('1.31', options);
        const rulesets = {
          v4: nft === null ? text.v4 : '',
          v6: '',
          ...(nft === null ? {} : { nft: text.nft ?? '' }),
        };
        const host = hostOf(usualPod, { rulesets, sockets, packets: [] }, 'nft');
        const packets = examplesOf(host);
        expect(packets.length).toBeGreaterThan(20);
        const traced = await runBatch(await opened, 'nft', rulesets, packets);
        const faults = packets.flatMap((packet, at) => {
          const said = traced[at] ?? null;
          const fault = said === null ? 'no trace' : compareAnswer(host, packet, said);
          return fault === null ? [] : [`${JSON.stringify(packet)}\n${fault}`];
        });
        expect(faults.join('\n\n')).toBe('');
      },
      60_000,
    );

    test('one packet of each hole, each difference and each part of a published path', async () => {
      opened ??= openPod(usualPod).then(async (pod) => {
        await openListeners(pod, sockets, []);
        return pod;
      });
      const hostUnder = (options: Partial<Options>) => {
        const rulesets = { v4: rulesFor('1.31', options).text.v4, v6: '' };
        return { rulesets, host: hostOf(usualPod, { rulesets, sockets, packets: [] }, 'nft') };
      };
      const sides = [hostUnder({}), hostUnder({ outboundPortsExclude: '5432' })] as const;
      const packets = examplesOfAnswers(sides[0].host, sides[1].host);
      expect(packets.length).toBeGreaterThan(8);
      for (const { host, rulesets } of sides) {
        const traced = await runBatch(await opened, 'nft', rulesets, packets);
        const faults = packets.flatMap((packet, at) => {
          const said = traced[at] ?? null;
          const fault = said === null ? 'no trace' : compareAnswer(host, packet, said);
          return fault === null ? [] : [`${JSON.stringify(packet)}\n${fault}`];
        });
        expect(faults.join('\n\n')).toBe('');
      }
    }, 60_000);
  });
}
