/**
 * The ports of a sidecar's pod and of istiod. Source: Istio's "Application Requirements", and for 15002
 * tools/istio-iptables/pkg/validation.
 */
import { changes } from '../history/changes.ts';
import { isSince, readRelease } from '../history/release.ts';

/** Who listens. Null: nobody, the port is only dialled. */
export type Listener = 'Envoy' | 'pilot-agent' | 'istiod' | null;

export interface PortEntry {
  readonly port: number;
  /** A stable name. */
  readonly name: string;
  readonly listener: Listener;
  readonly protocols: readonly ('tcp' | 'udp')[];
  /** The address that the listener is bound to; `0.0.0.0` is every address of the pod. */
  readonly address: '127.0.0.1' | '127.0.0.6' | '0.0.0.0';
  /** The pod that has the listener. */
  readonly pod: 'sidecar' | 'istiod';
  readonly what: string;
  /** The first release with it, where that is known and not all of them have it. */
  readonly since?: string;
  /** The first release without it. */
  readonly until?: string;
}

/** All ports, in the order of their numbers. */
export const ports = [
  {
    port: 15000,
    name: 'envoy-admin',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '127.0.0.1',
    pod: 'sidecar',
    what: "Envoy's admin interface.",
  },
  {
    port: 15001,
    name: 'envoy-outbound',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    what: 'Takes what the pod sends. Reads the original destination; what matches no listener goes to PassthroughCluster (ALLOW_ANY) or BlackHoleCluster (REGISTRY_ONLY).',
  },
  {
    port: 15002,
    name: 'validation',
    listener: null,
    protocols: ['tcp'],
    address: '127.0.0.6',
    pod: 'sidecar',
    what: 'Nobody listens: istio-validation dials it as the proxy before the pod starts, and listens itself on 127.0.0.1:15001 and :15006, to see whether the rules bring the call back.',
  },
  {
    port: 15004,
    name: 'agent-debug',
    listener: 'pilot-agent',
    protocols: ['tcp'],
    address: '127.0.0.1',
    pod: 'sidecar',
    what: "pilot-agent's debug interface.",
  },
  {
    port: 15006,
    name: 'envoy-inbound',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    what: "Takes what arrives at the pod, and dials the app at the pod's address from 127.0.0.6 or ::6 (before 1.10 at 127.0.0.1).",
  },
  {
    port: 15008,
    name: 'hbone',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    what: 'Tunnelled traffic (HBONE), where it is turned on; in ambient mode it is ztunnel that listens.',
    since: changes.tunnelPort.since,
  },
  {
    port: 15010,
    name: 'istiod-xds-plain',
    listener: 'istiod',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'istiod',
    what: 'xDS and CA without TLS.',
  },
  {
    port: 15012,
    name: 'istiod-xds',
    listener: 'istiod',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'istiod',
    what: 'xDS and CA over TLS: what pilot-agent dials.',
  },
  {
    port: 15013,
    name: 'agent-dns-old',
    listener: 'pilot-agent',
    protocols: ['udp'],
    address: '127.0.0.1',
    pod: 'sidecar',
    what: 'DNS, where it is captured.',
    since: changes.firstDns.since,
    until: changes.agentDns.since,
  },
  {
    port: 15014,
    name: 'istiod-monitoring',
    listener: 'istiod',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'istiod',
    what: 'Metrics of istiod.',
  },
  {
    port: 15017,
    name: 'istiod-webhook',
    listener: 'istiod',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'istiod',
    what: 'The injection and validation webhooks.',
  },
  {
    port: 15020,
    name: 'agent-metrics',
    listener: 'pilot-agent',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    what: 'Merged metrics, health, and the rewritten probes of the app (/app-health/…), which it dials on from 127.0.0.6.',
  },
  {
    port: 15021,
    name: 'envoy-ready',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    what: 'Readiness: handed on to pilot-agent at 127.0.0.1:15020.',
  },
  {
    port: 15053,
    name: 'agent-dns',
    listener: 'pilot-agent',
    protocols: ['tcp', 'udp'],
    address: '127.0.0.1',
    pod: 'sidecar',
    what: 'DNS, where it is captured.',
    since: changes.agentDns.since,
  },
  {
    port: 15090,
    name: 'envoy-prometheus',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    what: "Envoy's metrics: handed on to its admin interface at 127.0.0.1:15000.",
  },
] as const satisfies readonly PortEntry[];

/** The stable name of a port: `envoy-outbound`. */
export type PortName = (typeof ports)[number]['name'];

/** The ports that a release has. None for a release that cannot be read. */
export function portsOf(release: string): readonly PortEntry[] {
  const number = readRelease(release);
  if (number === null) return [];
  const all: readonly PortEntry[] = ports;
  return all.filter(
    ({ since, until }) =>
      (since === undefined || isSince(number, since)) && (until === undefined || !isSince(number, until)),
  );
}

/** The entry of a port number or name, or null. */
export function findPort(port: number | string): PortEntry | null {
  return ports.find((entry) => entry.port === port || entry.name === port) ?? null;
}
