/** YAML of ambient mode and of native nftables is told for what it is, and no option of a sidecar is made of it. */
import { describe, expect, test } from 'vitest';
import { optionsFromHelm, optionsFromPod } from '../../../src/istio/index.ts';
import { yamlMessageWords } from '../../../src/words/index.ts';

const pod = (metadata: string, spec = '{containers: [{name: app, image: app:1}]}') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web, ${metadata}}\nspec: ${spec}\n`;
const label = 'labels: {istio.io/dataplane-mode: ambient}';
const sidecar =
  '{initContainers: [{name: istio-init, args: [istio-iptables, -p, "15001"]}], containers: [{name: app}, {name: istio-proxy, args: [proxy, sidecar]}]}';

const codes = async (read: ReturnType<typeof optionsFromPod>) =>
  (await read).messages.map(({ code }) => code);

describe('ambient mode', () => {
  test.for([
    ['a pod by its label', pod(label)],
    ['a pod by its annotation', pod('annotations: {ambient.istio.io/redirection: enabled}')],
    [
      'the template of a Deployment',
      `kind: Deployment\nmetadata: {name: web}\nspec: {template: {metadata: {${label}}, spec: {containers: [{name: app}]}}}\n`,
    ],
  ] as const)('%s', async ([, yaml]) => {
    const read = await optionsFromPod(yaml);
    expect(read.options).toEqual({ inboundInterceptionMode: 'NONE' });
    expect(read.messages.map(({ code, severity }) => [code, severity])).toEqual([['ambient mode', 'note']]);
    expect(read.messages.map(yamlMessageWords)[0]?.because).toMatch(/^This pod is in ambient mode: ztunnel /);
  });

  test('an annotation that is no text says nothing of it', async () => {
    expect(await codes(optionsFromPod(pod('annotations: {example.org/of-another: {a: b}}')))).toEqual([]);
  });

  test('a namespace is no pod, and is told all the same', async () => {
    const yaml = `kind: Namespace\nmetadata: {name: shop, ${label}}\n`;
    expect(await codes(optionsFromPod(yaml))).toEqual(['ambient mode']);
    expect(await codes(optionsFromPod(yaml.replace('ambient}', 'none}')))).toEqual(['nothing to read']);
  });

  test('a pod with a sidecar is none, nor is one that asks for a sidecar', async () => {
    for (const yaml of [
      pod(label, sidecar),
      pod('labels: {istio.io/dataplane-mode: ambient, sidecar.istio.io/inject: "true"}'),
      pod('labels: {istio.io/dataplane-mode: none}'),
      pod('annotations: {ambient.istio.io/redirection: disabled}'),
    ])
      expect(await codes(optionsFromPod(yaml)), yaml).not.toContain('ambient mode');
  });

  test('Helm values and an IstioOperator that set it up', async () => {
    for (const yaml of [
      'profile: ambient\n',
      'cni: {ambient: {enabled: true}}\n',
      'kind: IstioOperator\nspec: {profile: ambient}\n',
    ])
      expect(await codes(optionsFromHelm(yaml)), yaml).toContain('ambient mode');
    expect(await codes(optionsFromHelm('profile: default\n'))).not.toContain('ambient mode');
  });
});

describe('native nftables', () => {
  test('Helm values and an IstioOperator', async () => {
    for (const yaml of [
      'global: {nativeNftables: true}\n',
      'kind: IstioOperator\nspec: {values: {global: {nativeNftables: true}}}\n',
    ]) {
      const { messages } = await optionsFromHelm(yaml);
      expect(messages.map(({ code }) => code)).toEqual(['native nftables']);
      expect(messages.map(yamlMessageWords)[0]?.because).toContain('nft list ruleset');
    }
    expect(await codes(optionsFromHelm('global: {nativeNftables: false}\n'))).toEqual([]);
  });

  test('a pod whose init container is told so', async () => {
    const yaml = pod('annotations: {}', sidecar.replace('"15001"', '"15001", --native-nftables'));
    expect(await codes(optionsFromPod(yaml))).toContain('native nftables');
    expect(await codes(optionsFromPod(pod('annotations: {}', sidecar)))).not.toContain('native nftables');
  });
});
