/**
 * Small configurations by chance: one listener with filter chains whose conditions overlap, and connections to it. A
 * chain is known by the server that it leads to, or by the status that it answers.
 */
import type { EnvoyConnection, Sends } from '../../src/envoy/index.ts';
import { Draw } from '../kernel/draw.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages of Envoy's API, of which few fields are made here.
type Message = any;

export interface RandomCase {
  readonly listener: Message;
  readonly connections: readonly EnvoyConnection[];
}

/** A listener's port is behind the first, by the number of its case; so are the ports of servers and clients. */
export const firstListener = 11_000;
export const firstServer = 12_000;
const firstClient = 13_000;
export const mostChains = 9;
/** How many cases one Envoy can have. */
export const mostCases = 200;

/** What the pod and its neighbour have. */
const podAddresses = ['127.0.0.1', '127.0.0.7', '10.244.1.5'];
export const peerAddresses: readonly string[] = ['10.244.1.1', '10.244.2.9', '10.96.0.7'];

const pools = {
  prefixes: ['127.0.0.0/8', '127.0.0.1/32', '127.0.0.0/29', '10.0.0.0/8', '10.244.1.0/24', '10.244.1.5/32'],
  sources: ['127.0.0.0/8', '127.0.0.1/32', '10.0.0.0/8', '10.244.0.0/16', '10.244.2.9/32', '10.96.0.0/12'],
  names: ['a.example', 'b.a.example', '*.example', '*.a.example', 'example'],
  protocols: ['http/1.1', 'http/1.0', 'h2c', 'h2', 'mesh', 'mesh-h2'],
  hosts: ['a.example', 'b.a.example', 'A.Example:80', 'a.example.', 'example', 'c.test', 'b.test:8080'],
  domains: [
    'a.example',
    '*.example',
    '*.a.example',
    'a.*',
    'a.example:80',
    'b.*',
    'c.test',
    '*.test',
    '*-x.test',
  ],
  paths: ['/', '/a', '/a/', '/a/b', '/A', '/ab', '/a?x=1', '/a?x=2&x=1', '/b?y', '/a/../b', '/a//b'],
  bytes: [
    'h',
    'hi',
    'hello',
    'hello there\r\n',
    'GE',
    'GET /',
    'GET / HTTP/1.1\r\n',
    'GET / HTTP/1.0\r\n\r\n',
    'get / HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'BREW /a HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'GET /\r\n',
    'EHLO x\r\n',
    'EHLO /x\r\n',
    '*1\r\n$4\r\nPING\r\n',
    'SSH-2.0-x\r\n',
    '\0\x01\x02\x03\x04\x05',
    '\r\nGET / HTTP/1.1\r\nHost: a.example\r\n\r\n',
    '{"a":1}',
    '{"a":1}\n',
    'PRI * HT',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'P',
    '\x16\x03',
    '\x16\x03\x01\x02\x00\x01',
    '\x16\x03\x01',
    'GET\t/ HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'GET / HTTP/1.1 x\r\nHost: a.example\r\n\r\n',
    'GET http://a.example/a HTTP/1.1\r\nHost: c.test\r\n\r\n',
    'CONNECT a.example:80 HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET /a#b HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost a\r\n\r\n',
  ],
} as const;

/** The case of a seed with this number. */
export function randomCase(seed: number, number: number, ofEach: number): RandomCase {
  const draw = new Draw(seed, number);
  const port = firstListener + (number % mostCases);
  const client = firstClient + (number % mostCases) * 50;
  const connections = Array.from({ length: ofEach }, (_, at) => randomConnection(draw, port, client + at));
  const chains = randomChains(draw, port, connections);
  const hasDefault = draw.chance(0.5);
  return {
    listener: {
      name: `listener ${number}`,
      address: { socket_address: { address: '0.0.0.0', port_value: port } },
      listener_filters: randomFilters(draw, port),
      listener_filters_timeout: draw.pick(['0s', '0s', '0.300s']),
      continue_on_listener_filters_timeout: draw.chance(0.5),
      filter_chains: chains,
      ...(hasDefault ? { default_filter_chain: endOf(draw, chains.length) } : {}),
    },
    connections,
  };
}

function some<Thing>(draw: Draw, things: readonly Thing[], most = 2): readonly Thing[] {
  return [...new Set(Array.from({ length: draw.between(1, most) }, () => draw.pick(things)))];
}

function randomFilters(draw: Draw, port: number): readonly Message[] {
  const api = 'type.googleapis.com/envoy.extensions.filters.listener';
  const kinds = [
    ['tls_inspector', `${api}.tls_inspector.v3.TlsInspector`],
    ['http_inspector', `${api}.http_inspector.v3.HttpInspector`],
  ] as const;
  const ordered = draw.chance(0.8) ? kinds : kinds.toReversed();
  return ordered.flatMap(([kind, type]) => {
    if (!draw.chance(0.75)) return [];
    const filter = { name: `envoy.filters.listener.${kind}`, typed_config: { '@type': type } };
    return draw.chance(0.2) ? [{ ...filter, filter_disabled: randomPredicate(draw, port, 2) }] : [filter];
  });
}

function randomPredicate(draw: Draw, port: number, depth: number): Message {
  const kind = depth === 0 ? 'ports' : draw.pick(['ports', 'ports', 'not', 'and', 'or', 'any'] as const);
  const inner = () => randomPredicate(draw, port, depth - 1);
  switch (kind) {
    case 'any':
      return { any_match: true };
    case 'not':
      return { not_match: inner() };
    case 'and':
    case 'or':
      return { [`${kind}_match`]: { rules: [inner(), inner()] } };
    case 'ports': {
      const start = port + draw.between(-1, 1);
      return { destination_port_range: { start, end: start + draw.between(1, 2) } };
    }
  }
}

function randomChains(draw: Draw, port: number, connections: readonly EnvoyConnection[]): readonly Message[] {
  const chains: Message[] = [];
  const wanted = draw.between(2, mostChains - 1);
  for (let tries = 0; chains.length < wanted && tries < 60; tries++) {
    const match = randomMatch(draw, port, connections);
    // Envoy refuses chains that meet in every condition.
    if (chains.some((chain) => meets(chain.filter_chain_match, match))) continue;
    chains.push({ ...endOf(draw, chains.length), filter_chain_match: match });
  }
  return chains;
}

const prefixOf = (text: string): Message => {
  const [address_prefix, length] = text.split('/');
  return { address_prefix, prefix_len: Number(length) };
};

function randomMatch(draw: Draw, port: number, connections: readonly EnvoyConnection[]): Message {
  const often = draw.pick([0.2, 0.4, 0.6]);
  const maybe = (name: string, make: () => unknown): Message =>
    draw.chance(often) ? { [name]: make() } : {};
  return {
    ...(draw.chance(0.2) ? { destination_port: port + draw.pick([0, 0, 1]) } : {}),
    ...maybe('prefix_ranges', () => some(draw, pools.prefixes).map(prefixOf)),
    ...maybe('server_names', () => some(draw, pools.names)),
    ...maybe('transport_protocol', () => draw.pick(['tls', 'raw_buffer', 'raw_buffer'])),
    ...maybe('application_protocols', () => some(draw, pools.protocols, 3)),
    ...(draw.chance(0.15) ? { direct_source_prefix_ranges: some(draw, pools.sources).map(prefixOf) } : {}),
    ...maybe('source_type', () => draw.pick(['SAME_IP_OR_LOOPBACK', 'EXTERNAL'])),
    ...maybe('source_prefix_ranges', () => some(draw, pools.sources).map(prefixOf)),
    ...(draw.chance(0.15)
      ? {
          source_ports: some(
            draw,
            connections.map(({ sourcePort }) => sourcePort),
            6,
          ),
        }
      : {}),
  };
}

const fields = [
  'destination_port',
  'prefix_ranges',
  'server_names',
  'transport_protocol',
  'application_protocols',
  'direct_source_prefix_ranges',
  'source_type',
  'source_prefix_ranges',
  'source_ports',
];

function meets(one: Message, other: Message): boolean {
  const values = (match: Message, field: string): readonly string[] =>
    match[field] === undefined ? [''] : [match[field]].flat().map((value) => JSON.stringify(value));
  return fields.every((field) => values(one, field).some((value) => values(other, field).includes(value)));
}

/** What a chain does: it leads to a server, or answers with statuses of its own. */
function endOf(draw: Draw, number: number): Message {
  const api = 'type.googleapis.com/envoy.extensions.filters';
  const tcp = {
    name: 'envoy.filters.network.tcp_proxy',
    typed_config: {
      '@type': `${api}.network.tcp_proxy.v3.TcpProxy`,
      stat_prefix: 'x',
      cluster: draw.chance(0.05) ? 'nobody' : `server ${number}`,
    },
  };
  const http = () => ({
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': `${api}.network.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: 'x',
      ...(draw.chance(0.3) ? { strip_any_host_port: true } : {}),
      ...(draw.chance(0.3) ? { normalize_path: true } : {}),
      route_config: {
        ...(draw.chance(0.3) ? { ignore_port_in_host_matching: true } : {}),
        virtual_hosts: randomVirtualHosts(draw, number),
      },
      http_filters: [
        {
          name: 'envoy.filters.http.router',
          typed_config: { '@type': `${api}.http.router.v3.Router` },
        },
      ],
    },
  });
  return { name: `chain ${number}`, filters: [draw.chance(0.5) ? tcp : http()] };
}

/** Statuses that Envoy gives by itself belong to no route. */
const statusOf = (chain: number, route: number): number => 210 + chain * 20 + (route % 20);
const envoysOwn = [304, 400, 403, 404];

function randomVirtualHosts(draw: Draw, chain: number): readonly Message[] {
  const domains = [...pools.domains, ...(draw.chance(0.8) ? ['*', '*', '*'] : [])];
  let route = 0;
  return Array.from({ length: draw.between(1, 3) }, (_, at) => {
    const own = some(draw, domains, 3).filter((domain) => domains.includes(domain));
    for (const domain of own)
      for (let place = domains.indexOf(domain); place >= 0; place = domains.indexOf(domain))
        domains.splice(place, 1);
    const routes = Array.from({ length: draw.between(1, 4) }, () => {
      const status = statusOf(chain, route++);
      return {
        match: randomRouteMatch(draw),
        direct_response: { status: envoysOwn.includes(status) ? 599 : status },
      };
    });
    return { name: `host ${at}`, domains: own, routes };
  });
}

function randomRouteMatch(draw: Draw): Message {
  const path = draw.pick<Message>([
    { prefix: '/' },
    { prefix: '/' },
    { prefix: '/' },
    { prefix: '/' },
    { prefix: '/a' },
    { path: '/a' },
    { path: '/a/b' },
    { path_separated_prefix: '/a' },
    { safe_regex: { regex: '/[a-z]' } },
    { safe_regex: { regex: '/a.*' } },
    { connect_matcher: {} },
  ]);
  const headers = draw.chance(0.3) ? { headers: [randomHeader(draw)] } : {};
  const query = draw.chance(0.2)
    ? {
        query_parameters: [
          draw.pick<Message>([
            { name: 'x', string_match: { exact: '1' } },
            { name: 'y', present_match: true },
            { name: 'x', present_match: false },
          ]),
        ],
      }
    : {};
  return { ...path, ...(draw.chance(0.2) ? { case_sensitive: false } : {}), ...headers, ...query };
}

function randomHeader(draw: Draw): Message {
  const match = draw.pick<Message>([
    { string_match: { exact: 'one' } },
    { string_match: { prefix: 'o' } },
    { string_match: { suffix: 'o' } },
    { string_match: { contains: 'N', ignore_case: true } },
    { string_match: { safe_regex: { regex: 'o.*' } } },
    { present_match: true },
    { present_match: false },
    { range_match: { start: 1, end: 5 } },
  ]);
  return {
    name: draw.pick(['x-a', 'x-b', ':method']),
    ...match,
    ...(draw.chance(0.25) ? { invert_match: true } : {}),
    ...(draw.chance(0.25) ? { treat_missing_header_as_empty: true } : {}),
  };
}

function randomConnection(draw: Draw, port: number, sourcePort: number): EnvoyConnection {
  const isPeer = draw.chance(0.4);
  const source = draw.pick(isPeer ? peerAddresses : podAddresses);
  // The kernel lets nobody come from an address of `lo` to another interface's, nor the other way round.
  const destination = isPeer || source === '10.244.1.5' ? '10.244.1.5' : draw.pick(podAddresses.slice(0, 2));
  return {
    source,
    sourcePort,
    destination,
    destinationPort: port,
    listener: port,
    // Without rules the kernel tracks nothing.
    tracked: false,
    sends: randomSends(draw),
  };
}

function randomSends(draw: Draw): Sends {
  switch (draw.pick(['nothing', 'bytes', 'bytes', 'http', 'http', 'http', 'h2c', 'tls', 'tls'] as const)) {
    case 'nothing':
      return { nothing: true };
    case 'bytes':
      return { bytes: draw.pick(pools.bytes) };
    case 'h2c':
      return { h2c: true };
    case 'tls':
      return {
        tls: {
          serverName: draw.pick([
            null,
            'a.example',
            'b.a.example',
            'c.b.a.example',
            'example',
            'A.Example',
            'x.test',
          ]),
          alpn: draw.chance(0.3) ? null : some(draw, pools.protocols, 3),
        },
      };
    case 'http':
      return {
        http: {
          method: draw.pick(['GET', 'GET', 'POST']),
          path: draw.pick(pools.paths),
          host: draw.pick(pools.hosts),
          headers: {
            ...(draw.chance(0.3)
              ? { 'x-a': draw.pick<string | readonly string[]>(['one', 'two', '3', '', ['two', 'one']]) }
              : {}),
            ...(draw.chance(0.3) ? { 'x-b': draw.pick(['one', '7', 'ONE']) } : {}),
          },
        },
      };
  }
}

/** The clusters that all cases have. */
export function serversAsClusters(): readonly Message[] {
  return Array.from({ length: mostChains + 1 }, (_, number) => ({
    name: `server ${number}`,
    type: 'STATIC',
    load_assignment: {
      cluster_name: `server ${number}`,
      endpoints: [
        {
          lb_endpoints: [
            {
              endpoint: {
                address: { socket_address: { address: '127.0.0.1', port_value: firstServer + number } },
              },
            },
          ],
        },
      ],
    },
  }));
}

export function bootstrapFor(cases: readonly RandomCase[]): Message {
  return {
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: firstServer + 500 } } },
    node: { id: 'random', cluster: 'random' },
    static_resources: {
      listeners: cases.map(({ listener }) => listener),
      clusters: serversAsClusters(),
    },
  };
}
