/** How Envoy finds out what a connection speaks, and when it waits for that. */
import { type Fact, istioLine } from './fact.ts';

const checked = '2026-11-28';
const conversion = 'pkg/config/kube/conversion.go';
const mesh = 'pkg/config/mesh/mesh.go';

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
  'connect-timeout': {
    subject: 'Envoy',
    values: { seconds: 10 },
    known: [istioLine('1.30.3', mesh, 'ConnectTimeout:                 durationpb.New(10 * time.Second),')],
    checked,
  },
  'outbound-policy': {
    subject: 'istiod',
    values: { setting: 'outboundTrafficPolicy', value: 'ALLOW_ANY' },
    known: [istioLine('1.30.3', mesh, 'Mode: meshconfig.MeshConfig_OutboundTrafficPolicy_ALLOW_ANY}')],
    checked,
  },
  'black-hole-status': {
    subject: 'Envoy',
    values: { status: 502 },
    where: { mode: 'REGISTRY_ONLY' },
    known: [
      istioLine('1.30.3', 'pilot/pkg/networking/core/httproute.go', 'Name:    util.BlackHole,'),
      istioLine('1.30.3', 'pilot/pkg/networking/core/httproute.go', 'Status: 502,'),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
