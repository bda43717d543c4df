/**
 * Walks a request through a pod: the kernel's path of one connection, then what the process that took it does
 * next, until nobody dials on.
 */
import { type Accepted, type Behaviour, behave, type Dial, type DialReason } from '../istio/index.ts';
import {
  type Answer,
  familyOf,
  type Host,
  invert,
  type Outcome,
  type Packet,
  printEndpoint,
  type Socket,
  sourceAddress,
  type Traversal,
  traverse,
  tupleOf,
} from '../netfilter/index.ts';
import { knowsNodes } from './hosts/index.ts';
import type { Journey, Request } from './journey.ts';
import type { Leg, Party, Passage } from './leg.ts';
import { hasArrived, outcomeOf, type ProxyName, type Round } from './outcome.ts';
import type { Pod } from './pod.ts';

/** What is walked through: a network with its rules, and processes in it that do something with a connection. */
export interface Inhabited {
  readonly host: Host;
  /** `mark`: on all that the process sends, answers too. */
  readonly processes: readonly {
    readonly name: string;
    readonly uid: number;
    readonly gid: number;
    readonly mark?: number;
  }[];
  /** True for a node, whose connections go on to its pods and elsewhere. */
  readonly isNode?: boolean;
  /** Whose taking of a connection an outcome speaks of. */
  readonly proxy: ProxyName;
  readonly behave: (accepted: Accepted) => Behaviour;
  /** The interface at which a packet from an address comes in; absent: the first that is not lo. */
  readonly entry?: (source: string) => string | undefined;
}

/** A sidecar's pod, as one of those. */
function inhabited(pod: Pod): Inhabited {
  const { host, processes, release, options, workload } = pod;
  return {
    host,
    processes,
    proxy: 'Envoy',
    behave: (accepted) => behave(release, options, workload, accepted),
  };
}

/** A journey goes on from process to process; one that turns in a circle is stopped here. */
const longestJourney = 12;

/** The first of the ports that Linux gives to clients (net.ipv4.ip_local_port_range). */
const firstClientPort = 40000;

/**
 * The whole journey of a request. Never throws for a request whose addresses are addresses; a request that
 * goes nowhere is a journey that says so.
 */
export function journey(of: Pod | Inhabited, request: Request): Journey {
  const pod = 'behave' in of ? of : inhabited(of);
  const first = firstCall(pod, request);
  const legs: Leg[] = [];
  const waiting: Call[] = [first];
  let host = pod.host;
  for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
    const round = roundOf(legs);
    if (round !== null) return ended(pod, legs, { again: round });
    if (legs.length === longestJourney) return ended(pod, legs, { again: null });
    const walked = walk(pod, host, call, firstClientPort + legs.length, request.answers);
    legs.push(walked.leg);
    host = { ...host, connections: walked.connections };
    waiting.unshift(...walked.next);
  }
  return ended(pod, legs, null);
}

/** The index of the leg that the last one repeats, by the same process and to the same one; or null. */
function roundOf(legs: readonly Leg[]): number | null {
  const last = legs.at(-1);
  const before = legs.slice(0, -1).findIndex((leg) => last !== undefined && repeats(leg, last));
  return before < 0 ? null : before;
}

function repeats(leg: Leg, last: Leg): boolean {
  const ends = ({ dialled: { destination, destinationPort }, client, server }: Leg) =>
    JSON.stringify([destination, destinationPort, client, server]);
  return ends(leg) === ends(last);
}

interface Call {
  readonly client: Party;
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  readonly source?: string;
  readonly sourcePort?: number;
  readonly boundTo?: string;
  readonly mark?: number;
  readonly path?: string;
  readonly host?: string | undefined;
  readonly reason: DialReason | null;
  readonly modelled: boolean;
}

function firstCall(pod: Inhabited, request: Request): Call {
  const { from, address, port, protocol, source, sourcePort, boundTo, path, host } = request;
  return {
    client: clientOf(pod, from),
    address,
    port,
    protocol: protocol ?? 'tcp',
    ...(source === undefined ? {} : { source }),
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...markOf(pod, from),
    ...(boundTo === undefined ? {} : { boundTo }),
    ...(path === undefined ? {} : { path }),
    host,
    reason: null,
    modelled: false,
  };
}

function markOf({ processes }: Inhabited, from: Request['from']): Pick<Call, 'mark'> {
  const mark = 'process' in from ? processes.find(({ name }) => name === from.process)?.mark : undefined;
  return mark === undefined ? {} : { mark };
}

function clientOf(pod: Inhabited, from: Request['from']): Party {
  if ('process' in from) {
    const process = pod.processes.find(({ name }) => name === from.process);
    if (process === undefined) {
      const names = pod.processes.map(({ name }) => name).join(', ');
      throw new TypeError(`found process "${from.process}" where one of the pod's was expected: ${names}`);
    }
    const { name, uid, gid } = process;
    return { kind: 'process', name, uid, gid };
  }
  if ('address' in from) return { kind: 'network', ...from };
  return { kind: 'process', name: from.name ?? 'process', uid: from.uid, gid: from.gid };
}

interface Walked {
  readonly leg: Leg;
  readonly connections: NonNullable<Host['connections']>;
  readonly next: readonly Call[];
}

function walk(pod: Inhabited, host: Host, call: Call, port: number, answers?: readonly Answer[]): Walked {
  const packet = firstPacket(pod, host, call, port);
  const request = traverse(host, packet, answers);
  const reply = answer(pod, { ...host, connections: request.connections }, packet, request, answers);
  const passages: readonly Passage[] = [
    { direction: 'request', traversal: request },
    ...(reply === null ? [] : [{ direction: 'reply' as const, traversal: reply }]),
  ];
  const server = serverOf(pod, request);
  const accepted = acceptedOf(server, request, packet, call);
  const behaviour = accepted === null ? null : pod.behave(accepted);
  const leg: Leg = {
    client: call.client,
    server,
    dialled: tupleOf(packet),
    passages,
    reason: call.reason,
    modelled: call.modelled,
    ...(knowsNodes && pod.isNode === true ? { node: host.rulesets } : {}),
    ...(behaviour === null ? {} : { behaviour: behaviour.reason, closes: behaviour.closes }),
  };
  const next = behaviour?.dials.map((dial) => callOf(pod, call, dial)) ?? [];
  return { leg, connections: (reply ?? request).connections, next };
}

function callOf(pod: Inhabited, { protocol }: Call, dial: Dial): Call {
  const process = pod.processes.find(({ name }) => name === dial.process);
  return {
    client: { kind: 'process', name: dial.process, uid: process?.uid ?? 0, gid: process?.gid ?? 0 },
    address: dial.address,
    port: dial.port,
    protocol,
    ...(dial.source === undefined ? {} : { source: dial.source }),
    ...(dial.mark === undefined ? {} : { mark: dial.mark }),
    ...(dial.path === undefined ? {} : { path: dial.path }),
    reason: dial.reason,
    modelled: true,
  };
}

function firstPacket(pod: Inhabited, host: Host, call: Call, port: number): Packet {
  const { client } = call;
  const isProcess = client.kind === 'process';
  const source = isProcess
    ? (call.source ??
      sourceAddress(host, call.address, call.boundTo) ??
      (familyOf(call.address) === 'v4' ? '0.0.0.0' : '::'))
    : client.address;
  return {
    protocol: call.protocol,
    source,
    destination: call.address,
    sourcePort: call.sourcePort ?? port,
    destinationPort: call.port,
    ...(call.boundTo === undefined ? {} : { boundTo: call.boundTo }),
    ...(call.mark === undefined ? {} : { mark: call.mark }),
    from: isProcess
      ? { uid: client.uid, gid: client.gid }
      : { interface: pod.entry?.(source) ?? outside(host) },
  };
}

/** The interface that the network is behind: the first that is not lo. */
function outside({ interfaces }: Host): string {
  return interfaces.find(({ name }) => name !== 'lo')?.name ?? 'eth0';
}

/** The first packet back: from the socket that took the connection, or from the network. */
function answer(
  { processes }: Inhabited,
  host: Host,
  sent: Packet,
  { events, outcome }: Traversal,
  answers?: readonly Answer[],
): Traversal | null {
  const arrived = events.at(-1)?.packet;
  if (arrived === undefined) return null;
  const from = answeringFrom(outcome);
  const isTcp = sent.protocol === 'tcp';
  // What refuses UDP is an ICMP error, which opens and answers nothing.
  if (from === null || (outcome.kind === 'refused' && !isTcp)) return null;
  const flags = outcome.kind === 'refused' ? (['RST', 'ACK'] as const) : (['SYN', 'ACK'] as const);
  const server = outcome.kind === 'delivered' ? outcome.socket?.process : undefined;
  const mark = processes.find(({ name }) => name === server)?.mark;
  const packet: Packet = {
    ...invert(tupleOf(arrived)),
    ...(isTcp ? { flags } : {}),
    ...(mark === undefined ? {} : { mark }),
    from,
  };
  return traverse({ ...host, sockets: [...(host.sockets ?? []), ...clientSocket(sent)] }, packet, answers);
}

function answeringFrom(outcome: Outcome): Packet['from'] | null {
  switch (outcome.kind) {
    case 'delivered':
      return outcome.socket === null ? null : { uid: outcome.socket.uid, gid: outcome.socket.gid };
    case 'refused':
      return { kernel: 'control socket' };
    case 'sent':
      return { interface: outcome.interface };
    default:
      return null;
  }
}

/** The socket of a local client waits for the answer at the address that it dialled. */
function clientSocket({
  protocol,
  source,
  sourcePort,
  destination,
  destinationPort,
  from,
}: Packet): readonly Socket[] {
  if (!('uid' in from) || sourcePort === undefined || destinationPort === undefined) return [];
  const { uid, gid } = from;
  return [
    {
      protocol,
      address: source,
      port: sourcePort,
      remoteAddress: destination,
      remotePort: destinationPort,
      uid,
      gid,
    },
  ];
}

function serverOf(pod: Inhabited, { events, outcome }: Traversal): Party | null {
  if (outcome.kind === 'delivered' && outcome.socket !== null) {
    const { uid, gid, port, process } = outcome.socket;
    return { kind: 'process', name: process ?? nameOf(pod, uid), uid, gid, port };
  }
  if (outcome.kind !== 'sent') return null;
  const { destination, destinationPort } = events.at(-1)?.packet ?? {};
  if (destination === undefined) return null;
  return {
    kind: 'network',
    name: printEndpoint(destination, destinationPort),
    address: destination,
    ...(destinationPort === undefined ? {} : { port: destinationPort }),
  };
}

function nameOf(pod: Inhabited, uid: number): string {
  return pod.processes.find((process) => process.uid === uid)?.name ?? `uid ${uid}`;
}

/** What the process that took the connection learns about it. */
function acceptedOf(
  server: Party | null,
  { events }: Traversal,
  sent: Packet,
  { path, host }: Call,
): Accepted | null {
  if (server === null || server.kind !== 'process' || server.port === undefined) return null;
  const arrived = events.at(-1)?.packet;
  return {
    process: server.name,
    port: server.port,
    originalAddress: sent.destination,
    originalPort: sent.destinationPort ?? server.port,
    clientAddress: arrived?.source ?? sent.source,
    wasRedirected:
      arrived?.destination !== sent.destination || arrived.destinationPort !== sent.destinationPort,
    ...(path === undefined ? {} : { path }),
    host,
  };
}

function ended({ host: { rulesets }, proxy }: Inhabited, legs: readonly Leg[], round: Round): Journey {
  const outcome = outcomeOf(legs, round, proxy);
  return { rulesets, legs, outcome, arrived: hasArrived(outcome) };
}
