/** Each error as its program prints it, in the wordings of several of its releases. */
import type { ErrorCode } from '../../../src/analysis/index.ts';

export const wordings: Readonly<Record<ErrorCode, readonly [string, string, ...string[]]>> = {
  'right.missing': [
    "iptables v1.8.9 (legacy): can't initialize iptables table `nat': Permission denied (you must be root)",
    "ip6tables v1.6.1: can't initialize ip6tables table `nat': Permission denied (you must be root)",
    'iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
    'iptables-restore v1.8.4 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
    'iptables-save v1.8.9 (legacy): Cannot initialize: Permission denied (you must be root)',
    'xtables resource problem: Could not fetch rule set generation id: Permission denied (you must be root)',
    'RTNETLINK answers: Operation not permitted',
    'Error: Could not process rule: Operation not permitted',
    'Operation not permitted (you must be root)',
    'netlink: Error: cache initialization failed: Operation not permitted',
    "nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted",
    "modprobe: ERROR: could not insert 'ip_tables': Operation not permitted",
  ],
  'table.missing': [
    "iptables v1.8.9 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)",
    "iptables v1.6.1: can't initialize iptables table `mangle': iptables who? (do you need to insmod?)",
    "iptables v1.8.9 (nf_tables): table 'raw' does not exist",
    'iptables-save v1.8.9 (legacy): Cannot initialize: Table does not exist (do you need to insmod?)',
    "Table `broute' does not exist",
  ],
  'table.unusable': [
    "iptables-restore v1.8.9 (legacy): iptables-restore: unable to initialize table 'nat'",
    "xtables parameter problem: iptables-restore: unable to initialize table 'nat'",
    "ip6tables-restore v1.6.1: ip6tables-restore: unable to initialize table 'nat'",
    "iptables v1.8.4 (legacy): can't initialize iptables table `nat': Memory allocation problem",
  ],
  'kernel.no-nf-tables': [
    'iptables/1.8.4 Failed to initialize nft: Protocol not supported',
    'iptables-nft: Failed to initialize nft: Protocol not supported',
    'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Invalid argument',
  ],
  'lock.held': [
    'Another app is currently holding the xtables lock. Perhaps you want to use the -w option?',
    'Another app is currently holding the xtables lock; still 9s 0us time ahead to have a chance to grab the lock...',
    'Another app is currently holding the xtables lock. Stopped waiting after 30s.',
    "Can't lock /run/xtables.lock: Resource temporarily unavailable",
    'timed out trying to acquire XTables lock: exit status 4',
  ],
  'lock.no-file': [
    "Fatal: can't open lock file /run/xtables.lock: Permission denied",
    "Fatal: can't open lock file /run/xtables.lock: Read-only file system",
    "Can't lock /run/xtables.lock: No locks available",
  ],
  'chain.exists': [
    'iptables: Chain already exists.',
    'ip6tables: Chain already exists.',
    'iptables-nft-restore: line 2 failed: Chain already exists.',
    'iptables-restore v1.8.4 (nf_tables): \nline 3: CHAIN_USER_ADD failed (File exists): chain ISTIO_OUTPUT',
    'iptables v1.8.2 (nf_tables):  CHAIN_USER_ADD failed (File exists): chain ISTIO_REDIRECT',
    'xtables other problem: Chain already exists.',
    "iptables-restore v1.8.4 (legacy): error creating chain 'ISTIO_OUTPUT':File exists",
  ],
  'chain.other-kind': [
    'iptables v1.8.9 (nf_tables):  CHAIN_ADD failed (File exists): chain PREROUTING',
    'line 2: CHAIN_ADD failed (Operation not supported): chain PREROUTING',
    'iptables v1.8.2 (nf_tables):  CHAIN_ADD failed (Device or resource busy): chain OUTPUT',
  ],
  'chain.in-use': [
    'iptables v1.8.9 (nf_tables):  CHAIN_DEL failed (Device or resource busy): chain ISTIO_OUTPUT',
    'iptables v1.8.4 (nf_tables):  CHAIN_USER_DEL failed (Device or resource busy): chain ISTIO_OUTPUT',
    'line 2: CHAIN_DEL failed (Device or resource busy): chain ISTIO_OUTPUT',
    'iptables: Too many links.',
    'iptables: Directory not empty.',
    "iptables: Can't delete chain with references left.",
  ],
  'chain.missing': [
    'iptables: No chain/target/match by that name.',
    'iptables-nft-restore: line 2 failed: No chain/target/match by that name.',
    'xtables other problem: No chain/target/match by that name.',
    'iptables-restore: line 4 failed - no chain found',
  ],
  'chain.name-too-long': [
    "iptables v1.8.9 (nf_tables): chain name `AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' too long (must be under 29 chars)",
    "iptables v1.8.9 (legacy): Invalid target name `AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' (28 chars max)",
    "iptables v1.4.21: Invalid chain name `AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' (28 chars max)",
  ],
  'target.unknown': [
    "iptables v1.8.9 (legacy): Couldn't load target `ISTIO_OUTPUT':No such file or directory",
    "iptables v1.8.9 (nf_tables): Chain 'ISTIO_OUTPUT' does not exist",
    "xtables parameter problem: Couldn't load target `ISTIO_IN_REDIRECT':No such file or directory",
    "iptables v1.4.21: Couldn't load target `ISTIO_OUTPUT':/usr/lib64/xtables/libipt_ISTIO_OUTPUT.so: cannot open shared object file: No such file or directory",
  ],
  'match.unknown': [
    "iptables v1.8.9 (nf_tables): Couldn't load match `owner':No such file or directory",
    "iptables-restore v1.8.9 (legacy): Couldn't load match `conntrack':No such file or directory",
    "Can't find library for match `owner'",
  ],
  'rule.no-module': [
    'Warning: Extension owner revision 0 not supported, missing kernel module?',
    'Warning: Extension TPROXY is not supported, missing kernel module?',
    'iptables v1.8.7 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain ISTIO_OUTPUT',
    'line 12: RULE_APPEND failed (No such file or directory): rule in chain ISTIO_OUTPUT',
  ],
  'rule.missing': [
    'iptables: Bad rule (does a matching rule exist in that chain?).',
    'iptables-nft-restore: line 2 failed: Bad rule (does a matching rule exist in that chain?).',
    'iptables: Index of deletion too big.',
    'iptables v1.8.2 (nf_tables):  RULE_DELETE failed (No such file or directory): rule in chain OUTPUT',
  ],
  'rule.refused': [
    'iptables v1.8.9 (nf_tables):  RULE_APPEND failed (Invalid argument): rule in chain PREROUTING',
    'line 2: RULE_APPEND failed (Invalid argument): rule in chain OUTPUT',
    "iptables: Invalid argument. Run `dmesg' for more information.",
    'iptables v1.8.4 (nf_tables):  RULE_INSERT failed (Operation not supported): rule in chain OUTPUT',
  ],
  'argument.unknown': [
    "Bad argument `frob'",
    'iptables v1.8.9 (nf_tables): unknown option "--dport"',
    "ip6tables-restore: unrecognized option '--wait=30'",
    'iptables v1.8.9 (legacy): option "-i" requires an argument',
    'xtables parameter problem: unknown option "--to-ports"',
    "iptables v1.8.7 (legacy): unknown option `--uid-owner'",
  ],
  'address.invalid': [
    "ip6tables v1.8.9 (nf_tables): host/network `10.0.0.1' not found",
    "iptables v1.8.9 (legacy): invalid mask `99' specified",
    'invalid CIDR address: 10.96.0.0',
    `failed parsing cidr '10.96.0.0': netip.ParsePrefix("10.96.0.0"): no '/'`,
    'failed to parse CIDR 127.0.0.1: netip.ParsePrefix("127.0.0.1"): no \'/\'',
    '10.42.0.0 is not a valid CIDR address',
    'Error: any valid prefix is expected rather than "1.2.3/99".',
  ],
  'port.invalid': [
    "iptables v1.8.9 (nf_tables): invalid port/service `99999' specified",
    "iptables v1.8.9 (legacy): Port `x' not valid",
    'portList "80,a" invalid: failed parsing port "a": strconv.ParseUint: parsing "a": invalid syntax',
    'invalid port configuration of "70000": "70000" is not a valid TCP port',
    'iptables v1.8.9 (nf_tables): too many ports specified',
  ],
  'protocol.unknown': [
    'iptables v1.8.9 (nf_tables): unknown protocol "tcpp" specified',
    "iptables v1.4.21: unknown protocol `tcpp' specified",
  ],
  'owner.unknown': [
    'iptables v1.8.9 (legacy): owner: Bad value for "--uid-owner" option: "istio-proxy"',
    'iptables-restore v1.8.4 (nf_tables): owner: Bad value for "--gid-owner" option: "istio-proxy"',
  ],
  'set.missing': [
    "iptables-nft-restore v1.8.9 (nf_tables): Set istio-inpod-probes-v4 doesn't exist.",
    "ip6tables-restore v1.8.10 (legacy): Set istio-inpod-probes-v6 doesn't exist.",
  ],
  'restore.cut-off': [
    'iptables-restore: COMMIT expected at line 3',
    'ip6tables-nft-restore: COMMIT expected at line 25',
  ],
  'restore.unreadable': [
    "iptables-nft-restore v1.8.9 (nf_tables): iptables-nft-restore: line 1 table name 'nosuch' invalid",
    'iptables-restore v1.8.9 (legacy): iptables-restore: line 2 policy invalid',
    'iptables-restore v1.8.4 (legacy): Bad line 3: need :',
    "iptables-restore v1.8.9 (legacy): Can't set policy `BAD' on `ISTIO_OUTPUT' line 2: Bad built-in chain name",
  ],
  'restore.line-failed': [
    'iptables-restore: line 24 failed',
    'xtables other problem: line 24 failed',
    'ip6tables-legacy-restore: line 2 failed',
    'iptables-nft-restore: line 1 failed',
  ],
  'tables.legacy-too': [
    '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them',
    '# Warning: ip6tables-legacy tables present, use ip6tables-legacy to see them',
  ],
  'tables.of-nft': [
    "iptables v1.8.9 (nf_tables): table `nat' is incompatible, use 'nft' tool.",
    "# Table `nat' is incompatible, use 'nft' tool.",
    "# Table `nat' contains incompatible base-chains, use 'nft' tool to list them.",
  ],
  'module.not-loaded': [
    "modprobe: can't change directory to '/lib/modules': No such file or directory",
    'modprobe: FATAL: Module ip_tables not found in directory /lib/modules/6.1.0-18-amd64',
    'modprobe: module ip_tables not found in modules.dep',
    "modprobe: ERROR: could not insert 'ip6_tables': Unknown symbol in module",
  ],
  'restore.place': ['Error occurred at line: 7', 'Error occurred at line: 24'],
  'tool.hint': [
    'Perhaps iptables or your kernel needs to be upgraded.',
    "Try `iptables-restore -h' or 'iptables-restore --help' for more information.",
    'Perhaps ip6tables or your kernel needs to be upgraded.',
  ],

  'nft.no-json': [
    'JSON support not compiled-in',
    'Error: JSON support not compiled-in',
    'nft binary built without libjansson; falling back to iptables backend.',
  ],
  'nft.syntax': [
    '/dev/stdin:3:1-1: Error: syntax error, unexpected end of file',
    'Error: syntax error, unexpected newline, expecting string',
  ],
  'nft.missing': [
    'Error: No such file or directory',
    'Error: Could not process rule: No such file or directory',
    'Error: No such file or directory; did you mean table ‘nat’ in family ip?',
  ],
  'nft.exists': ['Error: Could not process rule: File exists', '/dev/stdin:1:14-14: Error: File exists'],
  'nft.in-use': [
    'Error: Could not process rule: Device or resource busy',
    '/dev/stdin:1:21-32: Error: Could not process rule: Device or resource busy',
  ],
  'nft.not-supported': [
    'Error: Could not process rule: Operation not supported',
    'netlink: Error: cache initialization failed: Protocol not supported',
    'Unable to initialize Netlink socket: Protocol not supported',
  ],
  'nft.no-file': [
    'internal:0:0-0: Error: Could not open file "/rules.nft": No such file or directory',
    'In file included from /etc/nft:1:1: Error: Could not open file "/x.nft": Permission denied',
  ],
  'route.exists': ['RTNETLINK answers: File exists', 'Error: ipv6: address already assigned.'],
  'route.missing': [
    'RTNETLINK answers: No such process',
    'RTNETLINK answers: No such file or directory',
    'Error: ipv4: FIB table does not exist.',
  ],
  'kernel.conntrack-full': [
    'nf_conntrack: nf_conntrack: table full, dropping packet',
    'nf_conntrack: table full, dropping packet',
    'nf_conntrack: nf_conntrack: table full in netns 4026532281, dropping packet',
  ],
  'kernel.martian': [
    'IPv4: martian source 10.244.1.5 from 127.0.0.1, on dev eth0',
    'IPv4: martian destination 127.0.0.6 from 10.244.2.9, dev eth0',
  ],
  'route.unreachable': ['RTNETLINK answers: Network is unreachable', 'Error: Nexthop has invalid gateway.'],
  'ip.refused': ['RTNETLINK answers: Invalid argument', 'RTNETLINK answers: Operation not supported'],
  'ipv6.off': ['Error: ipv6: IPv6 is disabled on this device.', 'Error: IPv6 is disabled on nexthop device.'],
  'device.missing': [
    'Cannot find device "eth1"',
    'Device "eth1" does not exist.',
    "failed to find 'lo' link: Link not found",
  ],
  'namespace.missing': [
    'Cannot open network namespace "cni-1234": No such file or directory',
    'nsenter: cannot open /proc/4711/ns/net: No such file or directory',
    'failed to open netns "/var/run/netns/cni-1": unknown FS magic on "/var/run/netns/cni-1": 1021994',
  ],
  'namespace.forbidden': [
    'nsenter: cannot open /proc/1/ns/net: Permission denied',
    'nsenter: cannot open /proc/4711/ns/net: Permission denied',
  ],
  'ip.unknown-word': [
    'Object "frob" is unknown, try "ip help".',
    'Error: argument "nosuch" is wrong: table id value is invalid',
  ],
  'command.missing': [
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "iptables-save": executable file not found in $PATH: unknown',
    'OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: exec: "sh": executable file not found in $PATH: unknown',
    'sh: iptables-save: not found',
    'bash: line 1: nft: command not found',
    '/bin/sh: 1: iptables: not found',
    'nsenter: failed to execute iptables-save: No such file or directory',
  ],

  'kubectl.pod-security': [
    'Error from server (Forbidden): error when creating "pod.yaml": pods "web" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    'Warning: would violate PodSecurity "baseline:v1.30": non-default capabilities',
    'pods "web-debug" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities (container "debugger" must not include "NET_ADMIN")',
  ],
  'kubectl.security-constraint': [
    'Error creating: pods "web-5d4b-" is forbidden: unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount, spec.initContainers[0].capabilities.add: Invalid value: "NET_ADMIN": capability may not be added]',
    'Error from server (Forbidden): error when creating "pod.yaml": pods "web" is forbidden: unable to validate against any security context constraint: []',
    'Warning FailedCreate replicaset-controller pods "web-1" is forbidden: unable to validate against any security context constraint',
  ],
  'kubectl.forbidden': [
    'Error from server (Forbidden): pods "web-1" is forbidden: User "jane" cannot create resource "pods/exec" in API group "" in the namespace "shop"',
    'error: unable to upgrade connection: pods "web" is forbidden: User "system:serviceaccount:shop:x" cannot create resource "pods/exec" in API group "" in the namespace "shop"',
    'Error from server (Forbidden): pods "web-1" is forbidden: User "jane" cannot patch resource "pods/ephemeralcontainers" in API group "" in the namespace "shop"',
  ],
  'kubectl.no-pod': [
    'Error from server (NotFound): pods "web-1" not found',
    'error: unable to upgrade connection: pod does not exist',
    'error: cannot exec into a container in a completed pod; current phase is Failed',
  ],
  'kubectl.no-container': [
    'error: unable to upgrade connection: container not found ("istio-proxy")',
    'Error from server (BadRequest): container istio-init is not valid for pod web-1',
    'error: container istio-init is not valid for pod web-1 out of: web, istio-proxy, istio-validation (init)',
    'Error from server (BadRequest): previous terminated container "istio-init" in pod "web-1" not found',
  ],
  'kubectl.waiting': [
    'Error from server (BadRequest): container "istio-proxy" in pod "web-1" is waiting to start: PodInitializing',
    'Error from server (BadRequest): container "web" in pod "web-1" is waiting to start: ContainerCreating',
  ],
  'kubectl.unreachable': [
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    'Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout',
  ],
  'kubectl.no-ephemeral': [
    'error: ephemeral containers are disabled for this cluster (error from server: "the server could not find the requested resource").',
    'error: unknown flag: --profile',
  ],
  'kubectl.no-kubelet': [
    'Error from server: error dialing backend: dial tcp 10.1.2.3:10250: connect: connection refused',
    'Error from server: Get "https://10.1.2.3:10250/containerLogs/shop/web-1/istio-init": dial tcp 10.1.2.3:10250: i/o timeout',
  ],
  'command.exit': [
    'command terminated with exit code 1',
    'command terminated with non-zero exit code: error executing command [iptables-save], exit code 3',
    'command terminated with exit code 137',
  ],
  'container.exit': ['      Exit Code:    126', '          exitCode: 255'],
  'kubectl.chose-container': [
    'Defaulted container "web" out of: web, istio-proxy, istio-init (init)',
    'Defaulting container name to web.',
  ],
  'kubectl.no-terminal': [
    'Unable to use a TTY - input is not a terminal or the right kind of file',
    'error: Unable to use a TTY - container web did not allocate one',
  ],

  'validation.failed': [
    'iptables validation failed; workload is not ready for Istio.',
    'validation failed:no listener available: 127.0.0.1:15001,127.0.0.1:15006',
    'Validation failed: no listener available: 127.0.0.1:15001,127.0.0.1:15006',
    'Error connecting to 127.0.0.6:15002: dial tcp 127.0.0.1:0->127.0.0.6:15002: connect: connection refused',
  ],
  'iptables.not-usable': [
    'iptables binary iptables-nft has no loaded kernel support and cannot be used, err: exit status 3 out: ',
    'did not find iptables binary, error was exit status 1: {DetectedBinary: DetectedSaveBinary:}',
    'failed to execute iptables-save: exec: no command ',
    'iptables: no suitable binaries found on PATH; commands may fail',
  ],
  'iptables.binary-unsupported': [
    'invalid FORCE_IPTABLES_BINARY value "nftables"',
    'iptables binary "nftables" unsupported',
    "iptables binary unsupported: nftables, supported values are 'legacy' or 'nft'",
  ],
  'nft.not-installed': [
    'nativeNftables is enabled, but the nft binary is missing on the host filesystem: no such program',
    'nativeNftables is enabled, but the nft binary is missing in the sidecar container image: no such program',
    'plugin type="istio-cni" name="istio-cni" failed (add): could not find nftables binary: exec: "nft": executable file not found in $PATH',
  ],
  'setting.invalid': [
    'redirect failed due to bad params: annotation value error for value redirectMode; annotationFound = true: interceptionMode invalid: tproxy',
    'Pod shop/web-1 redirect failed due to bad params: interceptionMode invalid: tproxy',
  ],
  'ranges.exclude-all': [
    'invalid value for OUTBOUND_IP_RANGES_EXCLUDE',
    'istio-cni cmdAdd error: invalid value for OUTBOUND_IP_RANGES_EXCLUDE',
  ],
  'owner-groups.too-many': [
    'number of owner groups whose outgoing traffic should be redirected to Envoy cannot exceed 64, got 65: [1 2 3]',
    'number of owner groups whose outgoing traffic should be redirected to Envoy cannot exceed 64, got 70: [a]',
  ],
  'dns.not-captured': [
    'REDIRECT_DNS is set, but CAPTURE_ALL_DNS is false, and no DNS servers provided. DNS capture disabled.',
    'cni-plugin	REDIRECT_DNS is set, but CAPTURE_ALL_DNS is false, and no DNS servers provided. DNS capture disabled.',
  ],
  'resolver.unreadable': [
    'failed to load /etc/resolv.conf: open /etc/resolv.conf: no such file or directory',
    'panic: failed to load /etc/resolv.conf: open /etc/resolv.conf: permission denied',
  ],
  'address.none': ['no valid local IP address found', 'panic: no valid local IP address found'],
  'run.leftovers': [
    'reconcile is recommended but no-reconcile flag is set. Unexpected behavior may occur due to preexisting iptables rules',
    'reconcile is needed but no-reconcile flag is set. Unexpected behavior may occur due to preexisting iptables rules',
    'Found residues of old iptables rules/chains, reconciliation is recommended',
  ],
  'routes.failed': [
    'failed to configure routes: failed to add route: invalid argument',
    'failed to configure netlink rule: address family not supported by protocol',
  ],
  'cni.no-ztunnel': [
    'istio-cni cmdAdd failed to contact node Istio CNI agent: unable to push CNI event (status code 500): no ztunnel connection',
    'failed to add workload: no ztunnel connection',
  ],
  'cni.agent-unreachable': [
    'istio-cni cmdAdd failed to contact node Istio CNI agent: failed to send event request: connection refused',
    'istio-cni cmdAdd failed to signal node Istio CNI agent: unable to push CNI event',
    'Failed to create pod sandbox: plugin type="istio-cni" name="istio-cni" failed (add): unable to push CNI event, error was 500',
  ],
  'cni.unauthorized': [
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "1e": plugin type="istio-cni" name="istio-cni" failed (add): Unauthorized',
    'istio-cni cmdAdd error: Unauthorized',
  ],
  'cni.no-plugin': [
    'plugin type="istio-cni" name="istio-cni" failed (add): failed to find plugin "istio-cni" in path [/opt/cni/bin]',
    'NetworkPlugin cni failed to set up pod "web-1_shop" network: failed to find plugin "istio-cni" in path [/opt/cni/bin /usr/libexec/cni]',
  ],
  'cni.no-pod': [
    'Failed to get pod info: Get "https://10.96.0.1:443/api/v1/namespaces/shop/pods/web-1": dial tcp 10.96.0.1:443: i/o timeout',
    'Failed to get pod data	err=pods "web-1" is unknown',
    'failed to get pod or namespace info: podErr=context deadline exceeded, nsErr=<nil>',
  ],
  'cni.no-client': [
    'istio-cni cmdAdd error: failed to createNewK8sClient: stat /etc/cni/net.d/ZZZ-istio-cni-kubeconfig: no such file',
    'Failed setting up kubernetes client with kubeconfig /etc/cni/net.d/ZZZ-istio-cni-kubeconfig',
  ],
  'cni.chain-broken': [
    'Istio CNI is configured as chained plugin, but cannot find existing CNI network config: no networks found in /host/etc/cni/net.d',
    'istio-cni CNI config file modified: /host/etc/cni/net.d/10-calico.conflist',
    'no valid networks found in /host/etc/cni/net.d',
  ],
  'cni.repair-failed': [
    'failed to setup redirection: exec format error',
    'repair: program redirection: exec format error',
    'Skipping pod, already repaired with an unexpected UID 5 vs 6',
  ],
  'cni.found-broken': [
    'repair	Pod detected as broken, deleting: shop/web-1',
    'Pod detected as broken, adding label: shop/web-1',
  ],
  'cni.no-sandbox': [
    'failed to setup execution environment, attempting to continue anyways: failed to remount /: permission denied',
    'failed to setup execution environment, attempting to continue anyways: bind mount of "/var/run/netns/cni-1" failed: permission denied',
  ],
  'ipv6.no-tool': [
    'Failed to detect a working ip6tables binary; continuing because IPv6 support is disabled (ENABLE_INBOUND_IPV6=false): exit status 3',
    'cni-agent	Failed to detect a working ip6tables binary; continuing because IPv6 support is disabled (ENABLE_INBOUND_IPV6=false): x',
  ],
  'cni.failed': [
    'istio-cni cmdAdd error: context deadline exceeded',
    'Failed to create pod sandbox: plugin type="istio-cni" name="istio-cni" failed (add): netplugin failed with no error message',
    'istio-cni failed with: incompatible CNI versions',
  ],
  'agent.no-config': [
    'Envoy proxy is NOT ready: config not received from XDS server (is Istiod running?): cds updates: 0 successful, 0 rejected; lds updates: 0 successful, 0 rejected',
    'Envoy proxy is NOT ready: config not received from Pilot (is Pilot running?): cds updates: 0 successful, 0 rejected; lds updates: 0 successful, 0 rejected',
    'Envoy proxy is NOT ready: config received from XDS server, but was rejected: cds updates: 1 successful, 0 rejected; lds updates: 0 successful, 1 rejected',
  ],
  'agent.not-ready': [
    'Envoy proxy is NOT ready: failed to get readiness stats: Get "http://127.0.0.1:15000/stats": dial tcp 127.0.0.1:15000: connect: connection refused',
    'timeout waiting for Envoy proxy to become ready. Last error: HTTP status code 503',
    'Envoy proxy is NOT ready: workers have not yet started',
  ],
  'probe.refused': [
    'Readiness probe failed: Get "http://10.244.1.5:15021/healthz/ready": dial tcp 10.244.1.5:15021: connect: connection refused',
    'Startup probe failed: HTTP probe failed with statuscode: 503',
    'Get "http://10.244.1.5:15020/app-health/web/livez": dial tcp 10.244.1.5:15020: connect: connection refused',
  ],
  'linkerd.failed': [
    'time="2025-01-01T00:00:00Z" level=error msg="aborting firewall configuration"',
    'level=error msg="linkerd-cni: could not configure firewall: no rights"',
  ],
  'ztunnel.policy': [
    'connection complete\tsrc.addr=10.244.1.7:50000 dst.addr=10.244.2.9:8080 direction="inbound" error="connection closed due to policy rejection: explicitly denied by: istio-system/istio_converted_static_strict"',
    'error="connection closed due to policy rejection: allow policies exist, but none allowed"',
    'error="connection closed due to policy change"',
  ],
  'ztunnel.no-answer': [
    'error="connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008: deadline has elapsed"',
    'direction="outbound" bytes_sent=0 bytes_recv=0 duration="10002ms" error="io error: deadline has elapsed"',
    'error="connection failed: deadline has elapsed"',
  ],
  'ztunnel.app-refused': [
    'error="connection failed: Connection refused (os error 111)"',
    'error="io error: Connection refused (os error 111)"',
  ],
  'ztunnel.peer-answered': [
    'direction="outbound" error="http status: 503 Service Unavailable"',
    'error="http status: 401 Unauthorized"',
  ],
  'ztunnel.certificate': [
    'error="identity error: signing gRPC error (Unavailable): error trying to connect"',
    'error="tls error: certificate lookup error: unknown"',
  ],
  'ztunnel.unknown-source': [
    'error="failed to fetch information about local workload: default/web-1"',
    'error="unknown source: 10.244.1.5"',
  ],
  'ztunnel.nowhere': [
    'error="no healthy upstream: 10.96.0.7:80"',
    'error="unknown waypoint: waypoint.shop.svc.cluster.local"',
    'error="no service for target address: 10.96.0.7:80"',
  ],
  'envoy.no-istiod': [
    'envoy config external/envoy/source/extensions/config_subscription/grpc/grpc_stream.h:152	StreamAggregatedResources gRPC config stream to xds-grpc closed: 14, connection error: desc = "transport: Error while dialing: dial tcp 10.96.0.10:15012: connect: connection refused"',
    'StreamAggregatedResources gRPC config stream closed: 14, no healthy upstream',
  ],
  'envoy.port-taken': [
    "cannot bind '0.0.0.0:15006': Address already in use",
    "error adding listener: cannot bind '[::]:15001': Address already in use",
  ],
  'nft.run-failed': [
    'nftables run failed: nothing was said',
    'istio-cni cmdDel: nftables run failed: nothing was said',
  ],
  'run.parameter-problem': ['xtables parameter problem: 2', 'Command error: xtables parameter problem: 14'],
  'run.kernel-problem': ['xtables version problem: ', 'Command error: xtables version problem: '],
  'run.resource-problem': ['xtables resource problem: ', 'Command error: xtables resource problem: '],
  'run.other-problem': ['xtables other problem: ', 'Command error: xtables other problem: '],
  'run.failed': [
    'Failed to execute: iptables-restore --noflush --wait=30, exit status 3',
    'Failed to execute: iptables-restore --noflush /tmp/iptables-rules-1700000000.txt1234, exit status 1',
    'exit status 1',
    '/sbin/iptables-nft: exit status 4',
  ],
};
