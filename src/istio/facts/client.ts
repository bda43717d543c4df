/** What becomes of the client's address: headers, source addresses, and what a policy sees. */
import { envoyAnswer, type Fact, istioLine } from './fact.ts';

const checked = '2026-11-28';

export const client = {
  'forwarded-for-inbound': {
    subject: 'Envoy',
    values: { header: 'X-Forwarded-For' },
    where: { place: 'sidecar' },
    not: true,
    known: [
      envoyAnswer('inbound.txt', 'A declared HTTP port: the app sees 127.0.0.6, and no X-Forwarded-For'),
      envoyAnswer('inbound.txt', 'An X-Forwarded-For that the caller wrote stays as it is'),
      istioLine('1.30.3', 'pilot/pkg/networking/core/listener_inbound.go', 'useRemoteAddress: false,'),
    ],
    checked,
  },
  'forwarded-for-in-the-log': {
    subject: 'Envoy',
    values: { header: 'X-Forwarded-For' },
    known: [
      envoyAnswer('inbound.txt', 'An X-Forwarded-For that the caller wrote stays as it is'),
      envoyAnswer(
        'outbound.txt',
        'What the app says of itself in X-Forwarded-For goes out as it is, and nothing is added',
      ),
    ],
    checked: '2026-11-30',
  },
  'request-id': {
    subject: 'Envoy',
    values: { id: 'x-request-id', scheme: 'x-forwarded-proto' },
    known: [envoyAnswer('inbound.txt', 'Envoy adds a request id and the scheme')],
    checked: '2026-11-29',
  },
  'server-header': {
    subject: 'Envoy',
    values: { header: 'server', name: 'istio-envoy' },
    known: [
      envoyAnswer('inbound.txt', 'Envoy writes its own name into an answer'),
      istioLine('1.30.3', 'pilot/pkg/networking/core/accesslog.go', 'EnvoyServerName = "istio-envoy"'),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener.go',
        'ServerName:                 ph.ServerName,',
      ),
    ],
    checked: '2026-11-29',
  },
  'forwarded-for-outbound': {
    subject: 'Envoy',
    values: { header: 'X-Forwarded-For' },
    where: { setting: 'PILOT_SIDECAR_USE_REMOTE_ADDRESS=true' },
    only: true,
    known: [
      envoyAnswer(
        'outbound.txt',
        'What the app says of itself in X-Forwarded-For goes out as it is, and nothing is added',
      ),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener.go',
        'useRemoteAddress: features.UseRemoteAddress,',
      ),
      istioLine('1.30.3', 'pilot/pkg/features/xds.go', '"PILOT_SIDECAR_USE_REMOTE_ADDRESS",'),
    ],
    checked,
  },
  'forwarded-for-gateway': {
    subject: 'gateway',
    values: { header: 'X-Forwarded-For' },
    known: [istioLine('1.30.3', 'pilot/pkg/networking/core/gateway.go', 'useRemoteAddress:          true,')],
    checked,
  },
  'remote-ip-blocks': {
    subject: 'Envoy',
    values: { field: 'remoteIpBlocks', header: 'X-Forwarded-For', protocol: 'proxy protocol' },
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/security/authz/model/model.go',
        'original client ip determined from x-forwarded-for or proxy protocol.',
      ),
    ],
    checked,
  },
  'ip-blocks': {
    subject: 'Envoy',
    values: { field: 'ipBlocks' },
    known: [
      istioLine('1.30.3', 'pilot/pkg/security/authz/model/model.go', 'attrSrcIP, s.IpBlocks, s.NotIpBlocks)'),
      istioLine('1.30.3', 'pilot/pkg/security/authz/model/principal.go', 'DirectRemoteIp: cidr,'),
    ],
    checked,
  },
  'forwarded-client-cert': {
    subject: 'Envoy',
    values: { header: 'X-Forwarded-Client-Cert' },
    where: { security: 'mutual TLS' },
    known: [
      envoyAnswer(
        'inbound.txt',
        'PERMISSIVE: with mutual TLS the app is told whose certificate it was, behind what the client wrote',
      ),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/util/proxy_headers.go',
        'HttpConnectionManager_APPEND_FORWARD',
      ),
    ],
    checked,
  },
  'forged-client-cert': {
    subject: 'Envoy',
    values: { header: 'X-Forwarded-Client-Cert' },
    where: { how: 'plain text' },
    known: [envoyAnswer('inbound.txt', 'A forged X-Forwarded-Client-Cert is taken away')],
    checked,
  },
  'inbound-source': {
    subject: 'Envoy',
    values: { v4: '127.0.0.6' },
    options: { inboundInterceptionMode: 'REDIRECT' },
    known: [
      envoyAnswer('inbound.txt', 'A declared HTTP port: the app sees 127.0.0.6, and no X-Forwarded-For'),
      envoyAnswer('inbound.txt', 'A declared TCP port'),
      envoyAnswer('inbound.txt', 'A port that no Service declares'),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener_address.go',
        'InboundPassthroughBindIpv4 = "127.0.0.6"',
      ),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/cluster_builder.go',
        'src := InboundPassthroughBindIpv4',
      ),
    ],
    checked,
  },
  'source-by-localhost': {
    subject: 'Envoy',
    values: { address: '127.0.0.1', policy: 'inboundTrafficPolicy', endpoint: 'defaultEndpoint' },
    known: [
      envoyAnswer(
        'inbound.txt',
        'LOCALHOST: an app that listens on 127.0.0.1 only is reached on a declared port',
      ),
      envoyAnswer('inbound.txt', "A Sidecar's defaultEndpoint on 127.0.0.1 is where Envoy dials"),
    ],
    checked: '2026-11-30',
  },
  'tproxy-as-root': {
    subject: 'injector',
    values: { user: 'root', capability: 'NET_ADMIN' },
    where: { mode: 'TPROXY' },
    known: [
      istioLine(
        '1.30.3',
        'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml',
        '{{ if or $tproxy $capNetBindService -}}',
      ),
    ],
    checked,
  },
  'sees-the-client': {
    subject: 'Envoy',
    values: { socket: 15006 },
    known: [
      { by: 'kernel', case: 'test/kernel/six-types.test.ts' },
      { by: 'Envoy', case: 'test/mesh/six-types.test.ts' },
      istioLine('1.30.3', 'pkg/config/mesh/mesh.go', 'ProxyInboundListenPort:         15006,'),
    ],
    checked,
  },
  'tproxy-source': {
    subject: 'Envoy',
    where: { mode: 'TPROXY' },
    known: [
      envoyAnswer('tproxy.txt', "HTTP: the app sees the client's own address, on a new connection"),
      envoyAnswer('tproxy.txt', 'TCP: too'),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener_inbound.go',
        'if !bindToPort && node.GetInterceptionMode() == model.InterceptionTproxy {',
      ),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener_inbound.go',
        'lf = append(lf, xdsfilters.OriginalSrc)',
      ),
    ],
    checked,
  },
  'pod-address-is-plain': {
    subject: 'Envoy',
    values: { cluster: 'PassthroughCluster', security: 'mutual TLS' },
    not: true,
    known: [
      envoyAnswer('outbound.txt', 'A pod of a Service called by its own address: HTTP is passed on as it is'),
    ],
    checked,
  },
  'own-service-twice': {
    subject: 'Envoy',
    values: { first: 15001, second: 15006 },
    known: [
      envoyAnswer('outbound.txt', 'Its own Service, when Envoy picks this pod: through Envoy twice'),
      istioLine('1.30.3', 'pkg/config/mesh/mesh.go', 'ProxyListenPort:                15001,'),
      istioLine('1.30.3', 'pkg/config/mesh/mesh.go', 'ProxyInboundListenPort:         15006,'),
    ],
    checked,
  },
  'address-of-itself': {
    subject: 'Envoy',
    values: { localhost: '127.0.0.1' },
    not: true,
    known: [
      envoyAnswer('outbound.txt', "The pod's own address: the app reaches itself, and Envoy is not asked"),
      envoyAnswer('outbound.txt', '127.0.0.1 as well'),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
