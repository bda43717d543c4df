/** Listeners for what the pod calls: pilot/pkg/networking/core/listener.go, tls.go. */
import { printPrefix, readPrefix } from '../../netfilter/index.ts';
import {
  addressFields,
  type EnvoyMessage,
  hostForwardProxy,
  httpInspector,
  namedFilter,
  serveHttp,
  sniForwardProxy,
  streamFilters,
  tcpProxy,
  tlsInspector,
} from './messages.ts';
import { isTls, listenerProtocol, type PortProtocol } from './protocol.ts';
import { byText } from './raw.ts';
import {
  endpointsOf,
  outboundCluster,
  type RegistryPort,
  type RegistryService,
  unspecified,
} from './registry.ts';
import type { EgressListener, SidecarScope } from './scope.ts';
import type { HavingSay } from './undecided.ts';
import {
  addressFor,
  isReserved,
  listenAddressesFor,
  localhostsOf,
  lookupFamilyOf,
  type ProxyWorkload,
  proxyListenPort,
  wildcardsOf,
} from './workload.ts';

/** A chain before it is written. */
interface OutboundChain {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
  readonly applicationProtocols: readonly string[];
  readonly transportProtocol: string;
  readonly filters: (listener: string) => readonly EnvoyMessage[];
}

interface OutboundEntry {
  readonly binds: readonly string[];
  readonly port: number;
  readonly bindsToPort: boolean;
  isLocked: boolean;
  /** What it was declared to be, or `UnsupportedProtocol` where first bytes are looked at. */
  protocol: PortProtocol;
  chains: readonly OutboundChain[];
}

interface Asked {
  readonly service: RegistryService;
  readonly port: RegistryPort;
  readonly binds: readonly string[];
  readonly bindsToPort: boolean;
}

const plainHttp: readonly string[] = ['http/1.1', 'h2c'];

export class OutboundSide {
  readonly #workload: ProxyWorkload;
  readonly #scope: SidecarScope;
  readonly #undecided: HavingSay;
  readonly #entries = new Map<string, OutboundEntry>();

  constructor(workload: ProxyWorkload, scope: SidecarScope, undecided: HavingSay) {
    this.#workload = workload;
    this.#scope = scope;
    this.#undecided = undecided;
  }

  listeners(): readonly EnvoyMessage[] {
    for (const egress of this.#scope.egress) this.#addEgress(egress);
    const own = [...this.#entries.values()].map((entry) => this.#listener(entry));
    return this.#workload.mode === 'NONE' ? own : [...own, this.#virtual()];
  }

  #addEgress(egress: EgressListener): void {
    const bindsToPort = this.#workload.mode === 'NONE' || egress.isUncaptured;
    const binds = egress.bind !== '' ? [egress.bind] : bindsToPort ? localhostsOf(this.#workload) : [];
    if (egress.port !== null) {
      const { number: port, name, protocol } = egress.port;
      if (this.#isReserved(binds, port, protocol)) return;
      for (const service of egress.services)
        this.#add({ service, port: { name, port, protocol }, binds, bindsToPort });
      return;
    }
    for (const entry of this.#entries.values()) entry.isLocked = true;
    for (const service of egress.services)
      for (const port of service.ports) {
        if (this.#isReserved(binds, port.port, port.protocol)) continue;
        for (const one of this.#instances(service, port, binds))
          this.#add({ service, port, binds: one, bindsToPort });
      }
  }

  #isReserved(binds: readonly string[], port: number, protocol: PortProtocol): boolean {
    return isReserved(this.#workload, binds[0] ?? '', port, listenerProtocol(protocol) === 'HTTP');
  }

  /** A headless Service has a listener for each endpoint, but HTTP, where the Host decides. */
  #instances(
    service: RegistryService,
    port: RegistryPort,
    binds: readonly string[],
  ): readonly (readonly string[])[] {
    const isStream = ['TCP', 'auto'].includes(listenerProtocol(port.protocol));
    const isHeadless =
      binds.length === 0 &&
      service.resolution === 'passthrough' &&
      addressFor(service, this.#workload) === unspecified &&
      isStream;
    if (!isHeadless) return [binds];
    const all = endpointsOf(service, port);
    if (service.registry !== 'Kubernetes' && all.length === 0 && service.selector === null) return [binds];
    // The pod calls itself past Envoy.
    return all
      .map(({ addresses }) => addresses)
      .filter((addresses) => addresses.every((one) => /^[\d.]+$|:/.test(one)))
      .filter(([first]) => first !== this.#workload.addresses[0]);
  }

  #add(asked: Asked): void {
    const { service, port } = asked;
    if (service.resolution === 'alias') return;
    const kind = listenerProtocol(port.protocol);
    if (kind === 'none') return;
    const { binds, prefixes } = this.#placeOf(asked, kind === 'HTTP');
    const key = `${binds[0] ?? ''} ${port.port}`;
    const before = this.#entries.get(key);
    if (before?.isLocked === true) return;
    const wildcard = wildcardsOf(this.#workload)[0] as string;
    const fresh = (protocol: PortProtocol, chains: readonly OutboundChain[]) =>
      this.#entries.set(key, {
        binds,
        port: port.port,
        bindsToPort: asked.bindsToPort,
        isLocked: false,
        protocol,
        chains,
      });
    const isWellKnown = (one: PortProtocol) => one === 'Mongo' || one === 'MySQL';
    // A server that speaks first does not bear anybody who looks at first bytes.
    const clashes =
      before !== undefined &&
      before.protocol !== port.protocol &&
      (isWellKnown(before.protocol) || isWellKnown(port.protocol));
    const merge = (chains: readonly OutboundChain[], becomesSniffed: boolean) => {
      if (before === undefined || clashes) return;
      before.chains = mergedChains(before.chains, chains);
      if (becomesSniffed) before.protocol = 'UnsupportedProtocol';
    };
    if (port.protocol === 'HTTP_PROXY') {
      if (before === undefined) fresh(port.protocol, [this.#httpChain(asked, binds, false)]);
      return;
    }
    const had = before === undefined ? null : listenerProtocol(before.protocol);
    switch (kind) {
      case 'HTTP': {
        const isSniffed = binds[0] === wildcard;
        const chain = this.#httpChain(asked, binds, isSniffed);
        if (had === null) fresh(isSniffed ? 'UnsupportedProtocol' : port.protocol, [chain]);
        else if (had === 'TCP') merge([chain], true);
        return;
      }
      case 'TCP': {
        const chains = this.#streamChains(asked, binds, prefixes);
        if (had === null) fresh(port.protocol, chains);
        else merge(chains, had === 'HTTP');
        return;
      }
      case 'auto': {
        const chains = [...this.#streamChains(asked, binds, prefixes), this.#httpChain(asked, binds, true)];
        if (had === null || (had === 'HTTP' && !clashes)) fresh(port.protocol, chains);
        else if (had === 'TCP') merge(chains, true);
      }
    }
  }

  /** Where it listens, and the ranges of a Service that has one instead of an address. */
  #placeOf(
    { service, binds }: Asked,
    isHttpPort: boolean,
  ): { readonly binds: readonly string[]; readonly prefixes: readonly string[] } {
    if (binds.length > 0) return { binds, prefixes: [] };
    const wildcards = wildcardsOf(this.#workload);
    if (isHttpPort) return { binds: wildcards, prefixes: [] };
    const { address, extra } = listenAddressesFor(service, this.#workload);
    const all = [address, ...extra];
    return address.includes('/') ? { binds: wildcards, prefixes: all } : { binds: all, prefixes: [] };
  }

  #httpChain({ service, port }: Asked, binds: readonly string[], isSniffed: boolean): OutboundChain {
    const wildcard = wildcardsOf(this.#workload)[0];
    const isOfOne = listenerProtocol(port.protocol) === 'auto' && binds[0] !== wildcard;
    const rds =
      port.port === 0 ? (binds[0] ?? '') : isOfOne ? `${service.hostname}:${port.port}` : `${port.port}`;
    const patch = this.#undecided.httpPatchAt('outbound', port.port);
    return {
      names: [],
      prefixes: [],
      applicationProtocols: isSniffed ? plainHttp : [],
      transportProtocol: isSniffed ? 'raw_buffer' : '',
      filters: (listener) => [
        ...this.#first(port.port),
        serveHttp({
          statPrefix: `outbound_${listener}`,
          routes: { rds },
          isInbound: false,
          isGrpcWeb: port.protocol === 'GRPC-Web',
          more: patch === null ? [] : [namedFilter(patch)],
          last:
            service.resolution === 'dynamic DNS'
              ? [hostForwardProxy(service.hostname, lookupFamilyOf(this.#workload))]
              : [],
        }),
      ],
    };
  }

  #first(port: number): readonly EnvoyMessage[] {
    const patch = this.#undecided.listenerPatchAt('outbound', port);
    return patch === null ? [] : [namedFilter(patch)];
  }

  #streamChains(
    { service, port }: Asked,
    binds: readonly string[],
    prefixes: readonly string[],
  ): readonly OutboundChain[] {
    const only = service.ports.length === 1 ? service.ports[0] : undefined;
    const cluster = outboundCluster(service.hostname, only?.port ?? port.port);
    const by = this.#undecided.streamRouteOf(service, isTls(port.protocol));
    const filters = () => [
      ...this.#first(port.port),
      ...(by === null ? [] : [namedFilter(by.by)]),
      ...(service.resolution === 'dynamic DNS'
        ? [sniForwardProxy(service.hostname, port.port, lookupFamilyOf(this.#workload))]
        : []),
      ...streamFilters(cluster, port.protocol === 'Mongo'),
    ];
    const names =
      by !== null && by.names.length > 0
        ? by.names
        : isTls(port.protocol) && this.#needsNames(service, binds, prefixes)
          ? [service.hostname, ...service.aliases].flatMap((one, at) => (at === 0 ? [one] : [one, `${one}.`]))
          : [];
    return [{ names, prefixes, applicationProtocols: [], transportProtocol: '', filters }];
  }

  /** Where no address tells a Service from others, the server name does. */
  #needsNames(service: RegistryService, binds: readonly string[], prefixes: readonly string[]): boolean {
    const wildcard = wildcardsOf(this.#workload)[0] as string;
    const { address } = listenAddressesFor(service, this.#workload);
    return (
      prefixes.length > 0 ||
      address.includes('/') ||
      (address === wildcard && binds[0] === wildcard) ||
      (service.hostname.startsWith('*') && service.resolution === 'dynamic DNS')
    );
  }

  /** buildListenerFromEntry. */
  #listener({ binds, port, bindsToPort, chains }: OutboundEntry): EnvoyMessage {
    const name = port === 0 ? `${binds[0]}` : `${binds[0]}_${port}`;
    const written = chains.map((chain) => ({ chain, filters: chain.filters(name) }));
    const all = written.filter(({ chain }) => isForAll(chain)).at(-1);
    const others = written.filter(({ chain }) => !isForAll(chain));
    const patch = this.#undecided.listenerPatchAt('outbound', port);
    const inspectors = [
      ...(patch === null ? [] : [namedFilter(patch)]),
      ...(chains.some(({ names }) => names.length > 0) ? [tlsInspector] : []),
      ...(chains.some(({ applicationProtocols }) => applicationProtocols.length > 0) ? [httpInspector] : []),
    ];
    const chainsOf = () => {
      if (all !== undefined && others.length === 0) return { filter_chains: [{ filters: all.filters }] };
      return {
        filter_chains: others.map(({ chain, filters }) => ({
          filter_chain_match: matchOf(chain),
          filters,
        })),
        default_filter_chain:
          all === undefined
            ? {
                name: 'PassthroughFilterChain',
                filter_chain_match: {},
                filters: this.#fallThrough(port),
              }
            : { filters: all.filters },
      };
    };
    return {
      name,
      ...addressFields(binds, port),
      ...chainsOf(),
      ...(inspectors.length === 0 ? {} : { listener_filters: inspectors }),
      listener_filters_timeout: '0s',
      continue_on_listener_filters_timeout: true,
      traffic_direction: 'OUTBOUND',
      ...(bindsToPort ? { max_connections_to_accept_per_socket_event: 1 } : { bind_to_port: false }),
    };
  }

  #fallThrough(port: number): readonly EnvoyMessage[] {
    const isOpen = this.#scope.outboundPolicy !== 'REGISTRY_ONLY';
    return [...this.#first(port), tcpProxy(isOpen ? 'PassthroughCluster' : 'BlackHoleCluster')];
  }

  /** listener_builder.go buildVirtualOutboundListener. */
  #virtual(): EnvoyMessage {
    const isDynamic = this.#scope.outboundPolicy === 'ALLOW_ANY_DYNAMIC_DNS';
    const patch = this.#undecided.listenerPatchAt('outbound', proxyListenPort);
    const filters = [...(patch === null ? [] : [namedFilter(patch)]), ...(isDynamic ? [httpInspector] : [])];
    return {
      name: 'virtualOutbound',
      ...addressFields(wildcardsOf(this.#workload), proxyListenPort),
      filter_chains: [
        {
          name: 'virtualOutbound-blackhole',
          filter_chain_match: { destination_port: proxyListenPort },
          filters: [tcpProxy('BlackHoleCluster')],
        },
        ...(isDynamic
          ? [
              {
                name: 'virtualOutbound-catchall-tcp-http',
                filter_chain_match: { application_protocols: plainHttp },
                filters: [namedFilter('envoy.filters.http.dynamic_forward_proxy')],
              },
            ]
          : []),
        { name: 'virtualOutbound-catchall-tcp', filters: this.#fallThrough(proxyListenPort) },
      ],
      ...(filters.length === 0 ? {} : { listener_filters: filters }),
      use_original_dst: true,
      ...(this.#workload.mode === 'TPROXY' ? { transparent: true } : {}),
      traffic_direction: 'OUTBOUND',
      max_connections_to_accept_per_socket_event: 1,
    };
  }
}

function isForAll({ names, prefixes, applicationProtocols, transportProtocol }: OutboundChain): boolean {
  return (
    (names.length === 0 || names.includes('*')) &&
    applicationProtocols.length === 0 &&
    transportProtocol === '' &&
    prefixes.length === 0
  );
}

function matchOf({ names, prefixes, applicationProtocols, transportProtocol }: OutboundChain): EnvoyMessage {
  const own = names.includes('*') ? [] : names;
  const ranges = [...prefixes].sort(byText).flatMap((text) => {
    const [address = '', length] = text.split('/');
    const bits = length ?? (address.includes(':') ? '128' : '32');
    return address === unspecified ? [] : [{ address_prefix: address, prefix_len: Number(bits) }];
  });
  return {
    ...(ranges.length === 0 ? {} : { prefix_ranges: ranges }),
    ...(own.length === 0 ? {} : { server_names: [...own].sort(byText) }),
    ...(transportProtocol === '' ? {} : { transport_protocol: transportProtocol }),
    ...(applicationProtocols.length === 0 ? {} : { application_protocols: applicationProtocols }),
  };
}

/** Chains that ask for the same are not added: the first has it. */
function mergedChains(
  before: readonly OutboundChain[],
  more: readonly OutboundChain[],
): readonly OutboundChain[] {
  const all = [...before];
  for (const chain of more) if (!all.some((one) => asks(one) === asks(chain))) all.push(chain);
  return all;
}

function asks({ names, prefixes, applicationProtocols, transportProtocol }: OutboundChain): string {
  const ranges = prefixes.flatMap((text) => {
    const prefix = readPrefix(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
    return prefix === null || text.startsWith(`${unspecified}/`) ? [] : [printPrefix(prefix)];
  });
  return JSON.stringify([
    [...new Set(names.filter((name) => name !== '*'))].sort(),
    [...new Set(ranges)].sort(),
    applicationProtocols,
    transportProtocol,
  ]);
}
