/** How pods stay in ambient mode: ztunnel's end and its successor, DNS, rules that are compared, and peers with sidecars. */
import { type Fact, istioLine, istioLineGone, ztunnelAnswer, ztunnelLine } from './fact.ts';

const checked = '2026-11-29';
const tag = '1.31.0-rc.0';
const ztunnelValues = 'manifests/charts/ztunnel/values.yaml';
const cniValues = 'manifests/charts/istio-cni/values.yaml';
const nodeNetwork = 'cni/pkg/nodeagent/net_linux.go';
const dnsServer = 'src/dns/server.rs';
const outbound = 'src/proxy/outbound.rs';

export const ambientLife = {
  'ztunnel-successor-first': {
    subject: 'ztunnel',
    values: { setting: 'maxUnavailable', value: 0 },
    known: [istioLine(tag, ztunnelValues, 'maxSurge: 1'), istioLine(tag, ztunnelValues, 'maxUnavailable: 0')],
    checked,
  },
  'ztunnel-ends-the-rest': {
    subject: 'ztunnel',
    values: { setting: 'terminationGracePeriodSeconds', seconds: 5, value: 30 },
    known: [
      ztunnelLine(tag, 'src/config.rs', 'secs - 5'),
      istioLine(
        tag,
        'manifests/charts/ztunnel/templates/daemonset.yaml',
        '- name: TERMINATION_GRACE_PERIOD_SECONDS',
      ),
      istioLine(tag, ztunnelValues, 'terminationGracePeriodSeconds: 30'),
    ],
    checked,
  },
  'ztunnel-port-taken': {
    subject: 'ztunnel',
    values: { message: 'failed to bind to address', seconds: 5 },
    known: [
      ztunnelLine(tag, 'src/proxy.rs', '#[error("failed to bind to address {0}: {1}")]'),
      ztunnelLine(
        tag,
        'src/inpod/workloadmanager.rs',
        'const RETRY_DURATION: Duration = Duration::from_secs(5);',
      ),
    ],
    checked,
  },
  'ztunnel-without-its-node': {
    subject: 'ztunnel',
    values: { message: 'failed to connect to the Istio CNI node agent' },
    known: [
      ztunnelLine(
        tag,
        'src/inpod/workloadmanager.rs',
        'failed to connect to the Istio CNI node agent over {:?}, is the node agent healthy?',
      ),
    ],
    checked,
  },
  'ztunnel-answers-for-services': {
    subject: 'ztunnel',
    values: { seconds: 30 },
    known: [
      ztunnelAnswer('outbound.txt', 'A name of the mesh is answered by ztunnel itself'),
      ztunnelLine(tag, dnsServer, 'const DEFAULT_TTL_SECONDS: u32 = 30;'),
      ztunnelLine(tag, dnsServer, 'let is_authoritative = true;'),
    ],
    checked,
  },
  'ztunnel-empty-answer': {
    subject: 'ztunnel',
    values: { code: 'NXDOMAIN' },
    not: true,
    known: [
      ztunnelAnswer(
        'outbound.txt',
        'A name of a Service in the family that it does not have: empty, and no error',
      ),
      ztunnelLine(
        tag,
        dnsServer,
        '// This is not NXDOMAIN, since we found the host. Just return an empty set of records.',
      ),
    ],
    checked,
  },
  'ztunnel-dns-too-early': {
    subject: 'ztunnel',
    values: { code: 'SERVFAIL' },
    known: [
      ztunnelLine(tag, dnsServer, 'debug!("unknown source");'),
      ztunnelLine(tag, dnsServer, 'LookupError::ResponseCode(ResponseCode::ServFail)'),
    ],
    checked,
  },
  'ambient-corrects-at-its-start': {
    subject: 'istio-cni',
    values: { setting: 'ambient.reconcileIptablesOnStartup', value: 'true' },
    since: '1.29',
    known: [
      istioLine('1.28.0', cniValues, 'reconcileIptablesOnStartup: false'),
      istioLine('1.29.0', cniValues, 'reconcileIptablesOnStartup: true'),
      istioLineGone('1.28.0', cniValues, 'reconcileIptablesOnStartup: true'),
      istioLine(
        '1.30.3',
        nodeNetwork,
        '// reconcileExistingPod is intended to run on node agent startup, for each pod that was already enrolled prior to startup.',
      ),
    ],
    checked,
  },
  'ambient-corrects-only-then': {
    subject: 'istio-cni',
    values: { annotation: 'ambient.istio.io/redirection', value: 'enabled' },
    only: true,
    known: [
      istioLine(
        '1.30.3',
        nodeNetwork,
        '// but should never need to be invoked outside of node agent startup.',
      ),
      istioLine(
        '1.30.3',
        'cni/pkg/util/podutil.go',
        'return pod.GetAnnotations()[annotation.AmbientRedirection.Name] == constants.AmbientRedirectionEnabled',
      ),
    ],
    checked,
  },
  'ambient-correction-failed': {
    subject: 'istio-cni',
    values: { message: 'failed to reconcile inpod rules for pod' },
    known: [
      istioLine(
        '1.30.3',
        nodeNetwork,
        'log.Errorf("failed to reconcile inpod rules for pod, try restarting the pod, or removing and re-adding it to the mesh: %v", err)',
      ),
    ],
    checked,
  },
  'ambient-guardrails': {
    subject: 'istio-cni',
    values: { message: 'Setting up guardrails' },
    known: [
      istioLine('1.30.3', 'cni/pkg/iptables/iptables.go', 'log.Info("Setting up guardrails")'),
      istioLine(
        '1.30.3',
        'tools/istio-iptables/pkg/builder/iptables_builder_impl.go',
        'rb.insertInternal(&rules, "OUTPUT", "filter", 1, "-p", "tcp", "-j", "DROP")',
      ),
    ],
    checked,
  },
  'ztunnel-plain-to-a-sidecar': {
    subject: 'ztunnel',
    values: { protocol: 'HBONE' },
    known: [
      ztunnelAnswer('outbound.txt', 'A Service whose pod is outside the mesh is called in plain text'),
      ztunnelLine(tag, outbound, 'InboundProtocol::TCP => us'),
      ztunnelLine(tag, outbound, 'InboundProtocol::TCP => None,'),
    ],
    checked,
  },
  'hbone-in-the-profile': {
    subject: 'Istio',
    values: { setting: 'ISTIO_META_ENABLE_HBONE', value: 'true' },
    where: { profile: 'ambient' },
    known: [istioLine('1.30.3', 'manifests/helm-profiles/ambient.yaml', 'ISTIO_META_ENABLE_HBONE: "true"')],
    checked,
  },
  'plugin-requests-counted': {
    subject: 'istio-cni',
    values: { metric: 'istio_cni_plugin_requests_total', label: 'response_code' },
    since: '1.31',
    known: [
      istioLineGone('1.30.3', 'cni/pkg/nodeagent/cni-watcher.go', 'istio_cni_plugin_requests_total'),
      istioLine(tag, 'cni/pkg/nodeagent/cni-watcher.go', '"istio_cni_plugin_requests_total",'),
      istioLine(tag, 'cni/pkg/nodeagent/cni-watcher.go', 'monitoring.CreateLabel("response_code")'),
    ],
    checked: '2026-11-30',
  },
  'ztunnel-shares-a-tunnel': {
    subject: 'ztunnel',
    values: { protocol: 'HBONE' },
    known: [
      ztunnelLine(
        tag,
        'src/proxy/pool.rs',
        '// A relatively nonstandard HTTP/2 connection pool designed to allow multiplexing proxied workload connections',
      ),
      ztunnelLine(
        tag,
        'src/proxy/pool.rs',
        '// - Every unique src/dest key gets their own dedicated connections inside the pool.',
      ),
    ],
    checked: '2026-11-30',
  },
  'ztunnel-takes-first': {
    subject: 'ztunnel',
    known: [
      ztunnelAnswer(
        'inbound.txt',
        'Somebody outside calls a port at which the app does not listen: connected, then ended',
      ),
      ztunnelAnswer('outbound.txt', 'A port outside at which nobody listens: connected, then ended'),
      { by: 'kernel', case: 'test/kernel/unread-bytes.test.ts' },
    ],
    checked: '2026-11-30',
  },
  'ztunnel-both-log': {
    subject: 'ztunnel',
    values: { caller: 'http status: 503', called: 'Connection refused' },
    known: [ztunnelAnswer('inbound.txt', 'A mesh peer calls a port at which the app does not listen')],
    checked: '2026-11-30',
  },
} as const satisfies Readonly<Record<string, Fact>>;
