/** How Envoy finds out what a connection speaks, and when it waits for that. */
import { envoyAnswer, envoyLine, type Fact, istioLine } from './fact.ts';

const checked = '2026-11-28';
const conversion = 'pkg/config/kube/conversion.go';
const mesh = 'pkg/config/mesh/mesh.go';
const listener = 'pilot/pkg/networking/core/listener.go';
const inbound = 'pilot/pkg/networking/core/listener_inbound.go';
const dump = 'istioctl/pkg/writer/envoy/configdump/listener.go';

export const sniffing = {
  'ports-taken-for-tcp': {
    subject: 'istiod',
    values: { smtp: 25, dns: 53, mysql: 3306, mongodb: 27017, protocol: 'TCP' },
    known: [
      istioLine('1.30.3', conversion, 'SMTP    = 25'),
      istioLine('1.30.3', conversion, 'DNS     = 53'),
      istioLine('1.30.3', conversion, 'MySQL   = 3306'),
      istioLine('1.30.3', conversion, 'MongoDB = 27017'),
      istioLine('1.30.3', conversion, 'if wellKnownPorts.Contains(port) {'),
    ],
    checked,
  },
  'detection-timeout': {
    subject: 'Envoy',
    values: { setting: 'protocolDetectionTimeout', value: '0' },
    known: [istioLine('1.30.3', mesh, 'ProtocolDetectionTimeout:    durationpb.New(0),')],
    checked,
  },
  'undeclared-port': {
    subject: 'Envoy',
    values: { protocol: 'HTTP' },
    where: { port: 'declares no protocol' },
    not: true,
    known: [
      envoyAnswer(
        'outbound.txt',
        'A server that speaks first hangs where a Service has its port without a protocol: Envoy waits for the client',
      ),
      istioLine('1.30.3', listener, 'needHTTP := len(chain.applicationProtocols) > 0'),
      istioLine(
        '1.30.3',
        listener,
        'l.ListenerFilters = append(l.ListenerFilters, xdsfilters.HTTPInspector)',
      ),
    ],
    checked,
  },
  'same-port-as-http': {
    subject: 'Envoy',
    values: { protocol: 'HTTP' },
    known: [
      envoyAnswer(
        'outbound.txt',
        'A server that speaks first hangs on a port that some Service has for HTTP',
      ),
      istioLine(
        '1.30.3',
        listener,
        'appended to the listener later to allow arbitrary egress TCP traffic pass through when its port is conflicted with existing',
      ),
      istioLine(
        '1.30.3',
        listener,
        'opt.applicationProtocols = append(opt.applicationProtocols, plaintextHTTPALPNs...)',
      ),
    ],
    checked,
  },
  'unknown-port': {
    subject: 'Envoy',
    not: true,
    known: [
      envoyAnswer('outbound.txt', 'A server that speaks first works on a port that no Service has'),
      envoyAnswer('outbound.txt', 'Any bytes go through on such a port: nothing is sniffed there'),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener_builder.go',
        'filterChains := buildOutboundCatchAllNetworkFilterChains(lb.node, lb.push)',
      ),
    ],
    checked,
  },
  'permissive-port': {
    subject: 'Envoy',
    values: { mode: 'PERMISSIVE', protocol: 'TLS' },
    known: [
      envoyAnswer('inbound.txt', 'PERMISSIVE: a server that speaks first hangs, declared or not'),
      istioLine(
        '1.30.3',
        inbound,
        'needsTLS := fc.GetFilterChainMatch().GetTransportProtocol() == xdsfilters.TLSTransportProtocol',
      ),
      istioLine('1.30.3', inbound, 'lf = append(lf, buildTLSInspector(inspectors))'),
    ],
    checked,
  },
  'inbound-unknown-port': {
    subject: 'Envoy',
    values: { protocol: 'HTTP' },
    where: { port: 'of the pod that no Service declares' },
    not: true,
    known: [
      envoyAnswer('inbound.txt', 'A server that speaks first hangs on a port that no Service declares'),
    ],
    checked,
  },
  'client-hello': {
    subject: 'Envoy',
    values: { protocol: 'TLS' },
    known: [
      { by: 'istiod', case: 'test/istio/sidecar/answers.test.ts' },
      istioLine('1.30.3', mesh, 'EnableAutoMtls:              wrappers.Bool(true),'),
      // A socket that is to be written shakes hands first, and a client begins.
      envoyLine('source/common/tls/ssl_socket.cc', 'SSL_set_connect_state(rawSsl());'),
      envoyLine('source/common/tls/ssl_socket.cc', 'PostIoAction action = doHandshake();'),
    ],
    checked,
  },
  'protocol-by-name': {
    subject: 'istiod',
    values: { field: 'appProtocol' },
    known: [
      istioLine('1.30.3', conversion, 'if appProto != nil {'),
      istioLine('1.30.3', conversion, "i := strings.IndexByte(name, '-')"),
    ],
    checked,
  },
  'protocol-of-a-service-entry': {
    subject: 'istiod',
    values: { kind: 'ServiceEntry', field: 'protocol' },
    only: true,
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/serviceregistry/serviceentry/conversion.go',
        'Protocol: protocol.Parse(port.Protocol),',
      ),
    ],
    checked,
  },
  'listener-match': {
    subject: 'istioctl',
    values: { transport: 'Trans: raw_buffer', application: 'App: http/1.1,h2c' },
    known: [
      istioLine('1.30.3', dump, 'descrs = append(descrs, fmt.Sprintf("Trans: %s", match.TransportProtocol))'),
      istioLine(
        '1.30.3',
        dump,
        'descrs = append(descrs, fmt.Sprintf("App: %s", strings.Join(match.ApplicationProtocols, ",")))',
      ),
    ],
    checked,
  },
  'connect-timeout': {
    subject: 'Envoy',
    values: { seconds: 10 },
    known: [
      envoyAnswer('outbound.txt', 'The same by TCP: the app is connected all the time'),
      istioLine('1.30.3', mesh, 'ConnectTimeout:                 durationpb.New(10 * time.Second),'),
    ],
    checked: '2026-11-30',
  },
  'outbound-policy': {
    subject: 'istiod',
    values: { setting: 'outboundTrafficPolicy', value: 'ALLOW_ANY' },
    known: [istioLine('1.30.3', mesh, 'Mode: meshconfig.MeshConfig_OutboundTrafficPolicy_ALLOW_ANY}')],
    checked,
  },
  'dynamic-dns': {
    subject: 'Envoy',
    values: { protocol: 'HTTP', header: 'Host' },
    where: { mode: 'ALLOW_ANY_DYNAMIC_DNS' },
    since: '1.31',
    known: [
      istioLine(
        '1.31.0-rc.0',
        'pilot/pkg/networking/core/cluster_builder.go',
        '// Plaintext HTTP traffic is routed here via the HTTP DFP filter which resolves hostnames',
      ),
      istioLine(
        '1.31.0-rc.0',
        'pilot/pkg/networking/core/cluster_builder.go',
        '// from the Host/:authority header.',
      ),
    ],
    checked: '2026-11-29',
  },
  'black-hole-status': {
    subject: 'Envoy',
    values: { status: 502 },
    where: { mode: 'REGISTRY_ONLY' },
    known: [
      envoyAnswer('outbound.txt', 'REGISTRY_ONLY: a name that nobody has gets 502'),
      istioLine('1.30.3', 'pilot/pkg/networking/core/httproute.go', 'Name:    util.BlackHole,'),
      istioLine('1.30.3', 'pilot/pkg/networking/core/httproute.go', 'Status: 502,'),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
