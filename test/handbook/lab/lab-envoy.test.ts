/** What the lab says of an Envoy's configuration: alone, beside rules, and of texts that are none, or not a sidecar's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { cutEnvoy, readPaste } from '../../../src/analysis/index.ts';
import { type AskedOfEnvoy, firstWords } from '../../../src/handbook/lab/envoy/index.ts';
import { inspect, inspectionWords, ticket, withEnvoy } from '../../../src/handbook/lab/index.ts';
import { rulesFor } from '../../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { answerOf, type Message } from '../../mesh/istiod/answer.ts';
import { askedPod, podNames } from '../../mesh/istiod/pods.ts';

const sample = readFileSync(
  join(import.meta.dirname, '../../../components/lab/samples/configuration-of-envoy.txt'),
  'utf8',
);
const rules = printRuleset(withBuiltInChains(rulesFor('1.31').v4));

async function inspected(text: string) {
  const { envoy, rest } = cutEnvoy(text);
  const done = await withEnvoy(inspect(rest), envoy);
  const { inspection } = done.inspected;
  return { inspection, words: inspectionWords(inspection), walk: done.envoy?.walk };
}

const told = (name: Parameters<typeof answerOf>[0], change: (answer: Message) => void = () => {}) => {
  const { listeners, clusters, routes, endpoints } = structuredClone(answerOf(name)) as Message;
  const answer = { listeners, clusters, routes, endpoints };
  change(answer);
  return answer;
};
const asDump = (
  { listeners, clusters, routes, endpoints }: Message,
  node = 'sidecar~10.244.1.5~shop.default~x',
) => {
  const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}ConfigDump`;
  return JSON.stringify(
    {
      configs: [
        { '@type': type('Bootstrap'), bootstrap: { node: { id: node } } },
        {
          '@type': type('Clusters'),
          dynamic_active_clusters: clusters.map((cluster: Message) => ({ cluster })),
        },
        {
          '@type': type('Listeners'),
          dynamic_listeners: listeners.map((listener: Message) => ({
            name: listener.name,
            active_state: { listener },
          })),
        },
        {
          '@type': type('Routes'),
          dynamic_route_configs: routes.map((one: Message) => ({ route_config: one })),
        },
        {
          '@type': type('Endpoints'),
          dynamic_endpoint_configs: endpoints.map((one: Message) => ({ endpoint_config: one })),
        },
      ],
    },
    null,
    1,
  );
};
const ids = async (text: string) => (await inspected(text)).words.findings.map(({ id }) => id);

describe('a text', () => {
  test.each(podNames)('istiod’s answer for %s is a sidecar’s, and all of it is read', async (name) => {
    const node = `sidecar~${askedPod(name).addresses[0]}~shop.default~x`;
    const { inspection, words } = await inspected(asDump(told(name), node));
    expect(inspection.recognised[0].kind).toBe('configuration of Envoy');
    expect(inspection.envoy).toMatchObject({ origin: 'sidecar', isJudged: true });
    expect(inspection.envoy?.words.problems).toEqual([]);
    expect(inspection.envoy?.counts.listeners).toBe(told(name).listeners.length);
    expect(words.summary).toMatch(/^This is what the Envoy of a sidecar was told, with \d+ listeners/);
    for (const { steps, ending } of inspection.envoy?.walks ?? []) {
      expect(steps.length).toBeGreaterThan(1);
      expect(ending).toMatch(/\.$/);
    }
  });

  test('of a pod without interception each listener is asked by itself, and nothing else comes to Envoy', async () => {
    for (const [name, at] of [
      ['none', '127.0.0.1:5432'],
      ['none-sidecar', '10.244.1.5:9080'],
    ] as const) {
      const text = asDump(told(name), 'sidecar~10.244.1.5~shop.default~x');
      const { inspection, walk } = await inspected(text);
      const walks = inspection.envoy?.walks ?? [];
      expect(walks.map(({ title }) => title).join('\n')).toContain(at);
      for (const { title, steps, ending } of walks) {
        expect(steps.length, title).toBeGreaterThan(0);
        expect(ending, title).not.toMatch(/no listener/);
      }
      const call = {
        direction: 'outbound',
        address: '203.0.113.5',
        port: 443,
        first: 'TLS',
        host: 'x.example',
      };
      expect(walk?.(call as AskedOfEnvoy)).toMatchObject({
        isPast: true,
        ending: 'Envoy has no listener for it.',
      });
    }
  });

  test('istioctl’s lists, in JSON and YAML, behind a prompt', async () => {
    const { listeners, clusters } = told('redirect');
    const json = `$ istioctl pc listeners shop -o json\n${JSON.stringify(listeners, null, 4)}\n$ istioctl pc clusters shop -o json\n${JSON.stringify(clusters, null, 4)}\n`;
    const both = await inspected(json);
    expect(both.inspection.envoy).toMatchObject({
      origin: 'sidecar',
      counts: { listeners: listeners.length, clusters: clusters.length, routes: null, endpoints: null },
    });
    expect(both.inspection.aside.count).toBe(2);
    const yaml = await inspected(stringify(listeners));
    expect(yaml.inspection.envoy).toMatchObject({
      origin: 'sidecar',
      counts: { listeners: listeners.length },
    });
  });

  test('beside rules: these are inspected as ever, and a walk goes through both', async () => {
    const { inspection, words, walk } = await inspected(`${rules}\n${sample}\n$ echo done\n`);
    expect(inspection.recognised.map(({ kind }) => kind)).toEqual(['sidecar', 'configuration of Envoy']);
    expect(words.summary).toMatch(/^These are the rules of Istio/);
    expect(inspection.problems).toEqual([]);
    const asked: AskedOfEnvoy = {
      direction: 'inbound',
      address: '10.244.1.5',
      port: 64_999,
      first: 'bytes',
      host: '',
    };
    const walked = walk?.(asked);
    expect(walked?.before).toMatch(/▸ ISTIO_INBOUND \d+ ▸ .*ISTIO_IN_REDIRECT 1 ▸ INPUT ▸ Envoy :15006$/);
    expect(walked?.after).toMatch(/^Envoy .*ISTIO_OUTPUT \d+/);
    expect(walked?.ending).toBe('It goes to 10.244.1.5:64999, by the cluster InboundPassthroughCluster.');
    const past = walk?.({ ...asked, direction: 'outbound', address: '127.0.0.1' });
    expect(past).toMatchObject({ ending: 'The rules do not bring it to Envoy.', steps: [] });
  });

  test('whatever is asked is answered', async () => {
    const { walk } = await inspected(sample);
    for (const first of firstWords)
      for (const direction of ['inbound', 'outbound'] as const)
        for (const address of ['10.244.1.5', '203.0.113.9', '2001:db8::9', '127.0.0.1'])
          expect(walk?.({ direction, address, port: 80, first, host: 'web' }).ending).toMatch(/^[A-Z].*\.$/);
  });
});

describe('in one sentence', () => {
  const gateway = asDump(told('redirect'), 'router~10.244.1.5~gateway.default~x');
  const waypoint = asDump(
    told('redirect', (one) => {
      one.listeners[0].name = 'main_internal';
    }),
    '',
  );
  test.each([
    [
      'cut off',
      sample.slice(0, sample.length / 2),
      'sidecar',
      /^This is what the Envoy of a sidecar was told, with .* Not all of it was read, so nothing is said to be wrong\. The text ends too early, in line \d+/,
    ],
    ['a gateway’s', gateway, 'gateway', /of a gateway was told/],
    ['a waypoint’s', waypoint, 'waypoint', /of a waypoint was told/],
    [
      'not Istio’s',
      JSON.stringify({
        static_resources: { listeners: [{ name: 'a', address: {}, filter_chains: [] }], clusters: [] },
      }),
      'other',
      /nothing in it is Istio’s/,
    ],
    [
      'an older API’s',
      JSON.stringify({
        configs: [{ '@type': 'type.googleapis.com/envoy.admin.v2alpha.ListenersConfigDump' }],
      }),
      'older API',
      /older API than v3, and none of it was read/,
    ],
    [
      'ztunnel’s',
      JSON.stringify({
        workloads: [{}, {}],
        services: [{}],
        policies: [],
        certificates: [{ pem: 'hidden' }],
      }),
      'ztunnel',
      /^This is a dump of ztunnel, which is no Envoy, with 2 workloads, 1 service and 0 policies/,
    ],
  ] as const)('%s', async (_, text, origin, says) => {
    const { inspection, words } = await inspected(text);
    expect(inspection.envoy?.origin).toBe(origin);
    expect(words.summary).toMatch(says);
    expect(words.findings).toEqual([]);
    expect(inspection.envoy?.isJudged).toBe(false);
    // Through a gateway calls are walked, of which nothing is judged.
    if (origin !== 'gateway') expect(inspection.envoy?.walks).toEqual([]);
  });

  test.each([
    [
      'an EnvoyFilter',
      'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: a\nspec:\n  configPatches:\n  - patch:\n      value:\n        filter_chains: []\n',
    ],
    [
      'a pod as JSON',
      '{"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{"a":"\\"filterChains\\": 1"}}}',
    ],
    ['rules', rules],
  ])('%s is none', async (_, text) => {
    expect(cutEnvoy(text)).toEqual({ envoy: [], rest: text });
  });

  test('keys and certificates are shown nowhere', async () => {
    const secret = '-----BEGIN PRIVATE KEY-----\\nhidden-key\\n-----END PRIVATE KEY-----';
    const text = `{"configs":[{"@type":"type.googleapis.com/envoy.admin.v3.SecretsConfigDump","dynamic_active_secrets":[{"name":"default","secret":{"tls_certificate":{"private_key":{"inline_string":"${secret}"}}}}]},${JSON.stringify(
      {
        '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump',
        dynamic_listeners: told('strict').listeners.map((listener: Message) => ({
          active_state: { listener },
        })),
      },
    )}]}`;
    const { inspection, words } = await inspected(text);
    expect(words.summary).toMatch(/Its keys and certificates are not shown\.$/);
    expect(JSON.stringify([inspection, words])).not.toMatch(/hidden-key|BEGIN/);
  });
});

describe('findings', () => {
  test('istiod’s own configuration of the pod has those that it has, and no chain that nothing reaches', async () => {
    expect(await ids(asDump(told('redirect')))).toEqual(['envoy.cluster-empty']);
    expect(await ids(asDump(told('strict')))).not.toContain('envoy.chain-unreachable');
  });

  test('PERMISSIVE before a server that speaks first, not DISABLE', async () => {
    const { words } = await inspected(asDump(told('permissive')));
    expect(words.findings[0]).toMatchObject({ id: 'envoy.waits-for-client', weight: 'wrong' });
  });

  test('a chain that others hide, and one that asks for what no filter finds out', async () => {
    const text = asDump(
      told('redirect', ({ listeners }) => {
        const inbound = listeners.find(({ name }: Message) => name === 'virtualInbound');
        const [first] = inbound.filter_chains;
        const of = (name: string, match: Message) => ({ ...first, name, filter_chain_match: match });
        inbound.filter_chains.push(
          of('hidden', {
            destination_port: 7777,
            prefix_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }],
          }),
          of('lower', {
            destination_port: 7777,
            prefix_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 9 }],
          }),
          of('upper', {
            destination_port: 7777,
            prefix_ranges: [{ address_prefix: '10.128.0.0', prefix_len: 9 }],
          }),
          of('named', { destination_port: 8888, application_protocols: ['mysql'] }),
        );
      }),
    );
    const { inspection } = await inspected(text);
    const chains = inspection.envoy?.findings.filter(({ id }) => id === 'envoy.chain-unreachable');
    expect(chains?.map((one) => 'chain' in one && one.chain)).toEqual(['hidden', 'named']);
  });

  test('a wildcard of one Service that takes the port of another', async () => {
    const text = asDump(
      told('redirect', ({ listeners, clusters }) => {
        const db = listeners.find(({ name }: Message) => /_5432$/.test(name));
        db.address.socket_address.address = '0.0.0.0';
        const cluster = clusters.find(({ name }: Message) => name.startsWith('outbound|5432|'));
        clusters.push({ ...cluster, name: 'outbound|5432||other.default.svc.cluster.local' });
      }),
    );
    const { inspection } = await inspected(text);
    expect(inspection.envoy?.findings.find(({ id }) => id === 'envoy.listener-taken')).toMatchObject({
      weight: 'wrong',
      port: 5432,
      hidden: ['outbound|5432||other.default.svc.cluster.local'],
    });
  });

  test('listeners that nobody hands a connection to', async () => {
    const text = asDump(
      told('redirect', ({ listeners }) => {
        for (const one of listeners) delete one.use_original_dst;
      }),
    );
    expect(await ids(text)).toContain('envoy.listener-unreachable');
  });

  test('ports of the app that no Service declares', async () => {
    const sockets =
      'State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 128 0.0.0.0:7070 0.0.0.0:* users:(("app",pid=7,fd=3))\nLISTEN 0 128 0.0.0.0:15006 0.0.0.0:* users:(("envoy",pid=8,fd=3))';
    const { inspection } = await inspected(`${sockets}\n${asDump(told('redirect'))}`);
    expect(readPaste(sockets).pods[0]?.sockets.lines).toHaveLength(3);
    expect(inspection.envoy?.findings.find(({ id }) => id === 'envoy.port-undeclared')).toMatchObject({
      ports: [7070],
    });
  });
});

test('each piece is told by its first line, however many there are', () => {
  const many = '{"filterChains":[]}\n$ next\n{"virtualHosts":[\n]}\n'.repeat(20_000);
  const { envoy, rest } = cutEnvoy(many);
  expect(envoy.slice(0, 4).map(({ line }) => line)).toEqual([1, 3, 5, 7]);
  expect(envoy.at(-1)?.line).toBe(79_999);
  expect(rest.split('\n')).toHaveLength(many.split('\n').length);
});

test('a ticket has the walk that is looked at, or all that are walked unasked, in short', async () => {
  const { inspection, walk } = await inspected(`${rules}\n${sample}`);
  const around = { inspection, connection: null, lab: 'https://mesh.example/lab/', fragment: '' };
  const all = ticket(around);
  expect(all).toContain('\n\nInside Envoy:\n\n- ');
  for (const { title } of inspection.envoy?.walks ?? []) expect(all).toContain(`- ${title}: `);
  const asked = {
    direction: 'inbound',
    address: '10.244.1.5',
    port: 8080,
    first: 'HTTP',
    host: 'a*b',
  } as const;
  const call = walk?.(asked) ?? null;
  const one = ticket({ ...around, call });
  expect(one).toContain(
    'A client calls 10.244.1.5:8080, and sends HTTP for a\\*b first.\n\n1. By the rules: ',
  );
  expect(one.match(/^\d+\. /gm)).toHaveLength((call?.steps.length ?? 0) + 2);
  expect(one).toMatch(/^\*\*It goes to 10\.244\.1\.5:8080, by the cluster .*\*\*$/m);
});

describe('forms that are no configuration as they stand', () => {
  const clusters = `outbound|80||web.default.svc.cluster.local::observability_name::outbound|80||web;
outbound|80||web.default.svc.cluster.local::default_priority::max_connections::4294967295
outbound|80||web.default.svc.cluster.local::10.0.0.20:8080::cx_active::0
outbound|80||web.default.svc.cluster.local::10.0.0.20:8080::health_flags::healthy
outbound|80||web.default.svc.cluster.local::[fd00::21]:8080::health_flags::/failed_outlier_check
BlackHoleCluster::observability_name::BlackHoleCluster;
`;
  const listeners = 'virtualOutbound::0.0.0.0:15001\n10.96.0.1_443::10.96.0.1:443\n';

  test('/clusters says endpoints and their health, /listeners names and addresses, and nothing is concluded', async () => {
    const { envoy, rest } = cutEnvoy(
      `$ curl :15000/clusters\n${clusters}$ curl :15000/listeners\n${listeners}`,
    );
    expect(rest.split('\n').map((line) => line !== '')).toEqual([
      true,
      ...Array(6).fill(false),
      true,
      false,
      false,
      false,
    ]);
    expect(envoy.map(({ line }) => line)).toEqual([2, 9]);
    const [web] = JSON.parse(envoy[0]?.text ?? '').cluster_statuses;
    expect(web.host_statuses.map((one: Message) => one.health_status.failed_outlier_check)).toEqual([
      false,
      true,
    ]);
    const { inspection, words, walk } = await inspected(`${clusters}\n${listeners}`);
    expect(inspection.envoy).toMatchObject({
      origin: 'sidecar',
      counts: { listeners: 2, clusters: null, endpoints: 2 },
    });
    expect(words.findings).toEqual([]);
    const asked = {
      direction: 'outbound',
      address: '10.96.0.7',
      port: 80,
      first: 'HTTP',
      host: 'web',
    } as const;
    expect(walk?.(asked).ending).toMatch(/^Nobody can tell from here: the text has no listeners/);
    const alone = await inspected(listeners);
    expect(alone.words.summary).toBe('This is what the Envoy of a sidecar was told, with 2 listeners.');
  });

  test('what looks alike in other texts is left there', () => {
    for (const text of ['fe80::1:80\nx::1.2.3.4:5', rules, `std::vector::size\n${rules}`])
      expect(cutEnvoy(text)).toEqual({ envoy: [], rest: text });
  });

  const stamped = (text: string) => text.replaceAll(/^/gm, '2026-11-30T01:02:03.123456789Z ');
  test.each([
    ['a time in front of each line', stamped(sample)],
    ['a JSON string', JSON.stringify(sample)],
    ['a JSON string without its quotes', JSON.stringify(sample).slice(1, -1)],
  ])('%s', async (_, text) => {
    const plain = (await inspected(sample)).inspection.envoy;
    expect((await inspected(text)).inspection.envoy).toMatchObject({
      origin: 'sidecar',
      counts: plain?.counts,
      words: { problems: [] },
      walks: plain?.walks,
    });
  });
});
