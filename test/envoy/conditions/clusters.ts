/** Whom a chain or a route names. */
import {
  chain,
  closedPort,
  cluster,
  get,
  hello,
  place,
  raw,
  route,
  routes,
  type Sketch,
  serverAt,
  silent,
  tcpTo,
} from './sketch.ts';

const weighted = (...clusters: readonly (readonly [name: string, weight: number])[]) => ({
  weighted_clusters: { clusters: clusters.map(([name, weight]) => ({ name, weight })) },
});

export const clusterCases: readonly Sketch[] = [
  {
    title: 'a cluster that nobody knows',
    listener: { filter_chains: [chain('x', null, tcpTo('nobody'))] },
    calls: [silent, raw('any bytes')],
  },
  {
    title: 'clusters with weights: a chain takes each of them',
    meetsAll: true,
    listener: {
      filter_chains: [chain('x', null, tcpTo(weighted(['server 0', 1], ['server 1', 1])))],
    },
    calls: Array.from({ length: 30 }, () => silent),
  },
  {
    title: 'who waits for a byte dials at the first',
    listener: {
      filter_chains: [
        chain(
          'x',
          null,
          tcpTo({
            cluster: 'server 0',
            upstream_connect_mode: 'ON_DOWNSTREAM_DATA',
            max_early_data_bytes: 100,
          }),
        ),
      ],
    },
    calls: [silent, raw('x'), hello('a.example')],
  },
  {
    title: 'a route to clusters with weights takes each of them',
    meetsAll: true,
    clusters: [
      cluster('answering', [[{ endpoint: { address: place('127.0.0.1', serverAt('http')) } }]]),
      cluster('refusing', [[{ endpoint: { address: place('127.0.0.1', closedPort) } }]]),
    ],
    listener: routes(
      route(
        { prefix: '/' },
        {
          route: weighted(['answering', 2], ['refusing', 1]),
        },
      ),
    ),
    calls: Array.from({ length: 30 }, () => get('/')),
  },
  {
    title: 'a route to clusters: with a weight of nothing it is the other',
    clusters: [
      cluster('http', [[{ endpoint: { address: place('127.0.0.1', serverAt('http')) } }]]),
      cluster('closed', [[{ endpoint: { address: place('127.0.0.1', closedPort) } }]]),
    ],
    listener: routes(
      route(
        { prefix: '/1' },
        {
          route: weighted(['http', 1], ['closed', 0]),
        },
      ),
      route({ prefix: '/2' }, { route: { cluster: 'closed' } }),
      route({ prefix: '/3' }, { route: { cluster: 'http' } }),
      route({ prefix: '/4' }, { redirect: { path_redirect: '/x' } }),
      route({ prefix: '/5' }, { redirect: { path_redirect: '/x', response_code: 'PERMANENT_REDIRECT' } }),
      route({ prefix: '/6' }, { redirect: { path_redirect: '/x', response_code: 'SEE_OTHER' } }),
      route({ prefix: '/7' }, { route: { cluster_header: 'x-cluster' } }),
    ),
    calls: ['/1', '/2', '/3', '/4', '/5', '/6'].map((path) => get(path)),
  },
];
