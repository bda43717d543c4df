/** Messages of Envoy's API as istiod writes them, under the names of the API. */

/** One message. */
export type EnvoyMessage = Readonly<Record<string, unknown>>;

const types = 'type.googleapis.com/';

function typed(type: string, fields: EnvoyMessage = {}): EnvoyMessage {
  return { '@type': `${types}${type}`, ...fields };
}

export function socketAddress(address: string, port: number): EnvoyMessage {
  return { socket_address: { address, port_value: port } };
}

/** A listener's `address`, and `additional_addresses` where it has several. */
export function addressFields(binds: readonly string[], port: number): EnvoyMessage {
  const [first = '', ...more] = binds;
  return {
    address: first.startsWith('unix://')
      ? { pipe: { path: first.slice('unix://'.length) } }
      : socketAddress(first, port),
    ...(more.length === 0
      ? {}
      : { additional_addresses: more.map((one) => ({ address: socketAddress(one, port) })) }),
  };
}

export const originalDst: EnvoyMessage = {
  name: 'envoy.filters.listener.original_dst',
  typed_config: typed('envoy.extensions.filters.listener.original_dst.v3.OriginalDst'),
};

export function originalSrc(mark: number): EnvoyMessage {
  return {
    name: 'envoy.filters.listener.original_src',
    typed_config: typed('envoy.extensions.filters.listener.original_src.v3.OriginalSrc', { mark }),
  };
}

export const tlsInspector: EnvoyMessage = {
  name: 'envoy.filters.listener.tls_inspector',
  typed_config: typed('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector', {
    initial_read_buffer_size: 512,
  }),
};

export const httpInspector: EnvoyMessage = {
  name: 'envoy.filters.listener.http_inspector',
  typed_config: typed('envoy.extensions.filters.listener.http_inspector.v3.HttpInspector'),
};

/** A listener filter, a network filter and a filter of HTTP by a name alone: who reads it knows no more. */
export function namedFilter(name: string): EnvoyMessage {
  return { name };
}

export function tcpProxy(cluster: string, statPrefix = cluster): EnvoyMessage {
  return {
    name: 'envoy.filters.network.tcp_proxy',
    typed_config: typed('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {
      stat_prefix: statPrefix,
      cluster,
    }),
  };
}

/** networkfilter.go buildNetworkFiltersStack: the metrics of one protocol are taken by a filter of its own. */
export function streamFilters(cluster: string, isMongo: boolean): readonly EnvoyMessage[] {
  const mongo = {
    name: 'envoy.filters.network.mongo_proxy',
    typed_config: typed('envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy', {
      stat_prefix: cluster,
    }),
  };
  return [...(isMongo ? [mongo] : []), tcpProxy(cluster)];
}

/** By the server name, of a Service that is a wildcard. */
export function sniForwardProxy(hostname: string, port: number, lookupFamily: string): EnvoyMessage {
  return {
    name: 'envoy.extensions.filters.network.sni_dynamic_forward_proxy',
    typed_config: typed('envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig', {
      dns_cache_config: dnsCache(hostname, lookupFamily),
      port_value: port,
    }),
  };
}

/** By the Host. */
export function hostForwardProxy(hostname: string, lookupFamily: string): EnvoyMessage {
  return {
    name: 'envoy.filters.http.dynamic_forward_proxy',
    typed_config: typed(`${http}.dynamic_forward_proxy.v3.FilterConfig`, {
      dns_cache_config: dnsCache(hostname, lookupFamily),
    }),
  };
}

export function dynamicCluster(name: string, hostname: string, lookupFamily: string): EnvoyMessage {
  return {
    name,
    alt_stat_name: `${name};`,
    cluster_type: {
      name: 'envoy.clusters.dynamic_forward_proxy',
      typed_config: typed('envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig', {
        dns_cache_config: dnsCache(hostname, lookupFamily),
      }),
    },
    connect_timeout: '10s',
    lb_policy: 'CLUSTER_PROVIDED',
  };
}

function dnsCache(hostname: string, lookupFamily: string): EnvoyMessage {
  return { name: `${hostname}_dfp_dns_cache`, dns_lookup_family: lookupFamily };
}

const typedStruct = 'udpa.type.v1.TypedStruct';

export const metadataExchange: EnvoyMessage = {
  name: 'istio.metadata_exchange',
  typed_config: typed(typedStruct, {
    type_url: `${types}envoy.tcp.metadataexchange.config.MetadataExchange`,
    value: { enable_discovery: true, protocol: 'istio-peer-exchange' },
  }),
};

function peerMetadata(side: 'upstream' | 'downstream'): EnvoyMessage {
  return {
    name: 'istio.metadata_exchange',
    typed_config: typed(typedStruct, {
      type_url: `${types}io.istio.http.peer_metadata.Config`,
      value: {
        [`${side}_discovery`]: [{ istio_headers: {} }, { workload_discovery: {} }],
        [`${side}_propagation`]: [{ istio_headers: {} }],
      },
    }),
  };
}

const alpn: EnvoyMessage = {
  name: 'istio.alpn',
  typed_config: typed('istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig', {
    alpn_override: [
      { alpn_override: ['istio-http/1.0', 'istio', 'http/1.0'] },
      { upstream_protocol: 'HTTP11', alpn_override: ['istio-http/1.1', 'istio', 'http/1.1'] },
      { upstream_protocol: 'HTTP2', alpn_override: ['istio-h2', 'istio', 'h2'] },
    ],
  }),
};

const http = 'envoy.extensions.filters.http';
const fault = { name: 'envoy.filters.http.fault', typed_config: typed(`${http}.fault.v3.HTTPFault`) };
const cors = { name: 'envoy.filters.http.cors', typed_config: typed(`${http}.cors.v3.Cors`) };
const router = { name: 'envoy.filters.http.router', typed_config: typed(`${http}.router.v3.Router`) };
const grpcStats = {
  name: 'envoy.filters.http.grpc_stats',
  typed_config: typed(`${http}.grpc_stats.v3.FilterConfig`, {
    emit_filter_state: true,
    stats_for_all_methods: false,
  }),
};

export interface ServedHttp {
  readonly statPrefix: string;
  readonly routes: { readonly rds: string } | { readonly table: EnvoyMessage };
  readonly isInbound: boolean;
  readonly isHttp2?: boolean;
  readonly isGrpcWeb?: boolean;
  readonly isForwardProxy?: boolean;
  /** Filters of HTTP that somebody else has put in, before all and before the last. */
  readonly more: readonly EnvoyMessage[];
  readonly last?: readonly EnvoyMessage[];
}

/** listener_builder.go buildHTTPConnectionManager. */
export function serveHttp(manager: ServedHttp): EnvoyMessage {
  const { isInbound, routes } = manager;
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
      stat_prefix: `${manager.statPrefix};`,
      ...('rds' in routes
        ? { rds: { config_source: adsSource, route_config_name: routes.rds } }
        : { route_config: routes.table }),
      http_filters: [
        peerMetadata(isInbound ? 'downstream' : 'upstream'),
        ...manager.more,
        ...(manager.isGrpcWeb === true
          ? [{ name: 'envoy.filters.http.grpc_web', typed_config: typed(`${http}.grpc_web.v3.GrpcWeb`) }]
          : []),
        grpcStats,
        ...(isInbound ? [] : [alpn]),
        fault,
        cors,
        router,
      ],
      ...(manager.isHttp2 === true ? { http2_protocol_options: {} } : {}),
      ...(manager.isForwardProxy === true ? { http_protocol_options: { allow_absolute_url: true } } : {}),
      ...(isInbound ? { server_name: 'istio-envoy' } : {}),
      stream_idle_timeout: '0s',
      use_remote_address: false,
      ...(isInbound
        ? {
            forward_client_cert_details: 'APPEND_FORWARD',
            set_current_client_cert_details: { subject: true, dns: true, uri: true },
          }
        : {}),
      proxy_100_continue: true,
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      normalize_path: true,
      path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
      request_id_extension: {
        typed_config: typed('envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig', {
          use_request_id_for_trace_sampling: true,
        }),
      },
    }),
  };
}

const adsSource = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' } as const;

export const edsConfig = (cluster: string): EnvoyMessage => ({
  eds_config: adsSource,
  service_name: cluster,
});

function secret(name: string): EnvoyMessage {
  return {
    name,
    sds_config: {
      api_config_source: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }],
        set_node_on_first_message_only: true,
      },
      initial_fetch_timeout: '0s',
      resource_api_version: 'V3',
    },
  };
}

function meshContext(alpnProtocols: readonly string[], validation: EnvoyMessage): EnvoyMessage {
  return {
    tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
    tls_certificate_sds_secret_configs: [secret('default')],
    combined_validation_context: {
      default_validation_context: validation,
      validation_context_sds_secret_config: secret('ROOTCA'),
    },
    alpn_protocols: alpnProtocols,
  };
}

const tlsSocket = 'envoy.transport_sockets.tls';

/** pilot/pkg/security/authn/utils BuildInboundTLS: of TCP its own ALPN is offered as well. */
export function meshServerTls(isHttpChain: boolean): EnvoyMessage {
  return {
    name: tlsSocket,
    typed_config: typed('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
      common_tls_context: meshContext([...(isHttpChain ? [] : ['istio-peer-exchange']), 'h2', 'http/1.1'], {
        match_subject_alt_names: [{ prefix: 'spiffe://cluster.local/' }],
      }),
      require_client_certificate: true,
    }),
  };
}

export function meshClientTls(sni: string, isHttp2Cluster: boolean): EnvoyMessage {
  return {
    name: tlsSocket,
    typed_config: typed('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
      common_tls_context: meshContext(
        ['istio-peer-exchange', 'istio', ...(isHttp2Cluster ? ['h2'] : [])],
        {},
      ),
      sni,
    }),
  };
}

export const rawBuffer: EnvoyMessage = {
  name: 'envoy.transport_sockets.raw_buffer',
  typed_config: typed('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer'),
};

const protocolOptions = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** How a cluster speaks HTTP to its endpoints. */
export function upstreamProtocol(
  as: 'HTTP/2' | 'as the client' | 'as the client, idle 5 minutes',
): EnvoyMessage {
  const options =
    as === 'HTTP/2'
      ? { explicit_http_config: { http2_protocol_options: {} } }
      : {
          ...(as === 'as the client' ? {} : { common_http_protocol_options: { idle_timeout: '300s' } }),
          use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} },
        };
  return { typed_extension_protocol_options: { [protocolOptions]: typed(protocolOptions, options) } };
}
