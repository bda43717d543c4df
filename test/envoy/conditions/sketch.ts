/** How a small configuration is written by hand, and the connections to it: what the files beside it are made of. */
import { readFileSync } from 'node:fs';
import type { EnvoyConnection, Sends } from '../../../src/envoy/index.ts';
import { firstServer } from '../random-config.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages of Envoy's API, of which few fields are made here.
export type Message = any;

/** Who answers at a port of the pod, behind the first of the servers. */
export const servers = {
  /** Says its own port, and ends. */
  itself: [0, 1, 2, 3, 4, 5],
  /** Says from which address it is called. */
  caller: [30],
  http: [20],
} as const;

export const serverAt = (kind: keyof typeof servers, number = 0): number =>
  firstServer + (servers[kind][number] as number);
/** Nobody listens there. */
export const closedPort = firstServer + 90;

/** A name that no resolver knows (RFC 6761). */
export const nobody = 'nobody.invalid';

export interface ConditionCase {
  readonly title: string;
  readonly listeners: readonly Message[];
  readonly clusters: readonly Message[];
  readonly connections: readonly EnvoyConnection[];
  /** Every host that the model names has to be met, by one connection or another. */
  readonly meetsAll: boolean;
  /** Whether a reset is told from an end: it is one where bytes lie unread, of which a listener filter makes sure. */
  readonly tellsResets: boolean;
  /** Ports that the kernel redirects, and where to. */
  readonly redirects: readonly (readonly [from: number, to: number])[];
}

export const firstPort = 14_000;
export const firstClient = 20_000;
export const mostConnections = 60;
/** A port of the case's own, that the kernel redirects to its listener. */
export const redirected = 5_000;

export type Words = Partial<Pick<EnvoyConnection, 'source' | 'destination' | 'accepted'>> & {
  readonly sends?: Sends;
  /** Added to the port of the case. */
  readonly port?: number;
};

export interface Sketch {
  readonly title: string;
  readonly listener?: Message;
  /** Others, whose port is that of the case and what is added. */
  readonly others?: readonly (Message & { readonly port?: number })[];
  readonly clusters?: readonly Message[];
  readonly meetsAll?: boolean;
  readonly isRedirected?: boolean;
  /** Whether an end is told from a reset. */
  readonly tellsResets?: boolean;
  readonly calls: readonly Words[];
}

export const api = 'type.googleapis.com/envoy.extensions';
export const inspector = (kind: 'tls_inspector' | 'http_inspector', more: object = {}): Message => ({
  name: `envoy.filters.listener.${kind}`,
  typed_config: {
    '@type': `${api}.filters.listener.${kind}.v3.${kind === 'tls_inspector' ? 'TlsInspector' : 'HttpInspector'}`,
  },
  ...more,
});
export const originalSrc: Message = {
  name: 'envoy.filters.listener.original_src',
  typed_config: { '@type': `${api}.filters.listener.original_src.v3.OriginalSrc` },
};
export const originalDst: Message = {
  name: 'envoy.filters.listener.original_dst',
  typed_config: { '@type': `${api}.filters.listener.original_dst.v3.OriginalDst` },
};
export const tcpTo = (cluster: string | object): Message => ({
  name: 'envoy.filters.network.tcp_proxy',
  typed_config: {
    '@type': `${api}.filters.network.tcp_proxy.v3.TcpProxy`,
    stat_prefix: 'x',
    ...(typeof cluster === 'string' ? { cluster } : cluster),
  },
});
export const chain = (name: string, match: object | null, ...filters: readonly Message[]): Message => ({
  name,
  ...(match === null ? {} : { filter_chain_match: match }),
  filters,
});
export const to = (number: number, match: object | null = null): Message =>
  chain(`to ${number}${JSON.stringify(match)}`, match, tcpTo(`server ${number}`));
export const answers = (status: number) => ({ direct_response: { status } });
export const route = (match: object, action: object): Message => ({ match, ...action });
export const httpTo = (virtualHosts: readonly Message[], more: object = {}, table: object = {}): Message => ({
  name: 'envoy.filters.network.http_connection_manager',
  typed_config: {
    '@type': `${api}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'x',
    route_config: { virtual_hosts: virtualHosts, ...table },
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': `${api}.filters.http.router.v3.Router` },
      },
    ],
    ...more,
  },
});
/** Its routes, for every host. */
export const routes = (...all: readonly Message[]): Message => ({
  filter_chains: [chain('http', null, httpTo([{ name: 'all', domains: ['*'], routes: all }]))],
});
export const hosts = (
  domains: Readonly<Record<string, number>>,
  more: object = {},
  table: object = {},
): Message => ({
  filter_chains: [
    chain(
      'http',
      null,
      httpTo(
        Object.entries(domains).map(([domain, status]) => ({
          name: domain,
          domains: [domain],
          routes: [route({ prefix: '/' }, answers(status))],
        })),
        more,
        table,
      ),
    ),
  ],
});
export const get = (
  path: string,
  host: string | null = 'a.example',
  headers: Readonly<Record<string, string | readonly string[]>> = {},
  method = 'GET',
): Words => ({ sends: { http: { method, path, host, headers } } });
export const raw = (bytes: string): Words => ({ sends: { bytes } });
export const hello = (serverName: string | null, ...alpn: readonly string[]): Words => ({
  sends: { tls: { serverName, alpn } },
});
export const silent: Words = {};

export const place = (address: string, port: number): Message => ({
  socket_address: { address, port_value: port },
});
export const endpoint = (number: number, more: object = {}): Message => ({
  endpoint: { address: place('127.0.0.1', serverAt('itself', number)) },
  ...more,
});
export const sick = (number: number, health_status = 'UNHEALTHY'): Message =>
  endpoint(number, { health_status });
export const cluster = (
  name: string,
  levels: readonly (readonly Message[])[],
  more: object = {},
): Message => ({
  name,
  type: 'STATIC',
  load_assignment: {
    cluster_name: name,
    endpoints: levels.map((lb_endpoints, priority) => ({ priority, lb_endpoints })),
  },
  ...more,
});
export const panic = (value: number) => ({ common_lb_config: { healthy_panic_threshold: { value } } });

/** Each connection takes what chance brings: as many as leave none out. */
export const spread = (
  title: string,
  levels: readonly (readonly Message[])[],
  more: object = {},
): Sketch => ({
  title: `endpoints: ${title}`,
  clusters: [cluster(`spread ${title}`, levels, more)],
  listener: { filter_chains: [chain('x', null, tcpTo(`spread ${title}`))] },
  meetsAll: true,
  calls: Array.from({ length: mostConnections - 10 }, () => silent),
});

export const tellsCaller = (name: string, bind: object, address = '127.0.0.1'): Message => ({
  name,
  type: 'STATIC',
  upstream_bind_config: bind,
  load_assignment: {
    cluster_name: name,
    endpoints: [{ lb_endpoints: [{ endpoint: { address: place(address, serverAt('caller')) } }] }],
  },
});
export const own = (address: string) => ({ address, port_value: 0 });
export const dialsWith = (name: string, more: Message): Sketch => ({
  title: name,
  clusters: [
    {
      ...more,
      name,
      ...(more.load_assignment ? { load_assignment: { ...more.load_assignment, cluster_name: name } } : {}),
    },
  ],
  listener: { filter_chains: [chain('x', null, tcpTo(name))] },
  calls: [silent],
});

export const tls: Message = {
  name: 'envoy.transport_sockets.tls',
  typed_config: { '@type': `${api}.transport_sockets.tls.v3.UpstreamTlsContext` },
};
const certificate = readFileSync(new URL('../../mesh/envoy/certificate.pem', import.meta.url), 'utf8');
/** A chain's own: who speaks no TLS is not let in. */
export const terminatesTls: Message = {
  name: 'envoy.transport_sockets.tls',
  typed_config: {
    '@type': `${api}.transport_sockets.tls.v3.DownstreamTlsContext`,
    common_tls_context: {
      tls_certificates: [
        { certificate_chain: { inline_string: certificate }, private_key: { inline_string: certificate } },
      ],
    },
  },
};
export const plain: Message = {
  name: 'envoy.transport_sockets.raw_buffer',
  typed_config: { '@type': `${api}.transport_sockets.raw_buffer.v3.RawBuffer` },
};
export const labelled = (labels: object): Message => ({
  metadata: { filter_metadata: { 'envoy.transport_socket_match': labels } },
});
export const socketMatch = (name: string, labels: object, socket: Message): Message => ({
  name,
  match: labels,
  transport_socket: socket,
});

export const range = (address_prefix: string, prefix_len: number) => ({ address_prefix, prefix_len });
export const header = (is: object, name = 'x-a') => ({ prefix: '/', headers: [{ name, ...is }] });
/** 210 where the condition holds, 211 where it does not. */
export const whether = (title: string, match: object, ...calls: readonly Words[]): Sketch => ({
  title,
  listener: routes(route(match, answers(210)), route({ prefix: '/' }, answers(211))),
  calls,
});
export const withA = (...values: readonly (string | readonly string[] | null)[]): readonly Words[] =>
  values.map((value) => get('/', 'a.example', value === null ? {} : { 'x-a': value }));

/** With its ports, of which the listener's is written `<port>`: a listener behind the first one, a client's port for each connection. */
export function caseOf(sketch: Sketch, number: number): ConditionCase {
  const { title, listener, others = [], clusters = [], meetsAll = false, tellsResets = false } = sketch;
  const isRedirected = sketch.isRedirected === true;
  const port = firstPort + number;
  const client = firstClient + number * mostConnections;
  const ofOwn = <Made>(made: Made): Made => JSON.parse(JSON.stringify(made).replaceAll('<port>', `${port}`));
  const withPort = (all: readonly Message[]): readonly Message[] =>
    all.map(({ port: added = 0, ...one }, at) => {
      const { socket_address } = one.address ?? place('0.0.0.0', 0);
      return {
        listener_filters_timeout: '0s',
        ...one,
        name: `${title} ${at}`,
        address: { socket_address: { ...socket_address, port_value: port + added } },
      };
    });
  return {
    title,
    listeners: ofOwn(withPort([listener ?? {}, ...others])),
    clusters,
    meetsAll,
    tellsResets,
    redirects: isRedirected ? [[port + redirected, port]] : [],
    connections: sketch.calls.map(({ sends = { nothing: true }, port: added = 0, ...ends }, at) => ({
      source: ends.source ?? '127.0.0.1',
      sourcePort: client + at,
      destination: ends.destination ?? '127.0.0.1',
      destinationPort: port + added,
      listener: port,
      ...(ends.accepted === undefined ? {} : { accepted: ends.accepted }),
      // The kernel tracks where it has rules.
      tracked: isRedirected,
      sends: ofOwn(sends),
    })),
  };
}
