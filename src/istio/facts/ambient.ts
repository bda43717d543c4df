/** What ztunnel does with the connections of an enrolled pod, and what istio-cni takes from a pod of ambient mode. */
import { type Fact, istioLine, istioLineGone, ztunnelAnswer, ztunnelLine, ztunnelLineGone } from './fact.ts';

const checked = '2026-11-29';
const tag = '1.31.0-rc.0';
const perPod = 'cni/pkg/nodeagent/net.go';
const enrolment = 'cni/pkg/util/enablement_selector.go';

export const ambient = {
  'ztunnel-keeps-the-caller': {
    subject: 'ztunnel',
    values: { one: 'IP_TRANSPARENT', other: 'IP_FREEBIND' },
    known: [
      ztunnelAnswer('inbound.txt', "Somebody outside calls in plain text: the app sees the caller's address"),
      ztunnelAnswer('inbound.txt', "A mesh peer calls by HBONE: the app sees the caller's address"),
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
      ztunnelAnswer(
        'outbound.txt',
        'A name outside the mesh: the question goes on from the pod, with the mark',
      ),
      ztunnelAnswer('inbound.txt', "A mesh peer calls by HBONE: the app sees the caller's address"),
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
    known: [
      ztunnelAnswer('inbound.txt', 'A policy denies the peer: 401 in the tunnel, and the app is not called'),
      ztunnelLine(tag, 'src/proxy/inbound.rs', 'StatusCode::UNAUTHORIZED,'),
    ],
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
      ztunnelAnswer('inbound.txt', 'STRICT: plain text is connected, then ended, and the app is not called'),
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
      ztunnelAnswer(
        'outbound.txt',
        "A Service whose pod is enrolled is called by HBONE, from the pod's own address",
      ),
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
      ztunnelAnswer('outbound.txt', 'A Service without endpoints is closed'),
      ztunnelLine(tag, 'src/proxy.rs', 'no healthy upstream: {0}'),
      ztunnelLine(tag, 'src/proxy/outbound.rs', 'return Err(Error::NoHealthyUpstream(target));'),
    ],
    checked,
  },
  'ztunnel-access-log': {
    subject: 'ztunnel',
    values: { message: 'connection complete', source: 'src.addr', destination: 'dst.addr' },
    known: [
      ztunnelAnswer(
        'outbound.txt',
        "A Service whose pod is enrolled is called by HBONE, from the pod's own address",
      ),
      ztunnelLine(tag, 'src/proxy/metrics.rs', '"connection complete"'),
      ztunnelLine(tag, 'src/proxy/metrics.rs', 'src.addr = %src,'),
    ],
    checked,
  },
  'ambient-annotations': {
    subject: 'istio-cni',
    values: {
      ingress: 'ambient.istio.io/bypass-inbound-capture',
      dns: 'ambient.istio.io/dns-capture',
      virtual: 'istio.io/reroute-virtual-interfaces',
    },
    not: true,
    known: [
      istioLine(tag, perPod, 'util.CheckBooleanAnnotation(pod, annotation.AmbientBypassInboundCapture.Name)'),
      istioLine(tag, perPod, 'util.CheckBooleanAnnotation(pod, annotation.AmbientDnsCapture.Name)'),
      istioLine(tag, perPod, 'pod.Annotations[annotation.IoIstioRerouteVirtualInterfaces.Name]; hasVirt {'),
    ],
    checked,
  },
  'ambient-ingress-mode': {
    subject: 'istio-cni',
    values: { annotation: 'ambient.istio.io/bypass-inbound-capture', value: 'true' },
    known: [
      istioLine(tag, perPod, '// Basically, this just disables inbound redirection.'),
      istioLine(tag, perPod, 'util.CheckBooleanAnnotation(pod, annotation.AmbientBypassInboundCapture.Name)'),
    ],
    checked,
  },
  'ambient-dns-by-default': {
    subject: 'istio-cni',
    values: { option: 'ambient.dnsCapture', value: 'true' },
    since: '1.25',
    known: [istioLine('1.25.0', 'manifests/charts/istio-cni/values.yaml', 'dnsCapture: true')],
    checked,
  },
  'ambient-dns-per-pod': {
    subject: 'istio-cni',
    values: { annotation: 'ambient.istio.io/dns-capture', value: 'false' },
    known: [istioLine(tag, perPod, 'util.CheckBooleanAnnotation(pod, annotation.AmbientDnsCapture.Name)')],
    checked,
  },
  'ambient-reroute': {
    subject: 'istio-cni',
    values: { annotation: 'istio.io/reroute-virtual-interfaces', protocol: 'TCP' },
    known: [
      istioLine(tag, perPod, 'pod.Annotations[annotation.IoIstioRerouteVirtualInterfaces.Name]; hasVirt {'),
    ],
    checked,
  },
  'ztunnel-asks-its-own-servers': {
    subject: 'ztunnel',
    values: { file: '/etc/resolv.conf' },
    not: true,
    known: [
      ztunnelAnswer(
        'outbound.txt',
        'A name outside the mesh: the question goes on from the pod, with the mark',
      ),
      ztunnelLine(tag, 'src/dns/server.rs', "// Get the resolver config from `ztunnel's` /etc/resolv.conf."),
    ],
    checked,
  },
  'ztunnel-to-the-waypoint': {
    subject: 'ztunnel',
    values: { protocol: 'HBONE', port: 15008 },
    known: [
      ztunnelAnswer('outbound.txt', 'A Service with a waypoint: that is called, by HBONE'),
      ztunnelLine(tag, 'src/proxy/outbound.rs', 'debug!("built request to service waypoint proxy");'),
      ztunnelLine(tag, 'src/config.rs', 'let inbound_addr = SocketAddr::new(bind_wildcard, 15008);'),
    ],
    checked,
  },
  'waypoint-of-a-pod': {
    subject: 'istiod',
    values: { label: 'istio.io/waypoint-for', one: 'workload', other: 'all', usual: 'service' },
    known: [
      istioLine(
        tag,
        'pilot/pkg/serviceregistry/ambient/waypoints.go',
        'if w.TrafficType == constants.WorkloadTraffic || w.TrafficType == constants.AllTraffic {',
      ),
      istioLine(
        tag,
        'pilot/pkg/serviceregistry/ambient/waypoints.go',
        'trafficType := constants.ServiceTraffic',
      ),
      istioLine(
        tag,
        'pilot/pkg/serviceregistry/ambient/waypoints.go',
        'if tt, found := gateway.Labels[label.IoIstioWaypointFor.Name]; found {',
      ),
      ztunnelLine(tag, 'src/proxy/outbound.rs', 'debug!("built request to workload waypoint proxy");'),
    ],
    checked: '2026-11-30',
  },
  'ztunnel-no-waypoint-for-plain-text': {
    subject: 'ztunnel',
    values: { port: 15006 },
    not: true,
    known: [
      ztunnelLineGone(tag, 'src/proxy/inbound_passthrough.rs', 'waypoint'),
      ztunnelLine(
        tag,
        'src/config.rs',
        'let inbound_plaintext_addr = SocketAddr::new(bind_wildcard, 15006);',
      ),
    ],
    checked,
  },
  'ambient-probes-from-the-node': {
    subject: 'istio-cni',
    values: { option: 'HOST_PROBE_SNAT_IP', address: '169.254.7.127' },
    known: [
      istioLine(tag, 'cni/pkg/nodeagent/options.go', 'DefaultHostProbeSNATIP   = "169.254.7.127"'),
      istioLine(tag, 'cni/pkg/iptables/iptables.go', '"--socket-exists",'),
    ],
    checked,
  },
  'ztunnel-two-side-by-side': {
    subject: 'ztunnel',
    values: { option: 'INPOD_PORT_REUSE', value: 'true' },
    known: [
      ztunnelLine(tag, 'src/config.rs', 'inpod_port_reuse: parse_default(INPOD_PORT_REUSE, true)?,'),
      ztunnelLine(tag, 'src/inpod/config.rs', 'if let Err(e) = sock.set_reuseport(true) {'),
    ],
    checked,
  },
  'ztunnel-passes-on': {
    subject: 'ztunnel',
    values: { message: 'built request as passthrough' },
    known: [
      ztunnelAnswer('outbound.txt', 'An address that nobody in the mesh has is called as it was dialled'),
      ztunnelLine(tag, 'src/proxy/outbound.rs', 'debug!("built request as passthrough; no upstream found");'),
    ],
    checked,
  },
  'ambient-opt-in': {
    subject: 'istio-cni',
    values: { label: 'istio.io/dataplane-mode', value: 'ambient' },
    known: [
      istioLine(
        tag,
        'manifests/charts/istio-cni/values.yaml',
        'matchLabels: {istio.io/dataplane-mode: ambient}',
      ),
    ],
    checked,
  },
  'ambient-opt-out': {
    subject: 'istio-cni',
    values: { label: 'istio.io/dataplane-mode', value: 'none' },
    not: true,
    known: [
      istioLine(
        tag,
        'manifests/charts/istio-cni/values.yaml',
        '{ key: istio.io/dataplane-mode, operator: NotIn, values: [none] }',
      ),
    ],
    checked,
  },
  'ambient-excluded-namespace': {
    subject: 'istio-cni',
    values: { namespace: 'kube-system', option: 'excludeNamespaces' },
    known: [istioLine(tag, 'manifests/charts/istio-cni/values.yaml', '- kube-system')],
    checked,
  },
  'ambient-will-not-retry': {
    subject: 'istio-cni',
    values: { message: 'Failed capturing pod, will not retry.' },
    not: true,
    known: [
      istioLine(
        tag,
        'cni/pkg/nodeagent/informers.go',
        'log.Errorf("Failed capturing pod, will not retry. AddPodToMesh returned: %v", err)',
      ),
    ],
    checked,
  },
  'ambient-pending': {
    subject: 'istio-cni',
    values: { annotation: 'ambient.istio.io/redirection', value: 'pending' },
    not: true,
    known: [
      istioLine(
        tag,
        'cni/pkg/nodeagent/meshdataplane_linux.go',
        'log.Error("failed to add pod to ztunnel: pod partially added, annotating with pending status")',
      ),
    ],
    checked,
  },
  'ambient-not-in-the-set': {
    subject: 'istio-cni',
    values: { message: 'failed to add pod to addressSet, pod will fail healthchecks' },
    known: [
      istioLine(
        tag,
        'cni/pkg/nodeagent/meshdataplane_linux.go',
        'log.Errorf("failed to add pod to addressSet, pod will fail healthchecks: %v", err)',
      ),
    ],
    checked,
  },
  'ambient-node-rule-first': {
    subject: 'istio-cni',
    values: { chain: 'POSTROUTING' },
    since: '1.27',
    known: [istioLine('1.27.0', 'cni/pkg/iptables/iptables.go', '"POSTROUTING", "nat", 1,')],
    checked,
  },
  'ambient-target-ref': {
    subject: 'istiod',
    values: { field: 'targetRefs', program: 'ztunnel' },
    not: true,
    known: [
      istioLine(
        tag,
        'pilot/pkg/serviceregistry/ambient/authorization.go',
        '// TargetRef is not intended for ztunnel',
      ),
    ],
    checked,
  },
  'ambient-sidecar-hbone': {
    subject: 'injector',
    values: { label: 'networking.istio.io/tunnel', protocol: 'HBONE' },
    where: { setting: 'ISTIO_META_ENABLE_HBONE' },
    known: [
      istioLine(
        tag,
        'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml',
        '{{- if eq (index .ProxyConfig.ProxyMetadata "ISTIO_META_ENABLE_HBONE") "true" }}',
      ),
    ],
    checked,
  },
  'ambient-sidecar-wins': {
    subject: 'istio-cni',
    values: { annotation: 'sidecar.istio.io/status' },
    not: true,
    known: [
      istioLine(
        tag,
        enrolment,
        '// Ztunnel and sidecar for a single pod is currently not supported; opt out.',
      ),
      istioLine(tag, 'cni/pkg/util/podutil.go', 'podAnnotations[annotation.SidecarStatus.Name]; f {'),
    ],
    checked,
  },
  'ambient-not-on-the-host': {
    subject: 'istio-cni',
    values: { field: 'hostNetwork' },
    not: true,
    since: '1.31',
    known: [
      istioLine(tag, enrolment, 'if pod.Spec.HostNetwork {'),
      istioLineGone('1.30.3', enrolment, 'HostNetwork'),
    ],
    checked: '2026-11-30',
  },
  'ambient-not-on-the-host-at-first': {
    subject: 'istio-cni',
    values: { field: 'hostNetwork' },
    not: true,
    before: '1.27',
    known: [
      istioLine('1.25.0', 'cni/pkg/util/podutil.go', 'if pod.Spec.HostNetwork {'),
      istioLine('1.26.8', 'cni/pkg/util/podutil.go', 'if pod.Spec.HostNetwork {'),
      istioLineGone('1.27.0', 'cni/pkg/util/podutil.go', 'HostNetwork'),
    ],
    checked: '2026-11-30',
  },
  'ambient-on-the-host': {
    subject: 'istio-cni',
    values: { field: 'hostNetwork' },
    since: '1.27',
    before: '1.31',
    known: [
      istioLineGone('1.27.0', enrolment, 'HostNetwork'),
      istioLineGone('1.27.9', enrolment, 'HostNetwork'),
      istioLineGone('1.28.10', enrolment, 'HostNetwork'),
      istioLineGone('1.29.6', enrolment, 'HostNetwork'),
      istioLineGone('1.30.3', enrolment, 'HostNetwork'),
      istioLine(
        tag,
        'releasenotes/notes/61168.yaml',
        '**Fixed** an issue where `istio-cni` considered `hostNetwork` pods eligible for ambient',
      ),
    ],
    checked: '2026-11-30',
  },
  'ztunnel-metrics-port': {
    subject: 'ztunnel',
    values: { port: 15020 },
    known: [ztunnelLine(tag, 'src/config.rs', 'const DEFAULT_STATS_PORT: u16 = 15020;')],
    checked: '2026-11-30',
  },
  'ztunnel-own-ports': {
    subject: 'ztunnel',
    values: { ready: 15021, admin: 15000, place: 'localhost' },
    known: [
      ztunnelLine(tag, 'src/config.rs', 'const DEFAULT_READINESS_PORT: u16 = 15021;'),
      ztunnelLine(tag, 'src/config.rs', 'const DEFAULT_ADMIN_PORT: u16 = 15000;'),
      ztunnelLine(tag, 'src/config.rs', '// admin API should only be accessible over localhost'),
    ],
    checked: '2026-11-30',
  },
  'ztunnel-dns-on-localhost': {
    subject: 'ztunnel',
    values: { port: 15053, place: 'localhost', family: 'IPv6' },
    known: [
      ztunnelLine(
        tag,
        'src/config.rs',
        'None => Address::Localhost(ipv6_localhost_enabled, DEFAULT_DNS_PORT),',
      ),
      ztunnelLine(
        tag,
        'src/config.rs',
        '// IPv6 may be generally enabled, but not on localhost. In that case, we do not want to bind on IPv6.',
      ),
      ztunnelLine(
        tag,
        'src/dns/server.rs',
        '// actually check if the local pod context our socketfactory operates in supports V6.',
      ),
      ztunnelLine(tag, 'src/proxy.rs', 'read_sysctl(IPV6_DISABLED_LO).map(|s| s != "1")'),
    ],
    checked: '2026-11-30',
  },
} as const satisfies Readonly<Record<string, Fact>>;
