/**
 * The journeys of the handbook, put to a pod with a real Envoy: who makes the first call, and then what the kernel's
 * trace has of it and of every connection that Envoy makes for it, in the journey's order.
 */
import type { Scenario } from '../../src/handbook/scenarios/index.ts';
import type { Journey, Leg, Request } from '../../src/journey/index.ts';
import type { Family } from '../../src/netfilter/index.ts';
import { eventsOfEngine } from '../kernel/engine.ts';
import { eventLines, type KernelEvent } from '../kernel/event.ts';
import { tcpFlag } from '../kernel/header.ts';
import { answers, type TracedPacket } from '../kernel/trace.ts';
import type { MeshPod } from './lab/mesh-pod.ts';
import type { CallResult } from './lab/protocol.ts';
import { handbookPod, services, twin } from './world.ts';

/** A scenario's request, or an experiment's, with the addresses of a family. */
export function requestIn(request: Request, family: Family): Request {
  const { from, address } = request;
  const local = { v4: address, v6: address === '127.0.0.1' ? '::1' : twin(address, family) } as const;
  return {
    ...request,
    address: local[family],
    ...('address' in from ? { from: { ...from, address: twin(from.address, family) } } : {}),
  };
}

/** What can be asked of a real Envoy here: the scenario, and its experiments that change nothing but the request. */
export function requestsOf(
  { name, request, experiments }: Scenario,
  family: Family,
): readonly (readonly [string, Request])[] {
  const changed = experiments
    .filter(({ change }) => change.setting === undefined && change.request?.boundTo === undefined)
    .map(({ title, change }) => [`${name}: ${title}`, { ...request, ...change.request }] as const);
  // IPv6 has one address that is localhost, and no second.
  const all = [[name, request] as const, ...changed];
  return all
    .filter(([, { address }]) => family === 'v4' || !address.startsWith('127.') || address === '127.0.0.1')
    .map(([title, asked]) => [title, requestIn(asked, family)] as const);
}

/** What is said of one connection of a journey: its packets' events, there and back; and of the client, the end. */
export interface Seen {
  readonly legs: readonly (readonly string[])[];
  /** What came back to whoever called. */
  readonly end: 'answered' | 'nothing' | 'refused' | 'timed out';
}

/** What the model says, in the same form. */
export function modelled(journey: Journey): Seen {
  const [first] = journey.legs;
  const isSilent = first?.passages.length === 1 && first.server === null;
  return {
    legs: journey.legs.map(({ passages }) =>
      passages.flatMap(({ direction, traversal }) =>
        eventLines(eventsOfEngine(traversal)).map((line) => (direction === 'reply' ? `reply ${line}` : line)),
      ),
    ),
    end: journey.arrived
      ? 'answered'
      : first?.server === null
        ? isSilent
          ? 'timed out'
          : 'refused'
        : 'nothing',
  };
}

/** Makes the call, and says what the kernel saw of it. Throws where Envoy made a connection that is in no leg. */
export async function walkLive(pod: MeshPod, request: Request, journey: Journey): Promise<Seen> {
  await pod.kernel.forget();
  const result = await callAs(pod, request);
  // A stand-in for pilot-agent calls on as the model says: that is not Envoy's to tell.
  for (const leg of journey.legs.slice(1)) if (leg.client.name === 'pilot-agent') await callOn(pod, leg);
  const traced = await pod.kernel.traced('nft', 60);
  return { legs: legsOf(journey, traced), end: endOf(result) };
}

const patience = 6000;

async function callAs(pod: MeshPod, { from, address, port, path }: Request): Promise<CallResult> {
  const call = { to: { address, port }, send: bytesOf(address, port, path), patience };
  if ('address' in from) return pod.world.call({ ...call, from: { address: from.address } });
  const owner = 'process' in from ? pod.model.processes.find(({ name }) => name === from.process) : from;
  if (owner === undefined) throw new Error('nobody of that name');
  return (await pod.process(owner)).call({ ...call, from: {} });
}

async function callOn(pod: MeshPod, { client, dialled }: Leg): Promise<void> {
  if (client.kind !== 'process') return;
  const port = dialled.destinationPort ?? 0;
  await (await pod.process(client)).call({
    to: { address: dialled.destination, port },
    from: { address: dialled.source },
    send: bytesOf(dialled.destination, port, undefined),
    patience,
  });
}

const paths: Readonly<Record<number, string>> = { 15021: '/healthz/ready', 15090: '/stats/prometheus' };

/** A request for the Service that has the address, as an app would write it. */
function bytesOf(address: string, port: number, path = paths[port] ?? '/'): string {
  const service = services.find(
    (one) => one.address !== null && [one.address, twin(one.address, 'v6')].includes(address),
  );
  const host = service?.name ?? handbookPod.name;
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`).toString('base64');
}

function endOf({ connected, received, end }: CallResult): Seen['end'] {
  if (!connected) return end === 'timed out' ? 'timed out' : 'refused';
  const text = Buffer.from(received, 'base64').toString('latin1');
  return text === '' || /^HTTP\/1\.1 50[23]/.test(text) ? 'nothing' : 'answered';
}

export const isFirst = ({ flags = 0 }: TracedPacket['header']): boolean =>
  (flags & tcpFlag.syn) !== 0 && (flags & tcpFlag.ack) === 0;

const isReset = (reply: TracedPacket | undefined): boolean =>
  ((reply?.header.flags ?? 0) & tcpFlag.rst) !== 0;

const endsOf = ({ first: { source, destination, destinationPort, mark = 0 } }: TracedPacket): string =>
  JSON.stringify([source, destination, destinationPort, mark]);

/** The kernel's lines for each leg. Ports that the kernel chose are called as in the journey. */
function legsOf({ legs }: Journey, traced: readonly TracedPacket[]): readonly (readonly string[])[] {
  const replyTo = (sent: TracedPacket) => traced.find((other) => answers(other.header, sent.header));
  const made = traced.filter(({ header }) => isFirst(header));
  // Envoy tries twice more to reach an app that refuses HTTP.
  const firsts = made.filter((packet, index) => {
    const before = made[index - 1];
    return before === undefined || !isReset(replyTo(before)) || endsOf(before) !== endsOf(packet);
  });
  if (firsts.length > legs.length) {
    const dialled = firsts.map(({ first }) => `${first.destination} port ${first.destinationPort}`);
    throw new Error(
      `${firsts.length} connections where the journey has ${legs.length}: ${dialled.join(', ')}`,
    );
  }
  return legs.map(({ dialled }, index) => {
    const sent = firsts[index];
    if (sent === undefined) return ['no such connection was made'];
    const reply = replyTo(sent);
    const named = (events: readonly KernelEvent[]) =>
      eventLines(events.map((event) => withPort(event, sent.first.sourcePort, dialled.sourcePort)));
    return [...named(sent.events), ...named(reply?.events ?? []).map((line) => `reply ${line}`)];
  });
}

/** An event in which the kernel's choice of a port is called as in the journey. */
export function withPort(event: KernelEvent, from: number | undefined, to: number | undefined): KernelEvent {
  if (from === undefined || to === undefined) return event;
  const { packet } = event;
  const renamed = (port: number | undefined) => (port === from ? to : port);
  const [source, destination] = [renamed(packet.sourcePort), renamed(packet.destinationPort)];
  return {
    ...event,
    packet: {
      ...packet,
      ...(source === undefined ? {} : { sourcePort: source }),
      ...(destination === undefined ? {} : { destinationPort: destination }),
    },
  };
}
