/** What becomes of the client's address: headers, source addresses, and what a policy sees. */
import { type Fact, istioLine } from './fact.ts';

const checked = '2026-11-28';

export const client = {
  'forwarded-for-inbound': {
    subject: 'Envoy',
    values: { header: 'X-Forwarded-For' },
    where: { place: 'sidecar' },
    not: true,
    known: [istioLine('1.30.3', 'pilot/pkg/networking/core/listener_inbound.go', 'useRemoteAddress: false,')],
    checked,
  },
  'forwarded-for-outbound': {
    subject: 'Envoy',
    values: { header: 'X-Forwarded-For' },
    where: { setting: 'PILOT_SIDECAR_USE_REMOTE_ADDRESS=true' },
    only: true,
    known: [
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
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/util/proxy_headers.go',
        'HttpConnectionManager_APPEND_FORWARD',
      ),
    ],
    checked,
  },
  'inbound-source': {
    subject: 'Envoy',
    values: { v4: '127.0.0.6' },
    options: { inboundInterceptionMode: 'REDIRECT' },
    known: [
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
    known: [istioLine('1.30.3', 'pkg/config/mesh/mesh.go', 'ProxyInboundListenPort:         15006,')],
    checked,
  },
  'tproxy-source': {
    subject: 'Envoy',
    where: { mode: 'TPROXY' },
    known: [
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
} as const satisfies Readonly<Record<string, Fact>>;
