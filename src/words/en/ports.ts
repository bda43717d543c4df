/**
 * What each port of a sidecar's pod and of istiod is for, in sentences.
 */
import { type PortName, portOf } from '../../istio/index.ts';

const purposes: Readonly<Record<PortName, string>> = {
  'envoy-admin': "Envoy's admin interface.",
  'envoy-outbound':
    'Takes what the pod sends. Reads the original destination; what matches no listener goes to PassthroughCluster (ALLOW_ANY) or BlackHoleCluster (REGISTRY_ONLY).',
  validation: `Nobody listens: istio-validation dials it as the proxy before the app starts, and listens itself on 127.0.0.1 or ::1, at ${portOf('envoy-outbound')} and ${portOf('envoy-inbound')}, to see whether the rules bring the call back.`,
  'agent-debug': "pilot-agent's debug interface, from 1.11 to 1.24: it handed questions on to istiod.",
  'envoy-inbound':
    "Takes what arrives, and dials the app: by default at the pod's address from 127.0.0.6 or ::6 (before 1.10 at 127.0.0.1).",
  hbone: 'Tunnelled traffic (HBONE), where it is turned on; in ambient mode it is ztunnel that listens.',
  'istiod-xds-plain': 'xDS and CA without TLS.',
  'istiod-xds': 'xDS and CA over TLS: what pilot-agent dials.',
  'agent-dns-old': 'DNS, where it is captured.',
  'istiod-monitoring': 'Metrics of istiod.',
  'istiod-webhook': 'The injection and validation webhooks.',
  'agent-metrics':
    'Merged metrics, health, and the rewritten probes of the app (/app-health/…), which it dials on from 127.0.0.6.',
  'envoy-ready': `Readiness: handed on to pilot-agent at 127.0.0.1:${portOf('agent-metrics')}.`,
  'agent-dns': 'DNS, where it is captured.',
  'envoy-prometheus': `Envoy's metrics: handed on to its admin interface at 127.0.0.1:${portOf('envoy-admin')}.`,
};

/** What a port is for: `Envoy's admin interface.` */
export function portPurpose(name: PortName): string {
  return purposes[name];
}
