/**
 * Where a packet goes: routing rules, the local table that follows from the addresses, and the routes.
 */
import {
  addressValue,
  type Prefix,
  prefixHolds,
  prefixLength,
  readAddress,
  readPrefix,
} from '../model/address.ts';
import type { Host, Interface, Route, RoutingRule } from '../model/host.ts';
import type { RouteReason, UnreachableReason } from '../model/reason.ts';
import type { Family } from '../model/ruleset.ts';

export type RoutingDecision =
  | { readonly kind: 'local'; readonly reason: RouteReason }
  | { readonly kind: 'unicast'; readonly dev: string; readonly via?: string; readonly reason: RouteReason }
  | Unreachable;

export interface Unreachable {
  readonly kind: 'unreachable';
  readonly reason: UnreachableReason;
}

export interface RouteLookup {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  readonly mark: number;
  readonly in?: string;
  readonly out?: string;
}

/** The kernel's own rules, which stand beside the host's. */
const defaultRules: readonly RoutingRule[] = [
  { priority: 0, table: 'local' },
  { priority: 32766, table: 'main' },
  { priority: 32767, table: 'default' },
];

const tableNumbers: ReadonlyMap<string, string> = new Map(
  Object.entries({ '255': 'local', '254': 'main', '253': 'default' }),
);

/** A routing table by its name, where it is one of the kernel's own (/etc/iproute2/rt_tables). */
export function routingTable(table: string): string {
  return tableNumbers.get(table) ?? table;
}

/** Looks the way up, table by table in the order of the rules' priorities. */
export function route(host: Host, question: RouteLookup): RoutingDecision {
  const way = routeFor(host, question);
  if (way !== null) return decide(way.found, way.rule);
  // ip_route_output_key_hash_rcu: IPv4's socket bound to a device takes the destination to be on its link.
  if (question.out !== undefined && question.family === 'v4')
    return {
      kind: 'unicast',
      dev: question.out,
      reason: { code: 'socket bound', interface: question.out },
    };
  return { kind: 'unreachable', reason: { code: 'no route', destination: question.destination } };
}

/** The route that holds, and the rule that led to its table. */
export function routeFor(
  host: Host,
  question: RouteLookup,
): { readonly found: Route; readonly rule: RoutingRule } | null {
  const rules = [...defaultRules, ...(host.rules ?? [])].sort((a, b) => a.priority - b.priority);
  for (const rule of rules) {
    if (!applies(rule, question)) continue;
    const found = lookUp(tableOf(host, question.family, rule.table), question);
    if (found !== null && found.type !== 'throw') return { found, rule };
  }
  return null;
}

function decide(found: Route, rule: RoutingRule): RoutingDecision {
  const { destination, type = 'unicast', dev, via } = found;
  const table = routingTable(rule.table);
  const reason = { code: 'route', destination, table } as const;
  switch (type) {
    case 'local':
      return { kind: 'local', reason };
    case 'unicast':
      return dev === undefined
        ? { kind: 'unreachable', reason: { ...reason, code: 'route without interface' } }
        : { kind: 'unicast', dev, ...(via === undefined ? {} : { via }), reason };
    default:
      return { kind: 'unreachable', reason: { ...reason, code: 'route of type', type } };
  }
}

function applies(rule: RoutingRule, { family, source, destination, mark, ...devices }: RouteLookup): boolean {
  return (
    (rule.family === undefined || rule.family === family) &&
    holds(rule.from, family, source) &&
    holds(rule.to, family, destination) &&
    (rule.fwmark === undefined || ((mark ^ rule.fwmark.value) & rule.fwmark.mask) === 0) &&
    (rule.iif === undefined || rule.iif === (devices.in ?? 'lo')) &&
    (rule.oif === undefined || rule.oif === devices.out)
  );
}

function holds(text: string | undefined, family: Family, address: string): boolean {
  if (text === undefined || text === 'all') return true;
  const prefix = readPrefix(text);
  return prefix?.family === family && prefixHolds(prefix, addressValue(address));
}

/** The route with the longest prefix; among equals the one with the smallest metric. */
function lookUp(routes: readonly Route[], question: RouteLookup): Route | null {
  const { family, destination } = question;
  const address = addressValue(destination);
  const device = question.out ?? (isOfOneLink(destination) ? question.in : undefined);
  let best: { route: Route; length: number } | null = null;
  for (const one of routes) {
    const prefix = prefixOf(one, family);
    if (prefix === null || !prefixHolds(prefix, address)) continue;
    if (device !== undefined && one.dev !== device) continue;
    const length = prefixLength(family, prefix.mask) ?? 0;
    const isBetter =
      best === null ||
      length > best.length ||
      (length === best.length && (one.metric ?? 0) < (best.route.metric ?? 0));
    if (isBetter) best = { route: one, length };
  }
  return best?.route ?? null;
}

/** IPv6 looks for a route on the link that such a packet came in by, and for no other (rt6_need_strict). */
function isOfOneLink(destination: string): boolean {
  return destination === '::1' || /^fe[89ab][0-9a-f]:/i.test(destination);
}

function prefixOf({ destination, family: own, via, src }: Route, family: Family): Prefix | null {
  if (destination === 'default') {
    if (own !== undefined && own !== family) return null;
    const gateway = readAddress(via ?? src ?? '');
    return gateway === null || gateway.family === family ? { family, address: 0n, mask: 0n } : null;
  }
  const prefix = readPrefix(destination);
  return prefix?.family === family ? prefix : null;
}

function tableOf(host: Host, family: Family, table: string): readonly Route[] {
  const name = routingTable(table);
  const own = (host.routes ?? []).filter((one) => routingTable(one.table ?? 'main') === name);
  if (name === 'local') return [...own, ...localRoutes(host)];
  if (name === 'main') return [...own, ...connectedRoutes(host), ...assumedDefault(host, family)];
  return own;
}

const loopback: Interface = { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] };

/** Every network namespace has lo: a host that does not name it has it as a pod does, up and with its usual addresses. */
export function withLoopback(host: Host): Host {
  return host.interfaces.some(({ name }) => name === loopback.name)
    ? host
    : { ...host, interfaces: [loopback, ...host.interfaces] };
}

/** The kernel enters each address, and all of 127.0.0.0/8 for 127.0.0.1/8. */
function localRoutes(host: Host): readonly Route[] {
  return host.interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap((address): Route[] => {
      const alone = address.split('/')[0] as string;
      const routes: Route[] = [{ destination: alone, type: 'local', dev: name }];
      return alone.startsWith('127.')
        ? [...routes, { destination: address, type: 'local', dev: name }]
        : routes;
    }),
  );
}

function connectedRoutes(host: Host): readonly Route[] {
  return host.interfaces.flatMap(({ name, addresses }) =>
    addresses
      .filter((address) => address.includes('/') && !/^127\.|\/32$|\/128$/.test(address))
      .map((destination) => ({ destination, dev: name })),
  );
}

/** A host that names no routes is taken to have its default route on its first interface that is not lo. */
function assumedDefault(host: Host, family: Family): readonly Route[] {
  if (host.routes !== undefined) return [];
  const device = host.interfaces.find(({ name }) => name !== 'lo');
  return device === undefined || !hasFamily(device.addresses, family)
    ? []
    : [{ destination: 'default', dev: device.name }];
}

function hasFamily(addresses: readonly string[], family: Family): boolean {
  return addresses.some((address) => readAddress(address.split('/')[0] ?? '')?.family === family);
}

/** Whether the address is one of the host's own. */
export function isLocal(host: Host, address: string): boolean {
  const family = address.includes(':') ? 'v6' : 'v4';
  const value = addressValue(address);
  return localRoutes(host).some(({ destination }) => {
    const prefix = readPrefix(destination);
    return prefix?.family === family && prefixHolds(prefix, value);
  });
}
