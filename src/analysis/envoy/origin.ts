/** Whose configuration an Envoy's is: a sidecar's, of which findings are told, or another's, of which none are. */
import type { ConfigProblem, EnvoyConfig } from '../../envoy/index.ts';

export const envoyOrigins = [
  'sidecar',
  'gateway',
  'waypoint',
  'ztunnel',
  'older API',
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
  const isRead = Object.values(has).includes(true);
  if (!isRead) return problems.some(({ code }) => code === 'older API') ? 'older API' : 'nothing';
  const told = byNode.get(node.split('~')[0] ?? '');
  if (told !== undefined && node.includes('~')) return told;
  const names = [...listeners, ...clusters].map(({ name }) => name);
  if (names.some((name) => ofWaypoint.includes(name))) return 'waypoint';
  if (names.some((name) => ofSidecar.test(name))) return 'sidecar';
  const istios = [...names, ...endpoints.map(({ cluster }) => cluster)].some((name) =>
    /^(?:outbound\||PassthroughCluster$|BlackHoleCluster$)/.test(name),
  );
  const isGateway = routes.some(({ name }) => /^https?\.\d+/.test(name));
  if (isGateway || (istios && has.listeners && has.clusters)) return 'gateway';
  return istios ||
    routes.some(({ name }) => name === 'InboundPassthroughCluster' || name.startsWith('inbound|'))
    ? 'sidecar'
    : 'other';
}

/** The pod's own addresses, as its name in the mesh tells one: `sidecar~10.244.1.5~shop.default~…`. */
export function addressIn({ node }: EnvoyConfig): string | null {
  const [, address] = node.split('~');
  return address !== undefined && /^[\da-f.:]+$/i.test(address) ? address : null;
}
