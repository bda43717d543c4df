/** The connections that a text shows conntrack to have, each as one that can be asked about. */
import { passthroughSource } from '../../istio/index.ts';
import type { Pod, Request } from '../../journey/index.ts';
import { type Connection, familyOf, type Tuple } from '../../netfilter/index.ts';
import type { SaidTracked } from '../../words/index.ts';
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

export function trackedOf(real: RealPod): PastedConnections {
  const connections = real.state?.connections ?? [];
  if (connections.length === 0) return { count: 0, first: [] };
  const { pod } = bind(scenarios[0] as Scenario, {}, real);
  return {
    count: connections.length,
    first: connections.slice(0, mostListed).map((connection): PastedConnection => {
      const from = senderOf(pod, connection);
      return {
        connection,
        sender: 'process' in from ? from.process : null,
        takenPort: isTaken(connection, connections) ? (connection.original.sourcePort ?? null) : null,
        request: requestOf(connection.original, from),
      };
    }),
  };
}

function requestOf(
  { protocol, destination, destinationPort, sourcePort }: Tuple,
  from: Request['from'],
): Request | null {
  if (destinationPort === undefined || sourcePort === undefined) return null;
  return {
    from,
    address: destination,
    port: destinationPort,
    sourcePort,
    ...(protocol === 'tcp' ? {} : { protocol }),
  };
}

/**
 * Who made it, as far as the entry tells: what came to a process of the pod by a rewrite is the app's, and what none was
 * made for is Envoy's, whose connections the rules let pass.
 */
function senderOf({ host }: Pod, { original, reply }: Connection): Request['from'] {
  const { source, destination } = original;
  const own = host.interfaces.flatMap(({ addresses }) => addresses.map((one) => one.split('/')[0]));
  if (source === passthroughSource[familyOf(source)]) return { process: 'Envoy' };
  if (!own.includes(source) && !isLoopback(source)) return { name: 'peer', address: source };
  const isRewritten = reply.source !== destination || reply.sourcePort !== original.destinationPort;
  return { process: isRewritten || own.includes(destination) || isLoopback(destination) ? 'app' : 'Envoy' };
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
