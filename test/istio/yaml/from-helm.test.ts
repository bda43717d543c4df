/** Options out of Helm values, and the words about what has no effect where it stands. */
import { describe, expect, test } from 'vitest';
import { optionsFromHelm } from '../../../src/istio/index.ts';
import { words } from './workload-yaml.ts';

describe('Helm values', () => {
  const values = [
    'global:',
    '  tag: 1.22.1-distroless',
    '  proxy:',
    '    includeIPRanges: 10.0.0.0/8',
    '    excludeInboundPorts: "9100"',
    '    includeInboundPorts: "*"',
    'meshConfig:',
    '  defaultConfig:',
    '    interceptionMode: TPROXY',
    '    proxyMetadata:',
    '      INVALID_DROP: "true"',
  ];

  test('are options', async () => {
    expect(await optionsFromHelm(values.filter((line) => !line.includes('"*"')).join('\n'))).toEqual({
      release: '1.22.1',
      object: 'Helm values',
      workload: null,
      messages: [],
      options: {
        inboundInterceptionMode: 'TPROXY',
        dropInvalid: true,
        inboundPortsExclude: '15090,15021,9100,15020',
        outboundIPRangesInclude: '10.0.0.0/8',
      },
    });
  });

  test('of the CNI plugin, new and old', async () => {
    for (const more of ['pilot: {cni: {enabled: true}}', 'istio_cni: {enabled: true}']) {
      const { options } = await optionsFromHelm(`${values.join('\n')}\n${more}`);
      expect(options).toMatchObject({ cni: true, inboundPortsExclude: '9100' });
    }
  });

  test('a text in the place of a switch, which is none', async () => {
    const yaml = 'global: {nativeNftables: "false"}\npilot: {cni: {enabled: "yes"}}';
    const read = await optionsFromHelm(yaml);
    expect(read.options).toEqual({});
    expect(words(read)).toEqual([
      '1:26: warning: global.nativeNftables "false": The injector refuses all values where a text stands in the place of true or false. Write true or false, without quotes.',
      '2:24: warning: pilot.cni.enabled "yes": The injector refuses all values where a text stands in the place of true or false. Write true or false, without quotes.',
    ]);
  });

  test('yes, no, on and off without quotes, which are truth values to Helm', async () => {
    for (const [word, isOn] of [
      ['yes', true],
      ['On', true],
      ['y', true],
      ['NO', false],
      ['off', false],
    ] as const) {
      const read = await optionsFromHelm(`pilot: {cni: {enabled: ${word}}}`);
      expect(words(read)).toEqual([]);
      expect(read.options, word).toEqual({ cni: isOn });
    }
  });

  test('of an IstioOperator', async () => {
    const read = await optionsFromHelm(
      [
        'kind: IstioOperator',
        'spec:',
        '  tag: 1.17.8',
        '  components: {cni: {enabled: true}}',
        '  meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}}}',
        '  values: {global: {proxy: {excludeOutboundPorts: "3306"}}}',
      ].join('\n'),
    );
    expect(read).toMatchObject({
      release: '1.17.8',
      object: 'IstioOperator',
      options: { cni: true, redirectDNS: true, outboundPortsExclude: '3306' },
      messages: [],
    });
  });

  test('where the chart does not look for them', async () => {
    const yaml = [
      'proxy:',
      '  includeIPRanges: 10.0.0.0/8',
      'global:',
      '  proxy:',
      '    excludeOutboundIPRanges: 10.0.0.0/8',
      '    excludeInboundPort: "80"',
      '    includeInboundPorts: "*"',
      'meshConfig:',
      '  proxyMetadata: {INVALID_DROP: "true"}',
    ].join('\n');
    expect(words(await optionsFromHelm(yaml))).toEqual([
      '2:3: warning: proxy.includeIPRanges: The chart has no value of this name here, so it has no effect. Did you mean global.proxy.includeIPRanges?',
      '5:5: warning: global.proxy.excludeOutboundIPRanges: The chart has no value of this name here, so it has no effect. Did you mean global.proxy.excludeIPRanges?',
      '6:5: warning: global.proxy.excludeInboundPort: The chart has no value of this name here, so it has no effect. Did you mean global.proxy.excludeInboundPorts?',
      '7:26: note: global.proxy.includeInboundPorts "*": It changes no rule: without it they would be the same.',
      '9:3: warning: meshConfig.proxyMetadata: It belongs to the configuration of proxies, and the mesh has no such field. Move it to meshConfig.defaultConfig.proxyMetadata.',
    ]);
    expect(words(await optionsFromHelm(''))).toEqual([
      '1:1: error: no values: Expected the values of the Helm chart istiod, or an IstioOperator. Paste what helm get values istiod -n istio-system prints.',
    ]);
  });
});
