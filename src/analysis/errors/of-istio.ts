/** What the programs of a mesh print around iptables and nft: istio-init, its validation, the CNI plugin, pilot-agent. */
import { portOf } from '../../istio/index.ts';
import type { ErrorForm } from './error-form.ts';
import { begins, digits, ends, quoted, rest, word, wording } from './wording.ts';

export const errorsOfIstio = {
  'validation.failed': {
    program: 'istio-validation',
    meaning: 'cause',
    // Istio tools/istio-iptables/pkg/cmd/root.go and pkg/validation/validator.go; exit code 126 since 1.5
    wordings: [
      wording`iptables validation failed`,
      wording`[Vv]alidation failed: ?${rest('reason')}`,
      wording`${begins}validation timeout${ends}`,
      wording`Error connecting to ${word('value')}:${String(portOf('validation'))}: `,
    ],
  },
  'iptables.not-usable': {
    program: 'istio-init',
    meaning: 'cause',
    // Istio tools/istio-iptables/pkg/dependencies; linkerd2-proxy-init pkg/iptables/iptables.go
    wordings: [
      wording`iptables binary ${word('command')} has no loaded kernel support and cannot be used`,
      wording`did not find iptables binary, error was ${rest('reason')}`,
      wording`iptables: no suitable binaries found on PATH`,
      wording`called without iptables binary, cannot execute`,
      wording`failed to execute ${word('command')}: ${rest('reason')}`,
    ],
  },
  'iptables.binary-unsupported': {
    program: 'istio-init',
    meaning: 'cause',
    // Istio tools/common/config/validation.go and tools/istio-iptables/pkg/dependencies/implementation.go, since 1.28
    wordings: [
      wording`invalid FORCE_IPTABLES_BINARY value ${quoted('value')}`,
      wording`iptables binary ${quoted('value')} unsupported`,
      wording`iptables binary unsupported: ${word('value')}`,
    ],
  },
  'setting.invalid': {
    program: 'istio-cni',
    meaning: 'cause',
    // Istio cni/pkg/plugin/sidecar_redirect.go, validateInterceptionMode and NewRedirect
    wordings: [
      wording`annotation value error for value ${word('option')}; annotationFound = \w{1,8}: ${rest('reason')}`,
      wording`redirect failed due to bad params: ${rest('reason')}`,
      wording`interceptionMode invalid: ${word('value')}`,
    ],
  },
  'ranges.exclude-all': {
    program: 'istio-init',
    meaning: 'cause',
    // Istio tools/istio-iptables/pkg/capture/run.go, since 1.21; tools/istio-nftables/pkg/capture/run.go
    wordings: [wording`invalid value for OUTBOUND_IP_RANGES_EXCLUDE`],
  },
  'owner-groups.too-many': {
    program: 'istio-init',
    meaning: 'cause',
    // Istio tools/common/config/validation.go
    wordings: [
      wording`number of owner groups whose outgoing traffic should be redirected to Envoy cannot exceed ${digits('value')}`,
    ],
  },
  'dns.not-captured': {
    program: 'istio-init',
    meaning: 'doubt',
    // Istio tools/istio-iptables/pkg/capture/run.go and tools/istio-nftables/pkg/capture/run.go, since 1.25
    wordings: [wording`no DNS servers provided\. DNS capture disabled`, wording`DNS capture disabled`],
  },
  'resolver.unreadable': {
    program: 'istio-init',
    meaning: 'cause',
    // Istio tools/common/config/config.go, before 1.21 tools/istio-iptables/pkg/cmd/root.go
    wordings: [wording`failed to load /etc/resolv\.conf: ${rest('reason')}`],
  },
  'address.none': {
    program: 'istio-init',
    meaning: 'cause',
    // Istio tools/common/config/config.go, getLocalIP
    wordings: [wording`no valid local IP address`],
  },
  'run.leftovers': {
    program: 'istio-init',
    meaning: 'doubt',
    // Istio tools/istio-iptables/pkg/capture/run.go and cni/pkg/iptables/iptables.go, since 1.25
    wordings: [
      wording`reconcile is (?:recommended|needed) but no-reconcile flag is set`,
      wording`Found residues of old iptables rules/chains, reconciliation is recommended`,
    ],
  },
  'routes.failed': {
    program: 'istio-init',
    meaning: 'outcome',
    // Istio tools/istio-iptables/pkg/cmd/root.go and tools/common/tproxy/run_linux.go
    wordings: [
      wording`failed to configure routes: ${rest('reason')}`,
      wording`failed to configure netlink rule: ${rest('reason')}`,
      wording`failed to add route: ${rest('reason')}`,
      wording`failed to add IPv6 inbound address: ${rest('reason')}`,
    ],
  },
  'cni.no-ztunnel': {
    program: 'istio-cni',
    meaning: 'cause',
    // Istio cni/pkg/nodeagent/ztunnelserver_linux.go
    wordings: [wording`no ztunnel connection`],
  },
  'cni.agent-unreachable': {
    program: 'istio-cni',
    meaning: 'cause',
    // Istio cni/pkg/plugin/plugin.go and cnieventclient.go
    wordings: [
      wording`failed to (?:contact|signal) node Istio CNI agent: ${rest('reason')}`,
      wording`unable to push CNI event ${rest('reason')}`,
      wording`unable to push CNI event, error was ${digits('status')}`,
    ],
  },
  'cni.unauthorized': {
    program: 'istio-cni',
    meaning: 'cause',
    // Kubernetes’ answer to the plugin’s token, by Istio cni/pkg/plugin/plugin.go; containerd’s event
    wordings: [
      wording`type=\\?"istio-cni\\?" name=\\?"istio-cni\\?" failed \((?<command>add|delete)\): Unauthorized`,
      wording`istio-cni cmdAdd error: Unauthorized`,
      wording`Failed to get pod (?:info|data): Unauthorized`,
    ],
  },
  'cni.no-plugin': {
    program: 'kubelet',
    meaning: 'cause',
    // containernetworking/cni pkg/invoke/find.go
    wordings: [
      wording`failed to find plugin ${quoted('name')} in path (?<file>\[[^\]]{1,200}\])`,
      wording`failed to find plugin ${quoted('name')} in path`,
    ],
  },
  'cni.no-pod': {
    program: 'istio-cni',
    meaning: 'cause',
    // Istio cni/pkg/plugin/plugin.go, doAddRun; before 1.11 cni/cmd/istio-cni/main.go
    wordings: [
      wording`Failed to get pod (?:info|data): ${rest('reason')}`,
      wording`Failed to get pod data`,
      wording`failed to get pod or namespace info: ${rest('reason')}`,
    ],
  },
  'cni.no-client': {
    program: 'istio-cni',
    meaning: 'cause',
    // Istio cni/pkg/plugin/plugin.go and kubernetes.go
    wordings: [
      wording`failed to createNewK8sClient: ${rest('reason')}`,
      wording`Failed setting up kubernetes client with kubeconfig ${word('file')}`,
    ],
  },
  'cni.chain-broken': {
    program: 'istio-cni',
    meaning: 'doubt',
    // Istio cni/pkg/install/cniconfig.go and install.go
    wordings: [
      wording`Istio CNI is configured as chained plugin, but cannot find existing CNI network config: ${rest('reason')}`,
      wording`no (?:valid )?networks found in ${word('file')}`,
      wording`istio-cni CNI config (?:file )?(?:removed|modified): ${word('file')}`,
      wording`CNI config file ${quoted('file')} preempted by ${quoted('value')}`,
      wording`istio-cni plugin not found in Istio CNI config at ${word('file')}`,
    ],
  },
  'cni.repair-failed': {
    program: 'istio-cni',
    meaning: 'cause',
    // Istio cni/pkg/repair/repaircontroller.go and repaircontroller_linux.go
    wordings: [
      wording`failed to setup redirection: ${rest('reason')}`,
      wording`program redirection: ${rest('reason')}`,
      wording`Skipping pod, already repaired with an unexpected UID`,
    ],
  },
  'cni.found-broken': {
    program: 'istio-cni',
    meaning: 'doubt',
    // Istio cni/pkg/repair/repaircontroller.go
    wordings: [
      wording`Pod detected as broken, (?:deleting|adding label): ${word('pod')}`,
      wording`Pod detected as broken`,
    ],
  },
  'cni.no-sandbox': {
    program: 'istio-cni',
    meaning: 'remark',
    // Istio tools/istio-iptables/pkg/dependencies/implementation_linux.go, runInSandbox, since 1.21
    wordings: [wording`failed to setup execution environment, attempting to continue anyways`],
  },
  'ipv6.no-tool': {
    program: 'istio-init',
    meaning: 'remark',
    // Istio tools/istio-iptables/pkg/capture/run.go and cni/pkg/iptables/iptables.go, since 1.28
    wordings: [wording`Failed to detect a working ip6tables binary; continuing`],
  },
  'cni.failed': {
    program: 'istio-cni',
    meaning: 'outcome',
    // Istio cni/pkg/plugin/plugin.go, CmdAdd; cni/cmd/istio-cni/main.go; containerd’s event
    wordings: [
      wording`istio-cni cmdAdd error: ${rest('reason')}`,
      wording`istio-cni failed with: ${rest('reason')}`,
      wording`istio-cni panicked during cmdAdd: ${rest('reason')}`,
      wording`type=\\?"istio-cni\\?" name=\\?"istio-cni\\?" failed \((?<command>add|delete)\): ${rest('reason')}`,
      wording`failed to restore iptables rules: ${rest('reason')}`,
    ],
  },
  'agent.no-config': {
    program: 'pilot-agent',
    meaning: 'cause',
    // Istio pilot/cmd/pilot-agent/status/ready/probe.go, “Pilot” before 1.13
    wordings: [
      wording`config not (?:fully )?received from (?:XDS server|Pilot)`,
      wording`config received from (?:XDS server|Pilot), but was rejected`,
    ],
  },
  'agent.not-ready': {
    program: 'pilot-agent',
    meaning: 'cause',
    // Istio pilot/cmd/pilot-agent/status/server.go, ready/probe.go and app/wait.go
    wordings: [
      wording`Envoy proxy is NOT ready: ${rest('reason')}`,
      wording`timeout waiting for Envoy proxy to become ready\. Last error: ${rest('reason')}`,
      wording`failed to get readiness stats: ${rest('reason')}`,
      wording`server is not live, current state is: ${word('value')}`,
      wording`workers have not yet started`,
    ],
  },
  'envoy.no-istiod': {
    program: 'pilot-agent',
    meaning: 'doubt',
    // Envoy source/extensions/config_subscription/grpc/grpc_stream.h; Istio pkg/istio-agent/xds_proxy.go
    wordings: [
      wording`StreamAggregatedResources gRPC config stream to xds-grpc closed: (?<reason>[^\n]{1,200})`,
      wording`StreamAggregatedResources gRPC config stream closed: (?<reason>[^\n]{1,200})`,
      wording`failed to connect to upstream [^\s]{1,200}: ${rest('reason')}`,
    ],
  },
  'envoy.port-taken': {
    program: 'pilot-agent',
    meaning: 'doubt',
    // Envoy source/common/network/utility.cc and listener_impl, the kernel’s EADDRINUSE
    wordings: [wording`cannot bind ${quoted('value')}: Address already in use`],
  },
  'probe.refused': {
    program: 'kubelet',
    meaning: 'doubt',
    // Kubernetes pkg/probe/http and pkg/kubelet/prober; Go net/http
    wordings: [
      wording`(?<name>Readiness|Liveness|Startup) probe failed: (?:\w{3,7} \\?"[^\s"]{1,300}": )?${rest('reason')}`,
      wording`:150(?:20|21)/[\w/-]{1,60}\\?": dial tcp ${word('value')}:150\d\d: connect: connection refused`,
    ],
  },
  'linkerd.failed': {
    program: 'linkerd-init',
    meaning: 'outcome',
    // linkerd2-proxy-init pkg/iptables/iptables.go and cni-plugin/main.go
    wordings: [
      wording`aborting firewall configuration`,
      wording`linkerd-cni: could not configure firewall: ${rest('reason')}`,
      wording`linkerd-cni: could not create a Firewall Configuration`,
    ],
  },
  'nft.run-failed': {
    program: 'istio-init',
    meaning: 'outcome',
    // Istio tools/istio-nftables/pkg/capture/run.go and cni/pkg/nftables/nftables.go
    wordings: [wording`nftables run failed: ${rest('reason')}`],
  },
  'run.parameter-problem': {
    program: 'istio-init',
    meaning: 'outcome',
    // Istio tools/istio-iptables/pkg/dependencies/implementation.go, exit status 2; it cuts the text at its first colon
    wordings: [wording`xtables parameter problem`],
  },
  'run.kernel-problem': {
    program: 'istio-init',
    meaning: 'outcome',
    // Istio tools/istio-iptables/pkg/dependencies/implementation.go, exit status 3
    wordings: [wording`xtables version problem`],
  },
  'run.resource-problem': {
    program: 'istio-init',
    meaning: 'outcome',
    // Istio tools/istio-iptables/pkg/dependencies/implementation.go, exit status 4
    wordings: [wording`xtables resource problem`],
  },
  'run.other-problem': {
    program: 'istio-init',
    meaning: 'outcome',
    // Istio tools/istio-iptables/pkg/dependencies/implementation.go, exit status 1
    wordings: [wording`xtables other problem`],
  },
  'run.failed': {
    program: 'istio-init',
    meaning: 'outcome',
    // Istio tools/istio-iptables/pkg/dependencies and pkg/cmd/root.go; Go os/exec
    wordings: [
      wording`Failed to execute: (?<command>[^,"\\]{1,400}), exit status ${digits('status')}`,
      wording`(?<command>/?[\w/.-]{0,100}ip6?tables[\w-]{0,20}): exit status ${digits('status')}`,
      wording`${begins}exit status (?<status>[1-9]\d{0,2})(?!\d)`,
    ],
  },
} as const satisfies Readonly<Record<string, ErrorForm>>;
