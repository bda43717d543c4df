/** What the rules are made from, and what is refused: by the injector, by istio-init and by the CNI plugin. */
import { type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-28';
const template = 'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml';
const values = 'manifests/charts/istio-control/istio-discovery/values.yaml';
const config = 'tools/common/config/config.go';
const root = 'tools/istio-iptables/pkg/cmd/root.go';
const cniRedirect = 'cni/pkg/plugin/sidecar_redirect.go';
const cniProgram = 'cni/pkg/plugin/sidecar_iptables_linux.go';

const everyVariable = istioLine(
  '1.30.3',
  template,
  '{{- range $key, $value := .ProxyConfig.ProxyMetadata }}',
);

export const capturing = {
  'cni-programs': {
    subject: 'istio-cni',
    values: { place: 'node' },
    known: [istioLine('1.30.3', cniProgram, 'return netNs.Do(func(_ ns.NetNS) error {')],
    checked,
  },
  'cni-reads-the-pod': {
    subject: 'istio-cni',
    values: { container: 'istio-proxy', what: 'annotations' },
    known: [
      istioLine('1.30.3', cniRedirect, 'if val, found := annotations[annotationRegistry[name].key]; found {'),
      istioLine('1.30.3', 'cni/pkg/plugin/kubernetes.go', 'pi.ProxyEnvironments[e.Name] = e.Value'),
    ],
    checked,
  },
  'cni-own-environment': {
    subject: 'istio-cni',
    values: {
      included: 'ISTIO_OUTBOUND_OWNER_GROUPS',
      excluded: 'ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE',
      loopback: 'ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR',
    },
    not: true,
    known: [
      istioLine('1.30.3', cniProgram, 'if err := cfg.FillConfigFromEnvironment(); err != nil {'),
      istioLine('1.30.3', config, 'c.OwnerGroupsInclude = constants.OwnerGroupsInclude.Get()'),
      istioLine('1.30.3', config, 'c.HostIPv4LoopbackCidr = constants.HostIPv4LoopbackCidr.Get()'),
    ],
    checked,
  },
  'cni-excludes-a-port': {
    subject: 'istio-cni',
    values: { port: 15020, direction: 'outbound' },
    known: [
      istioLine(
        '1.30.3',
        cniRedirect,
        '"excludeOutboundPorts":       {excludeOutboundPortsKey, defaultRedirectExcludePort,',
      ),
      istioLine('1.30.3', cniRedirect, 'defaultRedirectExcludePort   = defaultProxyStatusPort'),
      istioLine('1.30.3', cniRedirect, 'defaultProxyStatusPort       = "15020"'),
    ],
    checked,
  },
  'cni-captures-all-dns': {
    subject: 'istio-cni',
    values: { what: 'DNS' },
    known: [istioLine('1.30.3', cniProgram, 'cfg.CaptureAllDNS = rdrct.dnsRedirect')],
    checked,
  },
  'cni-refuses-none': {
    subject: 'istio-cni',
    values: { mode: 'NONE', annotation: 'sidecar.istio.io/interceptionMode' },
    // Its mode is a "none" of its own.
    not: true,
    known: [
      istioLine('1.30.3', cniRedirect, 'return fmt.Errorf("interceptionMode invalid: %v", mode)'),
      istioLine(
        '1.30.3',
        'cni/pkg/plugin/plugin.go',
        'log.Errorf("redirect failed due to bad params: %v", err)',
      ),
    ],
    checked,
  },
  'none-binds-ports': {
    subject: 'istiod',
    values: { address: '127.0.0.1' },
    where: { mode: 'NONE' },
    // Its mode is a "none" of its own.
    not: true,
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener.go',
        "// do not care what the listener's capture mode setting is. The proxy does not use iptables",
      ),
      istioLine('1.30.3', 'pilot/pkg/networking/core/listener.go', 'bind.bindToPort = true'),
      istioLine('1.30.3', 'pilot/pkg/networking/core/listener.go', 'bind.binds = actualLocalHosts'),
    ],
    checked,
  },
  'none-inbound-by-sidecar': {
    subject: 'istiod',
    values: { kind: 'Sidecar' },
    where: { mode: 'NONE' },
    // Its mode is a "none" of its own.
    not: true,
    only: true,
    known: [
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener_inbound.go',
        '// Users are required to provide the sidecar config to define the inbound listeners',
      ),
    ],
    checked,
  },
  'trace-rules': {
    subject: 'istio-init',
    values: { variable: 'IPTABLES_TRACE_LOGGING' },
    before: '1.26',
    known: [
      istioLine(
        '1.25.0',
        'tools/istio-iptables/pkg/cmd/root.go',
        'flag.BindEnv(fs, constants.TraceLogging, "", "Insert tracing logs for each iptables rules, using the LOG chain.", &cfg.TraceLogging)',
      ),
      istioLineGone('1.26.0', 'tools/istio-iptables/pkg/cmd/root.go', 'constants.TraceLogging'),
    ],
    checked,
  },
  'trace-privileges': {
    subject: 'injector',
    values: { variable: 'IPTABLES_TRACE_LOGGING' },
    known: [
      istioLine(
        '1.30.3',
        template,
        '{{- if eq (index .ProxyConfig.ProxyMetadata "IPTABLES_TRACE_LOGGING") "true" }}',
      ),
      istioLine('1.30.3', template, 'privileged: true'),
    ],
    checked,
  },
  'interface-names': {
    subject: 'injector',
    values: { annotation: 'excludeInterfaces', pattern: 'net+', all: '*' },
    since: '1.30',
    known: [
      istioLine('1.30.3', 'pkg/util/net/ip.go', 'interfaceNameRegex = regexp.MustCompile('),
      istioLine(
        '1.30.3',
        'pkg/kube/inject/validate.go',
        'annotation.SidecarTrafficExcludeInterfaces.Name:           ValidateExcludeInterfaces,',
      ),
      istioLineGone('1.29.6', 'pkg/util/net/ip.go', 'interfaceNameRegex'),
    ],
    checked,
  },
  'guest-interface-names': {
    subject: 'injector',
    values: { annotation: 'istio.io/reroute-virtual-interfaces', pattern: 'net+' },
    since: '1.30',
    known: [
      istioLine(
        '1.30.3',
        'pkg/kube/inject/validate.go',
        'annotation.IoIstioRerouteVirtualInterfaces.Name:           ValidateExcludeInterfaces,',
      ),
      istioLineGone(
        '1.29.6',
        'pkg/kube/inject/validate.go',
        'annotation.IoIstioRerouteVirtualInterfaces.Name:           ValidateExcludeInterfaces,',
      ),
      istioLine('1.30.3', 'pkg/util/net/ip.go', 'interfaceNameRegex = regexp.MustCompile('),
    ],
    checked: '2026-11-30',
  },
  'ports-always-excluded': {
    subject: 'injector',
    values: { prometheus: 15090, status: 15020 },
    known: [
      istioLine('1.30.3', template, '- "15090,15021,{{ excludeInboundPort'),
      istioLine('1.30.3', values, 'statusPort: 15020'),
    ],
    checked,
  },
  'probes-rewritten': {
    subject: 'injector',
    values: { http: 'HTTP', tcp: 'TCP', grpc: 'gRPC', port: 15020 },
    since: '1.13',
    known: [
      istioLine('1.30.3', values, 'rewriteAppHTTPProbe: true'),
      istioLine(
        '1.30.3',
        'pkg/kube/inject/app_probe.go',
        'return convertAppProberHTTPGet(probe, newURL, statusPort)',
      ),
      istioLine(
        '1.30.3',
        'pkg/kube/inject/app_probe.go',
        'return convertAppProberTCPSocket(probe, newURL, statusPort)',
      ),
      istioLine(
        '1.13.0',
        'pkg/kube/inject/app_probe.go',
        'return convertAppProberGRPC(probe, newURL, statusPort)',
      ),
      istioLineGone('1.12.0', 'pkg/kube/inject/app_probe.go', 'convertAppProberGRPC'),
    ],
    checked,
  },
  'hooks-rewritten': {
    subject: 'injector',
    values: { post: 'postStart', pre: 'preStop', path: '/app-lifecycle/' },
    also: true,
    since: '1.25',
    known: [
      istioLine('1.25.0', 'pkg/kube/inject/app_probe.go', 'c.Lifecycle.PreStop = lifecycleHandlerPatch'),
      istioLine('1.25.0', 'pkg/kube/inject/app_probe.go', 'c.Lifecycle.PostStart = lifecycleHandlerPatch'),
      istioLine(
        '1.25.0',
        'pilot/cmd/pilot-agent/status/server.go',
        'mux.HandleFunc("/app-lifecycle/", s.handleAppProbe)',
      ),
      istioLineGone('1.24.0', 'pkg/kube/inject/app_probe.go', 'lifecycleHandlerPatch'),
    ],
    checked,
  },
  'first-address': {
    subject: 'Istio',
    values: { family: 'IPv6' },
    known: [
      istioLine('1.30.3', config, 'c.EnableIPv6 = isIPv6'),
      istioLine('1.30.3', config, 'return unwrapAddr, isIPv6, nil'),
    ],
    checked,
  },
  'all-addresses': {
    subject: 'Istio',
    values: { family: 'IPv6' },
    where: { setting: 'ISTIO_DUAL_STACK' },
    known: [
      istioLine('1.30.3', root, 'flag.AdditionalEnv(fs, constants.DualStack, "ISTIO_DUAL_STACK")'),
      istioLine('1.30.3', cniRedirect, 'pi.ProxyEnvironments["ISTIO_DUAL_STACK"]; found {'),
      istioLine('1.30.3', config, 'if !dualStack {'),
    ],
    checked,
  },
  'all-dns-by-metadata': {
    subject: 'istio-init',
    values: { variable: 'CAPTURE_ALL_DNS', field: 'proxyMetadata' },
    known: [
      istioLine('1.30.3', root, 'flag.BindEnv(fs, constants.CaptureAllDNS, "",'),
      istioLine('1.30.3', 'pkg/flag/flag.go', 'en := strings.ToUpper(replacer.Replace(name))'),
      everyVariable,
    ],
    checked,
  },
  'mark-by-metadata': {
    subject: 'istio-init',
    values: { variable: 'ISTIO_INBOUND_TPROXY_MARK', field: 'proxyMetadata' },
    known: [
      istioLine(
        '1.30.3',
        root,
        'flag.BindEnv(fs, constants.InboundTProxyMark, "t", "", &cfg.InboundTProxyMark)',
      ),
      everyVariable,
    ],
    checked,
  },
  'mark-of-envoy': {
    subject: 'Envoy',
    values: { mark: 1337 },
    where: { mode: 'TPROXY' },
    known: [
      istioLine('1.30.3', 'pilot/pkg/xds/filters/filters.go', 'Mark: 1337,'),
      istioLine(
        '1.30.3',
        'tools/istio-iptables/pkg/capture/run.go',
        'save packet mark set by envoy.filters.listener.original_src as connection mark',
      ),
    ],
    checked,
  },
  'owner-groups-limit': {
    subject: 'istio-init',
    values: { most: 64 },
    known: [istioLine('1.30.3', 'tools/common/config/validation.go', 'maxOwnerGroupsInclude = 64')],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
