/** What is told of connections to the pod: pilot/pkg/networking/core/listener_inbound.go, filterchain_options.go. */
import type { EnvoyMessage } from './messages.ts';
import {
  addressFields,
  httpInspector,
  meshServerTls,
  metadataExchange,
  namedFilter,
  originalDst,
  originalSrc,
  serveHttp,
  socketAddress,
  streamFilters,
  tcpProxy,
  tlsInspector,
  upstreamProtocol,
} from './messages.ts';
import { type MutualTls, modeAt, type PeerPolicy } from './peer-authentication.ts';
import { isHttp2, type ListenerProtocol, listenerProtocol, type PortProtocol } from './protocol.ts';
import { inboundCluster } from './registry.ts';
import { inboundRoutes } from './routes.ts';
import type { HavingSay } from './undecided.ts';
import {
  isReserved,
  localhostsOf,
  type ProxyWorkload,
  passthroughsOf,
  proxyInboundListenPort,
  wildcardsOf,
} from './workload.ts';

/** Chains of one port; port 0 has those of all ports that nothing declares. */
export interface PortChains {
  readonly cluster: string;
  readonly port: number;
  readonly servicePort: number;
  readonly protocol: PortProtocol;
  readonly host: string;
  readonly binds: readonly string[];
  readonly bindsToPort: boolean;
  readonly isPassthrough: boolean;
  /** It ends TLS with a certificate of the user's. */
  readonly ownTls: boolean;
}

export interface ClusterPort {
  readonly port: number;
  readonly target: number;
  readonly bind: string;
  readonly protocol: PortProtocol;
}

/** What a Sidecar's `ingress` says in the place of the Services. */
export interface InboundIngress {
  readonly chains: readonly PortChains[];
  readonly declared: readonly number[];
  readonly clusters: readonly ClusterPort[];
}

interface ChainMatch {
  readonly application_protocols?: readonly string[];
  readonly transport_protocol: 'tls' | 'raw_buffer';
  readonly protocol: 'TCP' | 'HTTP';
  readonly endsTls?: boolean;
}

const plainHttp = ['http/1.1', 'h2c'] as const;
const meshHttp = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'] as const;
const meshTcp = ['istio-peer-exchange', 'istio'] as const;
const meshAll = ['istio', 'istio-peer-exchange', ...meshHttp] as const;

/** filterchain_options.go: in this order for each mode and protocol. */
const matchesFor: Readonly<
  Record<MutualTls, Readonly<Record<'HTTP' | 'TCP' | 'auto', readonly ChainMatch[]>>>
> = {
  DISABLE: {
    HTTP: [{ transport_protocol: 'raw_buffer', protocol: 'HTTP' }],
    TCP: [{ transport_protocol: 'raw_buffer', protocol: 'TCP' }],
    auto: [
      { transport_protocol: 'raw_buffer', application_protocols: plainHttp, protocol: 'HTTP' },
      { transport_protocol: 'raw_buffer', protocol: 'TCP' },
    ],
  },
  PERMISSIVE: {
    HTTP: [
      { transport_protocol: 'tls', application_protocols: meshAll, protocol: 'HTTP', endsTls: true },
      { transport_protocol: 'raw_buffer', protocol: 'HTTP' },
    ],
    TCP: [
      { transport_protocol: 'tls', application_protocols: meshAll, protocol: 'TCP', endsTls: true },
      { transport_protocol: 'tls', protocol: 'TCP' },
      { transport_protocol: 'raw_buffer', protocol: 'TCP' },
    ],
    auto: [
      { transport_protocol: 'tls', application_protocols: meshHttp, protocol: 'HTTP', endsTls: true },
      { transport_protocol: 'raw_buffer', application_protocols: plainHttp, protocol: 'HTTP' },
      { transport_protocol: 'tls', application_protocols: meshTcp, protocol: 'TCP', endsTls: true },
      { transport_protocol: 'raw_buffer', protocol: 'TCP' },
      { transport_protocol: 'tls', protocol: 'TCP' },
    ],
  },
  STRICT: {
    HTTP: [{ transport_protocol: 'tls', protocol: 'HTTP', endsTls: true }],
    TCP: [{ transport_protocol: 'tls', protocol: 'TCP', endsTls: true }],
    auto: [
      { transport_protocol: 'tls', application_protocols: meshHttp, protocol: 'HTTP', endsTls: true },
      { transport_protocol: 'tls', protocol: 'TCP', endsTls: true },
    ],
  },
};

/** The mark of what is dialled from a client's address: pilot/pkg/xds/filters/filters.go OriginalSrc. */
const originalSrcMark = 1337;

export class InboundSide {
  readonly #workload: ProxyWorkload;
  readonly #ingress: InboundIngress | null;
  readonly #policy: PeerPolicy;
  readonly #undecided: HavingSay;

  constructor(
    workload: ProxyWorkload,
    ingress: InboundIngress | null,
    policy: PeerPolicy,
    undecided: HavingSay,
  ) {
    this.#workload = workload;
    this.#ingress = ingress;
    this.#policy = policy;
    this.#undecided = undecided;
  }

  listeners(): readonly EnvoyMessage[] {
    const own: EnvoyMessage[] = [];
    const virtual: EnvoyMessage[] = [];
    for (const port of this.#ports()) {
      const chains = this.#chains(port, modeAt(this.#policy, port.port));
      if (port.bindsToPort)
        own.push(this.#listener(`${port.binds[0]}_${port.port}`, port.binds, port.port, true, chains));
      else virtual.push(...chains);
    }
    if (this.#workload.mode === 'NONE') return own;
    const chains = [...this.#passthroughChains(), ...virtual];
    const binds = wildcardsOf(this.#workload);
    return [this.#listener('virtualInbound', binds, proxyInboundListenPort, false, chains), ...own];
  }

  clusters(): readonly EnvoyMessage[] {
    const own = this.#clusterPorts().map(({ port, target, bind, protocol }) =>
      this.#cluster(inboundCluster(port), bind, target, protocol),
    );
    const passthrough = {
      name: 'InboundPassthroughCluster',
      type: 'ORIGINAL_DST',
      alt_stat_name: 'PassthroughCluster;',
      connect_timeout: '10s',
      lb_policy: 'CLUSTER_PROVIDED',
      upstream_bind_config: this.#bindConfig(),
      ...upstreamProtocol('as the client, idle 5 minutes'),
      ...this.#patched(),
    };
    return [...own, passthrough];
  }

  /** By port of the pod; of two Services the first has it. */
  #ports(): readonly PortChains[] {
    const byPort = new Map<number, PortChains>();
    const add = (one: PortChains) => {
      if (!byPort.has(one.port)) byPort.set(one.port, one);
    };
    const ports = this.#ingress?.chains ?? (this.#workload.mode === 'NONE' ? [] : this.#servicePorts());
    for (const one of ports) add(one);
    return [...byPort.values()].sort((a, b) => a.port - b.port);
  }

  #servicePorts(): readonly PortChains[] {
    const binds = wildcardsOf(this.#workload);
    return this.#workload.targets
      .filter(({ targetPort }) => !isReserved(this.#workload, binds[0] as string, targetPort, false))
      .map(({ service, port, targetPort }) => ({
        cluster: inboundCluster(targetPort),
        port: targetPort,
        servicePort: port.port,
        protocol: port.protocol,
        host: service.hostname,
        binds,
        bindsToPort: false,
        isPassthrough: false,
        ownTls: false,
      }));
  }

  /** The port that the listener is at, then any port; then ports that have a mode of their own and that nothing declares. */
  #passthroughChains(): readonly EnvoyMessage[] {
    const blackhole = {
      name: 'virtualInbound-blackhole',
      filter_chain_match: { destination_port: proxyInboundListenPort },
      filters: [metadataExchange, tcpProxy('BlackHoleCluster')],
    };
    const declared = this.#ingress?.declared ?? this.#workload.targets.map(({ targetPort }) => targetPort);
    const extra = Object.keys(this.#policy.ports)
      .map(Number)
      .filter((port) => !declared.includes(port));
    const chains = [0, ...extra].flatMap((port) =>
      this.#chains(
        {
          cluster: 'InboundPassthroughCluster',
          port,
          servicePort: 0,
          protocol: 'UnsupportedProtocol',
          host: '',
          binds: [],
          bindsToPort: false,
          isPassthrough: true,
          ownTls: false,
        },
        modeAt(this.#policy, port),
      ),
    );
    return [blackhole, ...chains];
  }

  #chains(port: PortChains, mode: MutualTls): readonly EnvoyMessage[] {
    const protocol = listenerProtocol(port.protocol) as Exclude<ListenerProtocol, 'none'>;
    const endsOwn = port.ownTls && mode === 'DISABLE';
    const matches: readonly ChainMatch[] = endsOwn
      ? [{ transport_protocol: 'tls', protocol: protocol === 'HTTP' ? 'HTTP' : 'TCP', endsTls: true }]
      : matchesFor[mode][protocol === 'HTTP' || protocol === 'auto' ? protocol : 'TCP'];
    return matches.map(
      ({ application_protocols, transport_protocol, protocol: speaks, endsTls = false }) => ({
        name: this.#chainName(port, speaks),
        filter_chain_match: {
          ...(port.port === 0 ? {} : { destination_port: port.port }),
          transport_protocol,
          ...(application_protocols === undefined ? {} : { application_protocols }),
        },
        filters: this.#filters(port, speaks),
        ...(endsTls ? { transport_socket: meshServerTls(speaks === 'HTTP') } : {}),
      }),
    );
  }

  #chainName({ isPassthrough, binds, port }: PortChains, speaks: 'TCP' | 'HTTP'): string {
    if (!isPassthrough) return `${binds[0]}_${port}`;
    return speaks === 'HTTP' ? 'virtualInbound-catchall-http' : 'virtualInbound';
  }

  #filters(port: PortChains, speaks: 'TCP' | 'HTTP'): readonly EnvoyMessage[] {
    const patch = this.#undecided.listenerPatchAt('inbound', proxyInboundListenPort);
    const first = [...(patch === null ? [] : [namedFilter(patch)]), metadataExchange];
    if (speaks === 'TCP')
      return [
        ...first,
        ...this.#undecided.connectionFilters().map(namedFilter),
        ...streamFilters(port.cluster, port.protocol === 'Mongo'),
      ];
    const httpPatch = this.#undecided.httpPatchAt('inbound', proxyInboundListenPort);
    return [
      ...first,
      serveHttp({
        statPrefix: port.isPassthrough ? port.cluster : `inbound_${port.binds[0]}_${port.port}`,
        routes: { table: inboundRoutes(port.cluster, port.servicePort, port.host, port.protocol) },
        isInbound: true,
        isHttp2: isHttp2(port.protocol),
        isGrpcWeb: port.protocol === 'GRPC-Web',
        more: [
          ...(httpPatch === null ? [] : [namedFilter(httpPatch)]),
          ...this.#undecided.requestFilters().map(namedFilter),
        ],
      }),
    ];
  }

  #listener(
    name: string,
    binds: readonly string[],
    port: number,
    bindsToPort: boolean,
    chains: readonly EnvoyMessage[],
  ): EnvoyMessage {
    const isTransparent = !bindsToPort && this.#workload.mode === 'TPROXY';
    const filters = [
      ...(bindsToPort ? [] : [originalDst]),
      ...(isTransparent ? [originalSrc(originalSrcMark)] : []),
      ...inspectors(chains),
    ];
    return {
      name,
      ...addressFields(binds, port),
      filter_chains: chains,
      ...(filters.length === 0 ? {} : { listener_filters: filters }),
      listener_filters_timeout: '0s',
      continue_on_listener_filters_timeout: true,
      ...(isTransparent ? { transparent: true } : {}),
      traffic_direction: 'INBOUND',
      max_connections_to_accept_per_socket_event: 1,
    };
  }

  /** What a cluster leads to: the port that was called, or one address. */
  #clusterPorts(): readonly ClusterPort[] {
    if (this.#ingress !== null) return this.#ingress.clusters;
    if (this.#workload.mode === 'NONE') return [];
    const bind =
      this.#workload.inboundPolicy === 'LOCALHOST' ? (localhostsOf(this.#workload)[0] as string) : '';
    const { targets } = this.#workload;
    return targets
      .filter((one, at) => targets.findIndex(({ targetPort }) => targetPort === one.targetPort) === at)
      .map(({ targetPort, port }) => ({
        port: targetPort,
        target: targetPort,
        bind,
        protocol: port.protocol,
      }));
  }

  #cluster(name: string, bind: string, target: number, protocol: PortProtocol): EnvoyMessage {
    const isOriginal = bind === '';
    const isLocal = bind === '127.0.0.1' || bind === '::1';
    const address = bind.startsWith('unix://')
      ? { pipe: { path: bind.slice('unix://'.length) } }
      : socketAddress(bind, target);
    return {
      name,
      alt_stat_name: `${name};`,
      type: isOriginal ? 'ORIGINAL_DST' : 'STATIC',
      connect_timeout: '10s',
      ...(isOriginal
        ? { lb_policy: 'CLUSTER_PROVIDED', cleanup_interval: '9223372035s' }
        : {
            load_assignment: {
              cluster_name: name,
              endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }],
            },
          }),
      ...(isLocal ? {} : { upstream_bind_config: this.#bindConfig() }),
      common_lb_config: {},
      ...protocolFields(protocol),
      ...this.#patched(),
    };
  }

  #bindConfig(): EnvoyMessage {
    const [first = '', ...more] = passthroughsOf(this.#workload);
    return {
      source_address: { address: first, port_value: 0 },
      ...(more.length === 0
        ? {}
        : {
            extra_source_addresses: more.map((address) => ({ address: { address, port_value: 0 } })),
          }),
    };
  }

  #patched(): EnvoyMessage {
    const patch = this.#undecided.clusterPatchAt('inbound');
    return patch === null ? {} : { transport_socket_matcher: { name: patch } };
  }
}

/** cluster_builder.go setUpstreamProtocol. */
export function protocolFields(protocol: PortProtocol): EnvoyMessage {
  if (isHttp2(protocol)) return upstreamProtocol('HTTP/2');
  return protocol === 'UnsupportedProtocol' ? upstreamProtocol('as the client') : {};
}

/** populateListenerFilters: by port, where some chain of it asks for what they find out. */
function inspectors(chains: readonly EnvoyMessage[]): readonly EnvoyMessage[] {
  const byPort = new Map<number, { tls: boolean; http: boolean }>();
  for (const { filter_chain_match } of chains) {
    const match = filter_chain_match as {
      readonly destination_port?: number;
      readonly transport_protocol?: string;
      readonly application_protocols?: readonly string[];
    };
    const port = match.destination_port ?? 0;
    const before = byPort.get(port) ?? { tls: false, http: false };
    const asksHttp = match.application_protocols?.some((one) => one === 'http/1.1' || one === 'h2c') === true;
    byPort.set(port, {
      tls: before.tls || match.transport_protocol === 'tls',
      http: before.http || asksHttp,
    });
  }
  const portsWhere = (holds: (one: { tls: boolean; http: boolean }) => boolean) =>
    [...byPort]
      .filter(([, one]) => holds(one))
      .map(([port]) => port)
      .sort((a, b) => a - b);
  const named = (ports: readonly number[]) => ports.filter((port) => port !== 0);
  const filters: EnvoyMessage[] = [];
  if (portsWhere(({ tls }) => tls).length > 0) {
    const without = named(portsWhere(({ tls }) => !tls));
    const disabled = byPort.get(0)?.tls === true ? without : null;
    const enabled = named(portsWhere(({ tls }) => tls));
    filters.push({
      ...tlsInspector,
      ...(disabled !== null
        ? disabled.length === 0
          ? {}
          : { filter_disabled: anyPort(disabled) }
        : enabled.length === 0
          ? {}
          : { filter_disabled: { not_match: anyPort(enabled) } }),
    });
  }
  if (portsWhere(({ http }) => http).length > 0) {
    const without = portsWhere(({ http }) => !http);
    filters.push({
      ...httpInspector,
      ...(without.length === 0 ? {} : { filter_disabled: anyPort(without) }),
    });
  }
  return filters;
}

function anyPort(ports: readonly number[]): EnvoyMessage {
  // A 0 is not written.
  const rules = ports.map((port) => ({
    destination_port_range: port === 0 ? { end: 1 } : { start: port, end: port + 1 },
  }));
  return rules.length === 1 ? (rules[0] as EnvoyMessage) : { or_match: { rules } };
}
