/** Dumps of an Envoy as people paste them: pieces of one, with what a web page, a ticket or a person did to it. */
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { cutEnvoy } from '../../../src/analysis/index.ts';
import { inspect, inspectionWords, withEnvoy } from '../../../src/handbook/lab/index.ts';
import { answerOf, type Message } from '../../mesh/istiod/answer.ts';

const { listeners, clusters, routes, endpoints } = answerOf('redirect') as Message;
const node = { id: 'sidecar~10.244.1.5~shop.default~default.svc.cluster.local' };
const wrapped = (field: string, all: readonly Message[]) =>
  all.map((one) => ({ version_info: '1', [field]: one, last_updated: '2026-11-29T00:00:00Z' }));
const dynamic = listeners.map((listener: Message) => ({
  name: listener.name,
  active_state: { version_info: '1', listener },
}));
const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;
const own = {
  listeners: [
    {
      address: { socket_address: { address: '0.0.0.0', port_value: 15090 } },
      filter_chains: [{ filters: [{ name: 'envoy.filters.network.http_connection_manager' }] }],
    },
  ],
  clusters: [{ name: 'prometheus_stats', type: 'STATIC', connect_timeout: '0.250s' }],
};
const bootstrap = {
  node,
  static_resources: own,
  dynamic_resources: { lds_config: { ads: {} }, cds_config: { ads: {} } },
};
const sections = [
  { '@type': type('BootstrapConfigDump'), bootstrap },
  {
    '@type': type('ClustersConfigDump'),
    static_clusters: wrapped('cluster', own.clusters),
    dynamic_active_clusters: wrapped('cluster', clusters),
  },
  {
    '@type': type('ListenersConfigDump'),
    static_listeners: wrapped('listener', own.listeners),
    dynamic_listeners: dynamic,
  },
  { '@type': type('RoutesConfigDump'), dynamic_route_configs: wrapped('route_config', routes) },
  { '@type': type('EndpointsConfigDump'), dynamic_endpoint_configs: wrapped('endpoint_config', endpoints) },
];
const print = (value: unknown, indent = 1) => JSON.stringify(value, null, indent);
const whole = print({ configs: sections });
const indented = (text: string, by: string) => text.replace(/^/gm, by);
const camel = (value: Message): Message => {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.includes('.') ? key : key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camel(inner),
    ]),
  );
};
const inbound = listeners.find(({ name }: Message) => name === 'virtualInbound');

async function inspected(text: string) {
  const { envoy, rest } = cutEnvoy(text);
  const { inspected: done } = await withEnvoy(inspect(rest), envoy);
  const { inspection } = done;
  return {
    envoy: inspection.envoy,
    kind: inspection.recognised[0].kind,
    words: inspectionWords(inspection),
    rest,
  };
}

type Counts = readonly [
  listeners: number | null,
  clusters: number | null,
  routes: number | null,
  endpoints: number | null,
];
const L = listeners.length;
const C = clusters.length;
const all: Counts = [L + 1, C + 1, routes.length, endpoints.length];

describe('all of it is read', () => {
  const texts: readonly (readonly [string, string, Counts])[] = [
    ['a dump that is indented', indented(whole, '    '), all],
    [
      'in a fence of a list',
      `1. dump:\n\n   \`\`\`json\n${indented(whole, '   ')}\n   \`\`\`\nthanks\n`,
      all,
    ],
    ['with the blanks of a web page', whole.replaceAll(' "', '\u00a0"'), all],
    ['with the quotes of a blog', print({ configs: sections }).replaceAll(/"([^"\\\n]*)"/g, '“$1”'), all],
    ['with a byte order mark', `\ufeff${whole}`, all],
    ['with remarks', whole.replace('[', '[ // all').replace('"node"', '# who\n"node"'), all],
    ['with a comma too many', whole.replace(/\n\}$/, ',\n}'), all],
    ['each section by itself', sections.map((one) => print(one)).join('\n'), all],
    ['what jq has of the sections', print(sections), all],
    ['dynamic listeners, with their states', print(dynamic), [L, null, null, null]],
    ['one of them, indented', indented(print(dynamic[0]), '      '), [1, null, null, null]],
    ['an active state', print(dynamic[0].active_state), [1, null, null, null]],
    ['dynamic clusters', print(wrapped('cluster', clusters)), [null, C, null, null]],
    ['dynamic routes', print(wrapped('route_config', routes)), [null, null, routes.length, null]],
    ['a list of a section', print(camel({ dynamic_listeners: dynamic })), [L, null, null, null]],
    ['YAML of it all', stringify({ configs: sections }), all],
    ['YAML of listeners, indented', indented(stringify(camel(listeners)), '    '), [L, null, null, null]],
    ['YAML of one listener', stringify(camel(inbound)), [1, null, null, null]],
    [
      'YAML of two commands',
      `$ istioctl pc l shop -o yaml\n${stringify(camel(listeners))}$ istioctl pc c shop -o yaml\n${stringify(camel(clusters))}`,
      [L, C, null, null],
    ],
    [
      'one message where a list is expected',
      print({ ...inbound, listener_filters: inbound.listener_filters[0] }),
      [1, null, null, null],
    ],
  ];
  test.each(texts)('%s', async (_, text, counts) => {
    const { envoy, kind } = await inspected(text);
    expect(kind).toBe('configuration of Envoy');
    expect(envoy?.words.problems).toEqual([]);
    expect(envoy).toMatchObject({ origin: 'sidecar', isJudged: true });
    expect(Object.values(envoy?.counts ?? {})).toEqual(counts);
  });
});

describe('what is whole of it is read, and nothing is judged', () => {
  const body = print(inbound).split('\n').slice(1, -1).join('\n');
  const cut = whole.lastIndexOf(
    '"version_info"',
    whole.indexOf(listeners[3].name, whole.indexOf('"dynamic_listeners"')),
  );
  const texts: readonly (readonly [string, string, Counts, RegExp])[] = [
    ['cut off in a listener', whole.slice(0, cut), [3, C + 1, null, null], /^The text ends too early/],
    ['cut off in a word', whole.slice(0, cut + 5), [3, C + 1, null, null], /^The text ends too early/],
    [
      'its beginning lost',
      whole.slice(whole.indexOf('"active_state"')),
      [L - 1, null, routes.length, endpoints.length],
      /^The text begins within something/,
    ],
    ['a listener without its braces', body, [1, null, null, null], /^The text begins within something/],
    [
      'a list with its name',
      `"dynamic_listeners": ${print(dynamic)},\n`,
      [L, null, null, null],
      /^The text begins within something/,
    ],
    [
      'something left out',
      whole.replace('"dynamic_active_clusters": [', '"dynamic_active_clusters": [\n...\n'),
      all,
      /^In line \d+ something was left out/,
    ],
    ['all of a list left out', '{"dynamic_listeners": [...]}', [0, null, null, null], /^In line 1 /],
  ];
  test.each(texts)('%s', async (_, text, counts, says) => {
    const { envoy, words } = await inspected(text);
    expect(envoy?.words.problems[0]).toMatch(says);
    expect(envoy?.isJudged).toBe(false);
    expect(envoy?.walks).toEqual([]);
    expect(words.findings).toEqual([]);
    expect(Object.values(envoy?.counts ?? {})).toEqual(counts);
  });
});

describe('what tells of no connection is named', () => {
  const texts: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a bootstrap',
      print(bootstrap),
      'sidecar',
      /^This is the bootstrap with which the Envoy of a sidecar starts, with 1 listener and 1 cluster/,
    ],
    ['as istioctl prints it', print(camel({ bootstrap }), 4), 'sidecar', /^This is the bootstrap/],
    [
      'one without a name',
      print({ bootstrap: { node: { metadata: {} } } }),
      'nothing',
      /^This is the bootstrap/,
    ],
    [
      'secrets',
      '{"dynamicActiveSecrets": [{"name": "default", "secret": {"tlsCertificate": {"privateKey": {"inlineBytes": "aGlkZGVu"}}}}]}',
      'secrets',
      /^These are the secrets of an Envoy.*not shown\.$/,
    ],
    [
      'filters',
      stringify({ ecdsFilters: [{ ecdsFilter: { name: 'a' } }] }),
      'extensions',
      /^These are configurations of filters/,
    ],
    [
      'the map of an older API',
      '{"configs": {"listeners": {"@type": "type.googleapis.com/envoy.admin.v2alpha.ListenersConfigDump"}}}',
      'older API',
      /older API than v3/,
    ],
  ];
  test.each(texts)('%s', async (_, text, origin, says) => {
    const { envoy, words } = await inspected(text);
    expect(envoy).toMatchObject({ origin, isJudged: false });
    expect(words.summary).toMatch(says);
    expect(JSON.stringify([envoy, words])).not.toContain('aGlkZGVu');
  });
});

test('what belongs to v2 and decides is read as what it became', async () => {
  const chain = (match: Message, more: Message) => ({
    filter_chain_match: match,
    filters: [{ name: 'envoy.tcp_proxy', config: { cluster: 'inbound|80|http|x' } }],
    ...more,
  });
  const { envoy } = await inspected(
    print([
      {
        name: 'virtualInbound',
        address: { socket_address: { address: '0.0.0.0', port_value: 15006 } },
        listener_filters: [{ name: 'envoy.listener.original_dst' }],
        filter_chains: [
          chain({ destination_port: 9080 }, { tls_context: { common_tls_context: {} } }),
          chain({}, {}),
        ],
      },
      {
        name: 'inbound|80|http|x',
        type: 'STATIC',
        hosts: [{ socket_address: { address: '127.0.0.1', port_value: 80 } }],
      },
    ]),
  );
  expect(envoy?.walks.map(({ ending }) => ending)).toContain(
    'It goes to 127.0.0.1:80, by the cluster inbound|80|http|x.',
  );
});

test.each([
  [
    'an EnvoyFilter as YAML with JSON in it',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  envoy.json: |\n    {"static_resources": {"listeners": []}}\n',
  ],
  [
    'what diff prints',
    '--- Istiod Listeners\n+++ Envoy Listeners\n@@ -1,10 +1,11 @@\n {\n    "dynamicListeners": [\n+      {\n',
  ],
])('%s is left to others', (_, text) => {
  expect(cutEnvoy(text)).toEqual({ envoy: [], rest: text });
});

test('a text that is never right ends, and in a time that grows with its length', async () => {
  for (const piece of [
    '[}',
    '{]',
    '{"filter_chains": ',
    '"filter_chains": [',
    '"a" "b"',
    '}...{',
    '/* “',
    '{"filter_chains": [\n',
  ]) {
    const start = performance.now();
    await inspected(`{"filter_chains": [${piece.repeat(20_000)}`);
    await inspected(piece.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(5000);
  }
});

test.each([
  'ENDPOINT                STATUS        OUTLIER CHECK     CLUSTER\n10.244.0.5:53           HEALTHY       OK                outbound|53||dns.x',
  'NAME     VHOST NAME     DOMAINS     MATCH     VIRTUAL SERVICE\n80       a:80           a           /*',
  'RESOURCE NAME     TYPE           STATUS     VALID CERT\ndefault           Cert Chain     ACTIVE     true',
])('of a table of istioctl it is told how all of it is had: %s', async (text) => {
  const { words } = await inspected(text);
  expect(words.summary).toMatch(/this is what istioctl prints\. With -o json/);
});

describe('ports that Envoy has for itself', () => {
  const httpChain = (routes: Message) => ({
    filters: [
      {
        name: 'envoy.filters.network.http_connection_manager',
        typed_config: { ...routes, http_filters: [{ name: 'envoy.filters.http.router' }] },
      },
    ],
  });
  const leadsTo = (cluster: string, prefix: string, domains = ['*']) => ({
    virtual_hosts: [{ name: 'a', domains, routes: [{ match: { prefix }, route: { cluster } }] }],
  });
  const at = (port: number) => ({ socket_address: { address: '0.0.0.0', port_value: port } });
  const hosts = (name: string, port: number) => ({
    name,
    type: 'STATIC',
    load_assignment: {
      cluster_name: name,
      endpoints: [
        {
          lb_endpoints: [
            { endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: port } } } },
          ],
        },
      ],
    },
  });
  const metrics = {
    address: at(15_090),
    filter_chains: [httpChain({ route_config: leadsTo('prometheus_stats', '/stats/prometheus') })],
  };

  test('a sidecar’s metrics do not come by virtualInbound, with the rules or without', async () => {
    const text = print([...listeners, metrics, ...clusters, hosts('prometheus_stats', 15_000)]);
    const { envoy } = await inspected(text);
    const walk = envoy?.walks.find(({ title }) => title.includes(':15090'));
    expect(walk?.steps[0]?.says).toBe('The listener 0.0.0.0:15090 accepts at 0.0.0.0:15090.');
    expect(walk?.ending).toBe('It goes to 127.0.0.1:15000, by the cluster prometheus_stats.');
    expect(walk?.title).toMatch(/at \/stats\/prometheus first$/);
  });

  test('a gateway’s listeners are walked by the names that they know', async () => {
    const text = print({
      configs: [
        {
          '@type': type('BootstrapConfigDump'),
          bootstrap: { node: { id: 'router~10.244.1.9~gw.default~x' } },
        },
        {
          '@type': type('ListenersConfigDump'),
          dynamic_listeners: [
            {
              active_state: {
                listener: {
                  name: '0.0.0.0_8080',
                  address: at(8080),
                  filter_chains: [httpChain({ rds: { route_config_name: 'http.8080' } })],
                },
              },
            },
          ],
        },
        {
          '@type': type('ClustersConfigDump'),
          dynamic_active_clusters: [{ cluster: hosts('outbound|80||a.b.svc.cluster.local', 8080) }],
        },
        {
          '@type': type('RoutesConfigDump'),
          dynamic_route_configs: [
            {
              route_config: {
                name: 'http.8080',
                ...leadsTo('outbound|80||a.b.svc.cluster.local', '/', ['*.example.com']),
              },
            },
          ],
        },
      ],
    });
    const { envoy, words } = await inspected(text);
    expect(envoy).toMatchObject({ origin: 'gateway', isJudged: false, findings: [] });
    expect(envoy?.walks.map(({ title, ending }) => `${title}: ${ending}`)).toEqual([
      'A client calls 10.244.1.9:8080, and sends HTTP for any.example.com first: It goes to 127.0.0.1:8080, by the cluster outbound|80||a.b.svc.cluster.local.',
    ]);
    expect(words.next).toBeNull();
  });
});
