/** Clusters of names that are looked up: `localhost`, which every resolver knows, and one that nobody has. */
import {
  chain,
  cluster,
  endpoint,
  get,
  type Message,
  mostConnections,
  nobody,
  own,
  place,
  route,
  routes,
  type Sketch,
  serverAt,
  silent,
  tcpTo,
} from './sketch.ts';

const kinds = ['STRICT_DNS', 'LOGICAL_DNS'] as const;
const named = (name: string, port: number): Message => ({ endpoint: { address: place(name, port) } });
const lost = named(nobody, serverAt('itself'));
const lookedUp = (name: string, hosts: readonly Message[], more: object): Message =>
  cluster(name, [hosts], { dns_lookup_family: 'V4_ONLY', ...more });

export const nameCases: readonly Sketch[] = [
  ...kinds.flatMap((type): readonly Sketch[] => [
    {
      title: `${type}: a name that is known`,
      clusters: [lookedUp(`${type} known`, [named('localhost', serverAt('itself', 1))], { type })],
      listener: { filter_chains: [chain('x', null, tcpTo(`${type} known`))] },
      calls: [silent],
    },
    {
      title: `${type}: an address in the place of a name`,
      clusters: [lookedUp(`${type} address`, [endpoint(2)], { type })],
      listener: { filter_chains: [chain('x', null, tcpTo(`${type} address`))] },
      calls: [silent],
    },
    {
      title: `${type}: the address of the bootstrap is bound`,
      clusters: [lookedUp(`${type} bound`, [named('localhost', serverAt('caller'))], { type })],
      listener: { filter_chains: [chain('x', null, tcpTo(`${type} bound`))] },
      calls: [silent],
    },
    {
      title: `${type}: a name that nobody has`,
      clusters: [lookedUp(`${type} nobody`, [lost], { type })],
      listener: { filter_chains: [chain('x', null, tcpTo(`${type} nobody`))] },
      calls: [silent],
    },
    {
      title: `${type}: a name that nobody has, by HTTP`,
      clusters: [lookedUp(`${type} nobody by HTTP`, [lost], { type })],
      listener: routes(route({ prefix: '/' }, { route: { cluster: `${type} nobody by HTTP` } })),
      calls: [get('/')],
    },
    {
      title: `${type}: a name in IPv6, and its source`,
      clusters: [
        lookedUp(`${type} in IPv6`, [named('localhost', serverAt('caller'))], {
          type,
          dns_lookup_family: 'V6_ONLY',
          upstream_bind_config: {
            source_address: own('127.0.0.6'),
            extra_source_addresses: [{ address: own('::6') }],
          },
        }),
      ],
      listener: { filter_chains: [chain('x', null, tcpTo(`${type} in IPv6`))] },
      calls: [silent],
    },
  ]),
  {
    title: 'STRICT_DNS: all addresses of several names',
    clusters: [
      lookedUp('several names', [named('localhost', serverAt('itself', 3)), endpoint(4)], {
        type: 'STRICT_DNS',
      }),
    ],
    listener: { filter_chains: [chain('x', null, tcpTo('several names'))] },
    meetsAll: true,
    calls: Array.from({ length: mostConnections - 40 }, () => silent),
  },
];
