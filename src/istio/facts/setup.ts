/** Who writes the rules of a pod, when, and which pods have none by design. */
import { type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-28';
const template = 'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml';
const gatewayTemplate =
  'manifests/charts/istio-control/istio-discovery/files/gateway-injection-template.yaml';
const cniValues = 'manifests/charts/istio-cni/values.yaml';
const command = 'tools/istio-iptables/pkg/cmd/root.go';
const sandbox = 'tools/istio-iptables/pkg/dependencies/implementation_linux.go';
const plugin = 'cni/pkg/plugin/plugin.go';

export const setup = {
  'init-programs': {
    subject: 'istio-init',
    values: { kind: 'init container', first: 'NET_ADMIN', second: 'NET_RAW' },
    known: [
      istioLine('1.30.3', template, '- name: istio-init'),
      istioLine('1.30.3', template, '{{- if not .Values.pilot.cni.enabled }}'),
      istioLine('1.30.3', template, '- istio-iptables'),
      istioLine('1.30.3', template, '- NET_ADMIN'),
      istioLine('1.30.3', template, '        - NET_RAW'),
    ],
    checked,
  },
  'validation-fails': {
    subject: 'istio-validation',
    values: { kind: 'init container', code: 126, message: 'iptables validation failed' },
    known: [
      istioLine('1.30.3', template, '- name: istio-validation'),
      istioLine('1.30.3', template, '- "--run-validation"'),
      istioLine('1.30.3', command, 'iptables validation failed; workload is not ready for Istio.'),
      istioLine('1.30.3', command, 'handleErrorWithCode(msg, constants.ValidationErrorCode)'),
      istioLine('1.30.3', 'tools/istio-iptables/pkg/constants/constants.go', 'ValidationErrorCode     = 126'),
    ],
    checked,
  },
  'repair-writes': {
    subject: 'istio-cni',
    values: { setting: 'repair.repairPods', value: 'true' },
    since: '1.21',
    known: [
      istioLineGone('1.20.0', cniValues, 'repairPods'),
      istioLine('1.21.0', cniValues, 'repairPods: true'),
      istioLine('1.30.3', cniValues, 'repairPods: true'),
      istioLine('1.30.3', cniValues, 'Note the pod will be crashlooping, so this may take a few minutes'),
      istioLine('1.30.3', 'cni/pkg/repair/repaircontroller.go', 'return c.repairPod(pod)'),
    ],
    checked,
  },
  'repair-deletes': {
    subject: 'istio-cni',
    where: { setting: 'repair.deletePods=true' },
    only: true,
    since: '1.21',
    known: [
      istioLine('1.21.0', cniValues, 'deletePods: false'),
      istioLine('1.30.3', 'cni/pkg/repair/repaircontroller.go', '} else if c.cfg.DeletePods {'),
    ],
    checked,
  },
  'rules-of-sidecars': {
    subject: 'istio-cni',
    values: { type: 'sidecar' },
    only: true,
    known: [
      istioLine('1.30.3', 'cni/pkg/plugin/plugin.go', 'if pi.ProxyType != "" && pi.ProxyType != "sidecar" {'),
    ],
    checked,
  },
  'gateway-without-rules': {
    subject: 'gateway',
    not: true,
    known: [
      istioLineGone('1.30.3', gatewayTemplate, 'istio-init'),
      istioLine('1.30.3', 'cni/pkg/plugin/plugin.go', 'pod because it has proxy type %s'),
    ],
    checked,
  },
  'native-nftables': {
    subject: 'Istio',
    values: { table: 'istio-proxy-nat' },
    where: { setting: 'global.nativeNftables=true' },
    since: '1.27',
    known: [
      istioLine('1.27.0', template, '{{ if .Values.global.nativeNftables -}}'),
      istioLine(
        '1.30.3',
        'tools/istio-nftables/pkg/constants/constants.go',
        'IstioProxyNatTable    = "istio-proxy-nat"',
      ),
    ],
    checked,
  },
  'ambient-chain': {
    subject: 'istio-cni',
    values: { chain: 'ISTIO_PRERT' },
    where: { mode: 'ambient' },
    known: [istioLine('1.30.3', 'cni/pkg/iptables/iptables.go', 'ChainInpodPrerouting = "ISTIO_PRERT"')],
    checked,
  },
  'injection-at-creation': {
    subject: 'injector',
    values: { operation: 'CREATE' },
    only: true,
    known: [
      istioLine(
        '1.30.3',
        'manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml',
        '- operations: [ "CREATE" ]',
      ),
    ],
    checked,
  },
  'host-network': {
    subject: 'injector',
    values: { field: 'hostNetwork: true' },
    known: [istioLine('1.30.3', 'pkg/kube/inject/inject.go', 'if podSpec.HostNetwork {')],
    checked,
  },
  'one-back-end': {
    subject: 'Istio',
    values: { legacy: 'iptables-legacy', nft: 'iptables-nft' },
    known: [
      istioLine(
        '1.30.3',
        'tools/istio-iptables/pkg/dependencies/implementation.go',
        'if err == nil && legVer.ExistingRules {',
      ),
    ],
    checked,
  },
  'forced-back-end': {
    subject: 'Istio',
    values: {
      setting: 'FORCE_IPTABLES_BINARY',
      flag: '--force-iptables-binary',
      legacy: 'legacy',
      nft: 'nft',
    },
    since: '1.28',
    known: [
      istioLineGone('1.27.0', 'cni/pkg/cmd/root.go', 'FORCE_IPTABLES_BINARY'),
      istioLine('1.28.0', 'cni/pkg/cmd/root.go', 'os.Getenv("FORCE_IPTABLES_BINARY")'),
      istioLine(
        '1.28.0',
        'tools/istio-iptables/pkg/constants/constants.go',
        'ForceIptablesBinary       = "force-iptables-binary"',
      ),
      istioLine(
        '1.30.3',
        'tools/istio-iptables/pkg/dependencies/implementation.go',
        'switch r.ForceIptablesBinary {',
      ),
    ],
    checked: '2026-11-29',
  },
  'before-any-container': {
    subject: 'istio-cni',
    values: { call: 'ADD' },
    known: [
      istioLine('1.30.3', 'cni/pkg/plugin/plugin.go', 'func CmdAdd(args *skel.CmdArgs) (err error) {'),
      istioLine(
        '1.30.3',
        'architecture/ambient/ztunnel-cni-lifecycle.md',
        'The container runtime is responsible for invoking this when a Pod is being started (before the containers run).',
      ),
    ],
    checked,
  },
  'validation-in-time': {
    subject: 'istio-validation',
    values: { option: '--skip-rule-apply', seconds: 5 },
    known: [
      istioLine('1.30.3', template, '- "--skip-rule-apply"'),
      istioLine('1.30.3', command, 'if !cfg.SkipRuleApply {'),
      istioLine(
        '1.30.3',
        'tools/istio-iptables/pkg/constants/constants.go',
        'DefaultProbeTimeout          = 5 * time.Second',
      ),
      istioLine(
        '1.30.3',
        'tools/istio-iptables/pkg/validation/validator.go',
        'fmt.Errorf("validation timeout")',
      ),
    ],
    checked: '2026-11-30',
  },
  'init-image': {
    subject: 'injector',
    values: { container: 'istio-init', value: 'global.proxy_init.image', other: 'global.proxy.image' },
    not: true,
    since: '1.31',
    known: [
      istioLineGone('1.30.3', template, '.ProxyInitImage'),
      istioLine('1.31.0-rc.0', template, 'image: "{{ .ProxyInitImage }}"'),
      istioLine('1.31.0-rc.0', 'pkg/kube/inject/inject.go', 'imageName = global.GetProxyInit().GetImage()'),
    ],
    checked: '2026-11-30',
  },
  'cni-config-mode': {
    subject: 'istio-cni',
    values: { mode: '0600', group: '0640', setting: 'CNI_CONF_GROUP_READ', value: 'true' },
    since: '1.30',
    known: [
      istioLine('1.29.0', 'cni/pkg/install/cniconfig.go', 'os.FileMode(0o644)'),
      istioLine('1.30.0', 'cni/pkg/constants/constants.go', 'CNIConfModeDefault    = 0o600'),
      istioLine('1.30.0', 'cni/pkg/constants/constants.go', 'CNIConfModeGroupRead  = 0o640'),
      istioLine('1.30.0', 'releasenotes/notes/59075.yaml', 'CNI_CONF_GROUP_READ=true'),
    ],
    checked: '2026-11-30',
  },
  'users-of-the-pod': {
    subject: 'istio-cni',
    values: { field: 'hostUsers: false', program: 'nsenter' },
    since: '1.30',
    known: [
      istioLineGone('1.29.6', sandbox, 'using nsenter'),
      istioLine(
        '1.30.0',
        sandbox,
        '// Check if we need to switch into the User Namespace for hostUsers: false',
      ),
      istioLine('1.30.0', sandbox, 'but no nsenter binary found'),
    ],
    checked: '2026-11-30',
  },
  'agent-before-its-file': {
    subject: 'istio-cni',
    values: { file: 'kubeconfig' },
    also: true,
    since: '1.31',
    known: [
      istioLine('1.30.3', plugin, 'if conf.AmbientEnabled {'),
      istioLine(
        '1.31.0-rc.0',
        plugin,
        '// mode, since newK8sClient below runs unconditionally and would otherwise deadlock the',
      ),
      istioLineGone('1.30.3', plugin, 'would otherwise deadlock the'),
    ],
    checked: '2026-11-30',
  },
} as const satisfies Readonly<Record<string, Fact>>;
