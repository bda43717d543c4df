/** What YAML asks for is told only of pods that get rules. */
import { expect, test } from 'vitest';
import { readPaste } from '../../../src/analysis/index.ts';
import { inspectRules } from '../../../src/handbook/lab/index.ts';
import { optionsFromYaml } from '../../../src/istio/index.ts';

const pod = (spec: string, annotations = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: constructor\n  annotations:\n    traffic.sidecar.istio.io/excludeInboundPorts: "9100"\n${annotations}spec:\n${spec}  containers:\n  - name: app\n    image: app:1`;

test.each([
  ['a pod', pod(''), true],
  ['a pod in the network of its node', pod('  hostNetwork: true\n'), false],
  ['a pod that is left out', pod('', '    sidecar.istio.io/inject: "false"\n'), false],
])('%s', async (_, text, asks) => {
  const lines = readPaste(text).pods[0]?.yaml.lines ?? [];
  const { inspection } = inspectRules(text, 0, await optionsFromYaml(lines.join('\n')));
  expect(inspection.asks !== null).toBe(asks);
});
