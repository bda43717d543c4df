/** What an Envoy does with a connection, step by step, and what becomes of it: data, of which `src/words` speaks. */
import type { ConfigSection, Endpoint } from './config.ts';

/** The conditions of a filter chain in the order in which they are asked. */
export const chainConditions = [
  'destination_port',
  'prefix_ranges',
  'server_names',
  'transport_protocol',
  'application_protocols',
  'direct_source_prefix_ranges',
  'source_type',
  'source_prefix_ranges',
  'source_ports',
] as const;
export type ChainCondition = (typeof chainConditions)[number];

/** Why a filter chain is not taken. */
export interface ChainMiss {
  readonly condition: ChainCondition;
  /** What the chain asks for; empty: nothing. */
  readonly wanted: readonly string[];
  /** What the connection has. */
  readonly found: readonly string[];
  /** The value of another chain that fits more closely, and hides this one; null where this one does not fit. */
  readonly hiddenBy: string | null;
}

/** Why a route is not taken. */
export interface RouteMiss {
  readonly condition: 'path' | 'header' | 'query' | 'connect';
  readonly name: string;
  readonly wanted: string;
  readonly found: string | null;
}

export type EnvoyEvent =
  | {
      readonly kind: 'listener';
      readonly listener: string;
      /** How it was found. */
      readonly by: 'bound' | 'exact' | 'wildcard';
      readonly address: Endpoint;
    }
  /** It stays on the listener it came in on: no listener has the address. */
  | { readonly kind: 'not handed over'; readonly listener: string; readonly destination: Endpoint }
  | {
      readonly kind: 'listener filter';
      readonly listener: string;
      readonly filter: string;
      readonly did: ListenerFilterDoing;
    }
  | {
      readonly kind: 'filter chain';
      readonly chain: string;
      readonly position: number;
      readonly missed: ChainMiss | null;
    }
  | { readonly kind: 'default filter chain'; readonly chain: string | null }
  | { readonly kind: 'network filter'; readonly filter: string; readonly does: 'passes' | 'ends' }
  | {
      readonly kind: 'virtual host';
      readonly name: string | null;
      readonly host: string;
      readonly domain: string | null;
    }
  | {
      readonly kind: 'route';
      readonly name: string;
      readonly position: number;
      readonly missed: RouteMiss | null;
    }
  | { readonly kind: 'cluster'; readonly cluster: string; readonly type: string | null }
  | {
      readonly kind: 'dial';
      readonly hosts: readonly string[];
      readonly source: string | null;
      readonly sourceBy: 'original_src' | 'bind config' | 'kernel';
      readonly tls: boolean;
    };

export type ListenerFilterDoing =
  | { readonly code: 'disabled'; readonly port: number }
  | { readonly code: 'restored'; readonly destination: Endpoint }
  | { readonly code: 'not restored' }
  | { readonly code: 'keeps source'; readonly source: string }
  | { readonly code: 'TLS'; readonly serverName: string; readonly alpn: readonly string[] }
  | { readonly code: 'not TLS' }
  | { readonly code: 'HTTP'; readonly protocol: string }
  | { readonly code: 'not HTTP' }
  /** TLS is known already. */
  | { readonly code: 'not asked' }
  | { readonly code: 'waits'; readonly for: Awaited }
  | { readonly code: 'too late'; readonly after: number };

/** What is waited for. */
export type Awaited =
  | '5 bytes'
  | 'the whole ClientHello'
  | 'a byte'
  | 'the end of the first line'
  | 'the whole preface of HTTP/2'
  | 'the head of a request';

export type EnvoyOutcome =
  | {
      readonly kind: 'dials';
      readonly cluster: string;
      /** `10.0.0.20:8080`; any of them. */
      readonly hosts: readonly string[];
      /** Absent: the kernel chooses it. */
      readonly source?: string;
      readonly protocol: 'tcp' | 'http';
      readonly route?: string;
      /** Whether it speaks TLS to the host, and to the client. */
      readonly tls: boolean;
      readonly downstreamTls: boolean;
      /** Whether a dial that is refused is tried again, which an access log tells. */
      readonly retries: boolean;
      /** Whether bytes of the client lie unread while it dials: closed is then a reset. */
      readonly unread: boolean;
    }
  | {
      readonly kind: 'responds';
      /** Of HTTP; absent: the beginning of HTTP/2 or TLS, after which it waits for more. */
      readonly status?: number;
      readonly with: 'HTTP/1.1' | 'HTTP/2' | 'TLS';
      readonly flags?: string;
      readonly details?: string;
      readonly cluster?: string;
      readonly route?: string;
    }
  | {
      readonly kind: 'closed';
      readonly because: Closing;
      readonly flags?: string;
      readonly cluster?: string;
      readonly details?: string;
      /** Whether bytes of the client lie unread: the kernel then makes a reset of it. */
      readonly unread: boolean;
    }
  | {
      readonly kind: 'waits';
      readonly for: Awaited;
      /** The listener filter that waits; null: the connection manager. */
      readonly filter: string | null;
      /** In milliseconds; null: for ever. */
      readonly timeout: number | null;
      /**
       * Where a line has not ended: http_inspector takes a second event without new bytes for the end of all bytes
       * (HPE_INVALID_EOF_STATE in its log). If there is one, which is chance, this is done at once.
       */
      readonly otherwise: EnvoyOutcome | null;
      /** What is done when the time is over. */
      readonly afterwards: EnvoyOutcome | null;
    }
  | { readonly kind: 'cannot tell'; readonly because: Doubt; readonly cluster?: string };

export type Closing =
  | 'nobody listens'
  | 'no filter chain'
  | 'no filters'
  | 'listener filters timed out'
  | 'not TLS'
  | 'not HTTP/2'
  | 'no healthy host'
  | 'cluster unknown'
  | 'source address of another family';

/** What a decision hangs on that is not known. */
export type Doubt =
  | { readonly code: 'not in the text'; readonly section: ConfigSection; readonly name: string }
  | { readonly code: 'not modelled'; readonly what: string; readonly name: string }
  | { readonly code: 'accepted address unknown'; readonly listener: string }
  | { readonly code: 'several listeners'; readonly port: number; readonly listeners: readonly string[] }
  | { readonly code: 'several chains'; readonly chains: readonly string[] }
  | { readonly code: 'weights'; readonly clusters: readonly string[] }
  | { readonly code: 'regular expression'; readonly pattern: string };

export interface ConnectionWalk {
  readonly events: readonly EnvoyEvent[];
  readonly outcome: EnvoyOutcome;
}
