/** What ztunnel does with the connections of an enrolled pod, and what istio-cni takes from a pod of ambient mode. */
import { type Fact, istioLine, ztunnelLine } from './fact.ts';

const checked = '2026-11-29';
const tag = '1.31.0-rc.0';
const enrolment = 'cni/pkg/util/enablement_selector.go';

export const ambient = {
  'ztunnel-keeps-the-caller': {
    subject: 'ztunnel',
    values: { one: 'IP_TRANSPARENT', other: 'IP_FREEBIND' },
    known: [
      ztunnelLine(tag, 'src/proxy.rs', 'match socket::set_freebind_and_transparent(&socket) {'),
      ztunnelLine(tag, 'src/proxy/inbound.rs', 'enable_original_source.then_some(ri.rbac_ctx.conn.src.ip())'),
      ztunnelLine(tag, 'src/socket.rs', 'socket.set_ip_transparent_v4(true)?;'),
    ],
    checked,
  },
  'ztunnel-marks': {
    subject: 'ztunnel',
    values: { option: 'PACKET_MARK', mark: '0x539' },
    known: [
      ztunnelLine(tag, 'src/config.rs', 'const DEFAULT_INPOD_MARK: u32 = 1337;'),
      ztunnelLine(tag, 'src/inpod/config.rs', 'crate::socket::set_mark(&socket, mark.into())?;'),
    ],
    checked,
  },
  'ztunnel-ends-a-tunnel': {
    subject: 'ztunnel',
    values: { status: 200, method: 'CONNECT' },
    known: [
      ztunnelLine(tag, 'src/proxy/inbound.rs', 'if req.method() != Method::CONNECT {'),
      ztunnelLine(
        tag,
        'src/proxy/inbound.rs',
        '// Wait on establishing the upstream connection and connection guard before sending the 200 response to the client',
      ),
    ],
    checked,
  },
  'ztunnel-refuses-by-policy': {
    subject: 'ztunnel',
    values: { status: 401, protocol: 'HBONE' },
    known: [ztunnelLine(tag, 'src/proxy/inbound.rs', 'StatusCode::UNAUTHORIZED,')],
    checked,
  },
  'ztunnel-app-refuses': {
    subject: 'ztunnel',
    values: { status: 503, seconds: 10 },
    known: [
      ztunnelLine(tag, 'src/proxy/inbound.rs', 'StatusCode::SERVICE_UNAVAILABLE,'),
      ztunnelLine(tag, 'src/proxy.rs', 'const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);'),
    ],
    checked,
  },
  'ztunnel-blocked-port': {
    subject: 'ztunnel',
    values: { message: 'connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008' },
    known: [
      ztunnelLine(
        tag,
        'src/proxy.rs',
        'connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008',
      ),
    ],
    checked,
  },
  'ambient-strict-closes': {
    subject: 'ztunnel',
    values: { policy: 'istio_converted_static_strict' },
    where: { mode: 'STRICT' },
    known: [
      istioLine(
        tag,
        'pilot/pkg/serviceregistry/ambient/authorization.go',
        'staticStrictPolicyName = "istio_converted_static_strict"',
      ),
      ztunnelLine(tag, 'src/proxy.rs', 'connection closed due to policy rejection: {0}'),
    ],
    checked,
  },
  'ztunnel-hbone-port': {
    subject: 'ztunnel',
    values: { protocol: 'HBONE', port: 15008 },
    known: [
      ztunnelLine(
        tag,
        'src/proxy/outbound.rs',
        'InboundProtocol::HBONE => SocketAddr::from((selected_workload_ip, self.hbone_port)),',
      ),
    ],
    checked,
  },
  'ambient-told-by-annotation': {
    subject: 'istiod',
    values: { annotation: 'ambient.istio.io/redirection', value: 'enabled', protocol: 'HBONE' },
    known: [
      istioLine(
        tag,
        'pilot/pkg/serviceregistry/ambient/workloads.go',
        'if annotations[annotation.AmbientRedirection.Name] == constants.AmbientRedirectionEnabled {',
      ),
    ],
    checked,
  },
  'ztunnel-no-healthy': {
    subject: 'ztunnel',
    values: { message: 'no healthy upstream' },
    not: true,
    known: [
      ztunnelLine(tag, 'src/proxy.rs', 'no healthy upstream: {0}'),
      ztunnelLine(tag, 'src/proxy/outbound.rs', 'return Err(Error::NoHealthyUpstream(target));'),
    ],
    checked,
  },
  'ztunnel-access-log': {
    subject: 'ztunnel',
    values: { message: 'connection complete', source: 'src.addr', destination: 'dst.addr' },
    known: [
      ztunnelLine(tag, 'src/proxy/metrics.rs', '"connection complete"'),
      ztunnelLine(tag, 'src/proxy/metrics.rs', 'src.addr = %src,'),
    ],
    checked,
  },
  'ambient-not-on-the-host': {
    subject: 'istio-cni',
    values: { field: 'hostNetwork' },
    not: true,
    known: [istioLine(tag, enrolment, 'if pod.Spec.HostNetwork {')],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
