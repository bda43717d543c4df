/** The Services of a mesh as istiod has them: pilot/pkg/model/service.go. */
import type { PortProtocol } from './protocol.ts';
import type { Labels } from './raw.ts';

export interface RegistryPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: PortProtocol;
}

export interface RegistryEndpoint {
  readonly addresses: readonly string[];
  readonly port: number;
  readonly portName: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** `istio`, `disabled`. */
  readonly tlsMode: string;
  readonly weight: number;
  /** `not ready` ones are in the registry, and are told to nobody. */
  readonly health: 'HEALTHY' | 'UNKNOWN' | 'not ready';
}

/** How the addresses behind a Service are found. */
export type Resolution = 'EDS' | 'DNS' | 'DNS round robin' | 'passthrough' | 'alias' | 'dynamic DNS';

export interface RegistryService {
  readonly hostname: string;
  readonly name: string;
  readonly namespace: string;
  readonly registry: 'Kubernetes' | 'External';
  readonly resolution: Resolution;
  /** `0.0.0.0` where it has none. */
  readonly defaultAddress: string;
  readonly clusterAddresses: readonly string[];
  readonly ports: readonly RegistryPort[];
  readonly isExternal: boolean;
  readonly selector: Labels | null;
  readonly exportTo: readonly string[];
  readonly created: string;
  readonly publishesNotReady: boolean;
  /** Of ports that are dialled at another number: the original destination's is replaced. */
  readonly passedPorts: Readonly<Record<number, number>>;
  readonly endpoints: readonly RegistryEndpoint[];
  /** Names that stand for it. */
  readonly aliases: readonly string[];
  /** What an alias stands for. */
  readonly externalName: string;
}

/** A port of the pod that a Service leads to. */
export interface ServiceTarget {
  readonly service: RegistryService;
  readonly port: RegistryPort;
  readonly targetPort: number;
}

export const unspecified = '0.0.0.0';

/** The names of clusters. */
export function outboundCluster(hostname: string, port: number): string {
  return `outbound|${port}||${hostname}`;
}

export function inboundCluster(port: number): string {
  return `inbound|${port}||`;
}

/** Whether a host is among those of a wildcard, or the same: pkg/config/host/name.go SubsetOf. */
export function isSubsetOf(host: string, other: string): boolean {
  if (!other.startsWith('*')) return host === other;
  if (host.startsWith('*') && host.length < other.length) return false;
  return host.slice(host.startsWith('*') ? 1 : 0).endsWith(other.slice(1));
}

/** Whether two hosts have a name in common: Matches. */
export function isMatchingHost(host: string, other: string): boolean {
  return isSubsetOf(host, other) || isSubsetOf(other, host);
}

/** The endpoints of one port. */
export function endpointsOf(service: RegistryService, port: RegistryPort): readonly RegistryEndpoint[] {
  return service.endpoints.filter(({ portName }) => portName === port.name);
}

/**
 * Endpoints are those of a host in a namespace, whoever has told of them; a name that is asked for in turn is one
 * endpoint a port: mergeServicesInstancesByNamespaceHost of pilot/pkg/serviceregistry/serviceentry/conversion.go.
 */
export function withEndpoints(services: readonly RegistryService[]): readonly RegistryService[] {
  const keyOf = ({ namespace, hostname }: RegistryService) => `${namespace}/${hostname}`;
  const all = new Map<string, RegistryEndpoint[]>();
  for (const service of services) {
    const own = all.get(keyOf(service)) ?? [];
    for (const endpoint of service.endpoints) {
      const isInTurn = service.resolution === 'DNS round robin';
      if (isInTurn && own.some(({ portName }) => portName === endpoint.portName)) continue;
      own.push(endpoint);
    }
    all.set(keyOf(service), own);
  }
  return services.map((service) => ({ ...service, endpoints: all.get(keyOf(service)) ?? [] }));
}
