/** The same configuration from every text that can say it, and what is said of texts that cannot. */
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { connect, type EnvoyConfig, type EnvoyConnection, parseEnvoyConfig } from '../../src/envoy/index.ts';
import { configProblemWords, envoyEventWords, envoyOutcomeWords } from '../../src/words/index.ts';
import { answers } from './recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages of Envoy's API, of which few fields are looked at.
type Message = any;
const answer: Message = answers['redirect-any-permissive'];
const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;

/** As `GET /config_dump` has it. */
function dumpOf({ listeners, clusters, routes, endpoints }: Message, withEndpoints: boolean): Message {
  return {
    configs: [
      { '@type': type('BootstrapConfigDump'), bootstrap: { node: { id: 'x' } } },
      {
        '@type': type('ClustersConfigDump'),
        dynamic_active_clusters: clusters.map((cluster: Message) => ({ cluster })),
      },
      ...(withEndpoints
        ? [
            {
              '@type': type('EndpointsConfigDump'),
              dynamic_endpoint_configs: endpoints.map((one: Message) => ({ endpoint_config: one })),
            },
          ]
        : []),
      {
        '@type': type('ListenersConfigDump'),
        dynamic_listeners: listeners.map((listener: Message) => ({
          name: listener.name,
          active_state: { listener },
        })),
      },
      {
        '@type': type('RoutesConfigDump'),
        dynamic_route_configs: routes.map((one: Message) => ({ route_config: one })),
      },
      {
        '@type': type('SecretsConfigDump'),
        dynamic_active_secrets: [
          {
            name: 'default',
            secret: { tls_certificate: { certificate_chain: { inline_bytes: 'TUlJQ2VydA==' } } },
          },
        ],
      },
    ],
  };
}

/** As protojson has it, under the names of JSON. */
function camel(value: Message): Message {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key.includes('.') ? key : key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      key === 'filter_metadata' || key === 'match' ? one : camel(one),
    ]),
  );
}

const calls: readonly EnvoyConnection[] = (
  [
    ['10.96.0.20', 80, { http: { method: 'GET', path: '/', host: 'web' } }],
    ['10.96.0.30', 5432, { nothing: true }],
    ['203.0.113.5', 443, { tls: { serverName: 'a.example', alpn: ['h2'] } }],
    ['10.96.0.20', 80, { http: { method: 'GET', path: '/', host: 'nobody.example' } }],
  ] as const
).map(([destination, destinationPort, sends]) => ({
  source: '10.0.0.10',
  sourcePort: 40000,
  destination,
  destinationPort,
  listener: 15001,
  sends,
}));

const outcomes = (config: EnvoyConfig) => calls.map((call) => connect(config, call).outcome);
const wanted = outcomes(parseEnvoyConfig(JSON.stringify(answer)).config);
const print = (value: unknown) => JSON.stringify(value, null, 2);

describe('the same is read from', () => {
  const { listeners, clusters, routes, endpoints } = answer;
  const whole = dumpOf(answer, true);
  test.each([
    ['a dump with endpoints', print(whole)],
    ['the same as YAML', stringify(whole, { aliasDuplicateObjects: false })],
    [
      'lists of resources, one behind the other',
      [listeners, clusters, routes, endpoints].map((part) => print(camel(part))).join('\n'),
    ],
    [
      'the same as YAML documents',
      [listeners, clusters, routes, endpoints]
        .map((part) => stringify(camel(part), { aliasDuplicateObjects: false }))
        .join('---\n'),
    ],
    ['what istiod said', print(answer)],
  ])('%s', (_, text) => {
    const { config, problems } = parseEnvoyConfig(text);
    expect(problems).toEqual([]);
    expect(outcomes(config)).toEqual(wanted);
    expect(JSON.stringify(config)).not.toContain('TUlJQ2VydA==');
  });
});

test('of a part that is not in the text nothing is told', () => {
  const without = parseEnvoyConfig(print(dumpOf(answer, false))).config;
  const [web] = outcomes(without);
  expect(web).toEqual({
    kind: 'cannot tell',
    cluster: 'outbound|80||web.default.svc.cluster.local',
    because: {
      code: 'not in the text',
      section: 'endpoints',
      name: 'outbound|80||web.default.svc.cluster.local',
    },
  });
  const only = parseEnvoyConfig(print(camel(answer.listeners))).config;
  expect(outcomes(only).map(({ kind }) => kind)).toEqual(calls.map(() => 'cannot tell'));
});

describe('what cannot be read is said in one sentence', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['nothing', ' \n', ['The text is empty.']],
    [
      'a dump that is cut off',
      print(dumpOf(answer, true)).slice(0, 5000),
      [expect.stringMatching(/^The text ends too early, in line \d+: what is whole before that was read\.$/)],
    ],
    [
      'JSON with a mistake in it',
      '{"configs": [}]}\n\n',
      ['Line 1, column 14: what stands here is no JSON, and what is whole before it was read.'],
    ],
    [
      'JSON with a mistake in its middle',
      '{"configs": [\n{"a": b}\n]}',
      ['Line 2, column 7: what stands here is no JSON, and what is whole before it was read.'],
    ],
    ['a key twice', 'a:\n  b: 1\n  c: 2\n  b: 3', ['Line 4, column 3: this is no YAML.']],
    ['broken YAML', 'a: [1\nb: }', [expect.stringMatching(/^Line \d+, column \d+: this is no YAML\.$/)]],
    [
      'YAML of another kind',
      'apiVersion: v1\nkind: Pod\n',
      ['"apiVersion", "kind": this is no config_dump, and no listener, cluster, route table or endpoint.'],
    ],
    [
      'an older API',
      '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v2alpha.ListenersConfigDump"}]}',
      [
        '"type.googleapis.com/envoy.admin.v2alpha.ListenersConfigDump" is of an older API than v3, and was not read.',
      ],
    ],
    [
      'the dump of another program',
      '{"workloads": [], "services": [], "policies": []}',
      ['This dump, with "workloads", "services", "policies", is not that of an Envoy.'],
    ],
    [
      'a value of another kind',
      '[{"name": "l", "filter_chains": [], "listener_filters_timeout": 5}]',
      ['[0].listener_filters_timeout: found "5", expected a duration such as "5s".'],
    ],
  ];
  test.each(cases)('%s', (_, text, sentences) => {
    expect(parseEnvoyConfig(text).problems.map(configProblemWords)).toEqual(sentences);
  });
});

test('every step and every end has its sentence', () => {
  const { config } = parseEnvoyConfig(print(answer));
  const said = calls.map((call) => {
    const { events, outcome } = connect(config, call);
    return [...events.map(envoyEventWords), envoyOutcomeWords(outcome)];
  });
  expect(said[0]).toEqual([
    'The listener virtualOutbound accepts at 0.0.0.0:15001.',
    'original_dst: the client called 10.96.0.20:80.',
    'The listener 0.0.0.0_80 has every address at port 80, and takes over.',
    'envoy.filters.listener.http_inspector: http/1.1.',
    'Chain 1 takes it.',
    'envoy.filters.network.http_connection_manager decides.',
    'The virtual host web.default.svc.cluster.local:80 has "web", by "web".',
    'Route 1 (default) takes it.',
    'The cluster is outbound|80||web.default.svc.cluster.local, of type EDS.',
    'It dials 10.0.0.20:8080 or 10.0.0.21:8080, with TLS.',
    'It goes to 10.0.0.20:8080 or 10.0.0.21:8080, by the cluster outbound|80||web.default.svc.cluster.local.',
  ]);
  expect(said.flat().every((line) => /^[A-Z0-9a-z].*\.$/.test(line) && !line.includes('undefined'))).toBe(
    true,
  );
});
