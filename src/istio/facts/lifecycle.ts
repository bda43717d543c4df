/** When the proxy of a pod is there: its start, its readiness, its end. */
import { envoyAnswer, type Fact, istioLine } from './fact.ts';

const checked = '2026-11-28';
const template = 'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml';
const status = 'pilot/cmd/pilot-agent/status/server.go';
const agent = 'pkg/envoy/agent.go';

export const lifecycle = {
  'ready-status': {
    subject: 'pilot-agent',
    values: { path: '/healthz/ready', status: 503 },
    known: [
      istioLine('1.30.3', status, 'w.WriteHeader(http.StatusServiceUnavailable)'),
      istioLine(
        '1.30.3',
        'pilot/cmd/pilot-agent/status/ready/probe.go',
        'config not received from XDS server (is Istiod running?)',
      ),
    ],
    checked,
  },
  'hold-the-app': {
    subject: 'injector',
    values: { setting: 'holdApplicationUntilProxyStarts' },
    where: { kind: 'native sidecar' },
    not: true,
    known: [
      istioLine('1.30.3', template, '(or .ProxyConfig.HoldApplicationUntilProxyStarts.GetValue'),
      istioLine('1.30.3', template, '(not $nativeSidecar) }}'),
    ],
    checked,
  },
  'native-holds-by-probe': {
    subject: 'injector',
    values: { probe: 'startupProbe' },
    known: [istioLine('1.30.3', template, '{{ if .Values.global.proxy.startupProbe.enabled }}')],
    checked,
  },
  'native-end': {
    subject: 'pilot-agent',
    where: { kind: 'native sidecar' },
    known: [
      istioLine('1.30.3', agent, 'Once the app containers shutdown, we get a SIGTERM.'),
      istioLine('1.30.3', template, '{{- else if $nativeSidecar }}'),
    ],
    checked,
  },
  'drain-duration': {
    subject: 'pilot-agent',
    values: { setting: 'terminationDrainDuration', seconds: 5 },
    known: [
      istioLine(
        '1.30.3',
        'pkg/config/mesh/mesh.go',
        'TerminationDrainDuration: durationpb.New(5 * time.Second),',
      ),
      istioLine('1.30.3', agent, 'case <-time.After(a.terminationDrainDuration):'),
    ],
    checked,
  },
  'drain-and-kill': {
    subject: 'kubelet',
    values: { setting: 'terminationGracePeriodSeconds' },
    known: [
      istioLine(
        '1.30.3',
        agent,
        "If the pod's terminationGracePeriod is shorter than our drain duration (rare), we may be a SIGKILL.",
      ),
      {
        by: 'source',
        repo: 'kubernetes/cri-api',
        tag: 'v0.36.0',
        path: 'pkg/apis/runtime/v1/api.proto',
        line: 'The runtime must forcibly kill the container after the grace period is',
      },
    ],
    checked,
  },
  'idle-tcp': {
    subject: 'istiod',
    values: { setting: 'connectionPool.tcp.idleTimeout', variable: 'ISTIO_META_IDLE_TIMEOUT' },
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/networkfilter.go',
        'idleTimeout := destinationRule.GetTrafficPolicy().GetConnectionPool().GetTcp().GetIdleTimeout()',
      ),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/networkfilter.go',
        'idleTimeout = parseDuration(lb.node.Metadata.IdleTimeout)',
      ),
      istioLine('1.30.3', 'pkg/model/proxy.go', 'IdleTimeout string `json:"IDLE_TIMEOUT,omitempty"`'),
    ],
    checked: '2026-11-30',
  },
  'idle-tcp-by-default': {
    subject: 'Envoy',
    values: { hours: 1 },
    known: [istioLine('1.30.3', 'pkg/model/proxy.go', '// If not set, default timeout is 1 hour.')],
    checked: '2026-11-30',
  },
  'exit-without-connections': {
    subject: 'pilot-agent',
    where: { setting: 'EXIT_ON_ZERO_ACTIVE_CONNECTIONS=true' },
    known: [istioLine('1.30.3', agent, 'if a.exitOnZeroActiveConnections {')],
    checked,
  },
  'stranger-in-vain': {
    subject: 'Envoy',
    known: [
      envoyAnswer(
        'outbound.txt',
        'A closed port of a stranger: the app is connected, because it is connected to Envoy',
      ),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
