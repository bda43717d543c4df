/** How istio-init and the CNI plugin fail, go on without something, and try again. */
import { type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-30';
const binaries = 'tools/istio-iptables/pkg/dependencies/implementation.go';
const sandbox = 'tools/istio-iptables/pkg/dependencies/implementation_linux.go';
const capture = 'tools/istio-iptables/pkg/capture/run.go';
const config = 'tools/common/config/config.go';
const repair = 'cni/pkg/repair/repaircontroller.go';

export const failures = {
  'gives-up-with-255': {
    subject: 'istio-init',
    values: { code: 255, program: 'iptables' },
    before: '1.20.1',
    known: [
      istioLine('1.20.0', binaries, 'os.Exit(-1)'),
      istioLineGone('1.20.1', binaries, 'os.Exit(-1)'),
      istioLine('1.19.4', binaries, 'os.Exit(-1)'),
      istioLineGone('1.19.5', binaries, 'os.Exit(-1)'),
    ],
    checked,
  },
  'fixed-with-the-plugin': {
    subject: 'istio-cni',
    values: { port: 15001, mark: 1337 },
    known: [
      istioLine('1.30.3', 'cni/pkg/plugin/sidecar_iptables_linux.go', 'cfg := config.DefaultConfig()'),
      istioLine('1.30.3', 'cni/pkg/plugin/sidecar_redirect.go', 'redir.targetPort = defaultRedirectToPort'),
      istioLine('1.30.3', config, 'InboundTProxyMark:       "1337",'),
    ],
    checked,
  },
  'back-ends-in-order': {
    subject: 'Istio',
    values: { legacy: 'iptables-legacy', nft: 'iptables-nft', plain: 'iptables' },
    known: [
      istioLine(
        '1.30.3',
        binaries,
        '1. Check if we have `iptables-legacy` binary in our $PATH and if it has any existing rules',
      ),
      istioLine('1.30.3', binaries, '3. Otherwise, check if we have `iptables-nft` binary in our $PATH'),
      istioLine('1.30.3', binaries, '4. Otherwise, see if we have `iptables` binary set, and use that.'),
    ],
    checked,
  },
  'text-before-the-colon': {
    subject: 'Istio',
    values: { program: 'iptables', what: 'colon' },
    known: [istioLine('1.30.3', binaries, 'errStrParts := strings.SplitN(stderr, ":", 2)')],
    checked,
  },
  'annotations-of-the-plugin': {
    subject: 'istio-cni',
    values: { what: 'annotation', message: 'redirect failed due to bad params' },
    known: [
      istioLine(
        '1.30.3',
        'cni/pkg/plugin/plugin.go',
        'log.Errorf("redirect failed due to bad params: %v", err)',
      ),
    ],
    checked,
  },
  'servers-of-the-pod': {
    subject: 'istio-init',
    values: { file: '/etc/resolv.conf', option: 'CAPTURE_ALL_DNS' },
    known: [
      istioLine('1.30.3', config, 'if c.RedirectDNS && !c.CaptureAllDNS {'),
      istioLine('1.30.3', config, 'return fmt.Errorf("failed to load /etc/resolv.conf: %v", err)'),
    ],
    checked,
  },
  'address-is-needed': {
    subject: 'istio-init',
    values: { message: 'no valid local IP address found' },
    not: true,
    known: [istioLine('1.30.3', config, 'fmt.Errorf("no valid local IP address found")')],
    checked,
  },
  'old-rules-stay': {
    subject: 'istio-init',
    values: { option: 'reconcile' },
    only: true,
    known: [
      istioLine(
        '1.30.3',
        capture,
        'if (residueExists && deltaExists && cfg.cfg.Reconcile) || cfg.cfg.CleanupOnly {',
      ),
    ],
    checked,
  },
  'without-ip6tables': {
    subject: 'Istio',
    values: { program: 'ip6tables', family: 'IPv6' },
    not: true,
    known: [
      istioLine(
        '1.30.3',
        capture,
        'Failed to detect a working ip6tables binary; continuing because IPv6 support is disabled',
      ),
    ],
    checked,
  },
  'without-a-shield': {
    subject: 'istio-cni',
    values: { program: 'iptables' },
    known: [
      istioLine('1.30.3', sandbox, 'failed to setup execution environment, attempting to continue anyways'),
      istioLine('1.30.3', sandbox, 'if err := mount(lockFile, "/run/xtables.lock"); err != nil {'),
    ],
    checked,
  },
  'tested-with-a-rule': {
    subject: 'Istio',
    values: { what: 'back end', kernel: 'kernel' },
    known: [
      istioLine('1.30.3', sandbox, 'iptables binary %s has no loaded kernel support and cannot be used'),
    ],
    checked,
  },
  'pod-before-its-node': {
    subject: 'istio-validation',
    values: { program: 'istio-cni' },
    known: [
      istioLine(
        '1.30.3',
        'tools/istio-iptables/pkg/cmd/root.go',
        'When using Istio CNI, this can occur if a pod is scheduled before the node is ready.',
      ),
    ],
    checked,
  },
  'repair-by-exit-code': {
    subject: 'istio-cni',
    values: { container: 'istio-validation', code: 126 },
    known: [
      istioLine(
        '1.30.3',
        'cni/pkg/cmd/root.go',
        'registerIntegerParameter(constants.RepairInitExitCode, iptables.ValidationErrorCode,',
      ),
      istioLine('1.30.3', 'tools/istio-iptables/pkg/constants/constants.go', 'ValidationErrorCode     = 126'),
      istioLine('1.30.3', repair, 'if ec := c.cfg.InitExitCode; ec == 0 || ec == int(state.ExitCode) {'),
    ],
    checked,
  },
  'repair-in-one-way': {
    subject: 'istio-cni',
    values: { write: 'repairPods', remove: 'deletePods', label: 'labelPods' },
    known: [
      istioLine('1.30.3', repair, 'if c.cfg.RepairPods {'),
      istioLine('1.30.3', repair, '} else if c.cfg.DeletePods {'),
      istioLine('1.30.3', repair, '} else if c.cfg.LabelPods {'),
    ],
    checked,
  },
  'token-is-renewed': {
    subject: 'istio-cni',
    values: { file: 'kubeconfig', what: 'token' },
    known: [
      istioLine(
        '1.30.3',
        'cni/pkg/install/kubeconfig.go',
        'so we are good to simply write it out if our watched svcacct token changes.',
      ),
    ],
    checked,
  },
  'hand-over-needs-ztunnel': {
    subject: 'istio-cni',
    values: { message: 'no ztunnel connection', program: 'ztunnel' },
    not: true,
    known: [
      istioLine(
        '1.30.3',
        'cni/pkg/nodeagent/ztunnelserver_linux.go',
        'return fmt.Errorf("no ztunnel connection")',
      ),
    ],
    checked,
  },
  'nft-without-json': {
    subject: 'istio-cni',
    values: { program: 'nft', instead: 'iptables', form: 'JSON' },
    not: true,
    since: '1.30.1',
    known: [
      istioLine(
        '1.30.1',
        'cni/pkg/nodeagent/server_linux.go',
        'nft binary built without libjansson; falling back to iptables backend.',
      ),
      istioLine(
        '1.29.4',
        'cni/pkg/nodeagent/server_linux.go',
        'nft binary built without libjansson; falling back to iptables backend.',
      ),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
