/**
 * The whole chain in one: the journeys that the pages show, scenario by scenario and release by release, put to the
 * kernel with the rules of that release, sockets of the right users, and a stand-in proxy that dials on as the
 * model says. Every event of every packet, there and back, is compared.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { bind, runbookScenarios, type Scenario, scenarios } from '../../src/handbook/scenarios/index.ts';
import type { Journey, Leg } from '../../src/journey/index.ts';
import { type Host, type Packet, printRuleset } from '../../src/netfilter/index.ts';
import { pathLine, separator } from '../../src/render/index.ts';
import type { DialOn, KernelCase, RemoteSocket, Said } from './case.ts';
import { eventsOfEngine } from './engine.ts';
import { eventLines } from './event.ts';
import { openKernel } from './kernel.ts';
import { type PodPlan, usualPod } from './pod-plan.ts';

/** Each is the first or the last of a series of releases with other rules, or another dial. */
const releases = ['1.5', '1.9', '1.10', '1.17', '1.18', '1.25', '1.30'];
/** What runbooks tell is about an option or a process, and less about a release: an old one and the newest will do. */
const runbookReleases = ['1.17', '1.30'];

const plan: PodPlan = {
  ...usualPod,
  peers: {
    eth0: [
      ...(usualPod.peers?.eth0 ?? []),
      ...['10.244.3.2/32', '10.244.3.7/32', '10.96.0.10/32', '10.96.0.53/32', '203.0.113.10/32'],
    ],
  },
};

const kernel = openKernel('scenarios');
afterAll(() => kernel.end());

function firstPacket(leg: Leg): Packet {
  const packet = leg.passages[0]?.traversal.events[0]?.packet;
  if (packet === undefined) throw new Error('a leg without a packet');
  // the first event can be a rewriting already; what was dialled is the packet as it was sent
  return { ...packet, ...leg.dialled };
}

/** The leg whose process made this one: the last one before that the dialling process took. */
function parentOf(journey: Journey, at: number): Leg | null {
  const name = journey.legs[at]?.client.name;
  return journey.legs.slice(0, at).findLast(({ server }) => server?.name === name) ?? null;
}

/** A journey as a case: its first packet, and what each process that takes a connection dials next. */
function caseOf(journey: Journey, host: Host): KernelCase {
  const dialOn: DialOn[] = [];
  const packets: Packet[] = [];
  for (const [at, leg] of journey.legs.entries()) {
    const parent = parentOf(journey, at);
    const port = parent?.server?.port;
    const packet = firstPacket(leg);
    const { client, dialled } = leg;
    const original = parent && {
      address: parent.dialled.destination,
      port: parent.dialled.destinationPort ?? 0,
    };
    // a process that dials twice for one connection does so once by the plan, and once by itself
    const isSecond = dialOn.some((plan) => plan.port === port && plan.original?.port === original?.port);
    // in a circle each connection would make the next one: the one that shows the circle is made by itself
    const isRound =
      original?.address === dialled.destination && journey.legs[at]?.server?.name === client.name;
    const isOwn = isSecond || isRound;
    if (parent === null || port === undefined || original === null || client.kind !== 'process' || isOwn) {
      packets.push(packet);
      continue;
    }
    dialOn.push({
      port,
      original,
      to: { address: dialled.destination, port: dialled.destinationPort ?? 0 },
      from: dialled.source,
      as: { uid: client.uid, gid: client.gid },
    });
  }
  const { v4, v6 } = host.rulesets;
  return {
    rulesets: {
      ...(v4 === undefined ? {} : { v4: printRuleset(v4) }),
      ...(v6 === undefined ? {} : { v6: printRuleset(v6) }),
    },
    sockets: (host.sockets ?? []).map(({ process: _, ...socket }) => socket),
    remote: journey.legs.flatMap(({ server, dialled: { protocol } }): RemoteSocket[] =>
      server?.kind === 'network' && server.port !== undefined && (protocol === 'tcp' || protocol === 'udp')
        ? [{ protocol, address: server.address, port: server.port }]
        : [],
    ),
    packets,
    dialOn,
  };
}

function kernelLines({ events, replies }: Said): string[] {
  return [...eventLines(events), ...eventLines(replies[0]?.events ?? []).map((line) => `reply ${line}`)];
}

function engineLines({ passages }: Leg): string[] {
  return passages.flatMap(({ direction, traversal }) =>
    eventLines(eventsOfEngine(traversal)).map((line) => (direction === 'reply' ? `reply ${line}` : line)),
  );
}

/** The chains and positions that a page's path names, and those that the kernel's trace has. */
function pageStops(path: string): string[] {
  return path
    .split('\n')
    .flatMap((line) => line.split(separator).map((stop) => stop.replace(/^(?:raw|mangle) /, '')))
    .filter((stop) => stop.startsWith('ISTIO_'));
}

function kernelStops(said: readonly Said[]): string[] {
  return said.flatMap(({ events }) =>
    events.flatMap(({ kind, chain, position }) =>
      kind === 'rule' && chain.startsWith('ISTIO_') ? [`${chain} ${position}`] : [],
    ),
  );
}

/** Asks the kernel for a scenario's journey with the rules of a release, and compares every event. */
async function compare(scenario: Scenario, release: string): Promise<void> {
  const { journey, pod } = bind(scenario, { setting: { release, options: {} } });
  const said = await kernel.ask(`${release} ${scenario.name}`, caseOf(journey, pod.host), { plan });
  expect(said.map(kernelLines)).toEqual(journey.legs.map(engineLines));
  expect(kernelStops(said)).toEqual(pageStops(pathLine(journey)));
  for (const [at, { result }] of said.entries())
    expect(result).toBe(journey.legs[at]?.server === null ? 'refused' : 'answered');
}

describe.each(releases)('Istio %s', (release) => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_name, scenario) => {
      await compare(scenario, release);
    },
  );
});

describe.each(runbookReleases)('Istio %s, the runbooks', (release) => {
  test.each(runbookScenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_name, scenario) => {
      await compare(scenario, release);
    },
  );
});
