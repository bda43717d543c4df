/** What Envoy takes, asks and dials, whatever the protocol, and as whom it runs. */
import { type Fact, istioLine } from './fact.ts';

const checked = '2026-11-28';
const builder = 'pilot/pkg/networking/core/listener_builder.go';

export const proxying = {
  'original-destination': {
    subject: 'Envoy',
    values: { where: 'kernel', what: 'destination' },
    known: [
      istioLine('1.30.3', builder, 'UseOriginalDst:                       proto.BoolTrue,'),
      istioLine(
        '1.30.3',
        'pilot/pkg/xds/filters/filters.go',
        'TypedConfig: protoconv.MessageToAny(&originaldst.OriginalDst{}),',
      ),
    ],
    checked,
  },
  passthrough: {
    subject: 'Envoy',
    values: { cluster: 'PassthroughCluster' },
    where: { mode: 'ALLOW_ANY' },
    known: [istioLine('1.30.3', builder, 'egressCluster = util.PassthroughCluster')],
    checked,
  },
  'inbound-passthrough': {
    subject: 'Envoy',
    values: { cluster: 'InboundPassthroughCluster' },
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/cluster_builder.go',
        'c.Name = util.InboundPassthroughCluster',
      ),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener_inbound.go',
        'clusterName: util.InboundPassthroughCluster,',
      ),
    ],
    checked,
  },
  'auto-mutual-tls': {
    subject: 'Envoy',
    values: { security: 'mutual TLS' },
    known: [
      istioLine('1.30.3', 'pkg/config/mesh/mesh.go', 'EnableAutoMtls:              wrappers.Bool(true),'),
    ],
    checked,
  },
  'one-user': {
    subject: 'pilot-agent',
    values: { child: 'Envoy' },
    known: [
      istioLine('1.30.3', 'pkg/envoy/proxy.go', 'cmd := exec.Command(e.BinaryPath, args...)'),
      istioLine(
        '1.30.3',
        'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml',
        'runAsUser: {{ .ProxyUID | default "1337" }}',
      ),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
