/** What is wrong with what a sidecar's Envoy was told. What a text has not got, nothing is said of. */
import {
  type Cluster,
  connect,
  type EnvoyConfig,
  type Listener,
  type NetworkFilter,
} from '../../envoy/index.ts';
import { findPort } from '../../istio/index.ts';
import { type FindingOf, weights } from '../findings/finding.ts';
import { acceptingListeners, addressIn } from './origin.ts';
import { unreachableChains } from './reachable.ts';

export type EnvoyFinding =
  | FindingOf<
      'envoy.chain-unreachable',
      { readonly listener: string; readonly chain: string; readonly position: number }
    >
  | FindingOf<'envoy.listener-unreachable', { readonly listener: string }>
  /** A server speaks first at this port, and Envoy waits for the client before it dials. */
  | FindingOf<
      'envoy.waits-for-client',
      {
        readonly direction: 'inbound' | 'outbound';
        readonly port: number;
        readonly protocol: string;
        readonly listener: string;
        /** What it looks for in the client's first bytes; null: it is taken for HTTP. */
        readonly looksFor: 'TLS' | 'HTTP' | null;
        /** In milliseconds; null: for ever. */
        readonly timeout: number | null;
        readonly isDeclared: boolean;
      }
    >
  | FindingOf<
      'envoy.port-undeclared',
      { readonly ports: readonly number[]; readonly declared: readonly number[] }
    >
  | FindingOf<
      'envoy.cluster-empty',
      { readonly clusters: readonly string[]; readonly count: number; readonly areSick: boolean }
    >
  | FindingOf<
      'envoy.listener-taken',
      {
        readonly listener: string;
        readonly port: number;
        readonly cluster: string;
        /** Clusters of the same port that no listener leads to. */
        readonly hidden: readonly string[];
      }
    >;
export type EnvoyFindingId = EnvoyFinding['id'];

/** What is known of the pod beside it. */
export interface AroundEnvoy {
  /** Where the app listens, as far as the text tells. */
  readonly listens: readonly number[];
}

/** What is wrong, the heaviest first. */
export function envoyFindings(config: EnvoyConfig, around: AroundEnvoy): readonly EnvoyFinding[] {
  const found = [
    ...waiting(config, around),
    ...taken(config),
    ...empty(config),
    ...undeclared(config, around),
    ...unreachable(config),
  ];
  return weights.flatMap((weight) => found.filter((one) => one.weight === weight));
}

/** Those that stay whatever of the last listener, cluster and endpoints the text may be without. */
export function sureFindings(
  found: readonly EnvoyFinding[],
  { listeners, clusters, endpoints }: EnvoyConfig,
): readonly EnvoyFinding[] {
  const last = [listeners.at(-1)?.name, clusters.at(-1)?.name, endpoints.at(-1)?.cluster];
  return found.flatMap((one): readonly EnvoyFinding[] => {
    if ('listener' in one) return last.includes(one.listener) ? [] : [one];
    if (one.id !== 'envoy.cluster-empty') return one.id === 'envoy.port-undeclared' ? [] : [one];
    const sure = one.clusters.filter((name) => !last.includes(name));
    return sure.length === 0
      ? []
      : [{ ...one, clusters: sure, count: one.count - one.clusters.length + sure.length }];
  });
}

const active = ({ listeners }: EnvoyConfig) => listeners.filter(({ state }) => state === 'active');

function unreachable(config: EnvoyConfig): readonly EnvoyFinding[] {
  const all = active(config);
  const isHanding = all.some((one) => one.bindToPort && one.useOriginalDst);
  // A part of the list may be without the one that hands over.
  const isWhole = all.some(({ name }) => name === acceptingListeners.outbound);
  return all.flatMap((listener): readonly EnvoyFinding[] => {
    const { name, bindToPort, filterChains, addresses } = listener;
    const isOfNetwork = addresses.some(({ kind }) => kind === 'ip');
    if (!bindToPort && !isHanding && isOfNetwork)
      return isWhole ? [{ id: 'envoy.listener-unreachable', weight: 'note', listener: name }] : [];
    return (unreachableChains(listener) ?? []).map((chain) => ({
      id: 'envoy.chain-unreachable',
      weight: 'note',
      listener: name,
      chain: chain.name,
      position: filterChains.indexOf(chain) + 1,
    }));
  });
}

/** Ports at which a server speaks before its client does, by what IANA has there. */
const speakFirst: ReadonlyMap<number, string> = new Map([
  [21, 'FTP'],
  [22, 'SSH'],
  [25, 'SMTP'],
  [110, 'POP3'],
  [143, 'IMAP'],
  [587, 'SMTP'],
  [3306, 'MySQL'],
  [4222, 'NATS'],
  [5900, 'VNC'],
]);

function waiting(config: EnvoyConfig, { listens }: AroundEnvoy): readonly EnvoyFinding[] {
  if (!config.has.listeners) return [];
  const address = addressIn(config) ?? '198.51.100.1';
  const declared = declaredPorts(config);
  const silent = { source: '198.51.100.9', sourcePort: 40_000, sends: { nothing: true } } as const;
  const inbound = active(config).find(({ name }) => name === acceptingListeners.inbound);
  const ofApp = [...new Set([...(declared ?? []), ...listens])];
  const into = (inbound === undefined ? [] : ofApp).map((port) => ({
    direction: 'inbound' as const,
    port,
    walk: () =>
      connect(config, {
        ...silent,
        destination: address,
        destinationPort: port,
        listener: inbound?.addresses[0]?.port ?? 0,
      }),
  }));
  const virtual = active(config).find(({ name }) => name === acceptingListeners.outbound);
  const out = active(config)
    .filter((one) => one !== virtual && one !== inbound && one.trafficDirection !== 'INBOUND')
    .flatMap(({ addresses, bindToPort }) =>
      addresses.flatMap((at) => {
        if (at.kind !== 'ip' || (virtual === undefined && !bindToPort)) return [];
        const destination = at.address === '0.0.0.0' || at.address === '::' ? '198.51.100.1' : at.address;
        const listener = bindToPort ? at.port : (virtual?.addresses[0]?.port ?? 0);
        const called = { ...silent, source: address, destination, destinationPort: at.port, listener };
        return [{ direction: 'outbound' as const, port: at.port, walk: () => connect(config, called) }];
      }),
    );
  const seen = new Set<string>();
  return [...into, ...out].flatMap(({ direction, port, walk }): readonly EnvoyFinding[] => {
    const protocol = speakFirst.get(port);
    if (protocol === undefined || seen.has(`${direction} ${port}`)) return [];
    seen.add(`${direction} ${port}`);
    const { events, outcome } = walk();
    if (outcome.kind !== 'waits') return [];
    const last = events.findLast((one) => one.kind === 'listener');
    return [
      {
        id: 'envoy.waits-for-client',
        weight: 'wrong',
        direction,
        port,
        protocol,
        listener: last?.kind === 'listener' ? last.listener : '',
        looksFor: outcome.filter === null ? null : outcome.filter.includes('tls') ? 'TLS' : 'HTTP',
        timeout: outcome.timeout,
        isDeclared: direction === 'outbound' || declared?.includes(port) === true,
      },
    ];
  });
}

/** Clusters that istiod tells every sidecar (pilot/pkg/networking/core/cluster.go): a list without them is not whole. */
const ofEverySidecar: readonly string[] = ['BlackHoleCluster', 'PassthroughCluster'];

/** The ports of the pod that a Service declares; null where the text has not all clusters. */
export function declaredPorts({ clusters }: EnvoyConfig): readonly number[] | null {
  if (!clusters.some(({ name }) => ofEverySidecar.includes(name))) return null;
  const found = clusters.flatMap(({ name }) => /^inbound\|(\d+)\|/.exec(name)?.[1] ?? []);
  return [...new Set(found.map(Number))];
}

/** Those of the proxy itself are declared by nobody. */
const isOfProxy = (port: number) => {
  const owner = findPort(port)?.listener;
  return owner === 'Envoy' || owner === 'pilot-agent';
};

function undeclared(config: EnvoyConfig, { listens }: AroundEnvoy): readonly EnvoyFinding[] {
  const declared = declaredPorts(config);
  if (declared === null || !config.has.listeners) return [];
  const ports = listens.filter((port) => !declared.includes(port) && !isOfProxy(port));
  return ports.length === 0 ? [] : [{ id: 'envoy.port-undeclared', weight: 'note', ports, declared }];
}

const sick: readonly string[] = ['UNHEALTHY', 'TIMEOUT', 'DRAINING'];
const mostNamed = 5;

function empty({ clusters, endpoints }: EnvoyConfig): readonly EnvoyFinding[] {
  const groups = new Map(endpoints.map((one) => [one.cluster, one.hosts]));
  const of = clusters.filter((one) => one.state === 'active' && isNamed(one));
  // Somebody may have asked for one cluster's alone: what is not in the list has not been told.
  const hostsOf = (one: Cluster) =>
    groups.get(one.edsName) ?? groups.get(one.name) ?? (one.type === 'EDS' ? null : one.hosts);
  const none = of.filter((one) => hostsOf(one)?.length === 0);
  const down = of.filter((one) => {
    const hosts = hostsOf(one) ?? [];
    return (
      hosts.length > 0 &&
      one.healthyPanicThreshold === 0 &&
      hosts.every(({ health }) => sick.includes(health))
    );
  });
  const told = (all: readonly Cluster[], areSick: boolean): readonly EnvoyFinding[] =>
    all.length === 0
      ? []
      : [
          {
            id: 'envoy.cluster-empty',
            weight: 'doubtful',
            clusters: all.slice(0, mostNamed).map(({ name }) => name),
            count: all.length,
            areSick,
          },
        ];
  return [...told(none, false), ...told(down, true)];
}

/** Of a Service, and not one that has no endpoint on purpose. */
function isNamed({ name, type }: Cluster): boolean {
  return type !== 'ORIGINAL_DST' && name.startsWith('outbound|');
}

const wildcards: readonly string[] = ['0.0.0.0', '::'];

/** Listeners of any address that send all of a port to one Service. */
function taken(config: EnvoyConfig): readonly EnvoyFinding[] {
  if (!config.has.listeners) return [];
  const all = active(config);
  const reached = new Set([
    ...all.flatMap(clustersOf),
    ...config.routes.flatMap(({ virtualHosts }) =>
      virtualHosts.flatMap(({ routes }) =>
        routes.flatMap(({ action }) =>
          action.kind === 'clusters' ? action.clusters.map(({ name }) => name) : [],
        ),
      ),
    ),
  ]);
  return all.flatMap((listener): readonly EnvoyFinding[] => {
    const [place] = listener.addresses;
    if (place === undefined || !wildcards.includes(place.address) || listener.trafficDirection === 'INBOUND')
      return [];
    const cluster = takesAll(listener);
    if (cluster === null) return [];
    // Where its requests go, routes tell that are not in the text.
    if (!config.has.routes && hasServedRoutes(listener)) return [];
    const port = place.port;
    const hidden = config.clusters
      .map(({ name }) => name)
      .filter((name) => name.startsWith(`outbound|${port}||`) && name !== cluster && !reached.has(name));
    return [
      {
        id: 'envoy.listener-taken',
        weight: hidden.length > 0 ? 'wrong' : 'doubtful',
        listener: listener.name,
        port,
        cluster,
        hidden: hidden.slice(0, mostNamed),
      },
    ];
  });
}

/** The Service to which a chain without a condition on the address leads, by TCP. */
function takesAll({ filterChains, defaultFilterChain }: Listener): string | null {
  const open = filterChains.filter(
    ({ match }) =>
      match.prefixRanges.length === 0 && match.destinationPort === null && match.serverNames.length === 0,
  );
  for (const { filters } of [...open, ...(defaultFilterChain === null ? [] : [defaultFilterChain])]) {
    const [first] = filters.flatMap(ofTcp);
    if (first?.startsWith('outbound|')) return first;
  }
  return null;
}

function hasServedRoutes({ filterChains }: Listener): boolean {
  return filterChains.some(({ filters }) =>
    filters.some((one) => one.kind === 'http' && one.routes !== null && 'rds' in one.routes),
  );
}

function ofTcp(filter: NetworkFilter): readonly string[] {
  return filter.kind === 'tcp_proxy' ? filter.clusters.map(({ name }) => name) : [];
}

function clustersOf({ filterChains, defaultFilterChain }: Listener): readonly string[] {
  return [...filterChains, ...(defaultFilterChain === null ? [] : [defaultFilterChain])].flatMap(
    ({ filters }) => filters.flatMap(ofTcp),
  );
}
