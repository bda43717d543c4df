/** Whom a cluster dials, from which address, and whether with TLS. */
import { type Family, familyOf, printEndpoint, readAddress } from '../../netfilter/index.ts';
import type {
  BindConfig,
  Cluster,
  EndpointGroup,
  EnvoyConfig,
  TransportSocket,
  UpstreamHost,
} from '../model/config.ts';
import type { Doubt, EnvoyEvent } from '../model/event.ts';
import { lookupIn } from '../read/lookup.ts';
import type { AcceptedSocket } from './listener-filters.ts';
import { usable } from './load-balancing.ts';

export type Dialled =
  | {
      readonly kind: 'hosts';
      readonly hosts: readonly string[];
      readonly source: string | null;
      readonly tls: boolean;
    }
  | { readonly kind: 'unknown cluster' }
  | { readonly kind: 'no host' }
  /** The first address is taken, and to bind it fails. */
  | { readonly kind: 'no source'; readonly hosts: readonly string[] }
  | { readonly kind: 'cannot tell'; readonly because: Doubt };

export function dial(
  config: EnvoyConfig,
  name: string,
  accepted: AcceptedSocket,
  headers: ReadonlyMap<string, readonly string[]> | null,
  events: EnvoyEvent[],
): Dialled {
  const cluster = lookupIn(config).clusters.get(name);
  events.push({ kind: 'cluster', cluster: name, type: cluster?.type ?? null });
  if (cluster === undefined) {
    if (config.has.clusters) return { kind: 'unknown cluster' };
    return { kind: 'cannot tell', because: { code: 'not in the text', section: 'clusters', name } };
  }
  const [field] = cluster.undecided;
  if (field !== undefined)
    return { kind: 'cannot tell', because: { code: 'not modelled', what: field, name } };
  const found = hostsOf(config, cluster, accepted, headers);
  if (!Array.isArray(found)) return { kind: 'cannot tell', because: found as Doubt };
  const hosts = areAlike(found) ? found : usable(found, cluster);
  const [first] = hosts;
  if (first === undefined) return { kind: 'no host' };
  const printed = hosts.map(printHost);
  const family = isName(first) ? lookupFamilyOf(cluster) : familyOf(first.address);
  const bind = cluster.bind ?? config.bind;
  if (family === null && (accepted.keptSource !== null || (bind?.addresses.length ?? 0) > 0))
    return { kind: 'cannot tell', because: { code: 'not modelled', what: 'dns_lookup_family', name } };
  const { source, by } = sourceOf(accepted.keptSource, bind, first, family);
  if (source !== null && familyOf(source) !== family) return { kind: 'no source', hosts: printed };
  const sockets = hosts.map((host) => socketOf(cluster, host));
  const tls = sockets.some((socket) => socket?.kind === 'tls');
  events.push({ kind: 'dial', hosts: printed, source, sourceBy: by, tls });
  return { kind: 'hosts', hosts: printed, source, tls };
}

function endpointsIn(config: EnvoyConfig, { edsName, name }: Cluster): EndpointGroup | undefined {
  const { endpoints } = lookupIn(config);
  return endpoints.get(edsName) ?? endpoints.get(name);
}

function printHost({ kind, address, port }: UpstreamHost): string {
  return kind === 'ip' ? printEndpoint(address, port) : address;
}

/** What is looked up: an address has colons, or is one of numbers. */
const isName = ({ kind, address }: UpstreamHost): boolean => kind === 'ip' && readAddress(address) === null;

/** Null where it may be either. */
function lookupFamilyOf({ dnsLookupFamily }: Cluster): Family | null {
  if (dnsLookupFamily === 'V4_ONLY') return 'v4';
  return dnsLookupFamily === 'V6_ONLY' ? 'v6' : null;
}

function hostsOf(
  config: EnvoyConfig,
  cluster: Cluster,
  accepted: AcceptedSocket,
  headers: ReadonlyMap<string, readonly string[]> | null,
): readonly UpstreamHost[] | Doubt {
  switch (cluster.type) {
    case 'ORIGINAL_DST':
      return originalDestination(cluster, accepted, headers);
    case 'STATIC':
      return cluster.hosts ?? [];
    case 'EDS': {
      const group = endpointsIn(config, cluster);
      if (group !== undefined) return group.hosts;
      // An Envoy has a group for each of its clusters, an empty one too: a list without it is not whole.
      return { code: 'not in the text', section: 'endpoints', name: cluster.name };
    }
    case 'STRICT_DNS':
    case 'LOGICAL_DNS': {
      // Where endpoints are told, a name has been looked up already.
      const group = lookupIn(config).endpoints.get(cluster.name);
      return group?.hosts ?? cluster.hosts ?? [];
    }
    case 'other':
      return { code: 'not modelled', what: 'cluster type', name: cluster.name };
  }
}

/** source/extensions/clusters/original_dst/original_dst_cluster.cc chooseHost */
function originalDestination(
  { upstreamPortOverride, originalDstHeader }: Cluster,
  { isRestored, localAddress, localPort }: AcceptedSocket,
  headers: ReadonlyMap<string, readonly string[]> | null,
): readonly UpstreamHost[] {
  const told = originalDstHeader === null ? undefined : headers?.get(originalDstHeader)?.[0];
  const place = told === undefined ? null : /^\[?([0-9a-fA-F.:]+?)\]?:(\d+)$/.exec(told);
  const [, address = localAddress, port = localPort] = place ?? [];
  if (address === null || (place === null && !isRestored)) return [];
  return [
    {
      kind: 'ip',
      address,
      port: upstreamPortOverride ?? Number(port),
      health: '',
      priority: 0,
      weight: 1,
      labels: {},
      localityLabels: {},
      rest: {},
    },
  ];
}

/** Whether all of them are well, and none is behind others: then chance takes any. */
const areAlike = (hosts: readonly UpstreamHost[]): boolean =>
  hosts.every(({ health, priority }) => priority === 0 && /^(UNKNOWN|HEALTHY)?$/.test(health));

/** original_src, then the cluster's own or the bootstrap's address of the host's family, then the kernel's choice. */
function sourceOf(
  kept: string | null,
  bind: BindConfig | null,
  host: UpstreamHost,
  family: Family | null,
): { readonly source: string | null; readonly by: 'original_src' | 'bind config' | 'kernel' } {
  if (host.kind !== 'ip') return { source: null, by: 'kernel' };
  if (kept !== null) return { source: kept, by: 'original_src' };
  const [first] = bind?.addresses ?? [];
  if (bind === null || first === undefined) return { source: null, by: 'kernel' };
  const fitting = bind.addresses.find((address) => familyOf(address) === family);
  return { source: fitting ?? first, by: 'bind config' };
}

/** source/common/upstream/transport_socket_match_impl.cc resolve */
function socketOf(cluster: Cluster, host: UpstreamHost): TransportSocket | null {
  const fits = (labels: Readonly<Record<string, unknown>>) =>
    cluster.transportSocketMatches.find((one) =>
      Object.entries(one.labels).every(
        ([key, value]) => Object.hasOwn(labels, key) && JSON.stringify(labels[key]) === JSON.stringify(value),
      ),
    );
  const own = fits(host.labels);
  return own?.transportSocket ?? fits(host.localityLabels)?.transportSocket ?? cluster.transportSocket;
}
