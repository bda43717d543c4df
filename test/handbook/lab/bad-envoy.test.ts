/**
 * What is pasted as an Envoy's configuration and is none, or not all of one, or not a sidecar's: each is said in a
 * sentence, nothing is judged that was not read, and keys are shown nowhere, at whichever door they come in.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { cutEnvoy } from '../../../src/analysis/index.ts';
import { sidetrack } from '../../command/terminal.ts';
import { allOutputs, inspected, plain } from './doors.ts';
import {
  bootstrapWithSecrets,
  dumpWithSecrets,
  marks,
  privateKey,
  secretsAlone,
} from './dump-with-secrets.ts';

const sample = readFileSync(
  join(import.meta.dirname, '../../../components/lab/samples/configuration-of-envoy.txt'),
  'utf8',
);
const whole = JSON.parse(sample);
const sorted = (value: unknown) => stringify(value, { sortMapEntries: true });

const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}ConfigDump`;
const named = (id: string) =>
  JSON.stringify({
    configs: [{ '@type': type('Bootstrap'), bootstrap: { node: { id } } }, ...whole.configs.slice(1)],
  });
const gateway = named('router~10.244.1.9~gateway-1.istio-system~istio-system.svc.cluster.local');
const older = {
  '@type': 'type.googleapis.com/envoy.api.v2.Listener',
  name: 'virtualInbound',
  filter_chains: [{ filters: [{ name: 'envoy.tcp_proxy', config: { cluster: 'x' } }] }],
};
const ofPort = (port: string) =>
  `[{"name":"a","address":{"socket_address":{"address":"0.0.0.0","port_value":${port}}},"filter_chains":[]}]`;

/** `never` is judged of any; `says` is looked for in the summary. */
const bad: readonly (readonly [name: string, text: string, origin: string | null, says: RegExp])[] = [
  [
    'a gateway’s',
    gateway,
    'gateway',
    /Envoy of a gateway was told, with 17 listeners.* nothing of it is judged\.$/,
  ],
  [
    'a gateway’s, cut off',
    gateway.slice(0, gateway.length / 2),
    'gateway',
    /gateway.*The text ends too early/,
  ],
  [
    'a waypoint’s',
    named('waypoint~10.244.1.9~w.default~x'),
    'waypoint',
    /of a waypoint was told.*ztunnel brings/,
  ],
  [
    'a waypoint’s listeners, as YAML',
    stringify([
      { name: 'connect_terminate', filterChains: [] },
      { name: 'main_internal', filterChains: [] },
    ]),
    'waypoint',
    /of a waypoint was told, with 2 listeners/,
  ],
  [
    'the bootstrap of Contour',
    'static_resources:\n  clusters:\n  - name: contour\n    type: STRICT_DNS\ndynamic_resources:\n  lds_config: {api_config_source: {api_type: GRPC}}\n  cds_config: {api_config_source: {api_type: GRPC}}\n',
    'other',
    /^This is the bootstrap with which the Envoy starts, with 1 cluster/,
  ],
  [
    'an example of Envoy’s own',
    'static_resources:\n  listeners:\n  - name: listener_0\n    address: {socket_address: {address: 0.0.0.0, port_value: 10000}}\n    filter_chains: []\n  clusters: []\n',
    'other',
    /nothing in it is Istio’s, with 1 listener and 0 clusters: nothing of it is judged\.$/,
  ],
  [
    'a listener of v2',
    JSON.stringify(older),
    'older API',
    /older API than v3, and none of it was read: give a dump/,
  ],
  ['one of v2 in a list', JSON.stringify([older]), 'older API', /older API than v3, and none/],
  ['one of v2 as YAML', stringify(older), 'older API', /older API than v3, and none/],
  [
    'one of v2 in a dump of v3',
    JSON.stringify({
      configs: [{ '@type': type('Listeners'), dynamic_listeners: [{ active_state: { listener: older } }] }],
    }),
    'older API',
    /older API than v3, and none/,
  ],
  [
    'a section of v2 beside those of v3',
    JSON.stringify({
      configs: [...whole.configs, { '@type': 'type.googleapis.com/envoy.admin.v2alpha.RoutesConfigDump' }],
    }),
    'sidecar',
    /nothing is said to be wrong\. "type\.googleapis\.com\/envoy\.admin\.v2alpha\.RoutesConfigDump" is of an older API/,
  ],
  [
    'an EnvoyFilter',
    'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: a}\nspec:\n  configPatches:\n  - patch:\n      value: {filter_chains: []}\n',
    null,
    /^No rules were read: this is the YAML of an EnvoyFilter/,
  ],
  [
    'a VirtualService',
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: x}\nspec: {hosts: [a]}\n',
    null,
    /^No rules were read: this is the YAML of a VirtualService/,
  ],
  [
    'YAML of something else',
    'services:\n  envoy:\n    image: envoyproxy/envoy\n',
    null,
    /^No rules were read/,
  ],
  [
    'two of two Envoys',
    `${sample}\n${gateway}`,
    'sidecar',
    /another dump behind the first, of "router~.*: give each/,
  ],
  ['the same twice', `${sample}\n${sample}`, 'sidecar', /another dump behind the first/],
  [
    'the lists of two Envoys',
    JSON.stringify([1, 2].map(() => ({ name: 'virtualInbound', filter_chains: [] }))),
    'sidecar',
    /Two listeners have the name "virtualInbound": give/,
  ],
  [
    'nested without end',
    `{"configs":${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
    'nothing',
    /nested more than 200/,
  ],
  [
    'messages without end',
    `${'{"static_resources":'.repeat(3e4)}1${'}'.repeat(3e4)}`,
    'other',
    /nested more than 200 deep, and was not read to its end/,
  ],
  [
    'YAML that holds itself',
    'static_resources: &a\n  listeners:\n  - *a\n  clusters: *a\n',
    'other',
    /It holds itself/,
  ],
  [
    'YAML that grows',
    `filter_chains: &a [x, x]\n${[...'bcdefghij'].map((name, at) => `${name}: &${name} [${`*${'abcdefghij'[at]},`.repeat(9)}]\n`).join('')}`,
    'nothing',
    /It holds itself, or is nested more/,
  ],
  [
    'a key twice',
    'static_resources: {listeners: []}\nstatic_resources: {}\n',
    'nothing',
    /Line 2, column 1: this is no YAML/,
  ],
  ['no number', ofPort('NaN'), 'nothing', /Line 1, column 76: what stands here is no JSON/],
  [
    'names of JavaScript’s own',
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"filter_chains":[],"name":"__proto__"}',
    'other',
    /with 1 listener/,
  ],
  ['nothing in it', '{"configs": []}', 'nothing', /^This is no configuration of Envoy that can be read\.$/],
  [
    'other things in it',
    '{"configs": [1, "a", null, [], {"@type": 5}]}',
    'nothing',
    /^This is no configuration/,
  ],
  ['letters that are none', sample.replace('{', '{\u0001'), 'nothing', /what stands here is no JSON/],
  [
    'ztunnel’s, with a certificate',
    JSON.stringify({ workloads: [], services: [], policies: [], certificates: [{ pem: privateKey }] }),
    'ztunnel',
    /^This is a dump of ztunnel, which is no Envoy, with 0 workloads/,
  ],
  [
    'its secrets',
    JSON.stringify(secretsAlone),
    'secrets',
    /^These are the secrets of an Envoy.*not shown\.$/,
  ],
  ['its bootstrap', JSON.stringify(bootstrapWithSecrets), 'sidecar', /^This is the bootstrap/],
];

describe('is said in a sentence, and not judged', () => {
  test.each(bad)('%s', async (_, text, origin, says) => {
    const { words, part } = await inspected(text);
    expect(words.summary).toMatch(says);
    expect(words.summary.length).toBeLessThan(600);
    expect(part?.origin ?? null).toBe(origin);
    expect(part?.isJudged ?? false).toBe(false);
    expect(words.findings.filter(({ id }) => id.startsWith('envoy.'))).toEqual([]);
    if (origin !== 'gateway') expect(part?.walks ?? []).toEqual([]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const { exit, out, err } = await sidetrack(['inspect', '-'], { piped: text });
    expect([exit, err]).toEqual([3, '']);
    expect(out).not.toBe('');
  });

  test.each(['1e999', '-1', '65536', '3.5', '"http"'])('%s is no port', async (port) => {
    const { part } = await inspected(ofPort(port));
    expect(part?.words.problems[0]).toMatch(
      /^\[0\]\.address\.socket_address\.port_value: found ".*", expected a (?:port|number)/,
    );
  });
});

describe('what programs put in front of each line is taken off', () => {
  const lines = sample.split('\n').filter((line) => line !== '');
  test.each([
    ['a time of a container’s log', (line: string) => `2026-11-30T01:02:03.123456789Z stdout F ${line}`],
    ['a container', (line: string) => `[istio-proxy] ${line}`],
    ['a pod and a container', (line: string) => `shop-7f9c istio-proxy ${line}`],
    ['a service of compose', (line: string) => `envoy-1  | ${line}`],
    ['its number', (line: string, at: number) => `${String(at + 1).padStart(6)}\t${line}`],
    ['its number, as grep has it', (line: string, at: number) => `${at + 1}:${line}`],
    ['the mark of mail', (line: string) => `> ${line}`],
    ['the mark of a change', (line: string) => `+${line}`],
  ])('%s', async (_, prefixed) => {
    const { part } = await inspected(lines.map(prefixed).join('\n'));
    const { part: bare } = await inspected(sample);
    expect(part).toMatchObject({
      origin: 'sidecar',
      isJudged: true,
      counts: bare?.counts,
      walks: bare?.walks,
    });
    expect(part?.words.problems).toEqual([]);
  });
});

const forms = {
  JSON: JSON.stringify(dumpWithSecrets(), null, 2),
  'JSON in one line': JSON.stringify(dumpWithSecrets()),
  YAML: sorted(dumpWithSecrets()),
} as const;
const shares = [0.01, 0.03, 0.11, 0.26, 0.5, 0.74, 0.93, 0.999];
const middle = (text: string) => text.indexOf('PRIVATE KEY-----') + 60;

describe.each(Object.entries(forms))('of %s with secrets', (name, text) => {
  const places = [...shares.map((share) => Math.floor(text.length * share)), middle(text)];
  const pieces: readonly (readonly [string, string, boolean])[] = [
    ['all of it', text, false],
    ...places.map((at) => [`the first ${at} letters`, text.slice(0, at), true] as const),
    ...places.map((at) => [`all but the first ${at} letters`, text.slice(at), true] as const),
  ];
  test.each(pieces)('%s: no key is shown, and what is cut off is not judged', async (_, piece, isCut) => {
    for (const [door, out] of await allOutputs(piece))
      for (const mark of marks) expect.soft(out.match(mark)?.[0], `${door} of ${name}`).toBeUndefined();
    const { part, words } = await inspected(piece);
    if (!isCut) expect(part?.counts).toMatchObject({ listeners: 3, clusters: 8, routes: 2 });
    else if (part !== undefined) {
      expect(part.isJudged).toBe(false);
      expect(part.walks).toEqual([]);
      expect(words.summary).toMatch(
        /The text (?:ends too early|begins within something)|none of it was read/,
      );
    } else expect(piece.length).toBeLessThan(400);
  });
});

test('no place in YAML is a place to be wrong: what is found before its end is found in all of it', async () => {
  const text = sorted(whole);
  const { part: all } = await inspected(text);
  expect(all).toMatchObject({ isJudged: true });
  expect(all?.words.summary).toMatch(/In YAML nobody sees whether the end is missing/);
  const found = plain(all?.findings);
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
  let judged = 0;
  for (let at = 5; at < ends.length; at += Math.ceil(ends.length / 60)) {
    const { part } = await inspected(text.slice(0, ends[at]));
    if (part?.isJudged === true) judged++;
    for (const one of part?.findings ?? []) {
      const parts = 'clusters' in one ? one.clusters.map((name) => `"${name}"`) : [plain(one)];
      for (const each of parts) expect.soft(found, `to line ${at}`).toContain(each);
    }
  }
  expect(judged).toBeGreaterThan(5);
});

test('rules keep their comments, whatever these say', () => {
  const rules = '*nat\n-A OUTPUT -m comment --comment "password: x token: y" -j ACCEPT\nCOMMIT\n';
  expect(cutEnvoy(rules)).toEqual({ envoy: [], rest: rules });
});

test('a key among rules is left aside unseen, and a link has none', async () => {
  const text = `*nat\n-A OUTPUT -j ACCEPT\nCOMMIT\n${privateKey}$ ls\n`;
  const { inspection } = await inspected(text);
  expect(inspection.read[0]?.rules).toBe(1);
  for (const [door, out] of await allOutputs(text))
    for (const mark of marks) expect.soft(out.match(mark)?.[0], door).toBeUndefined();
});
