/** `sidetrack check`: what it finds, where, under which name; what is meant to be; and what hosts of code read of it. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ambientWeights } from '../../src/analysis/manifests/ambient.ts';
import { checkRules } from '../../src/command/check/rules.ts';
import { schemas } from '../../src/command/schemas.ts';
import { violations } from '../site/json-schema.ts';
import { folderWith, isRefused, sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const dump = readFileSync(join(root, 'components/lab/sample.iptables-save.txt'), 'utf8');

/** A manifest, a rule that it breaks, and the line where it is told. */
interface Case {
  readonly rule: string;
  readonly line: number;
  readonly yaml: string;
}

const container = 'containers: [{name: app, image: x}]';
const running = 'status: {phase: Running}';

/** A Deployment whose template has these annotations, each in a line of its own from 10 on. */
function deployment(annotations: readonly string[], spec = container): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    metadata:
      annotations:
${['sidecar.istio.io/inject: "true"', ...annotations].map((one) => `        ${one}\n`).join('')}    spec:
      ${spec}
`;
}

function pod(metadata: string, spec: string = container): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart-1\n  ${metadata}\nspec:\n  ${spec}\n${running}\n`;
}

/** Flux's way to a chart, with values from line 7 on. */
function flux(global: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: istiod}\nspec:\n  chart: {spec: {chart: istiod}}\n  values:\n    global:\n${global}`;
}

/** Argo CD's way, with what helm is told from line 9 on. */
function argo(helm: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: mesh\nspec:\n  source:\n    chart: istiod\n    helm:\n      ${helm}\n`;
}

const traffic = 'traffic.sidecar.istio.io';

const ambientNamespace =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio.io/dataplane-mode: ambient}\n---\n';

/** In a namespace of ambient mode, with the metadata of its template in line 13, and the containers in line 15. */
function enrolled(metadata: string, spec: string = container): string {
  return `${ambientNamespace}apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart, namespace: shop}\nspec:\n  template:\n    metadata:\n      ${metadata}\n    spec:\n      ${spec}\n`;
}

/** Of that namespace, with its rules in line 11. */
function policy(spec: string, before: string = ambientNamespace): string {
  return `${before}apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {podSelector: {},\n  ${spec}}\n`;
}

const cases: readonly Case[] = [
  { rule: 'mesh.not-injected', line: 5, yaml: pod('labels: {sidecar.istio.io/inject: "true"}') },
  { rule: 'mesh.not-injected', line: 5, yaml: pod('labels: {istio.io/rev: stable}') },
  { rule: 'mesh.not-injected', line: 5, yaml: pod('annotations: {sidecar.istio.io/inject: "true"}') },
  {
    rule: 'mesh.not-injected',
    line: 8,
    yaml: `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n---\n${pod('namespace: shop')}`,
  },
  { rule: 'mesh.not-enrolled', line: 5, yaml: pod('labels: {istio.io/dataplane-mode: ambient}') },
  {
    rule: 'mesh.network-of-node',
    line: 5,
    yaml: pod('labels: {sidecar.istio.io/inject: "true"}', `hostNetwork: true\n  ${container}`),
  },
  {
    rule: 'mesh.no-rules',
    line: 4,
    yaml: pod('namespace: shop', 'containers: [{name: istio-proxy, image: x, args: [proxy, sidecar]}]'),
  },
  { rule: 'mesh.not-captured', line: 11, yaml: deployment(['sidecar.istio.io/interceptionMode: NONE']) },
  {
    rule: 'inbound.app-port-past-proxy',
    line: 11,
    yaml: deployment(
      [`${traffic}/excludeInboundPorts: "8080"`],
      'containers: [{name: app, ports: [{containerPort: 8080}]}]',
    ),
  },
  {
    rule: 'inbound.app-port-past-proxy',
    line: 11,
    yaml: deployment(
      [`${traffic}/includeInboundPorts: "9090"`],
      'containers: [{name: app, ports: [{containerPort: 8080}]}]',
    ),
  },
  {
    rule: 'outbound.wide-range',
    line: 11,
    yaml: deployment([`${traffic}/excludeOutboundIPRanges: 10.0.0.0/8`]),
  },
  {
    rule: 'port.of-sidecar',
    line: 12,
    yaml: deployment([], 'containers: [{name: app, ports: [{containerPort: 15001}]}]'),
  },
  {
    rule: 'app.as-proxy',
    line: 12,
    yaml: deployment([], 'containers: [{name: app, securityContext: {runAsUser: 1337}}]'),
  },
  {
    rule: 'ambient.annotation-idle',
    line: 13,
    yaml: enrolled(`annotations: {${traffic}/excludeOutboundPorts: "3306"}`),
  },
  {
    rule: 'ambient.annotation-idle',
    line: 13,
    yaml: enrolled('annotations: {sidecar.istio.io/interceptionMode: TPROXY}'),
  },
  {
    rule: 'ambient.switch-unread',
    line: 13,
    yaml: enrolled('annotations: {ambient.istio.io/dns-capture: "off"}'),
  },
  {
    rule: 'ambient.mode-unread',
    line: 13,
    yaml: enrolled('annotations: {istio.io/dataplane-mode: ambient}'),
  },
  { rule: 'ambient.mode-unread', line: 13, yaml: enrolled('labels: {istio.io/dataplane-mode: off}') },
  {
    rule: 'ambient.sidecar-wins',
    line: 13,
    yaml: enrolled('labels: {istio.io/dataplane-mode: ambient, sidecar.istio.io/inject: "true"}'),
  },
  {
    rule: 'ambient.port-of-ztunnel',
    line: 15,
    yaml: enrolled('labels: {app: a}', 'containers: [{name: app, ports: [{containerPort: 15008}]}]'),
  },
  ...[
    'ingress: [{ports: [{port: 8080}]}]',
    'ingress: [{ports: [{port: http}, {port: 15008, protocol: UDP}]}]',
    'egress: [{ports: [{port: 53}]}, {ports: [{port: 1, endPort: 15007}]}]',
  ].map((spec) => ({ rule: 'ambient.policy-shuts-tunnel', line: 11, yaml: policy(spec) })),
  { rule: 'annotation.unknown', line: 11, yaml: deployment([`${traffic}/excludeInboundPort: "80"`]) },
  { rule: 'option.mistyped', line: 11, yaml: deployment([`${traffic}/excludeOutboundPorts: "33o6"`]) },
  { rule: 'option.mistyped-port', line: 11, yaml: deployment([`${traffic}/excludeOutboundPorts: "3360"`]) },
  { rule: 'option.nothing-outbound', line: 11, yaml: deployment([`${traffic}/includeOutboundIPRanges: ""`]) },
  {
    rule: 'annotation.wrong-place',
    line: 5,
    yaml: `apiVersion: v1\nkind: Service\nmetadata:\n  annotations:\n    ${traffic}/excludeInboundPorts: "80"\n`,
  },
  {
    rule: 'release.changes-rules',
    line: 4,
    yaml: deployment(['sidecar.istio.io/proxyImage: registry.istio.io/release/proxyv2:1.24.3']),
  },
  { rule: 'values.unknown', line: 2, yaml: 'global:\n  excludeOutboundPorts: "3306"\n' },
  {
    rule: 'option.mistyped',
    line: 9,
    yaml: flux('      proxy:\n        excludeOutboundPorts: "33o6"\n'),
  },
  { rule: 'release.changes-rules', line: 3, yaml: flux('      tag: 1.24.3\n') },
  {
    rule: 'outbound.wide-range',
    line: 11,
    yaml: argo('values: |\n        # Of the mesh\n        global: {proxy: {excludeIPRanges: 10.0.0.0/8}}'),
  },
  { rule: 'yaml.broken', line: 9, yaml: argo('values: "global: ["') },
  // valuesObject stands in the place of values, and a parameter goes before it.
  {
    rule: 'option.mistyped',
    line: 11,
    yaml: argo(
      'values: "global: {proxy: {excludeOutboundPorts: no}}"\n      valuesObject: {global: {proxy: {excludeOutboundPorts: x}}}\n      parameters: [{name: global.proxy.excludeOutboundPorts, value: "80000"}]',
    ),
  },
  {
    rule: 'option.mistyped',
    line: 5,
    yaml: 'apiVersion: sailoperator.io/v1\nkind: Istio\nspec:\n  version: v1.30-latest\n  values: {global: {proxy: {excludeOutboundPorts: x}}}\n',
  },
  { rule: 'yaml.key-twice', line: 3, yaml: 'apiVersion: v1\nkind: Service\nkind: Service\n' },
];

async function checked(yaml: string, args: readonly string[] = []) {
  const { exit, out } = await sidetrack(['check', '-', '--json', ...args], { piped: yaml });
  return { ...JSON.parse(out), exit };
}

describe('what is found', () => {
  test.each(cases)('$rule in line $line', async ({ rule, line, yaml }) => {
    const { results, exit } = await checked(yaml);
    const found = results.filter((one: { rule: string }) => one.rule === rule);
    expect(found.map((one: { line: number }) => one.line)).toEqual([line]);
    expect(exit).toBe(found[0].weight === 'note' ? 0 : 1);
  });

  test('what is as it should be has no finding', async () => {
    for (const yaml of [
      deployment([]),
      deployment([`${traffic}/excludeOutboundPorts: "3306"`]),
      pod('labels: {sidecar.istio.io/inject: "false"}', `hostNetwork: true\n  ${container}`),
      pod('namespace: kube-system', `hostNetwork: true\n  ${container}`),
      pod(
        'annotations: {ambient.istio.io/redirection: enabled}\n  labels: {istio.io/dataplane-mode: ambient}',
      ),
      pod('labels: {istio.io/dataplane-mode: none}'),
      'apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n',
      argo('values: "global: {proxy: {excludeOutboundPorts: x}}"').replace('istiod', 'nginx'),
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec: {chartRef: {name: b}}\n',
    ]) {
      const { exit, results } = await checked(yaml);
      expect([exit, results], yaml).toEqual([0, []]);
    }
  });

  test('a pod that has ended, or that is not yet made, is not missing a sidecar', async () => {
    const marked = pod('labels: {sidecar.istio.io/inject: "true"}');
    for (const yaml of [marked.replace(running, ''), marked.replace('Running', 'Succeeded')])
      expect((await checked(yaml)).exit, yaml).toBe(0);
  });

  test('a namespace in one file marks the pods in another', async () => {
    const folder = folderWith({
      'a.yaml': pod('namespace: shop'),
      'b.json':
        '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","labels":{"istio-injection":"enabled"}}}',
      'c.txt': dump.replace('-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN\n', ''),
      'notes.md': 'kind: [',
    });
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, 'templates/d.yaml'), 'kind: Pod\n{{ if .Values.x }}\n');
    const { exit, out, err } = await sidetrack(['check', folder]);
    expect([exit, out.match(/^\S+:\d+:\d+: .*$/gm)]).toEqual([
      1,
      [`${folder}/a.yaml:4:3: Wrong mesh.not-injected`, `${folder}/c.txt:9:1: Wrong rule.missing`],
    ]);
    expect(err).toMatch(/^sidetrack: .*d\.yaml is a template of Helm[^\n]*\n$/);
  });

  test('the release behind one that is named, and one that is named itself', async () => {
    const yaml = deployment([`${traffic}/excludeOutboundPorts: "53"`]);
    const to = async (...args: string[]) =>
      (await checked(yaml, args)).results.map(
        ({ says }: { says: string }) => /Istio (\S+) in/.exec(says)?.[1],
      );
    expect(await to('--istio', '1.24')).toContain('1.25');
    expect(await to('--istio', '1.17', '--next', '1.31')).toContain('1.31');
  });
});

describe('in ambient mode nothing is said of', () => {
  const idle = `annotations: {${traffic}/excludeOutboundPorts: "3306"}`;
  test.for([
    ['a policy that lets HBONE in', policy('ingress: [{ports: [{port: 8080}]}, {ports: [{port: 15008}]}]')],
    ['a policy with a range around it', policy('ingress: [{ports: [{port: 15000, endPort: 15020}]}]')],
    ['a policy of addresses alone', policy('ingress: [{from: [{podSelector: {}}]}]')],
    ['a policy that lets nothing in', policy('ingress: []')],
    ['a policy that lets questions out', policy('egress: [{ports: [{port: 53, protocol: UDP}]}]')],
    ['a policy of another namespace', policy('ingress: [{ports: [{port: 8080}]}]', '')],
    ['a pod that is kept out', enrolled(`labels: {istio.io/dataplane-mode: none}\n      ${idle}`)],
    ['the annotation of a pod with a sidecar', deployment([`${traffic}/excludeOutboundPorts: "3306"`])],
    ['a switch that is one', enrolled('annotations: {ambient.istio.io/dns-capture: "true"}')],
  ] as const)('%s', async ([, yaml]) => {
    const { results } = await checked(yaml);
    const found = results.map((one: { rule: string }) => one.rule);
    expect(found.filter((rule: string) => rule.startsWith('ambient.'))).toEqual([]);
  });
});

describe('names that are for good', () => {
  test('no rule has gone: suppressions and reports hang on them', () => {
    const golden = readFileSync(join(import.meta.dirname, 'check-rules.txt'), 'utf8')
      .trim()
      .split('\n');
    expect(checkRules.map(({ id }) => id as string).toSorted()).toEqual(golden);
  });

  test('those of ambient mode lead to a runbook of it, and a pod of the node’s network to its own', () => {
    const ofAmbient = checkRules.filter(
      ({ id }) => Object.hasOwn(ambientWeights, id) || id === 'mesh.not-enrolled',
    );
    expect(ofAmbient).toHaveLength(7);
    for (const { id, page } of ofAmbient) expect(page, id).toMatch(/^\/runbooks\/ambient-/);
    const pages = new Map<string, string>(checkRules.map(({ id, page }) => [id, page]));
    expect(pages.get('mesh.not-enrolled')).toBe('/runbooks/ambient-not-enrolled/');
    expect(pages.get('mesh.network-of-node')).toBe('/runbooks/host-network/');
  });

  test('each has a title of its own, and a page', () => {
    for (const { id, title, page } of checkRules) {
      expect(title.length, id).toBeGreaterThan(10);
      expect(page, id).toMatch(/^\/[a-z-]+\//);
    }
  });
});

describe('suppressions', () => {
  const yaml = pod('labels: {sidecar.istio.io/inject: "true"}');
  const withFile = (text: string) => {
    const folder = folderWith({ 'a.yaml': yaml, 'meant.yaml': text });
    return sidetrack([
      'check',
      join(folder, 'a.yaml'),
      '--suppressions',
      join(folder, 'meant.yaml'),
      '--json',
    ]);
  };
  const entry = (fields: string) => `suppressions:\n  - ${fields.split('; ').join('\n    ')}\n`;

  test.each([
    ['rule: mesh.not-injected; reason: A job of ours.', true],
    ['rule: mesh.not-injected; file: "a.yaml"; object: Pod cart-1; reason: A job of ours.', true],
    ['rule: mesh.not-injected; file: "**/*.yaml"; reason: A job of ours.', true],
    ['rule: mesh.not-injected; file: "b*.yaml"; reason: A job of ours.', false],
    ['rule: mesh.not-injected; object: Pod cart-2; reason: A job of ours.', false],
    ['rule: mesh.no-rules; reason: A job of ours.', false],
  ])('%s', async (fields, isSuppressed) => {
    const { exit, out, err } = await withFile(entry(fields));
    const [result] = JSON.parse(out).results;
    expect([exit, result.suppressed]).toEqual(isSuppressed ? [0, 'A job of ours.'] : [1, null]);
    expect(err.includes('take the suppression away')).toBe(!isSuppressed);
  });

  test.each([
    'rule: mesh.not-injected',
    'rule: mesh.not-injected; reason: ""',
    'rule: mesh.not-injectd; reason: A job of ours.',
    'rules: mesh.not-injected; reason: A job of ours.',
  ])('refused: %s', async (fields) => {
    const answered = await withFile(entry(fields));
    expect(isRefused(answered), answered.err).toBe(true);
    expect(answered.err).toMatch(/meant\.yaml, line \d/);
  });

  test.each(['', 'suppressions: none\n', '- rule: x\n', 'suppressions:\n  - x\n', 'suppressions: [\n'])(
    'refused: %j',
    async (text) => {
      const answered = await withFile(text);
      expect(isRefused(answered), answered.err).toBe(true);
    },
  );
});

describe('forms', () => {
  const yaml = cases
    .map((one) => one.yaml)
    .join('---\n')
    .replace(/^kind: Service\nkind/gm, 'kind');

  test('the JSON fits its schema', async () => {
    const answer = await checked(yaml);
    expect(answer.results.length).toBeGreaterThan(cases.length / 2);
    expect(violations(answer, schemas.check)).toEqual([]);
  });

  test('SARIF is what its schema asks for, and a wrong one is not', async () => {
    const folder = folderWith({ 'a b.yaml': yaml, 'meant.yaml': '' });
    writeFileSync(
      join(folder, 'meant.yaml'),
      'suppressions: [{rule: port.of-sidecar, reason: It is an old image.}]\n',
    );
    const { out } = await sidetrack([
      ...['check', join(folder, 'a b.yaml'), '--format', 'sarif', '--handbook', 'https://mesh.example.org'],
      ...['--suppressions', join(folder, 'meant.yaml')],
    ]);
    const log = JSON.parse(out);
    const fits = sarifSchema();
    expect(fits(log), JSON.stringify(fits.errors)).toBe(true);
    const [{ results, tool }] = log.runs;
    expect(results.length).toBeGreaterThan(10);
    expect(new Set(results.map((one: { level: string }) => one.level))).toEqual(
      new Set(['error', 'warning', 'note']),
    );
    expect(tool.driver.rules[results[0].ruleIndex].id).toBe(results[0].ruleId);
    expect(JSON.stringify(results)).toContain('"justification":"It is an old image."');
    results[0].level = 'fatal';
    expect(fits(log)).toBe(false);
  });
});

/** The schema of OASIS (draft 4, whose keyword `id` is `$id` today), out of a package that has nothing else to do here. */
function sarifSchema(): ((value: unknown) => boolean) & { readonly errors?: unknown } {
  const require = createRequire(import.meta.url);
  const { Ajv } = require('ajv');
  const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  return new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
}

describe('the exit code', () => {
  test.each([
    ['', 3],
    ['hello\n', 3],
    ['a: 1\n', 3],
    ['[1, 2]\n', 3],
    [dump, 0],
    ['apiVersion: v1\nkind: Service\n', 0],
  ])('of %j', async (piped, exit) => {
    const answered = await sidetrack(['check', '-'], { piped });
    expect(answered.exit).toBe(exit);
    expect(answered.err === '').toBe(exit === 0);
    expect((await sidetrack(['check', '-', '--allow-none'], { piped })).exit).toBe(0);
  });

  const folder = folderWith({
    'broken.yaml': 'kind: Pod\n  metadata: x\n',
    'open.yaml': 'a: [b\n',
    'template.yaml': 'kind: Pod\nspec:\n  {{- if .Values.x }}\n  a: b\n  {{- end }}\n',
    'binary.yaml': new Uint8Array([1, 2, 0, 4, 9, 9, 9, 9]),
    'good.yaml': 'apiVersion: v1\nkind: Service\n',
  });
  mkdirSync(join(folder, 'linked'));
  symlinkSync('nowhere.yaml', join(folder, 'linked/dangling.yaml'));
  mkdirSync(join(folder, 'empty'));
  test.each([
    [['check']],
    [['check', join(folder, 'linked')]],
    [['check', join(folder, 'broken.yaml')]],
    [['check', join(folder, 'open.yaml')]],
    [['check', join(folder, 'template.yaml')]],
    [['check', join(folder, 'binary.yaml')]],
    [['check', join(folder, 'absent.yaml')]],
    [['check', join(folder, 'empty')]],
    [['check', join(folder, 'good.yaml'), '--format', 'xml']],
    [['check', join(folder, 'good.yaml'), '--format', 'sarif', '--json']],
    [['check', join(folder, 'good.yaml'), '--istio', 'newest']],
    [['check', join(folder, 'good.yaml'), '--suppressions', join(folder, 'absent.yaml')]],
  ])('2 for %j, in one line', async (args) => {
    const answered = await sidetrack(args);
    expect(isRefused(answered), answered.err).toBe(true);
  });
});

test('all pods of a cluster are judged', async () => {
  const one = pod('namespace: shop\n  labels: {sidecar.istio.io/inject: "true"}')
    .split('\n')
    .map((line, at) => `${at === 0 ? '- ' : '  '}${line}`)
    .join('\n');
  const many = `apiVersion: v1\nkind: List\nitems:\n${`${one.trimEnd()}\n`.repeat(2000)}`;
  const { results } = await checked(many);
  expect(results).toHaveLength(2000);
}, 180_000);
