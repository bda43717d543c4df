/** Where a configuration has something of a name, an address or a domain: made once, when it is read. */
import { familyOf, readAddress } from '../../netfilter/index.ts';
import type {
  Cluster,
  Endpoint,
  EndpointGroup,
  EnvoyConfig,
  Listener,
  ListenerAddress,
  RouteTable,
  VirtualHost,
} from '../model/config.ts';

export interface ConfigLookup {
  /** Listeners that take connections, by port, in their order. */
  readonly listenersAtPort: ReadonlyMap<number, readonly Listener[]>;
  /** By address and port: who has it as its own, and who is compatible with it. */
  readonly listenerAtAddress: ReadonlyMap<string, Listener>;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly endpoints: ReadonlyMap<string, EndpointGroup>;
  readonly routes: ReadonlyMap<string, RouteTable>;
}

const lookups = new WeakMap<EnvoyConfig, ConfigLookup>();

export function lookupIn(config: EnvoyConfig): ConfigLookup {
  const known = lookups.get(config);
  if (known !== undefined) return known;
  const made = lookup(config);
  lookups.set(config, made);
  return made;
}

function lookup({ listeners, clusters, endpoints, routes }: EnvoyConfig): ConfigLookup {
  const atPort = new Map<number, Listener[]>();
  const atAddress = new Map<string, Listener>();
  // Those that begin or end take none.
  const active = listeners.filter(({ state }) => state === 'active');
  for (const listener of active) {
    for (const port of new Set(listener.addresses.map((one) => one.port))) {
      const all = atPort.get(port);
      if (all === undefined) atPort.set(port, [listener]);
      else all.push(listener);
    }
    for (const one of listener.addresses)
      if (one.kind === 'ip') keepFirst(atAddress, addressKey(one), listener);
  }
  // Who has an address as its own goes before who is compatible with it.
  for (const listener of active)
    for (const one of listener.addresses)
      if (one.ipv4Compat)
        for (const entry of tableEntries(one)) keepFirst(atAddress, addressKey(entry), listener);
  return {
    listenersAtPort: atPort,
    listenerAtAddress: atAddress,
    clusters: firstByName(
      clusters.filter(({ state }) => state === 'active'),
      ({ name }) => name,
    ),
    endpoints: firstByName(endpoints, ({ cluster }) => cluster),
    routes: firstByName(routes, ({ name }) => name),
  };
}

function firstByName<One>(all: readonly One[], nameOf: (one: One) => string): ReadonlyMap<string, One> {
  const map = new Map<string, One>();
  for (const one of all) keepFirst(map, nameOf(one), one);
  return map;
}

function keepFirst<One>(map: Map<string, One>, key: string, one: One): void {
  if (!map.has(key)) map.set(key, one);
}

/** `::1` and `0:0::1` are one; an IPv4 address is written in one way only. */
export function addressKey({ address, port }: Endpoint): string {
  if (familyOf(address) === 'v4') return `${address} ${port}`;
  return `${readAddress(address)?.value ?? address} ${port}`;
}

export const wildcards = { v4: '0.0.0.0', v6: '::' } as const;

/** The addresses that a listener is entered under in the table, compatible ones in both families. */
export function tableEntries({ address, port, kind, ipv4Compat }: ListenerAddress): readonly Endpoint[] {
  if (kind !== 'ip') return [];
  const own = { address, port };
  if (!ipv4Compat) return [own];
  if (addressKey(own) === addressKey({ address: wildcards.v6, port }))
    return [own, { address: wildcards.v4, port }];
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped === undefined ? [own] : [own, { address: mapped, port }];
}

export interface FoundHost {
  readonly virtualHost: VirtualHost;
  readonly domain: string;
}

interface DomainLookup {
  readonly exact: ReadonlyMap<string, FoundHost>;
  /** Those with a star, in their order. */
  readonly others: readonly FoundHost[];
}

const domainLookups = new WeakMap<RouteTable, DomainLookup>();

export function domainsIn(table: RouteTable): DomainLookup {
  const known = domainLookups.get(table);
  if (known !== undefined) return known;
  const exact = new Map<string, FoundHost>();
  const others: FoundHost[] = [];
  for (const virtualHost of table.virtualHosts)
    for (const domain of virtualHost.domains) {
      keepFirst(exact, domain, { virtualHost, domain });
      if (domain.startsWith('*') || domain.endsWith('*')) others.push({ virtualHost, domain });
    }
  const made = { exact, others };
  domainLookups.set(table, made);
  return made;
}
