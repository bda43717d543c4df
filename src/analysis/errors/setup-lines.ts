/** What istio-init, the CNI plugin and their tools print when the rules of a pod were not written. */
import type { ErrorCode } from './error-line.ts';

/** A line of each kind as its program prints it; without what a logger puts before it. */
export const setupLines = {
  'validation.failed': 'iptables validation failed; workload is not ready for Istio.',
  'iptables.not-usable':
    'iptables binary iptables-nft has no loaded kernel support and cannot be used, err: exit status 3 out: ',
  'iptables.binary-unsupported': 'invalid FORCE_IPTABLES_BINARY value "nftables"',
  'nft.not-installed':
    'nativeNftables is enabled, but the nft binary is missing on the host filesystem: no such program',
  'ranges.exclude-all': 'invalid value for OUTBOUND_IP_RANGES_EXCLUDE',
  'owner-groups.too-many':
    'number of owner groups whose outgoing traffic should be redirected to Envoy cannot exceed 64, got 65: [1 2 3]',
  'dns.not-captured':
    'REDIRECT_DNS is set, but CAPTURE_ALL_DNS is false, and no DNS servers provided. DNS capture disabled.',
  'resolver.unreadable': 'failed to load /etc/resolv.conf: open /etc/resolv.conf: no such file or directory',
  'address.none': 'no valid local IP address found',
  'run.leftovers':
    'reconcile is recommended but no-reconcile flag is set. Unexpected behavior may occur due to preexisting iptables rules',
  'routes.failed': 'failed to configure routes: failed to add route: invalid argument',
  'nft.run-failed': 'nftables run failed: nothing was said',
  'run.parameter-problem': 'xtables parameter problem: 2',
  'run.kernel-problem': 'xtables version problem: ',
  'run.resource-problem': 'xtables resource problem: ',
  'run.other-problem': 'xtables other problem: ',
  'run.failed': 'Failed to execute: iptables-restore --noflush --wait=30, exit status 3',
  'setting.invalid':
    'redirect failed due to bad params: annotation value error for value redirectMode; annotationFound = true: interceptionMode invalid: tproxy',
  'cni.no-ztunnel':
    'istio-cni cmdAdd failed to contact node Istio CNI agent: unable to push CNI event (status code 500): no ztunnel connection',
  'cni.agent-unreachable':
    'istio-cni cmdAdd failed to contact node Istio CNI agent: failed to send event request: connection refused',
  'cni.unauthorized':
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "1e": plugin type="istio-cni" name="istio-cni" failed (add): Unauthorized',
  'cni.no-plugin':
    'plugin type="istio-cni" name="istio-cni" failed (add): failed to find plugin "istio-cni" in path [/opt/cni/bin]',
  'cni.no-pod':
    'Failed to get pod info: Get "https://10.96.0.1:443/api/v1/namespaces/shop/pods/web-1": dial tcp 10.96.0.1:443: i/o timeout',
  'cni.no-client':
    'istio-cni cmdAdd error: failed to createNewK8sClient: stat /etc/cni/net.d/ZZZ-istio-cni-kubeconfig: no such file',
  'cni.chain-broken':
    'Istio CNI is configured as chained plugin, but cannot find existing CNI network config: no networks found in /host/etc/cni/net.d',
  'cni.repair-failed': 'failed to setup redirection: exec format error',
  'cni.found-broken': 'Pod detected as broken, adding label: shop/web-1',
  'cni.no-sandbox':
    'failed to setup execution environment, attempting to continue anyways: failed to remount /: permission denied',
  'cni.failed': 'istio-cni cmdAdd error: context deadline exceeded',
  'ipv6.no-tool':
    'Failed to detect a working ip6tables binary; continuing because IPv6 support is disabled (ENABLE_INBOUND_IPV6=false): exit status 3',
  'right.missing':
    "iptables v1.8.9 (legacy): can't initialize iptables table `nat': Permission denied (you must be root)",
  'table.missing':
    "iptables v1.8.9 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)",
  'table.unusable': "iptables-restore v1.8.9 (legacy): iptables-restore: unable to initialize table 'nat'",
  'kernel.no-nf-tables': 'iptables/1.8.4 Failed to initialize nft: Protocol not supported',
  'lock.held': 'Another app is currently holding the xtables lock. Stopped waiting after 30s.',
  'lock.no-file': "Fatal: can't open lock file /run/xtables.lock: Permission denied",
  'chain.exists': 'iptables: Chain already exists.',
  'chain.other-kind': 'iptables v1.8.9 (nf_tables):  CHAIN_ADD failed (File exists): chain PREROUTING',
  'chain.missing': 'iptables: No chain/target/match by that name.',
  'target.unknown': "iptables v1.8.9 (legacy): Couldn't load target `ISTIO_OUTPUT':No such file or directory",
  'match.unknown': "iptables v1.8.9 (nf_tables): Couldn't load match `owner':No such file or directory",
  'rule.no-module': 'Warning: Extension owner revision 0 not supported, missing kernel module?',
  'rule.refused':
    'iptables v1.8.9 (nf_tables):  RULE_APPEND failed (Invalid argument): rule in chain PREROUTING',
  'argument.unknown': "Bad argument `frob'",
  'address.invalid': "iptables v1.8.9 (legacy): invalid mask `99' specified",
  'port.invalid': "iptables v1.8.9 (nf_tables): invalid port/service `99999' specified",
  'owner.unknown': 'iptables v1.8.9 (legacy): owner: Bad value for "--uid-owner" option: "istio-proxy"',
  'restore.line-failed': 'iptables-restore: line 24 failed',
  'tables.of-nft': "iptables v1.8.9 (nf_tables): table `nat' is incompatible, use 'nft' tool.",
  'module.not-loaded': "modprobe: can't change directory to '/lib/modules': No such file or directory",
  'nft.no-json': 'nft binary built without libjansson; falling back to iptables backend.',
  'nft.exists': 'Error: Could not process rule: File exists',
  'nft.in-use': 'Error: Could not process rule: Device or resource busy',
  'nft.not-supported': 'Error: Could not process rule: Operation not supported',
} as const satisfies Readonly<Partial<Record<ErrorCode, string>>>;
