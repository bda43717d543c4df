/** Annotations that a release does not read yet, or any more. */
import { expect, test } from 'vitest';
import { optionsFromPod } from '../../src/istio/index.ts';

/** Where Istio's own code asks for the name: pkg/bootstrap/config.go, the injection template, conversion.go of pilot. */
test.each([
  ['sidecar.istio.io/enableCoreDump', '1.23.6', null],
  ['sidecar.istio.io/enableCoreDump', '1.24.0', 'name of an earlier release'],
  ['sidecar.istio.io/enableCoreDump', null, 'name of an earlier release'],
  ['sidecar.istio.io/controlPlaneAuthPolicy', '1.5.10', null],
  ['sidecar.istio.io/controlPlaneAuthPolicy', '1.6.14', 'name of an earlier release'],
  ['alpha.istio.io/identity', '1.7.8', null],
  ['alpha.istio.io/identity', '1.8.6', 'name of an earlier release'],
  ['policy.istio.io/check', '1.31.0', 'name of an earlier release'],
  ['sidecar.istio.io/statsCompression', '1.20.8', 'name of a later release'],
  ['sidecar.istio.io/statsCompression', '1.28.10', null],
  ['sidecar.istio.io/statsCompression', '1.29.6', 'name of an earlier release'],
  ['sidecar.istio.io/statsHistogramBins', '1.30.3', 'name of an earlier release'],
  ['sidecar.istio.io/nativeSidecar', '1.23.6', 'name of a later release'],
  ['sidecar.istio.io/nativeSidecar', '1.24.0', null],
  ['prometheus.istio.io/scrape-targets', '1.30.3', 'name of a later release'],
  ['prometheus.istio.io/scrape-targets', '1.31.0', null],
  ['readiness.status.sidecar.istio.io/applicationPorts', '1.10.0', 'name of an earlier release'],
])('%s in %s: %s', async (name, release, code) => {
  const revision =
    release === null ? [] : ['  labels:', `    istio.io/rev: "${release.replaceAll('.', '-')}"`];
  const text = [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: a',
    ...revision,
    '  annotations:',
    `    ${name}: "x"`,
    'spec:',
    '  containers:',
    '    - {name: app, image: app}',
  ].join('\n');
  const codes = (await optionsFromPod(text)).messages.map((message) => message.code);
  expect(codes.filter((one) => /name of an? (?:earlier|later) release/.test(one))).toEqual(
    code === null ? [] : [code],
  );
});
