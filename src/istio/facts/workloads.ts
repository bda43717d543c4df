/** Pods of particular kinds: Jobs, headless Services and StatefulSets, machines outside of the cluster. */
import { type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-29';
const status = 'pilot/cmd/pilot-agent/status/server.go';
const listener = 'pilot/pkg/networking/core/listener.go';
const grpcAgent = 'manifests/charts/istio-control/istio-discovery/files/grpc-agent.yaml';
const start = 'tools/packaging/common/istio-start.sh';

export const workloads = {
  'quit-by-request': {
    subject: 'pilot-agent',
    values: { method: 'POST', path: '/quitquitquit', port: 15020, address: 'localhost' },
    only: true,
    known: [
      istioLine('1.30.3', status, 'quitPath  = "/quitquitquit"'),
      istioLine(
        '1.30.3',
        status,
        'http.Error(w, "Only requests from localhost are allowed", http.StatusForbidden)',
      ),
      istioLine('1.30.3', status, 's.shutdown(fmt.Errorf("%v called", quitPath))'),
      istioLine('1.30.3', 'manifests/charts/istio-control/istio-discovery/values.yaml', 'statusPort: 15020'),
    ],
    checked,
  },
  proxyless: {
    subject: 'injector',
    values: { annotation: 'inject.istio.io/templates', template: 'grpc-agent' },
    not: true,
    known: [
      istioLine('1.30.3', grpcAgent, 'value: grpc'),
      istioLineGone('1.30.3', grpcAgent, 'initContainers'),
    ],
    checked: '2026-11-30',
  },
  'proxyless-without-envoy': {
    subject: 'pilot-agent',
    values: { variable: 'DISABLE_ENVOY' },
    not: true,
    known: [
      istioLine('1.30.3', 'pkg/istio-agent/agent.go', 'if a.cfg.DisableEnvoy {'),
      istioLine('1.30.3', grpcAgent, '- name: DISABLE_ENVOY'),
    ],
    checked: '2026-11-30',
  },
  'proxyless-left-by-cni': {
    subject: 'istio-cni',
    values: { variable: 'DISABLE_ENVOY', container: 'istio-proxy' },
    known: [
      istioLine(
        '1.30.3',
        'cni/pkg/plugin/plugin.go',
        'log.Infof("excluded due to DISABLE_ENVOY on istio-proxy")',
      ),
    ],
    checked: '2026-11-30',
  },
  'headless-as-dialled': {
    subject: 'istiod',
    values: { cluster: 'ORIGINAL_DST' },
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/serviceregistry/kube/conversion.go',
        'if svc.Spec.ClusterIP == corev1.ClusterIPNone { // headless services should not be load balanced',
      ),
      istioLine('1.30.3', 'pilot/pkg/networking/core/cluster.go', 'return cluster.Cluster_ORIGINAL_DST'),
      istioLine('1.30.3', 'pilot/pkg/features/xds.go', '"PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES",'),
    ],
    checked,
  },
  'headless-listener-for-each-pod': {
    subject: 'istiod',
    values: { protocol: 'TCP' },
    known: [
      istioLine(
        '1.30.3',
        listener,
        '// Support statefulsets/headless services with TCP ports, and empty service address field.',
      ),
      istioLine(
        '1.30.3',
        listener,
        '// for each instance. HTTP services can happily reside on 0.0.0.0:PORT and use the',
      ),
    ],
    checked,
  },
  'headless-not-for-itself': {
    subject: 'istiod',
    not: true,
    known: [
      istioLine('1.30.3', listener, '// Skip build outbound listener to the node itself,'),
      istioLine(
        '1.30.3',
        listener,
        '// as when app access itself by pod ip will not flow through this listener.',
      ),
    ],
    checked,
  },
  'machine-writes-at-start': {
    subject: 'pilot-agent',
    values: { script: 'istio-start.sh', command: 'istio-iptables', setting: 'ISTIO_CUSTOM_IP_TABLES' },
    known: [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of Istio’s shell script
      istioLine('1.30.3', start, '"${ISTIO_BIN_BASE}/pilot-agent" istio-iptables --cleanup-only'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of Istio’s shell script
      istioLine('1.30.3', start, 'if [ "${ISTIO_CUSTOM_IP_TABLES}" != "true" ] ; then'),
    ],
    checked,
  },
  'machine-user': {
    subject: 'pilot-agent',
    values: { user: 'istio-proxy', setting: 'EXEC_USER' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of Istio’s shell script
    known: [istioLine('1.30.3', start, 'EXEC_USER=${EXEC_USER:-istio-proxy}')],
    checked,
  },
  'machine-user-in-rules': {
    subject: 'pilot-agent',
    values: { command: 'istio-iptables', setting: 'ENVOY_USER', user: 'istio-proxy', uid: 1337 },
    known: [
      istioLine(
        '1.30.3',
        'tools/common/config/config.go',
        'var envoyUserVar = env.Register(constants.EnvoyUser, "istio-proxy", "Envoy proxy username")',
      ),
      istioLine('1.30.3', 'tools/common/config/config.go', 'usr, err := user.Lookup(envoyUserVar.Get())'),
      istioLine('1.30.3', 'tools/common/config/config.go', 'userID = constants.DefaultProxyUID'),
    ],
    checked,
  },
  'machine-cleans-up': {
    subject: 'pilot-agent',
    values: { unit: 'istio.service', command: 'istio-start.sh clean' },
    known: [
      istioLine(
        '1.30.3',
        'tools/packaging/common/istio.service',
        'ExecStopPost=/usr/local/bin/istio-start.sh clean',
      ),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of Istio’s shell script
      istioLine('1.30.3', start, '"${ISTIO_BIN_BASE}/pilot-agent" istio-iptables --cleanup-only'),
    ],
    checked,
  },
  'machine-ports': {
    subject: 'istioctl',
    values: { file: 'cluster.env', setting: 'ISTIO_LOCAL_EXCLUDE_PORTS', port: 22 },
    known: [
      istioLine('1.30.3', 'istioctl/pkg/workload/workload.go', 'excludePorts := "22,15090,15021"'),
      istioLine('1.30.3', 'istioctl/pkg/workload/workload.go', '"ISTIO_LOCAL_EXCLUDE_PORTS": excludePorts,'),
    ],
    checked,
  },
  'gateway-without-a-gateway': {
    subject: 'istiod',
    only: true,
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/gateway.go',
        'log.Debugf("buildGatewayListeners: no gateways for router %v", builder.node.ID)',
      ),
    ],
    checked,
  },
  'gateway-low-ports': {
    subject: 'istiod',
    values: { message: 'skipping privileged gateway port', port: 1024 },
    not: true,
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/gateway.go',
        'if builder.node.IsUnprivileged() && port.Number < 1024 {',
      ),
      istioLine('1.30.3', 'pilot/pkg/networking/core/gateway.go', 'skipping privileged gateway port %d'),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
