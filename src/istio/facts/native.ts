/** Native sidecars: the proxy as an init container that keeps running, and the order of all init containers. */
import { type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-28';
const template = 'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml';
const webhook = 'pkg/kube/inject/webhook.go';

export const native = {
  'native-by-default': {
    subject: 'injector',
    values: { list: 'initContainers', policy: 'restartPolicy: Always', kubelet: '1.33' },
    since: '1.27',
    known: [
      istioLineGone('1.26.0', 'pilot/pkg/features/pilot.go', '"ENABLE_NATIVE_SIDECARS", "auto",'),
      istioLine('1.27.0', 'pilot/pkg/features/pilot.go', 'env.Register("ENABLE_NATIVE_SIDECARS", "auto",'),
      istioLine('1.30.3', webhook, 'minVersion := 33'),
      istioLine('1.30.3', template, '{{ if $nativeSidecar }}restartPolicy: Always{{end}}'),
    ],
    checked,
  },
  'native-by-setting': {
    subject: 'istiod',
    values: { setting: 'ENABLE_NATIVE_SIDECARS', value: 'true', compatibility: 'compatibilityVersion' },
    known: [
      istioLine('1.30.3', 'pilot/pkg/features/pilot.go', 'return NativeSidecarModeEnabled'),
      istioLine(
        '1.30.3',
        'manifests/charts/base/files/profile-compatibility-version-1.26.yaml',
        'ENABLE_NATIVE_SIDECARS: "false"',
      ),
    ],
    checked,
  },
  'native-by-annotation': {
    subject: 'injector',
    values: { annotation: 'sidecar.istio.io/nativeSidecar' },
    since: '1.24',
    known: [istioLine('1.24.0', template, '`sidecar.istio.io/nativeSidecar`')],
    checked,
  },
  'native-order': {
    subject: 'injector',
    values: { proxy: 'istio-proxy' },
    where: { kind: 'native sidecar' },
    known: [istioLine('1.30.3', webhook, 'This is {istio-init/istio-validation} => proxy => rest.')],
    checked,
  },
  'init-order': {
    subject: 'injector',
    values: { first: 'istio-validation', last: 'istio-init' },
    where: { kind: 'native sidecar' },
    not: true,
    known: [istioLine('1.30.3', webhook, 'This is istio-validation => rest => istio-init')],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
