/** Whom Envoy and pilot-agent call, and what becomes of a connection that they take. */
import { envoyAnswer, type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-28';
const bootstrap = 'tools/packaging/common/envoy_bootstrap.json';
const builder = 'pilot/pkg/networking/core/listener_builder.go';
const server = 'pilot/cmd/pilot-agent/status/server.go';
const mesh = 'pkg/config/mesh/mesh.go';

export const calls = {
  'outbound-listener': {
    subject: 'Envoy',
    values: { port: 15001 },
    known: [
      envoyAnswer(
        'outbound.txt',
        "An address that no Service has is passed on, to where it was dialled, from the pod's own address",
      ),
      istioLine('1.30.3', mesh, 'ProxyListenPort:                15001,'),
    ],
    checked,
  },
  'inbound-listener': {
    subject: 'Envoy',
    values: { port: 15006 },
    known: [
      envoyAnswer('inbound.txt', 'A declared HTTP port: the app sees 127.0.0.6, and no X-Forwarded-For'),
      istioLine('1.30.3', mesh, 'ProxyInboundListenPort:         15006,'),
    ],
    checked,
  },
  'listeners-by-configuration': {
    subject: 'Envoy',
    values: { program: 'istiod' },
    known: [
      istioLine(
        '1.30.3',
        builder,
        'func (lb *ListenerBuilder) buildVirtualOutboundListener() *ListenerBuilder {',
      ),
      istioLineGone('1.30.3', bootstrap, '"port_value": 15001'),
    ],
    checked,
  },
  'picks-an-endpoint': {
    subject: 'Envoy',
    values: { what: 'endpoint', kind: 'Service' },
    known: [
      envoyAnswer('outbound.txt', 'A Service by HTTP: Envoy dials an endpoint at its target port'),
      envoyAnswer('outbound.txt', 'A Service by TCP: Envoy dials its endpoint'),
    ],
    checked,
  },
  'name-in-the-request': {
    subject: 'Envoy',
    values: { protocol: 'HTTP', header: 'Host', kind: 'Service' },
    known: [
      envoyAnswer(
        'outbound.txt',
        'The name in the request decides, and not the address: any address on that port is as good',
      ),
    ],
    checked,
  },
  'calls-its-own-pod': {
    subject: 'Envoy',
    values: { kind: 'Service', times: 'twice' },
    known: [
      envoyAnswer('outbound.txt', 'Its own Service, when Envoy picks this pod: through Envoy twice'),
      envoyAnswer('outbound.txt', 'Its own Service by TCP'),
    ],
    checked,
  },
  'asked-by-no-self-call': {
    subject: 'Envoy',
    values: { localhost: '127.0.0.1', own: 'address of the pod' },
    not: true,
    known: [
      envoyAnswer('outbound.txt', "The pod's own address: the app reaches itself, and Envoy is not asked"),
      envoyAnswer('outbound.txt', '127.0.0.1 as well'),
    ],
    checked,
  },
  'calls-another-loopback': {
    subject: 'Envoy',
    values: { address: '127.0.0.2' },
    options: { inboundInterceptionMode: 'REDIRECT' },
    known: [
      envoyAnswer('outbound.txt', "Envoy's call to another loopback address comes to its inbound listener"),
    ],
    checked,
  },
  'black-hole-closes': {
    subject: 'Envoy',
    values: { cluster: 'BlackHoleCluster' },
    where: { mode: 'REGISTRY_ONLY' },
    known: [
      envoyAnswer(
        'outbound.txt',
        'REGISTRY_ONLY: an address that no Service has is connected, and closed without a byte',
      ),
    ],
    checked,
  },
  'app-by-pod-address': {
    subject: 'Envoy',
    values: { address: 'address of the pod' },
    since: '1.10',
    known: [
      envoyAnswer('inbound.txt', 'An app that listens on 127.0.0.1 only, HTTP'),
      envoyAnswer('inbound.txt', 'An app that listens on 127.0.0.1 only, TCP'),
      istioLine('1.10.0', 'pilot/pkg/features/pilot.go', '"PILOT_ENABLE_INBOUND_PASSTHROUGH",'),
      istioLineGone('1.9.0', 'pilot/pkg/features/pilot.go', 'PILOT_ENABLE_INBOUND_PASSTHROUGH'),
    ],
    checked,
  },
  'app-by-default-endpoint': {
    subject: 'Envoy',
    values: { address: '127.0.0.1', field: 'defaultEndpoint', kind: 'Sidecar' },
    known: [envoyAnswer('inbound.txt', "A Sidecar's defaultEndpoint on 127.0.0.1 is where Envoy dials")],
    checked,
  },
  'app-by-other-port': {
    subject: 'Envoy',
    values: { field: 'defaultEndpoint', kind: 'Sidecar' },
    known: [
      envoyAnswer(
        'inbound.txt',
        "A Sidecar's defaultEndpoint may be another port: callers use that of the listener",
      ),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/cluster.go',
        'hostIP, hostPort, hostErr := net.SplitHostPort(ingressListener.DefaultEndpoint)',
      ),
    ],
    checked: '2026-11-30',
  },
  'app-by-localhost': {
    subject: 'Envoy',
    values: { address: '127.0.0.1', field: 'inboundTrafficPolicy' },
    where: { mode: 'LOCALHOST', port: 'port that a Service declares' },
    known: [
      envoyAnswer(
        'inbound.txt',
        'LOCALHOST: an app that listens on 127.0.0.1 only is reached on a declared port',
      ),
      envoyAnswer('inbound.txt', 'LOCALHOST: TCP, too'),
    ],
    checked,
  },
  'client-before-app': {
    subject: 'Envoy',
    values: { status: 503, protocol: 'HTTP' },
    known: [
      envoyAnswer('inbound.txt', 'A closed port, declared, HTTP'),
      envoyAnswer('inbound.txt', 'A closed port, declared, TCP'),
    ],
    checked,
  },
  'configuration-through-the-agent': {
    subject: 'Envoy',
    values: { program: 'pilot-agent', kind: 'Unix' },
    known: [istioLine('1.30.3', bootstrap, '"path": "{{ .config.ConfigPath }}/XDS"')],
    checked,
  },
  'agent-calls-istiod': {
    subject: 'pilot-agent',
    values: { program: 'istiod', port: 15012 },
    known: [
      istioLine('1.30.3', mesh, 'DiscoveryAddress:         "istiod.istio-system.svc:15012",'),
      istioLine(
        '1.30.3',
        'pkg/istio-agent/xds_proxy.go',
        'return grpc.DialContext(ctx, p.istiodAddress, opts...)',
      ),
      envoyAnswer('outbound.txt', 'istiod, called by the proxy: straight'),
    ],
    checked,
  },
  'admin-interface': {
    subject: 'Envoy',
    values: { admin: 15000, address: '127.0.0.1' },
    known: [
      envoyAnswer('inbound.txt', '15000 is on 127.0.0.1 only: from outside it is a port like any other'),
      istioLine('1.30.3', mesh, 'ProxyAdminPort:           15000,'),
    ],
    checked,
  },
  'metrics-from-the-admin': {
    subject: 'Envoy',
    values: { port: 15090, admin: 15000 },
    known: [
      istioLine('1.30.3', bootstrap, '"cluster": "prometheus_stats"'),
      istioLine('1.30.3', bootstrap, '"port_value": {{ .config.ProxyAdminPort }}'),
    ],
    checked,
  },
  'listeners-of-the-bootstrap': {
    subject: 'pilot-agent',
    values: { metrics: 15090, ready: 15021 },
    known: [
      istioLine('1.30.3', bootstrap, '"name": "{{ .wildcard }}_{{ .envoy_prometheus_port }}"'),
      istioLine('1.30.3', bootstrap, '"name": "{{ .wildcard }}_{{ .envoy_status_port }}"'),
    ],
    checked: '2026-11-29',
  },
  'agent-asks-envoy': {
    subject: 'pilot-agent',
    values: { place: 'localhost', port: 15090 },
    known: [
      istioLine(
        '1.30.3',
        server,
        'scrapeURL := fmt.Sprintf("http://localhost:%d/stats/prometheus", s.envoyStatsPort)',
      ),
      istioLine(
        '1.30.3',
        'pilot/cmd/pilot-agent/options/options.go',
        'envoyPrometheusPortEnv = env.Register("ENVOY_PROMETHEUS_PORT", 15090,',
      ),
    ],
    checked,
  },
  'absolute-name': {
    subject: 'istiod',
    values: { what: 'dot', kind: 'Service', header: 'Host' },
    also: true,
    since: '1.27',
    known: [
      istioLine('1.27.0', 'pilot/pkg/networking/core/httproute.go', 'vhosts = append(vhosts, hostname+".")'),
      istioLineGone(
        '1.26.8',
        'pilot/pkg/networking/core/httproute.go',
        'vhosts = append(vhosts, hostname+".")',
      ),
    ],
    checked: '2026-11-30',
  },
} as const satisfies Readonly<Record<string, Fact>>;
