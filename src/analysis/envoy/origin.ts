/** Whose configuration an Envoy's is: a sidecar's, of which findings are told, or another's, of which none are. */
import type { ConfigProblem, EnvoyConfig, RouteTable } from '../../envoy/index.ts';

export const envoyOrigins = [
  'sidecar',
  'gateway',
  'waypoint',
  'ztunnel',
  'older API',
  /** Secrets, or configurations of filters, and nothing of where connections go. */
  'secrets',
  'extensions',
  'other',
  'nothing',
] as const;
export type EnvoyOrigin = (typeof envoyOrigins)[number];

/** Where istiod has redirected connections accepted, by the names that it gives these listeners. */
export const acceptingListeners = { inbound: 'virtualInbound', outbound: 'virtualOutbound' } as const;

/** pkg/model/proxy.go NodeType: the first part of a proxy's name. */
const byNode: ReadonlyMap<string, EnvoyOrigin> = new Map([
  ['sidecar', 'sidecar'],
  ['router', 'gateway'],
  ['waypoint', 'waypoint'],
  ['ztunnel', 'ztunnel'],
]);

/** pilot/pkg/networking/core/waypoint.go: its listeners, which no other proxy has. */
const ofWaypoint: readonly string[] = ['main_internal', 'connect_terminate'];
/** What istiod tells a sidecar alone: pilot/pkg/networking/core. */
const ofSidecar = /^(?:virtualInbound$|virtualOutbound$|InboundPassthroughCluster|inbound\|)/;

export function originOf(config: EnvoyConfig, problems: readonly ConfigProblem[]): EnvoyOrigin {
  const { node, has, listeners, clusters, routes, endpoints } = config;
  if (problems.some(({ code }) => code === 'dump of another program')) return 'ztunnel';
  const isEmpty = listeners.length + clusters.length + routes.length + endpoints.length === 0;
  if (isEmpty && problems.some(({ code }) => code === 'older API')) return 'older API';
  const isRead = Object.values(has).includes(true) || !isEmpty;
  const told = byNode.get(node.split('~')[0] ?? '');
  if (told !== undefined && node.includes('~')) return told;
  if (!isRead) {
    // Names and addresses of listeners alone: `/listeners`.
    if ('listener_statuses' in config.rest)
      return /"virtual(?:In|Out)bound"/.test(JSON.stringify(config.rest.listener_statuses))
        ? 'sidecar'
        : 'other';
    return 'secrets' in config.rest ? 'secrets' : 'EcdsConfigDump' in config.rest ? 'extensions' : 'nothing';
  }
  const names = [...listeners, ...clusters].map(({ name }) => name);
  if (names.some((name) => ofWaypoint.includes(name))) return 'waypoint';
  if (names.some((name) => ofSidecar.test(name))) return 'sidecar';
  const istios = [...names, ...endpoints.map(({ cluster }) => cluster), ...ledTo(config)].some((name) =>
    /^(?:outbound\||PassthroughCluster$|BlackHoleCluster$)/.test(name),
  );
  const isGateway = routes.some(({ name }) => /^https?\.\d+/.test(name));
  if (isGateway || (istios && has.listeners && has.clusters)) return 'gateway';
  return istios ||
    routes.some(({ name }) => name === 'InboundPassthroughCluster' || name.startsWith('inbound|'))
    ? 'sidecar'
    : 'other';
}

/** The clusters to which listeners and routes lead. */
function ledTo({ listeners, routes }: EnvoyConfig): readonly string[] {
  const tables = listeners.flatMap(({ filterChains, defaultFilterChain }) =>
    [...filterChains, ...(defaultFilterChain === null ? [] : [defaultFilterChain])].flatMap(({ filters }) =>
      filters.flatMap((filter) => {
        if (filter.kind === 'tcp_proxy') return filter.clusters.map(({ name }) => name);
        if (filter.kind !== 'http' || filter.routes === null) return [];
        return 'rds' in filter.routes ? [] : clustersIn(filter.routes);
      }),
    ),
  );
  return [...tables, ...routes.flatMap(clustersIn)];
}

function clustersIn({ virtualHosts }: RouteTable): readonly string[] {
  return virtualHosts.flatMap((host) =>
    host.routes.flatMap(({ action }) =>
      action.kind === 'clusters' ? action.clusters.map(({ name }) => name) : [],
    ),
  );
}

/** The pod's own addresses, as its name in the mesh tells one: `sidecar~10.244.1.5~shop.default~…`. */
export function addressIn({ node }: EnvoyConfig): string | null {
  const [, address] = node.split('~');
  return address !== undefined && /^[\da-f.:]+$/i.test(address) ? address : null;
}
