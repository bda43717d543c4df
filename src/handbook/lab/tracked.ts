/** The connections that a text shows conntrack to have, each as one that can be asked about. */
import { ambientMask, passthroughSource, returnMark } from '../../istio/index.ts';
import type { Inhabited, Request } from '../../journey/index.ts';
import { type Connection, familyOf, type Tuple } from '../../netfilter/index.ts';
import type { SaidTracked } from '../../words/index.ts';
import { type AmbientGround, isGroundOfNode } from '../scenarios/ambient.ts';
import { kubeletProcess, otherProcess } from '../scenarios/ambient-node.ts';
import { bind } from '../scenarios/bind.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { scenarios } from '../scenarios/traffic.ts';

export interface PastedConnection extends SaidTracked {
  /** The connection itself, by its own ports; null for one that has none, as a ping. */
  readonly request: Request | null;
}

/** More are not listed: a node has thousands. */
const mostListed = 100;

/** At most so many, and how many there are. */
export interface PastedConnections {
  readonly count: number;
  readonly first: readonly PastedConnection[];
}

type Sender = Request['from'];
type SenderOf = (connection: Connection) => Sender;

/** `ground`: what they are walked on where the text is of ambient mode. */
export function trackedOf(real: RealPod, ground: AmbientGround | null): PastedConnections {
  const connections = real.state?.connections ?? [];
  if (connections.length === 0) return { count: 0, first: [] };
  const senderOf = ground === null ? ofSidecar(real) : ofAmbient(ground);
  return {
    count: connections.length,
    first: connections.slice(0, mostListed).map((connection): PastedConnection => {
      const from = senderOf(connection);
      return {
        connection,
        sender: 'address' in from ? null : nameOf(from),
        takenPort: isTaken(connection, connections) ? (connection.original.sourcePort ?? null) : null,
        isOfNode: ground !== null && isGroundOfNode(ground),
        request: requestOf(connection.original, from),
      };
    }),
  };
}

function nameOf(from: Exclude<Sender, { readonly address: string }>): string | null {
  return 'process' in from ? from.process : (from.name ?? null);
}

function requestOf(
  { protocol, source, destination, destinationPort, sourcePort }: Tuple,
  from: Sender,
): Request | null {
  if (destinationPort === undefined || sourcePort === undefined) return null;
  return {
    from,
    address: destination,
    port: destinationPort,
    sourcePort,
    ...(protocol === 'tcp' ? {} : { protocol }),
    // ztunnel calls the app from the address of whoever called.
    ...('process' in from && from.process === 'ztunnel' ? { source } : {}),
  };
}

/**
 * Who made it, as far as the entry tells: what came to a process of the pod by a rewrite is the app's, and what none was
 * made for is Envoy's, whose connections the rules let pass.
 */
function ofSidecar(real: RealPod): SenderOf {
  const { pod } = bind(scenarios[0] as Scenario, {}, real);
  const own = ownAddresses(pod);
  return ({ original, reply }) => {
    const { source, destination } = original;
    if (source === passthroughSource[familyOf(source)]) return { process: 'Envoy' };
    if (!isAmong(own, source)) return { name: 'peer', address: source };
    const isRewritten = reply.source !== destination || reply.sourcePort !== original.destinationPort;
    return { process: isRewritten || isAmong(own, destination) ? 'app' : 'Envoy' };
  };
}

function ofAmbient(ground: AmbientGround): SenderOf {
  const { pod, rules } = ground.bind(
    { request: { from: kubeletProcess, address: '127.0.0.1', port: 80 } },
    {},
  );
  const own = ownAddresses(pod);
  const probes = [rules.options?.hostProbeSNATAddress, rules.options?.hostProbeV6SNATAddress];
  return isGroundOfNode(ground)
    ? ({ original: { source }, reply }) => {
        if (probes.includes(reply.destination)) return { process: kubeletProcess.name };
        // Its connection got no other source.
        return isAmong(own, source) ? otherProcess : { name: 'peer', address: source };
      }
    : enrolledSenderOf(own);
}

/**
 * In an enrolled pod the mark of an entry is that of ztunnel's calls over `lo`, whatever their source; what leaves by TCP and
 * was not rewritten is ztunnel's, and so is a question of DNS in the zone of its own.
 */
function enrolledSenderOf(own: ReadonlySet<string>): SenderOf {
  return ({ original, reply, mark, zone }) => {
    const { protocol, source, destination, destinationPort } = original;
    if ((mark & ambientMask) === returnMark) return { process: 'ztunnel' };
    if (!isAmong(own, source)) return { name: 'peer', address: source };
    const isRewritten = reply.source !== destination || reply.sourcePort !== destinationPort;
    if (isRewritten || isAmong(own, destination)) return { process: 'app' };
    return { process: protocol === 'tcp' || zone !== 0 ? 'ztunnel' : 'app' };
  };
}

function ownAddresses({ host }: Pick<Inhabited, 'host'>): ReadonlySet<string> {
  return new Set(host.interfaces.flatMap(({ addresses }) => addresses.map((one) => one.split('/')[0] ?? '')));
}

function isAmong(own: ReadonlySet<string>, address: string): boolean {
  return own.has(address) || isLoopback(address);
}

function isLoopback(address: string): boolean {
  return familyOf(address) === 'v4' ? address.startsWith('127.') : address === '::1';
}

/** Whether its source port was changed because another connection has the same ends. */
function isTaken({ original, reply, zone }: Connection, all: readonly Connection[]): boolean {
  const { protocol, sourcePort } = original;
  if (sourcePort === undefined || reply.destinationPort === sourcePort) return false;
  return all.some(
    (other) =>
      other.zone === zone &&
      other.reply.protocol === protocol &&
      other.reply.source === reply.source &&
      other.reply.sourcePort === reply.sourcePort &&
      other.reply.destination === reply.destination &&
      other.reply.destinationPort === sourcePort,
  );
}
