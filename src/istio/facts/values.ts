/** Which values of annotations, arguments and variables are taken, and what becomes of the others. */
import { type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-30';
const validate = 'pkg/kube/inject/validate.go';
const capture = 'tools/istio-iptables/pkg/capture/run.go';
const config = 'tools/common/config/config.go';
const validation = 'tools/common/config/validation.go';
const tproxy = 'tools/common/tproxy/run_linux.go';
const template = 'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml';
const flag = 'pkg/flag/flag.go';

export const valuesTaken = {
  'modes-of-the-annotation': {
    subject: 'injector',
    values: {
      redirect: 'REDIRECT',
      tproxy: 'TPROXY',
      none: 'NONE',
      annotation: 'sidecar.istio.io/interceptionMode',
      object: 'pod',
    },
    not: true,
    known: [
      istioLine(
        '1.30.3',
        validate,
        'return fmt.Errorf("interceptionMode invalid, use REDIRECT,TPROXY,NONE: %v", mode)',
      ),
    ],
    checked,
  },
  'modes-of-the-plugin': {
    subject: 'istio-cni',
    values: { redirect: 'REDIRECT', tproxy: 'TPROXY', object: 'pod' },
    only: true,
    known: [
      istioLine(
        '1.30.3',
        'cni/pkg/plugin/sidecar_redirect.go',
        'return fmt.Errorf("interceptionMode invalid: %v", mode)',
      ),
    ],
    checked,
  },
  'ports-are-numbers': {
    subject: 'injector',
    values: { form: 'decimal number', object: 'annotation' },
    known: [
      istioLine('1.30.3', validate, 'port, err := strconv.ParseUint(strings.TrimSpace(portStr), 10, 16)'),
    ],
    checked,
  },
  'ranges-have-a-length': {
    subject: 'injector',
    values: { what: 'range', length: 'length', object: 'annotation' },
    known: [istioLine('1.30.3', validate, 'if _, err := netip.ParsePrefix(cidr); err != nil {')],
    checked,
  },
  'range-stops-it': {
    subject: 'istio-init',
    values: { what: 'range' },
    since: '1.27',
    known: [
      istioLine('1.27.0', config, 'func SeparateV4V6(cidrList string) (NetworkRange, NetworkRange, error) {'),
      istioLine('1.27.0', config, 'return ipv4Ranges, ipv6Ranges, err'),
    ],
    checked,
  },
  'range-left-out': {
    subject: 'istio-init',
    values: { what: 'range' },
    before: '1.27',
    known: [
      istioLine('1.26.0', capture, 'Ignoring error for bug compatibility with istio-iptables'),
      istioLine('1.17.8', capture, 'Ignoring error for bug compatibility with istio-iptables'),
    ],
    checked,
  },
  'excluding-all-ranges': {
    subject: 'istio-init',
    values: { message: 'invalid value for OUTBOUND_IP_RANGES_EXCLUDE', all: '*' },
    known: [
      istioLine('1.30.3', capture, 'return fmt.Errorf("invalid value for OUTBOUND_IP_RANGES_EXCLUDE")'),
    ],
    checked,
  },
  'loopback-range': {
    subject: 'istio-init',
    values: { family: 'IPv4', least: 8, most: 32 },
    known: [
      istioLine('1.30.3', validation, 'if !ipp.Addr().Is4() || !ipp.Addr().IsLoopback() {'),
      istioLine('1.30.3', validation, 'if ones < 8 || ones > 32 {'),
    ],
    checked,
  },
  'numbers-of-tproxy': {
    subject: 'istio-init',
    values: { mark: 'mark', table: 'routing table' },
    since: '1.12',
    known: [
      istioLine('1.12.0', capture, 'tproxyMark, err := strconv.Atoi(cfg.InboundTProxyMark)'),
      istioLineGone('1.11.8', 'tools/istio-iptables/pkg/cmd/run.go', 'strconv.Atoi'),
      istioLine('1.30.3', tproxy, 'tproxyTable, err := strconv.Atoi(cfg.InboundTProxyRouteTable)'),
      istioLine('1.30.3', tproxy, 'tproxyMark, err := strconv.Atoi(cfg.InboundTProxyMark)'),
    ],
    checked,
  },
  'argument-before-variable': {
    subject: 'istio-init',
    values: { argument: 'argument', variable: 'variable' },
    known: [
      // The variable is set when the flag is made, and what is parsed later replaces it.
      istioLine('1.30.3', flag, 'en := strings.ToUpper(replacer.Replace(name))'),
      istioLine('1.30.3', flag, '_ = fs.Set(name, v)'),
    ],
    checked,
  },
  'arguments-in-every-pod': {
    subject: 'injector',
    values: { program: 'istio-init', first: '-p', last: '-d' },
    known: [
      istioLine('1.30.3', template, '- {{ .MeshConfig.ProxyListenPort | default "15001" | quote }}'),
      istioLine(
        '1.30.3',
        template,
        '"{{ annotation .ObjectMeta `traffic.sidecar.istio.io/includeInboundPorts` .Values.global.proxy.includeInboundPorts }}"',
      ),
      istioLine('1.30.3', template, '"15090,15021,{{ excludeInboundPort'),
    ],
    checked,
  },
  'switch-else-false': {
    subject: 'istio-init',
    values: { yes: 'true', no: 'false' },
    known: [
      // The error is dropped, and what was set beside it stays.
      istioLine('1.30.3', flag, '_ = fs.Set(name, v)'),
      { by: 'source', repo: 'spf13/pflag', tag: 'v1.0.10', path: 'bool.go', line: '*b = boolValue(v)' },
    ],
    checked,
  },
  'values-by-their-types': {
    subject: 'injector',
    values: { yes: 'true', no: 'false', what: 'text' },
    known: [
      istioLine(
        '1.30.3',
        'pkg/kube/inject/webhook.go',
        'protomarshal.ApplyYAML(v, valuesStruct); err != nil {',
      ),
      istioLine(
        '1.30.3',
        'operator/pkg/apis/values_types.proto',
        'google.protobuf.BoolValue nativeNftables = 74;',
      ),
    ],
    checked,
  },
  'group-limit-of-a-rule': {
    subject: 'istio-init',
    values: { most: 64 },
    known: [
      istioLine('1.30.3', validation, 'Since all included groups will be translated into a single Iptables'),
      istioLine('1.30.3', validation, 'maxOwnerGroupsInclude = 64'),
    ],
    checked,
  },
  'back-ends-by-name': {
    subject: 'Istio',
    values: { legacy: 'legacy', nft: 'nft', variable: 'FORCE_IPTABLES_BINARY' },
    known: [
      istioLine('1.30.3', validation, 'return fmt.Errorf("invalid FORCE_IPTABLES_BINARY value %q", iptb)'),
    ],
    since: '1.28',
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
