/** Whom a cluster dials: which endpoints, which socket, from which address. */
import {
  dialsWith,
  endpoint,
  get,
  labelled,
  own,
  panic,
  place,
  plain,
  route,
  routes,
  type Sketch,
  serverAt,
  sick,
  socketMatch,
  spread,
  tellsCaller,
  tls,
} from './sketch.ts';

/** Sick, at an address of its own. */
const elsewhere = (number: number) => ({
  endpoint: { address: place(`127.0.1.${number}`, serverAt('itself', 1)) },
  health_status: 'UNHEALTHY',
});

export const endpointCases: readonly Sketch[] = [
  spread('all are well', [[endpoint(0), endpoint(1), endpoint(2)]]),
  spread('one of three is sick', [[sick(0), endpoint(1), endpoint(2)]]),
  spread(
    'one of each kind of sickness',
    [[sick(0), sick(1, 'TIMEOUT'), sick(2, 'DRAINING'), endpoint(3), endpoint(4)]],
    panic(0),
  ),
  spread('two of three are sick: all are taken', [[sick(0), sick(1), endpoint(2)]]),
  spread('half of them are sick', [[sick(0), sick(1), endpoint(2), endpoint(3)]]),
  spread('three of five are sick', [[sick(0), sick(1), sick(2), endpoint(3), endpoint(4)]]),
  spread('two of three are sick, without panic', [[sick(0), sick(1), endpoint(2)]], panic(0)),
  spread('all are sick', [[sick(0), sick(1)]]),
  spread('all are sick, without panic', [[sick(0), sick(1)]], panic(0)),
  spread('all are sick, with a first one below', [[sick(0), sick(1)], [endpoint(2)]]),
  spread('half are sick, with others below', [
    [sick(0), endpoint(1)],
    [endpoint(2), endpoint(3)],
  ]),
  spread('one of four is well, with others below', [
    [sick(0), sick(1), sick(2), endpoint(3)],
    [endpoint(4), endpoint(5)],
  ]),
  spread('one of four is well, and half of those below', [
    [sick(0), sick(1), sick(2), endpoint(3)],
    [endpoint(4), sick(5)],
  ]),
  spread('three of four are well, with others below', [
    [sick(0), endpoint(1), endpoint(2), endpoint(3)],
    [endpoint(4)],
  ]),
  spread('few are well on both levels: all of both', [
    [sick(0), sick(1), endpoint(2)],
    [sick(3), sick(4), sick(5)],
  ]),
  spread(
    'few are well on both levels, without panic',
    [
      [sick(0), sick(1), sick(2)],
      [endpoint(3), sick(4), sick(5)],
    ],
    panic(0),
  ),
  spread('one is degraded beside one that is well', [[sick(0, 'DEGRADED'), endpoint(1)]]),
  spread('one is degraded, others are well', [[sick(0, 'DEGRADED'), endpoint(1), endpoint(2), endpoint(3)]]),
  spread('all are degraded', [[sick(0, 'DEGRADED'), sick(1, 'DEGRADED')]]),
  spread('one is degraded, one is sick', [[sick(0, 'DEGRADED'), sick(1)]]),
  spread('one is degraded, two are sick', [[sick(0, 'DEGRADED'), sick(1), sick(2)]]),
  spread('one is degraded, two are sick, without panic', [[sick(0, 'DEGRADED'), sick(1), sick(2)]], panic(0)),
  spread('degraded ones, with those that are well below', [
    [sick(0, 'DEGRADED'), sick(1, 'DEGRADED')],
    [endpoint(2)],
  ]),
  spread('the panic begins below a third', [[sick(0), sick(1), endpoint(2)]], panic(33)),
  spread('the panic begins at a third', [[sick(0), sick(1), endpoint(2)]], panic(34)),
  spread(
    'the panic is off where all can be carried',
    [[sick(0), endpoint(1), endpoint(2), endpoint(3)]],
    panic(100),
  ),
  spread('all above are sick, half of those below are well', [
    [sick(0), sick(1), sick(2)],
    [endpoint(3), sick(4)],
  ]),
  spread(
    'one of 150 is well, without panic',
    [[endpoint(0), ...Array.from({ length: 149 }, (_, at) => elsewhere(at))]],
    panic(0),
  ),
  spread('those below stand first in the text', [], {
    load_assignment: {
      cluster_name: 'spread those below stand first in the text',
      endpoints: [
        { priority: 1, lb_endpoints: [endpoint(1)] },
        { priority: 0, lb_endpoints: [endpoint(0)] },
      ],
    },
  }),
  spread('none', [[]]),
  ...(
    [
      ['the endpoint’s labels', { use: 'tls' }, {}, [['a', { use: 'tls' }, tls]], plain],
      ['another value', { use: 'no' }, {}, [['a', { use: 'tls' }, tls]], plain],
      ['two labels, of which one is there', { use: 'tls' }, {}, [['a', { use: 'tls', on: 'x' }, tls]], plain],
      [
        'two labels, both there',
        { use: 'tls', on: 'x', more: 1 },
        {},
        [['a', { use: 'tls', on: 'x' }, tls]],
        plain,
      ],
      ['no label fits everything', {}, {}, [['a', {}, tls]], plain],
      [
        'the first that fits',
        { use: 'tls' },
        {},
        [
          ['a', { use: 'tls' }, plain],
          ['b', {}, tls],
        ],
        tls,
      ],
      ['the locality’s labels', {}, { use: 'tls' }, [['a', { use: 'tls' }, tls]], plain],
      [
        'the endpoint’s go first',
        { use: 'b' },
        { use: 'a' },
        [
          ['a', { use: 'a' }, tls],
          ['b', { use: 'b' }, plain],
        ],
        tls,
      ],
      ['none fits', {}, {}, [['a', { use: 'tls' }, plain]], tls],
    ] as const
  ).map(([title, labels, locality, matches, otherwise]) =>
    dialsWith(`socket: ${title}`, {
      type: 'STATIC',
      transport_socket: otherwise,
      transport_socket_matches: matches.map(([name, match, socket]) => socketMatch(name, match, socket)),
      load_assignment: {
        endpoints: [{ ...labelled(locality), lb_endpoints: [endpoint(0, labelled(labels))] }],
      },
    }),
  ),
  dialsWith('source: the kernel’s choice', tellsCaller('', {})),
  dialsWith('source: the bootstrap’s', {
    type: 'STATIC',
    load_assignment: {
      endpoints: [{ lb_endpoints: [{ endpoint: { address: place('127.0.0.1', serverAt('caller')) } }] }],
    },
  }),
  dialsWith('source: one of the endpoint’s family', tellsCaller('', { source_address: own('127.0.0.6') })),
  dialsWith(
    'source: an extra one of the endpoint’s family',
    tellsCaller('', {
      source_address: own('::6'),
      extra_source_addresses: [{ address: own('127.0.0.6') }],
    }),
  ),
  dialsWith(
    'source: the other family’s is left',
    tellsCaller(
      '',
      { source_address: own('127.0.0.6'), extra_source_addresses: [{ address: own('::6') }] },
      '::1',
    ),
  ),
  dialsWith('source: of another family alone', tellsCaller('', { source_address: own('::6') })),
  dialsWith(
    'source: of another family alone, in IPv6',
    tellsCaller('', { source_address: own('127.0.0.6') }, '::1'),
  ),
  {
    title: 'source: of another family alone, by HTTP',
    clusters: [tellsCaller('bound to IPv6', { source_address: own('::6') })],
    listener: routes(route({ prefix: '/' }, { route: { cluster: 'bound to IPv6' } })),
    calls: [get('/')],
  },
];
