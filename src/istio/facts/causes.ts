/** What leads to an error of a program, or keeps a pod waiting: what istio-cni, pilot-agent, istiod and ztunnel need and say. */
import { type Evidence, envoyLine, type Fact, istioLine, kubectlLine, ztunnelLine } from './fact.ts';

const checked = '2026-11-30';
const tag = '1.31.0-rc.0';
const template = 'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml';
const sandbox = 'tools/istio-iptables/pkg/dependencies/implementation_linux.go';
const plugin = 'cni/pkg/plugin/plugin.go';
const readiness = 'pilot/cmd/pilot-agent/status/ready/probe.go';
const bootstrap = 'tools/packaging/common/envoy_bootstrap.json';
const start = 'tools/packaging/common/istio-start.sh';

/** A profile came to kubectl with a release of its own. */
function kubectlProfile(release: string, line: string, isAbsent?: true): Evidence {
  const path = 'pkg/cmd/debug/profiles.go';
  const source = { by: 'source', repo: 'kubernetes/kubectl', tag: release, path, line } as const;
  return isAbsent === undefined ? source : { ...source, isAbsent };
}

function kubectlDebug(release: string, line: string): Evidence {
  return { by: 'source', repo: 'kubernetes/kubectl', tag: release, path: 'pkg/cmd/debug/debug.go', line };
}

export const causes = {
  'plugin-without-capability': {
    subject: 'istio-cni',
    values: { capability: 'NET_ADMIN' },
    not: true,
    known: [
      istioLine('1.30.3', template, '{{- if not .Values.pilot.cni.enabled }}'),
      istioLine('1.30.3', template, '- NET_ADMIN'),
      istioLine(
        '1.30.3',
        sandbox,
        'In CNI, we are running the pod network namespace, but the host filesystem.',
      ),
    ],
    checked,
  },
  'plugin-uses-the-node': {
    subject: 'istio-cni',
    values: { first: 'iptables', second: 'nft' },
    known: [
      istioLine(
        '1.30.3',
        sandbox,
        'In CNI, we are running the pod network namespace, but the host filesystem.',
      ),
    ],
    checked,
  },
  'plugin-leaves-namespaces': {
    subject: 'istio-cni',
    values: { setting: 'excludeNamespaces' },
    not: true,
    known: [istioLine('1.30.3', plugin, 'if slices.Contains(conf.ExcludeNamespaces, podNamespace) {')],
    checked,
  },
  'plugin-is-called-again': {
    subject: 'istio-cni',
    known: [
      istioLine(
        '1.30.3',
        'architecture/ambient/ztunnel-cni-lifecycle.md',
        'Otherwise, the CNI plugin will continually be retried, blocking Pod startup until it succeeds.',
      ),
    ],
    checked,
  },
  'init-container-again': {
    subject: 'kubelet',
    values: { field: 'restartPolicy' },
    known: [
      {
        by: 'source',
        repo: 'kubernetes/api',
        tag: 'v0.36.0',
        path: 'core/v1/types.go',
        line: 'init container fails, the pod is considered to have failed and is handled according',
      },
    ],
    checked,
  },
  'validation-in-its-place': {
    subject: 'injector',
    values: { instead: 'istio-validation', init: 'istio-init', program: 'istio-cni' },
    known: [
      istioLine('1.30.3', template, '{{ if .Values.pilot.cni.enabled -}}'),
      istioLine('1.30.3', template, '- name: istio-validation'),
      istioLine('1.30.3', template, '- name: istio-init'),
    ],
    checked,
  },
  'injection-off': {
    subject: 'injector',
    values: { label: 'sidecar.istio.io/inject', value: 'false' },
    known: [
      istioLine(
        '1.30.3',
        'pkg/kube/inject/inject.go',
        'objectSelector := annos[annotation.SidecarInject.Name]',
      ),
      istioLine(
        '1.30.3',
        'pkg/kube/inject/inject.go',
        'metadata.GetLabels()[label.SidecarInject.Name]; labelPresent {',
      ),
      istioLine('1.30.3', 'pkg/kube/inject/inject.go', 'case "false":'),
    ],
    checked,
  },
  'configuration-awaited': {
    subject: 'pilot-agent',
    values: { message: 'config not received from XDS server', other: 'but was rejected' },
    not: true,
    known: [
      istioLine('1.30.3', readiness, 'config not received from XDS server (is Istiod running?)'),
      istioLine('1.30.3', readiness, 'config received from XDS server, but was rejected'),
    ],
    checked,
  },
  'start-awaited': {
    subject: 'pilot-agent',
    values: { message: 'server is not live' },
    not: true,
    known: [istioLine('1.30.3', readiness, 'server is not live, current state is: %v')],
    checked,
  },
  'readiness-handed-on': {
    subject: 'Envoy',
    values: { path: '/healthz/ready', program: 'pilot-agent', address: '127.0.0.1' },
    known: [
      istioLine('1.30.3', bootstrap, '"prefix": "/healthz/ready"'),
      istioLine('1.30.3', bootstrap, '"cluster": "agent"'),
      istioLine('1.30.3', bootstrap, '"port_value": {{ .config.StatusPort }}'),
    ],
    checked,
  },
  'istiod-authenticates': {
    subject: 'istiod',
    values: { code: 'Unauthenticated' },
    known: [
      istioLine('1.30.3', 'pilot/pkg/xds/ads.go', 'return status.Error(codes.Unauthenticated, err.Error())'),
      istioLine('1.30.3', 'security/pkg/server/ca/server.go', 'request authenticate failure'),
    ],
    checked,
  },
  'keeps-what-it-was-told': {
    subject: 'Envoy',
    values: { server: 'istiod' },
    known: [
      envoyLine(
        'docs/root/configuration/overview/mgmt_server.rst',
        'When an Envoy instance loses connectivity with the management server, Envoy will latch on to',
        '143500c4ef958efafd8159812e346d5c05e864bb',
      ),
    ],
    checked,
  },
  'machine-by-two-files': {
    subject: 'pilot-agent',
    values: { script: 'istio-start.sh', file: 'sidecar.env', cluster: 'cluster.env' },
    known: [
      istioLine('1.30.3', start, './var/lib/istio/envoy/sidecar.env}'),
      istioLine('1.30.3', start, './var/lib/istio/envoy/cluster.env}'),
    ],
    checked,
  },
  'ambient-node-at-its-start': {
    subject: 'istio-cni',
    known: [
      istioLine(
        '1.30.3',
        'cni/pkg/nodeagent/server_linux.go',
        '// Create hostprobe rules now, in the host netns',
      ),
    ],
    checked,
  },
  'no-ephemeral-containers': {
    subject: 'kubectl',
    values: { message: 'ephemeral containers are disabled for this cluster' },
    known: [kubectlLine('pkg/cmd/debug/debug.go', 'ephemeral containers are disabled for this cluster')],
    checked,
  },
  'debug-profiles': {
    subject: 'kubectl',
    values: { first: 'netadmin', from: '1.27', second: 'sysadmin', later: '1.30' },
    known: [
      kubectlProfile('v0.26.0', 'ProfileNetadmin', true),
      kubectlProfile('v0.27.0', 'ProfileNetadmin = "netadmin"'),
      kubectlProfile('v0.29.0', 'ProfileSysadmin', true),
      kubectlProfile('v0.30.0', 'ProfileSysadmin = "sysadmin"'),
    ],
    checked,
  },
  'debug-custom': {
    subject: 'kubectl',
    values: { option: '--custom', from: '1.31' },
    known: [
      // Before that a variable of the environment has to turn it on.
      kubectlDebug('v0.30.0', 'if cmdutil.DebugCustomProfile.IsEnabled() {'),
      kubectlDebug('v0.31.0', 'if !cmdutil.DebugCustomProfile.IsDisabled() {'),
    ],
    checked,
  },
  'ztunnel-certificates': {
    subject: 'ztunnel',
    values: { program: 'istiod', port: 15012, message: 'identity error', other: 'tls error' },
    known: [
      ztunnelLine(tag, 'src/config.rs', '"https://istiod.istio-system.svc:15012".to_string()'),
      ztunnelLine(tag, 'src/proxy.rs', '#[error("identity error: {0}")]'),
      ztunnelLine(tag, 'src/proxy.rs', '#[error("tls error: {0}")]'),
      ztunnelLine(tag, 'src/identity.rs', '#[error("signing gRPC error ({}): {}", .0.code(), .0.message())]'),
    ],
    checked,
  },
  'ztunnel-waits-for-the-pod': {
    subject: 'ztunnel',
    values: { seconds: 5, message: 'failed to fetch information about local workload' },
    known: [
      ztunnelLine(tag, 'src/proxy.rs', '.wait_for_workload(&wi, Duration::from_secs(5))'),
      ztunnelLine(tag, 'src/proxy.rs', '#[error("failed to fetch information about local workload: {0}")]'),
    ],
    checked,
  },
  'ztunnel-unknown-waypoint': {
    subject: 'ztunnel',
    values: { message: 'unknown waypoint' },
    known: [
      ztunnelLine(tag, 'src/proxy.rs', '#[error("unknown waypoint: {0}")]'),
      ztunnelLine(tag, 'src/state.rs', 'return Err(Error::UnknownWaypoint(format!('),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
