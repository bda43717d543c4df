/**
 * The journeys of ambient mode, put to two pods with a real ztunnel: who makes the first call, and what the kernel's trace
 * has of it, and of each connection that ztunnel makes for it, in the pod that the journey is about.
 */
import type { AmbientScenario } from '../../../src/handbook/scenarios/index.ts';
import { peers } from '../../../src/handbook/scenarios/setting.ts';
import { type Journey, journey as journeyOf, type Request } from '../../../src/journey/index.ts';
import type { Family } from '../../../src/netfilter/index.ts';
import { eventLines, type KernelEvent } from '../../kernel/event.ts';
import { answers, type TracedPacket } from '../../kernel/trace.ts';
import { readEnd } from '../case-file.ts';
import { isFirst, requestIn, type Seen, withPort } from '../journeys.ts';
import type { End } from '../lab/protocol.ts';
import type { Station } from '../lab/station.ts';
import { type AmbientMesh, modelIn } from './ambient-mesh.ts';
import { question as dnsQuestion } from './dns-question.ts';
import { type BackEnd, probes, twin } from './world.ts';

const isProbe = (address: string): boolean => address === probes.v4;

/** The request of a scenario with the addresses of a family. */
export function requestOf({ request }: AmbientScenario, family: Family): Request {
  if (family === 'v4') return request;
  const { from, path } = request;
  const asked = path === undefined ? null : readEnd(path);
  return {
    ...requestIn(request, family),
    ...('address' in from && isProbe(from.address) ? { from: { ...from, address: probes.v6 } } : {}),
    ...(asked === null || !asked.address.includes('.') || Number.isNaN(asked.port)
      ? {}
      : { path: `[${twin(asked.address, family)}]:${asked.port}` }),
  };
}

/** What the model says of a scenario in this pod. */
export function journeyIn(backEnd: BackEnd, scenario: AmbientScenario, family: Family): Journey {
  const { options = {}, workload = {} } = scenario;
  return journeyOf(modelIn({ backEnd, options, workload }), requestOf(scenario, family));
}

const patience = 5000;
const bytes = Buffer.from('hello').toString('base64');

/** Makes the call, and says what the kernel saw of it. Throws where ztunnel made a connection that is in no leg. */
export async function walkLive(mesh: AmbientMesh, request: Request, journey: Journey): Promise<Seen> {
  await mesh.asked.kernel.forget();
  const end = await callAs(mesh, request);
  const traced = await mesh.asked.kernel.traced('nft', 60);
  return { legs: legsOf(journey, fromProcess(request) === 'ztunnel' ? marked(traced) : traced), end };
}

const fromProcess = ({ from }: Request): string | null => ('process' in from ? from.process : null);

/** What the app asked for, so that ztunnel calls somebody, is not of the journey of what ztunnel calls. */
const marked = (traced: readonly TracedPacket[]): readonly TracedPacket[] =>
  traced.filter(({ first, header }) => !isFirst(header) || first.mark !== undefined);

async function callAs(mesh: AmbientMesh, request: Request): Promise<Seen['end']> {
  const { address, port, protocol, path } = request;
  const { station, from } = await callerOf(mesh, request);
  if (protocol === 'udp') {
    const datagram = port === 53 ? dnsQuestion(path ?? '') : bytes;
    const { received } = await station.send({ address, port }, datagram, patience);
    return received === null ? 'nothing' : 'answered';
  }
  const { connected, received, end } = await station.call({
    to: dialled(request),
    from,
    send: bytes,
    patience,
  });
  if (!connected) return end === 'timed out' ? 'timed out' : 'refused';
  return received === '' ? 'nothing' : 'answered';
}

interface Caller {
  readonly station: Station;
  readonly from: Partial<End>;
}

async function callerOf(mesh: AmbientMesh, { from, address }: Request): Promise<Caller> {
  if ('process' in from) return { station: mesh.asked.app, from: {} };
  if ('uid' in from) return { station: await mesh.process(from), from: {} };
  const [guest] = Object.keys(mesh.asked.kernel.plan.peers ?? {}).filter((name) => name !== 'eth0');
  if (guest !== undefined) return { station: await mesh.behind(guest), from: {} };
  const peer = twin(peers.remote.address, address.includes(':') ? 'v6' : 'v4');
  if (from.address === peer) return { station: mesh.peer.app, from: {} };
  return { station: mesh.world, from: { address: from.address } };
}

/** Whom the caller dials: the tunnel is ztunnel's, and what it is for is the app's. */
function dialled(request: Request): End {
  const { address, port, path } = request;
  if (fromProcess(request) === 'ztunnel') return { address, port: 9080 };
  return 'address' in request.from && path !== undefined ? readEnd(path) : { address, port };
}

/** The kernel's lines for each leg. Ports that the kernel chose are called as in the journey. */
function legsOf({ legs }: Journey, traced: readonly TracedPacket[]): Seen['legs'] {
  const opened = traced.filter((packet, at) => opens(packet, traced.slice(0, at)));
  if (opened.length > legs.length) {
    const dialled = opened.map(({ first }) => `${first.destination} port ${first.destinationPort}`);
    throw new Error(
      `${opened.length} connections where the journey has ${legs.length}: ${dialled.join(', ')}`,
    );
  }
  return legs.map(({ dialled }, index) => {
    const sent = opened[index];
    if (sent === undefined) return ['no such connection was made'];
    const reply = traced.find((other) => isAnswer(other, sent));
    const named = (events: readonly KernelEvent[]) =>
      eventLines(events.map((event) => withPort(event, sent.first.sourcePort, dialled.sourcePort)));
    return [...named(sent.events), ...named(reply?.events ?? []).map((line) => `reply ${line}`)];
  });
}

function opens(packet: TracedPacket, before: readonly TracedPacket[]): boolean {
  if (packet.first.protocol !== 'udp') return isFirst(packet.header);
  return !before.some((other) => isAnswer(packet, other));
}

/** By UDP, what comes to the port that was sent from; NAT changes neither here. */
export function isAnswer(packet: TracedPacket, sent: TracedPacket): boolean {
  if (packet === sent) return false;
  if (sent.first.protocol !== 'udp') return answers(packet.header, sent.header);
  return packet.first.protocol === 'udp' && packet.first.destinationPort === sent.first.sourcePort;
}
