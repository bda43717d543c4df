/**
 * What an Envoy was told, as far as it decides where a connection goes. Names are those of Envoy's API. What is not
 * modelled is in `rest`, with keys and certificates left out.
 */
import type { Matcher } from './matcher.ts';
import type { StringMatch } from './string-match.ts';

/** Fields of a message that are not modelled, by their names in the API. */
export type Kept = Readonly<Record<string, unknown>>;

export const configSections = ['listeners', 'clusters', 'routes', 'endpoints'] as const;
export type ConfigSection = (typeof configSections)[number];

export interface EnvoyConfig {
  /** Which parts the text has: of the others nothing can be told. */
  readonly has: Readonly<Record<ConfigSection, boolean>>;
  readonly listeners: readonly Listener[];
  readonly clusters: readonly Cluster[];
  readonly routes: readonly RouteTable[];
  readonly endpoints: readonly EndpointGroup[];
  /** How it calls itself to its control plane; '' where the text does not tell. */
  readonly node: string;
  /** Of the bootstrap: for clusters that have none of their own. */
  readonly bind: BindConfig | null;
  /** Runtime keys that the bootstrap sets. */
  readonly runtime: Readonly<Record<string, unknown>>;
  readonly rest: Kept;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** An address of a listener; `pipe` and `internal` ones are no addresses of IP. */
export interface ListenerAddress extends Endpoint {
  readonly kind: 'ip' | 'pipe' | 'internal';
  readonly ipv4Compat: boolean;
}

/** `warming` and `draining` listeners take no connections that are handed to them. */
export type ResourceState = 'active' | 'warming' | 'draining';

export interface Listener {
  readonly name: string;
  readonly state: ResourceState;
  /** `address`, then `additional_addresses`. */
  readonly addresses: readonly ListenerAddress[];
  readonly bindToPort: boolean;
  readonly useOriginalDst: boolean;
  readonly transparent: boolean;
  readonly listenerFilters: readonly ListenerFilter[];
  /** In milliseconds; 0: none. */
  readonly listenerFiltersTimeout: number;
  readonly continueOnListenerFiltersTimeout: boolean;
  readonly filterChains: readonly FilterChain[];
  readonly defaultFilterChain: FilterChain | null;
  /** `filter_chain_matcher`, which replaces the conditions of all chains, and is not modelled. */
  readonly matcher: Matcher | null;
  readonly trafficDirection: string;
  readonly rest: Kept;
}

export type ListenerFilterKind =
  | 'original_dst'
  | 'original_src'
  | 'tls_inspector'
  | 'http_inspector'
  | 'proxy_protocol'
  | 'other';

export interface ListenerFilter {
  readonly kind: ListenerFilterKind;
  readonly name: string;
  readonly disabled: Predicate | null;
  readonly rest: Kept;
}

/** `filter_disabled`. */
export type Predicate =
  | { readonly kind: 'any' }
  | { readonly kind: 'not'; readonly of: Predicate }
  | { readonly kind: 'and' | 'or'; readonly all: readonly Predicate[] }
  /** `end` is not in it. */
  | { readonly kind: 'ports'; readonly start: number; readonly end: number }
  | { readonly kind: 'unknown'; readonly fields: readonly string[] };

export interface FilterChain {
  readonly name: string;
  readonly match: FilterChainMatch;
  readonly filters: readonly NetworkFilter[];
  readonly transportSocket: TransportSocket | null;
  readonly rest: Kept;
}

export type SourceType = 'ANY' | 'SAME_IP_OR_LOOPBACK' | 'EXTERNAL';

/** A condition that is not set is null, '' or empty. Prefixes are `10.0.0.0/8`. */
export interface FilterChainMatch {
  readonly destinationPort: number | null;
  readonly prefixRanges: readonly string[];
  readonly serverNames: readonly string[];
  readonly transportProtocol: string;
  readonly applicationProtocols: readonly string[];
  readonly directSourcePrefixRanges: readonly string[];
  readonly sourceType: SourceType;
  readonly sourcePrefixRanges: readonly string[];
  readonly sourcePorts: readonly number[];
  readonly rest: Kept;
}

export interface WeightedCluster {
  readonly name: string;
  readonly weight: number;
}

export type NetworkFilter =
  | {
      readonly kind: 'tcp_proxy';
      readonly name: string;
      /** One, or several with weights. */
      readonly clusters: readonly WeightedCluster[];
      /** When it dials: IMMEDIATE unless said otherwise. */
      readonly connectMode: string;
      readonly rest: Kept;
    }
  | HttpProxy
  /** It looks at a connection, or adds to it, and lets it pass. */
  | { readonly kind: 'passing'; readonly name: string; readonly rest: Kept }
  | { readonly kind: 'other'; readonly name: string; readonly rest: Kept };

export interface HttpProxy {
  readonly kind: 'http';
  readonly name: string;
  /** In place, by the name of a table, or neither. */
  readonly routes: RouteTable | { readonly rds: string } | null;
  readonly codec: 'AUTO' | 'HTTP1' | 'HTTP2' | 'HTTP3';
  readonly httpFilters: readonly HttpFilter[];
  readonly upgrades: readonly string[];
  readonly acceptHttp10: boolean;
  readonly stripPort: 'none' | 'any' | 'matching';
  readonly stripTrailingHostDot: boolean;
  readonly normalizePath: boolean;
  readonly rest: Kept;
}

export interface HttpFilter {
  readonly name: string;
  /** It does not decide where a request goes. */
  readonly isPassing: boolean;
  readonly rest: Kept;
}

export interface RouteTable {
  readonly name: string;
  readonly virtualHosts: readonly VirtualHost[];
  readonly ignorePortInHostMatching: boolean;
  /** Fields that decide and are not modelled: `vhds`. */
  readonly undecided: readonly string[];
  readonly rest: Kept;
}

export interface VirtualHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly HttpRoute[];
  readonly retryOn: readonly string[];
  readonly undecided: readonly string[];
  readonly rest: Kept;
}

export interface HttpRoute {
  readonly name: string;
  readonly match: RouteMatch;
  readonly action: RouteAction;
  /** Fields of the route that decide and are not modelled. */
  readonly undecided: readonly string[];
  readonly rest: Kept;
}

export interface RouteMatch {
  readonly path: {
    readonly kind: 'prefix' | 'path' | 'safe_regex' | 'path_separated_prefix' | 'connect' | 'other';
    readonly value: string;
  };
  readonly caseSensitive: boolean;
  readonly headers: readonly HeaderMatch[];
  readonly query: readonly QueryMatch[];
  /** Conditions that are not modelled: `runtime_fraction`, `grpc`. */
  readonly undecided: readonly string[];
  readonly rest: Kept;
}

export interface HeaderMatch {
  readonly name: string;
  readonly is:
    | StringMatch
    | { readonly kind: 'present'; readonly present: boolean }
    | { readonly kind: 'range'; readonly start: number; readonly end: number };
  readonly invert: boolean;
  readonly treatMissingAsEmpty: boolean;
}

export interface QueryMatch {
  readonly name: string;
  readonly is: StringMatch | { readonly kind: 'present'; readonly present: boolean };
}

export type RouteAction =
  | {
      readonly kind: 'clusters';
      readonly clusters: readonly WeightedCluster[];
      readonly retryOn: readonly string[];
      readonly clusterNotFoundStatus: number;
      readonly rest: Kept;
    }
  | { readonly kind: 'direct_response'; readonly status: number }
  | { readonly kind: 'redirect'; readonly status: number; readonly rest: Kept }
  | { readonly kind: 'other'; readonly field: string };

export interface Cluster {
  readonly name: string;
  readonly state: ResourceState;
  readonly type: 'STATIC' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'EDS' | 'ORIGINAL_DST' | 'other';
  /** What an endpoint group of it is called. */
  readonly edsName: string;
  readonly altStatName: string;
  /** Of which family the addresses of names are: `V4_ONLY`, and others. */
  readonly dnsLookupFamily: string;
  /** In milliseconds. */
  readonly connectTimeout: number;
  readonly hosts: readonly UpstreamHost[] | null;
  readonly bind: BindConfig | null;
  readonly transportSocket: TransportSocket | null;
  readonly transportSocketMatches: readonly TransportSocketMatch[];
  /** In percent; 50 unless said otherwise. */
  readonly healthyPanicThreshold: number;
  readonly upstreamPortOverride: number | null;
  readonly originalDstHeader: string | null;
  readonly undecided: readonly string[];
  readonly rest: Kept;
}

/** `source_address`, and those of the other family. */
export interface BindConfig {
  readonly addresses: readonly string[];
  readonly rest: Kept;
}

export interface TransportSocket {
  readonly kind: 'tls' | 'raw_buffer' | 'other';
  readonly name: string;
  readonly alpn: readonly string[];
  readonly sni: string;
  readonly requiresClientCertificate: boolean;
  readonly rest: Kept;
}

export interface TransportSocketMatch {
  readonly name: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly transportSocket: TransportSocket;
}

export interface EndpointGroup {
  readonly cluster: string;
  readonly hosts: readonly UpstreamHost[];
  readonly rest: Kept;
}

export interface UpstreamHost extends Endpoint {
  readonly kind: 'ip' | 'pipe' | 'internal';
  /** Of EDS or of a health check; '' where nobody said anything. */
  readonly health: string;
  readonly priority: number;
  readonly weight: number;
  /** Under `envoy.transport_socket_match`, of the host and of its locality. */
  readonly labels: Readonly<Record<string, unknown>>;
  readonly localityLabels: Readonly<Record<string, unknown>>;
  readonly rest: Kept;
}
