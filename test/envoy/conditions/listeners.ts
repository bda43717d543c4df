/** From listener to listener. */
import {
  chain,
  closedPort,
  get,
  hello,
  inspector,
  originalDst,
  originalSrc,
  own,
  place,
  range,
  raw,
  redirected,
  route,
  routes,
  type Sketch,
  serverAt,
  silent,
  tcpTo,
  tellsCaller,
  to,
} from './sketch.ts';

export const listenerCases: readonly Sketch[] = [
  {
    title: 'what was not redirected is not handed over',
    listener: { use_original_dst: true, filter_chains: [to(0)] },
    others: [{ address: place('127.0.0.1', 0), bind_to_port: false, filter_chains: [to(1)] }],
    calls: [{ destination: '127.0.0.1' }, { destination: '127.0.0.7' }],
  },
  {
    title: 'redirected: to the listener of the address, to the wildcard of its family, or to none',
    isRedirected: true,
    listener: { use_original_dst: true, filter_chains: [to(0)] },
    others: [
      { address: place('127.0.0.1', 0), port: redirected, bind_to_port: false, filter_chains: [to(1)] },
    ],
    calls: [
      { destination: '127.0.0.1', port: redirected },
      { destination: '127.0.0.7', port: redirected },
      { source: '10.244.2.9', destination: '10.244.1.5', port: redirected },
    ],
  },
  {
    title: 'redirected: the wildcard of the port that was called',
    isRedirected: true,
    listener: { use_original_dst: true, filter_chains: [to(0)] },
    others: [
      { address: place('0.0.0.0', 0), port: redirected, bind_to_port: false, filter_chains: [to(1)] },
      { address: place('127.0.0.7', 0), port: redirected, bind_to_port: false, filter_chains: [to(2)] },
      { address: place('::', 0), port: redirected, bind_to_port: false, filter_chains: [to(3)] },
    ],
    calls: [
      { destination: '127.0.0.1', port: redirected },
      { destination: '127.0.0.7', port: redirected },
      { source: '10.244.2.9', destination: '10.244.1.5', port: redirected },
    ],
  },
  {
    title: 'redirected: original_dst alone restores the address, and hands nothing over',
    isRedirected: true,
    listener: {
      listener_filters: [originalDst],
      filter_chains: [
        to(0, { prefix_ranges: [range('127.0.0.7', 32)] }),
        to(2, { destination_port: 1 }),
        to(1),
      ],
    },
    others: [
      { address: place('127.0.0.1', 0), port: redirected, bind_to_port: false, filter_chains: [to(3)] },
    ],
    calls: [
      { destination: '127.0.0.1', port: redirected },
      { destination: '127.0.0.7', port: redirected },
    ],
  },
  {
    title: 'redirected: without a filter the port is that which was accepted',
    isRedirected: true,
    listener: { filter_chains: [to(0, { destination_port: '<port>' }), to(1)] },
    calls: [{ destination: '127.0.0.1', port: redirected, accepted: '127.0.0.1' }],
  },
  {
    title: 'redirected: without a filter the address is that which was accepted',
    isRedirected: true,
    listener: {
      filter_chains: [
        to(0, { prefix_ranges: [range('127.0.0.7', 32)] }),
        to(1, { prefix_ranges: [range('127.0.0.1', 32)] }),
        to(2),
      ],
    },
    calls: [
      { destination: '127.0.0.7', port: redirected, accepted: '127.0.0.1' },
      { destination: '127.0.0.1', port: redirected, accepted: '127.0.0.1' },
      { source: '10.244.2.9', destination: '10.244.1.5', port: redirected, accepted: '10.244.1.5' },
    ],
  },
  {
    title: 'redirected: the second listener asks its own filters, and hands nothing on',
    isRedirected: true,
    listener: { use_original_dst: true, filter_chains: [to(0)] },
    others: [
      {
        address: place('0.0.0.0', 0),
        port: redirected,
        bind_to_port: false,
        use_original_dst: true,
        listener_filters: [inspector('tls_inspector')],
        filter_chains: [to(1, { transport_protocol: 'tls' }), to(2)],
      },
    ],
    calls: [
      { ...hello('a.example'), destination: '127.0.0.1', port: redirected },
      { ...raw('any bytes'), destination: '127.0.0.1', port: redirected },
    ],
  },
  {
    title: 'a cluster of the original destination has none where nothing is redirected',
    clusters: [{ name: 'where it went', type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' }],
    listener: { filter_chains: [chain('x', null, tcpTo('where it went'))] },
    calls: [silent],
  },
  {
    title: 'a cluster of the original destination: the header, the port that replaces it',
    clusters: [
      {
        name: 'by header',
        type: 'ORIGINAL_DST',
        lb_policy: 'CLUSTER_PROVIDED',
        original_dst_lb_config: { use_http_header: true },
      },
      {
        name: 'by another header',
        type: 'ORIGINAL_DST',
        lb_policy: 'CLUSTER_PROVIDED',
        original_dst_lb_config: { use_http_header: true, http_header_name: 'x-where' },
      },
      {
        name: 'by header at a port',
        type: 'ORIGINAL_DST',
        lb_policy: 'CLUSTER_PROVIDED',
        original_dst_lb_config: { use_http_header: true, upstream_port_override: serverAt('http') },
      },
      { name: 'without a header', type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' },
    ],
    listener: routes(
      route({ prefix: '/1' }, { route: { cluster: 'by header' } }),
      route({ prefix: '/2' }, { route: { cluster: 'by another header' } }),
      route({ prefix: '/3' }, { route: { cluster: 'by header at a port' } }),
      route({ prefix: '/4' }, { route: { cluster: 'without a header' } }),
    ),
    calls: ['/1', '/2', '/3', '/4'].flatMap((path) =>
      [
        {},
        { 'x-envoy-original-dst-host': `127.0.0.1:${serverAt('http')}` },
        { 'x-envoy-original-dst-host': `127.0.0.1:${closedPort}` },
        { 'x-where': `127.0.0.1:${serverAt('http')}` },
        { 'x-envoy-original-dst-host': 'nonsense' },
        { 'x-envoy-original-dst-host': [`127.0.0.1:${closedPort}`, `127.0.0.1:${serverAt('http')}`] },
      ].map((headers) => get(path, 'a.example', headers)),
    ),
  },
  {
    title: 'original_src: the client’s address is bound, whatever the bootstrap binds',
    clusters: [tellsCaller('the client’s', {})],
    listener: { listener_filters: [originalSrc], filter_chains: [chain('x', null, tcpTo('the client’s'))] },
    calls: [{ source: '127.0.0.9' }, { source: '10.244.1.5', destination: '10.244.1.5' }],
  },
  {
    title: 'original_src goes before what the cluster binds',
    clusters: [tellsCaller('its own', { source_address: own('127.0.0.6') })],
    listener: { listener_filters: [originalSrc], filter_chains: [chain('x', null, tcpTo('its own'))] },
    calls: [{ source: '127.0.0.9' }],
  },
  {
    title: 'original_src: the client has another family than the endpoint',
    clusters: [tellsCaller('of another family', {}, '::1')],
    listener: {
      listener_filters: [originalSrc],
      filter_chains: [chain('x', null, tcpTo('of another family'))],
    },
    calls: [{ source: '127.0.0.9' }],
  },
  {
    title: 'original_src that is not asked',
    clusters: [tellsCaller('not asked', { source_address: own('127.0.0.6') })],
    listener: {
      listener_filters: [{ ...originalSrc, filter_disabled: { any_match: true } }],
      filter_chains: [chain('x', null, tcpTo('not asked'))],
    },
    calls: [{ source: '127.0.0.9' }],
  },
  {
    title: 'transparent: what comes by itself has the address that was called',
    listener: {
      transparent: true,
      filter_chains: [to(0, { prefix_ranges: [range('127.0.0.7', 32)] }), to(1)],
    },
    calls: [{ destination: '127.0.0.7' }, { destination: '127.0.0.1' }],
  },
  {
    title: 'redirected, to a listener that is transparent: the port is that which was accepted',
    isRedirected: true,
    listener: {
      transparent: true,
      filter_chains: [to(0, { destination_port: '<port>' }), to(1)],
    },
    calls: [{ destination: '127.0.0.1', port: redirected, accepted: '127.0.0.1' }],
  },
];
