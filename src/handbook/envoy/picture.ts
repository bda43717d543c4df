/** The listeners of the handbook's Envoy with their filter chains, as a picture has them. */
import { acceptingListeners } from '../../analysis/envoy/index.ts';
import {
  type ChainCondition,
  chainConditions,
  conditionValues,
  type FilterChain,
  type Listener,
  type NetworkFilter,
} from '../../envoy/index.ts';
import { printEndpoint } from '../../netfilter/index.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import { type MeshChoice, meshServices } from './mesh.ts';
import { configUnder, type InsideWalk } from './walk.ts';

export interface DrawnChain {
  readonly name: string;
  /** From 1; null: the default one. */
  readonly position: number | null;
  /** What it asks for, in Envoy's order; none: it takes what no other one does. */
  readonly conditions: readonly { readonly condition: ChainCondition; readonly values: readonly string[] }[];
  /** Whether it ends TLS. */
  readonly endsTls: boolean;
  /** Where its connections go. */
  readonly to: { readonly kind: 'cluster' | 'routes' | 'nowhere'; readonly names: readonly string[] };
  /** Whether the walk that is shown beside it takes it. */
  readonly isTaken: boolean;
}

export interface DrawnListener {
  readonly name: string;
  readonly places: readonly string[];
  /** The kernel brings connections to it; else another listener hands them over. */
  readonly isBound: boolean;
  readonly filters: readonly string[];
  readonly chains: readonly DrawnChain[];
}

export interface EnvoyPicture {
  /** Who accepts what the rules bring. */
  readonly accepting: DrawnListener;
  /** Whom it hands connections over to, by their original destination. */
  readonly others: readonly DrawnListener[];
}

const drawnPorts: readonly string[] = ['http', 'mysql', 'plain'];

/** A mesh small enough to be drawn: of the pod's own ports one that HTTP is declared for, and one of a server that speaks first. */
export const drawnMesh: MeshChoice = {
  mode: handbookSetting.options.inboundInterceptionMode === 'TPROXY' ? 'TPROXY' : 'REDIRECT',
  services: meshServices
    .filter(({ name }) => ['reviews', 'own', 'database', 'undeclared'].includes(name))
    .map((service) => ({
      ...service,
      ports: service.ports.filter(
        ({ name }) => drawnPorts.includes(name) && (name !== 'plain' || service.name === 'undeclared'),
      ),
    })),
};

/** The listeners of one direction, with what a walk takes of them. */
export function pictureOf(
  mesh: MeshChoice,
  direction: 'inbound' | 'outbound',
  walk: InsideWalk | null,
): EnvoyPicture {
  const { listeners } = configUnder(mesh);
  const accepting = listeners.find(({ name }) => name === acceptingListeners[direction]);
  if (accepting === undefined) throw new Error(`no listener ${acceptingListeners[direction]}`);
  const others = accepting.useOriginalDst
    ? listeners.filter((one) => one !== accepting && !one.bindToPort && one.trafficDirection !== 'INBOUND')
    : [];
  const taken = takenBy(walk);
  return { accepting: drawn(accepting, taken), others: others.map((one) => drawn(one, taken)) };
}

/** By the name of the listener that decides, the position of the chain that it takes. */
function takenBy(walk: InsideWalk | null): { readonly listener: string; readonly position: number } | null {
  let listener = '';
  for (const event of walk?.events ?? []) {
    if (event.kind === 'listener') listener = event.listener;
    if (event.kind === 'filter chain' && event.missed === null) return { listener, position: event.position };
  }
  return null;
}

function drawn(listener: Listener, taken: ReturnType<typeof takenBy>): DrawnListener {
  const { name, addresses, bindToPort, listenerFilters, filterChains, defaultFilterChain } = listener;
  const isTaken = (position: number) => taken?.listener === name && taken.position === position;
  return {
    name,
    places: addresses.map(({ address, port }) => printEndpoint(address, port)),
    isBound: bindToPort,
    filters: listenerFilters.map((one) => one.kind),
    chains: [
      ...filterChains.map((chain, at) => drawnChain(chain, at + 1, isTaken(at + 1))),
      ...(defaultFilterChain === null ? [] : [drawnChain(defaultFilterChain, null, false)]),
    ],
  };
}

function drawnChain(chain: FilterChain, position: number | null, isTaken: boolean): DrawnChain {
  const conditions = chainConditions
    .map((condition) => ({ condition, values: conditionValues(chain.match, condition) }))
    .filter(({ values }) => values.length > 0);
  return {
    name: chain.name,
    position,
    conditions,
    endsTls: chain.transportSocket?.kind === 'tls',
    to: whereTo(chain.filters),
    isTaken,
  };
}

function whereTo(filters: readonly NetworkFilter[]): DrawnChain['to'] {
  for (const filter of filters) {
    if (filter.kind === 'tcp_proxy')
      return { kind: 'cluster', names: filter.clusters.map(({ name }) => name) };
    if (filter.kind !== 'http') continue;
    const { routes } = filter;
    if (routes === null) break;
    if ('rds' in routes) return { kind: 'routes', names: [routes.rds] };
    const clusters = routes.virtualHosts.flatMap((host) =>
      host.routes.flatMap(({ action }) =>
        'clusters' in action ? action.clusters.map((one) => one.name) : [],
      ),
    );
    return { kind: 'cluster', names: [...new Set(clusters)] };
  }
  return { kind: 'nowhere', names: [] };
}
