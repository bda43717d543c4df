/**
 * Where a packet goes: routing rules, the local table that follows from the addresses, and the routes.
 */
import { familyOf, type Prefix, prefixLength, readAddress, readPrefix } from '../model/address.ts';
import type { Host, Interface, Route, RoutingRule } from '../model/host.ts';
import { packetAddress, prefixTest } from '../model/packet-address/index.ts';
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
  const address = packetAddress(question.destination);
  for (const { rule, routes } of tablesOf(host)[question.family].steps) {
    if (!applies(rule, question)) continue;
    const found = lookUp(routes, question, address);
    if (found !== undefined && found.type !== 'throw') return { found, rule };
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

function applies(rule: RoutingRule, question: RouteLookup): boolean {
  const { family, source, destination, mark } = question;
  return (
    (rule.family === undefined || rule.family === family) &&
    holds(rule.from, family, source) &&
    holds(rule.to, family, destination) &&
    (rule.fwmark === undefined || ((mark ^ rule.fwmark.value) & rule.fwmark.mask) === 0) &&
    (rule.iif === undefined || rule.iif === (question.in ?? 'lo')) &&
    (rule.oif === undefined || rule.oif === question.out)
  );
}

function holds(text: string | undefined, family: Family, address: string): boolean {
  if (text === undefined || text === 'all') return true;
  const prefix = readPrefix(text);
  return prefix?.family === family && prefixTest(prefix)(packetAddress(address));
}

/** The first that holds is the one with the longest prefix; among equals the one with the smallest metric. */
function lookUp(routes: readonly KnownRoute[], question: RouteLookup, address: bigint): Route | undefined {
  const { in: device, out = device && isOfOneLink(question.destination) ? device : undefined } = question;
  return routes.find(({ route, holds }) => (out === undefined || route.dev === out) && holds(address))?.route;
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

interface KnownRoute {
  readonly route: Route;
  readonly holds: (address: bigint) => boolean;
  readonly length: number;
}

/** A rule with the table that it leads to. */
interface Step {
  readonly rule: RoutingRule;
  readonly routes: readonly KnownRoute[];
}

interface FamilyTables {
  readonly steps: readonly Step[];
  /** What follows from the host's own addresses. */
  readonly own: readonly KnownRoute[];
}

type Tables = Readonly<Record<Family, FamilyTables>> & {
  readonly [Told in 'routes' | 'rules']: Host[Told];
};

/** A host's addresses, routes and rules are read once for all packets: by its interfaces, which are its own. */
const known = new WeakMap<Host['interfaces'], Tables>();

function tablesOf(host: Host): Tables {
  const { interfaces, routes, rules } = host;
  const made = known.get(interfaces);
  if (made !== undefined && made.routes === routes && made.rules === rules) return made;
  const tables = { v4: readTables(host, 'v4'), v6: readTables(host, 'v6'), routes, rules };
  known.set(interfaces, tables);
  return tables;
}

function readTables(host: Host, family: Family): FamilyTables {
  const steps = [...defaultRules, ...(host.rules ?? [])]
    .sort((a, b) => a.priority - b.priority)
    .map((rule) => ({ rule, routes: knownRoutes(tableOf(host, family, rule.table), family) }))
    .filter(({ routes }) => routes.length > 0);
  return { steps, own: knownRoutes(localRoutes(host), family) };
}

function knownRoutes(routes: readonly Route[], family: Family): readonly KnownRoute[] {
  return routes
    .flatMap((route) => {
      const prefix = prefixOf(route, family);
      return prefix === null
        ? []
        : [{ route, holds: prefixTest(prefix), length: prefixLength(family, prefix.mask) ?? 0 }];
    })
    .sort((a, b) => b.length - a.length || (a.route.metric ?? 0) - (b.route.metric ?? 0));
}

function tableOf(host: Host, family: Family, table: string): readonly Route[] {
  const name = routingTable(table);
  const own = (host.routes ?? []).filter((one) => routingTable(one.table ?? 'main') === name);
  if (name === 'local') return [...own, ...localRoutes(host)];
  if (name === 'main') return [...own, ...connectedRoutes(host), ...assumedDefault(host, family)];
  return own;
}

const loopback: Interface = { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] };

const complete = new WeakMap<Host['interfaces'], Host['interfaces']>();

/** Every network namespace has lo: a host that does not name it has it as a pod does, up and with its usual addresses. */
export function withLoopback(host: Host): Host {
  const told = host.interfaces;
  if (told.some(({ name }) => name === loopback.name)) return host;
  const interfaces = complete.get(told) ?? [loopback, ...told];
  complete.set(told, interfaces);
  return { ...host, interfaces };
}

/** The kernel enters each address, and all of 127.0.0.0/8 for 127.0.0.1/8. */
function localRoutes(host: Host): readonly Route[] {
  return host.interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap((address) => {
      const alone = address.split('/')[0] as string;
      const entered = alone.startsWith('127.') ? [alone, address] : [alone];
      return entered.map((destination): Route => ({ destination, type: 'local', dev: name }));
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
  const value = packetAddress(address);
  return tablesOf(host)[familyOf(address)].own.some(({ holds }) => holds(value));
}
