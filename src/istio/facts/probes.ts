/** What pilot-agent does with a probe of the kubelet, and how it is turned off. */
import { envoyAnswer, type Fact, istioLine } from './fact.ts';

const checked = '2026-11-28';
const status = 'pilot/cmd/pilot-agent/status/server.go';

export const probes = {
  'probe-at-the-pods-address': {
    subject: 'pilot-agent',
    values: { source: '127.0.0.6' },
    known: [
      istioLine('1.30.3', status, 'appProbersDestination: config.PodIP,'),
      istioLine('1.30.3', status, 'UpstreamLocalAddressIPv4 = &net.TCPAddr{IP: net.ParseIP("127.0.0.6")}'),
    ],
    checked,
  },
  'probe-at-localhost': {
    subject: 'pilot-agent',
    values: { place: 'localhost' },
    where: { setting: 'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION=true' },
    known: [istioLine('1.30.3', status, 's.appProbersDestination = "localhost"')],
    checked,
  },
  'probe-in-vain': {
    subject: 'pilot-agent',
    values: { status: 500 },
    known: [istioLine('1.30.3', status, 'w.WriteHeader(http.StatusInternalServerError)')],
    checked,
  },
  'probe-annotation': {
    subject: 'injector',
    values: { annotation: 'sidecar.istio.io/rewriteAppHTTPProbers' },
    known: [
      istioLine(
        '1.30.3',
        'pkg/kube/inject/app_probe.go',
        'annotations[annotation.SidecarRewriteAppHTTPProbers.Name]; ok {',
      ),
    ],
    checked,
  },
  'strict-resets-plain': {
    subject: 'Envoy',
    values: { mode: 'STRICT' },
    known: [envoyAnswer('inbound.txt', 'STRICT: plain HTTP is connected, and reset')],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
