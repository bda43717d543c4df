/**
 * Ambient mode on the kernel: the journeys of an enrolled pod, over the rules of releases of each kind, with sockets of the
 * right users and a stand-in for ztunnel that marks what it sends and answers, listens transparently and calls the app
 * from the caller's address. Every event of every packet, there and back, is compared.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type AmbientScenario,
  ambientScenarios,
  bindAmbient,
  enrolledWorkload,
  runbookScenarios,
  scenarios,
} from '../../src/handbook/scenarios/index.ts';
import { ztunnelMark, ztunnelOwner } from '../../src/istio/index.ts';
import {
  enrolledPodOf,
  type Inhabited,
  type Journey,
  journey,
  type Request,
} from '../../src/journey/index.ts';
import { printNft, printRuleset, type RoutingRule } from '../../src/netfilter/index.ts';
import type { DialOn, KernelCase, RemoteSocket } from './case.ts';
import { eventsOfEngine } from './engine.ts';
import { eventLines } from './event.ts';
import { openKernel } from './kernel.ts';
import { type PodPlan, usualPod } from './pod-plan.ts';

/** With TPROXY, and the first without: what comes in, and a call out. The newest: everything. */
const releases = ['1.22', '1.24', '1.31'];
const inEach = ['ambient-hbone', 'ambient-plain-text', 'ambient-service', 'ambient-probe'];

/** One line of `ip rule` that stands in both families. */
function withoutFamily([first]: readonly RoutingRule[]): readonly RoutingRule[] {
  if (first === undefined) return [];
  const { family: _, ...rule } = first;
  return [rule];
}

function planFor({ host }: Inhabited): PodPlan {
  const { interfaces } = host;
  const guests = interfaces.filter(({ name }) => name !== 'lo' && name !== 'eth0');
  return {
    ...usualPod,
    interfaces: [...usualPod.interfaces, ...guests],
    guests: guests.map(({ name }) => name),
    routes: [...(usualPod.routes ?? []), ...(host.routes ?? []).filter(({ table }) => table !== undefined)],
    rules: host.rules?.length === 2 ? withoutFamily(host.rules) : (host.rules ?? []),
    peers: {
      ...Object.fromEntries(guests.map(({ name }) => [name, ['10.0.2.2/24']])),
      eth0: [
        ...(usualPod.peers?.eth0 ?? []),
        ...['10.244.3.20/32', '10.244.2.2/32', '10.96.0.53/32', '203.0.113.10/32', '169.254.7.127/32'],
      ],
    },
  };
}

const kernel = openKernel('ambient');
afterAll(() => kernel.end());

/** A journey as a case: its first packet, and what ztunnel dials on for each connection that it takes. */
function caseOf({ legs }: Journey, { host }: Inhabited): KernelCase {
  const [first, ...others] = legs;
  const sent = first?.passages[0]?.traversal.events[0]?.packet;
  if (first === undefined || sent === undefined) throw new Error('a journey without a packet');
  const { v4, v6, nft } = host.rulesets;
  const any = first.dialled.destination.includes(':') ? '::' : '0.0.0.0';
  return {
    rulesets: {
      ...(v4 === undefined ? {} : { v4: printRuleset(v4) }),
      ...(v6 === undefined ? {} : { v6: printRuleset(v6) }),
      ...(nft === undefined ? {} : { nft: printNft(nft) }),
    },
    // Of ztunnel's, each a process here, only those that are reached, in the one family that is asked.
    sockets: (host.sockets ?? []).flatMap(({ process, ...socket }) =>
      process !== 'ztunnel'
        ? [socket]
        : legs.some(({ server }) => server?.port === socket.port && server.name === process)
          ? [{ ...socket, address: socket.address === '::' ? any : socket.address, mark: ztunnelMark }]
          : [],
    ),
    remote: legs.flatMap(({ server, dialled: { protocol } }): RemoteSocket[] =>
      server?.kind === 'network' && server.port !== undefined && (protocol === 'tcp' || protocol === 'udp')
        ? [{ protocol, address: server.address, port: server.port }]
        : [],
    ),
    packets: [{ ...sent, ...first.dialled }],
    timeout: 5000,
    dialOn: others.map(({ client, dialled }, at): DialOn => {
      const { server, dialled: taken, passages } = legs[at] ?? first;
      const arrived = passages[0]?.traversal.events.at(-1)?.packet;
      // What TPROXY hands over has its port still.
      const isRewritten = arrived?.destinationPort !== taken.destinationPort;
      return {
        port: (isRewritten ? server?.port : taken.destinationPort) ?? 0,
        takenBy: ztunnelOwner,
        original: { address: taken.destination, port: taken.destinationPort ?? 0 },
        to: { address: dialled.destination, port: dialled.destinationPort ?? 0 },
        from: dialled.source,
        mark: ztunnelMark,
        as: client.kind === 'process' ? { uid: client.uid, gid: client.gid } : { uid: 0, gid: 0 },
      };
    }),
  };
}

async function compare(key: string, walked: Journey, pod: Inhabited): Promise<void> {
  const said = await kernel.ask(key, caseOf(walked, pod), { plan: planFor(pod) });
  const lines = walked.legs.map(({ passages }) =>
    passages.flatMap(({ direction, traversal }) =>
      eventLines(eventsOfEngine(traversal)).map((line) => (direction === 'reply' ? `reply ${line}` : line)),
    ),
  );
  expect(
    said.map(({ events, replies }) => [
      ...eventLines(events),
      ...eventLines(replies[0]?.events ?? []).map((line) => `reply ${line}`),
    ]),
  ).toEqual(lines);
  for (const [at, { result }] of said.entries())
    expect(result).toBe(walked.legs[at]?.server === null ? 'refused' : 'answered');
}

/** The stand-in dials on by TCP alone: DNS is walked below, one connection after the other. */
const walkedHere = ambientScenarios.filter(({ name }) => !/dns/.test(name));

describe.each(releases)('Istio %s', (release) => {
  test.each(
    walkedHere
      .filter(({ name }) => release === '1.31' || inEach.includes(name))
      .map((scenario): [string, AmbientScenario] => [scenario.name, scenario]),
  )('%s', async (name, scenario) => {
    const { pod, request } = bindAmbient(scenario, { release });
    await compare(`${release} ${name}`, journey(pod, request), pod);
  });
});

/** In native nftables each way is decided by rules of its own; of the others the random pairs ask. */
const byNft = [
  ...inEach,
  ...['ambient-own-service', 'ambient-own-address', 'ambient-udp', 'ambient-ztunnel-missing'],
  ...['ambient-ingress', 'ambient-guest'],
];

test.each(byNft)('Istio 1.31 by nft: %s', async (name) => {
  const scenario = walkedHere.find((one) => one.name === name) as AmbientScenario;
  const { pod, request } = bindAmbient(scenario, {
    release: '1.31',
    options: { nativeNftables: true },
  });
  expect(pod.host.rulesets.nft).toBeDefined();
  await compare(`1.31 nft ${name}`, journey(pod, request), pod);
});

describe('DNS', () => {
  const scenario = ambientScenarios.find(({ name }) => name === 'ambient-dns') as AmbientScenario;
  const { pod, journey: asked } = bindAmbient(scenario);

  test('what the app asks comes to ztunnel', async () => {
    await compare('1.31 ambient-dns', { ...asked, legs: asked.legs.slice(0, 1) }, pod);
  });

  test('with the annotation that lets it pass, it leaves the pod', async () => {
    const passing = bindAmbient(scenario, { options: { dnsProxy: 'disabled' } });
    await compare('1.31 ambient-dns, let pass', passing.journey, passing.pod);
  });

  test('what ztunnel asks leaves the pod, in a zone of its own', async () => {
    const request = {
      from: { process: 'ztunnel' },
      protocol: 'udp',
      address: '10.96.0.53',
      port: 53,
    } as const;
    await compare('1.31 ztunnel asks', journey(pod, request), pod);
  });
});

describe('IPv6', () => {
  const [own, peer] = ['fd00:10:244:1::5', 'fd00:10:244:2::9'];
  const pod = enrolledPodOf(
    '1.31',
    {},
    {
      ...enrolledWorkload,
      addresses: [`${own}/64`],
      peers: [{ address: peer, protocol: 'HBONE' }],
      services: [
        { name: 'reviews', address: 'fd00:10:96::7', port: 80, endpoints: [{ address: peer, port: 9080 }] },
      ],
    },
  );
  const from = { name: 'peer', address: peer };

  test.each([
    ['a tunnel', { from, address: own, port: 15008, path: `[${own}]:8080` }],
    ['plain text', { from, address: own, port: 8080 }],
    ['a Service', { from: { process: 'app' }, address: 'fd00:10:96::7', port: 80 }],
    ['its own address', { from: { process: 'app' }, address: own, port: 8080 }],
  ] satisfies [string, Request][])('%s', async (name, request) => {
    await compare(`v6 ${name}`, journey(pod, request), pod);
  });
});

describe('the runbooks of ambient mode', () => {
  const folder = new URL('../../content/runbooks/', import.meta.url);
  const runbooks = readdirSync(folder).filter((name) => name.startsWith('ambient-'));
  /** What is put to the kernel: above, and in scenarios.test.ts. */
  const asked: ReadonlySet<string> = new Set([
    ...walkedHere.map(({ name }) => name),
    ...[...scenarios, ...runbookScenarios].map(({ name }) => name),
    'ambient-dns',
    'ambient-dns dnsProxy=disabled',
  ]);

  test.each(runbooks)(
    '%s: two ways at least, a broken and a fixed one, and the kernel is asked about each',
    (name) => {
      const page = readFileSync(new URL(name, folder), 'utf8');
      const paths = [...page.matchAll(/^```path (.+)$/gm)].map(([, path = '']) => path);
      expect(new Set(paths).size).toBeGreaterThan(1);
      expect(paths.filter((path) => !asked.has(path))).toEqual([]);
      const ways = [...page.matchAll(/^```path .+\n((?:.+\n)+?)```$/gm)].map(([, way]) => way);
      expect(new Set(ways).size).toBe(paths.length);
    },
  );

  test('there are ten', () => expect(runbooks).toHaveLength(10));
});
