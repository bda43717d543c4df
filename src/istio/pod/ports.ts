/**
 * Every port of a sidecar's pod and of istiod: the one place where their numbers stand. What each is for is in
 * `src/words`.
 * Source: Istio's "Application Requirements"; for 15002 tools/istio-iptables/pkg/validation; for the DNS ports
 * DNSAgentAddr in pkg/dns/dns.go, ":15013" at the tags 1.6.0 to 1.6.14 and ":15053" from 1.7.0 on; for 15004
 * PROXY_XDS_DEBUG_VIA_AGENT in pilot/cmd/pilot-agent/options/options.go, at the tags 1.11.0 to 1.24.6.
 */
import { changes, type Since } from '../history/changes.ts';
import { isSince, type ReleaseNumber, readRelease } from '../history/release.ts';

/** Who listens. Null: nobody, the port is only dialled. */
export type PortOwner = 'Envoy' | 'pilot-agent' | 'istiod' | null;

interface Port {
  readonly port: number;
  /** A stable name. */
  readonly name: string;
  readonly listener: PortOwner;
  readonly protocols: readonly ('tcp' | 'udp')[];
  /** The address that the listener is bound to; `0.0.0.0` is every address of the pod. */
  readonly address: '127.0.0.1' | '127.0.0.6' | '0.0.0.0';
  /** The pod that has the listener. */
  readonly pod: 'sidecar' | 'istiod';
  /** When somebody listens. `elsewhere`: where a part of Istio that is not modelled here opens it, as HBONE does. */
  readonly open: 'always' | 'with DNS capture' | 'elsewhere';
  /** The option that gives it another number. */
  readonly option?: 'proxyPort' | 'inboundCapturePort' | 'inboundTunnelPort';
  /** The first release with it, where that is known and not all of them have it. */
  readonly since?: Since;
  /** The first release without it. */
  readonly until?: Since;
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
    open: 'always',
  },
  {
    port: 15001,
    name: 'envoy-outbound',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    open: 'always',
    option: 'proxyPort',
  },
  {
    port: 15002,
    name: 'validation',
    listener: null,
    protocols: ['tcp'],
    address: '127.0.0.6',
    pod: 'sidecar',
    open: 'elsewhere',
  },
  {
    port: 15004,
    name: 'agent-debug',
    listener: 'pilot-agent',
    protocols: ['tcp'],
    address: '127.0.0.1',
    pod: 'sidecar',
    open: 'always',
    since: { since: '1.11.0' },
    until: { since: '1.25.0' },
  },
  {
    port: 15006,
    name: 'envoy-inbound',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    open: 'always',
    option: 'inboundCapturePort',
  },
  {
    port: 15008,
    name: 'hbone',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    open: 'elsewhere',
    option: 'inboundTunnelPort',
    since: changes.tunnelPort,
  },
  {
    port: 15010,
    name: 'istiod-xds-plain',
    listener: 'istiod',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'istiod',
    open: 'always',
  },
  {
    port: 15012,
    name: 'istiod-xds',
    listener: 'istiod',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'istiod',
    open: 'always',
  },
  {
    port: 15013,
    name: 'agent-dns-old',
    listener: 'pilot-agent',
    protocols: ['udp'],
    address: '127.0.0.1',
    pod: 'sidecar',
    open: 'with DNS capture',
    since: changes.firstDns,
    until: changes.agentDns,
  },
  {
    port: 15014,
    name: 'istiod-monitoring',
    listener: 'istiod',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'istiod',
    open: 'always',
  },
  {
    port: 15017,
    name: 'istiod-webhook',
    listener: 'istiod',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'istiod',
    open: 'always',
  },
  {
    port: 15020,
    name: 'agent-metrics',
    listener: 'pilot-agent',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    open: 'always',
  },
  {
    port: 15021,
    name: 'envoy-ready',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    open: 'always',
  },
  {
    port: 15053,
    name: 'agent-dns',
    listener: 'pilot-agent',
    protocols: ['tcp', 'udp'],
    address: '127.0.0.1',
    pod: 'sidecar',
    open: 'with DNS capture',
    since: changes.agentDns,
  },
  {
    port: 15090,
    name: 'envoy-prometheus',
    listener: 'Envoy',
    protocols: ['tcp'],
    address: '0.0.0.0',
    pod: 'sidecar',
    open: 'always',
  },
] as const satisfies readonly Port[];

/** The stable name of a port: `envoy-outbound`. */
export type PortName = (typeof ports)[number]['name'];

export interface PortEntry extends Port {
  readonly name: PortName;
}

/** The number of a port. */
export function portOf(name: PortName): number {
  return (ports.find((entry) => entry.name === name) as PortEntry).port;
}

/** The ports that a release has. None for a release that cannot be read. */
export function portsOf(release: string | ReleaseNumber): readonly PortEntry[] {
  const number = typeof release === 'string' ? readRelease(release) : release;
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
