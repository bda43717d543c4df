/** Whom the rules let out as the proxy, what is read for that, and what tells of a name that nobody reads. */
import { envoyAnswer, type Fact, istioLine, istioLineGone } from './fact.ts';

const checked = '2026-11-29';
const template = 'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml';
const builder = 'pilot/pkg/networking/core/listener_builder.go';

export const proxyUser = {
  'init-takes-the-user': {
    subject: 'istio-init',
    values: { user: '-u', group: '-g' },
    known: [
      istioLine(
        '1.30.3',
        template,
        '- {{ if $tproxy }} "1337" {{ else }} {{ .ProxyUID | default "1337" | quote }} {{ end }}',
      ),
      istioLine(
        '1.30.3',
        'tools/istio-iptables/pkg/cmd/root.go',
        'flag.BindEnv(fs, constants.ProxyGID, "g",',
      ),
      istioLine('1.30.3', 'tools/common/config/config.go', 'c.ProxyGID = c.ProxyUID'),
    ],
    checked,
  },
  'cni-takes-the-user': {
    subject: 'istio-cni',
    values: { field: 'securityContext', container: 'istio-proxy' },
    since: '1.19',
    known: [
      istioLineGone('1.18.0', 'cni/pkg/plugin/kubernetes.go', 'RunAsUser'),
      istioLine('1.19.0', 'cni/pkg/plugin/kubernetes.go', 'pi.ProxyUID = c.SecurityContext.RunAsUser'),
      istioLine('1.30.3', 'cni/pkg/plugin/kubernetes.go', 'pi.ProxyGID = c.SecurityContext.RunAsGroup'),
    ],
    checked,
  },
  'low-ports-as-root': {
    subject: 'injector',
    values: { annotation: 'sidecar.istio.io/capNetBindService', user: 'root' },
    known: [
      istioLine('1.30.3', template, '{{ if or $tproxy $capNetBindService -}}'),
      istioLine('1.30.3', template, 'annotation .ObjectMeta `sidecar.istio.io/capNetBindService`'),
    ],
    checked,
  },
  'user-of-the-namespace': {
    subject: 'injector',
    values: { platform: 'OpenShift' },
    since: '1.20',
    known: [
      istioLineGone('1.19.0', 'pkg/kube/inject/inject.go', 'getPreallocatedUIDRange'),
      istioLine('1.20.0', 'pkg/kube/inject/inject.go', 'uid = *uidMax'),
      istioLine('1.30.3', 'pkg/kube/inject/inject.go', 'gid = groups[0].Max'),
      istioLine(
        '1.30.3',
        'pkg/kube/inject/inject.go',
        'if _, uidMax, err := getPreallocatedUIDRange(namespace); err == nil {',
      ),
      istioLine(
        '1.30.3',
        'pkg/kube/inject/openshift.go',
        'annotationVal, ok := ns.Annotations[securityv1.UIDRangeAnnotation]',
      ),
    ],
    checked,
  },
  'agent-is-cut-off': {
    subject: 'pilot-agent',
    values: { message: 'failed to connect to upstream', program: 'istiod' },
    known: [
      istioLine(
        '1.30.3',
        'pkg/istio-agent/xds_proxy.go',
        'proxyLog.Errorf("failed to connect to upstream %s: %v", p.istiodAddress, err)',
      ),
    ],
    checked,
  },
  'own-port-is-closed': {
    subject: 'Envoy',
    values: { outbound: 15001, inbound: 15006 },
    known: [
      envoyAnswer('outbound.txt', 'The outbound listener called by itself is a black hole'),
      envoyAnswer('outbound.txt', 'So is the inbound listener'),
      istioLine('1.30.3', builder, 'ensures we do not passthrough back to the listen port.'),
    ],
    checked,
  },
  'unknown-annotation': {
    subject: 'injector',
    values: { what: 'annotation' },
    not: true,
    known: [
      istioLine('1.30.3', 'pkg/kube/inject/validate.go', 'if v, ok := AnnotationValidation[name]; ok {'),
    ],
    checked,
  },
  'analyze-annotation': {
    subject: 'istioctl',
    values: { command: 'analyze', code: 'IST0108' },
    known: [
      istioLine(
        '1.30.3',
        'pkg/config/analysis/analyzers/annotations/annotations.go',
        'm := msg.NewUnknownAnnotation(r, ann)',
      ),
      istioLine(
        '1.30.3',
        'pkg/config/analysis/msg/messages.gen.go',
        'UnknownAnnotation = diag.NewMessageType(diag.Warning, "IST0108", "Unknown annotation: %s")',
      ),
    ],
    checked,
  },
  'access-log': {
    subject: 'Envoy',
    values: { field: 'accessLogFile', kind: 'Telemetry' },
    only: true,
    known: [
      istioLine('1.30.3', 'pkg/config/mesh/mesh.go', 'AccessLogFile:               "",'),
      istioLine('1.30.3', 'pilot/pkg/networking/core/accesslog.go', 'if mesh.AccessLogFile != "" {'),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/accesslog.go',
        'cfgs := push.Telemetry.AccessLogging(push, proxy, class, svc)',
      ),
    ],
    checked,
  },
  'listeners-of-both-families': {
    subject: 'istiod',
    values: { setting: 'ISTIO_DUAL_STACK' },
    known: [
      envoyAnswer('ipv6.txt', 'Dual stack, a call from outside over IPv6'),
      istioLine(
        '1.30.3',
        'pilot/pkg/features/experimental.go',
        'EnableDualStack = env.RegisterBoolVar("ISTIO_DUAL_STACK", false,',
      ),
      istioLine('1.30.3', builder, 'if features.EnableDualStack && len(actualWildcards) > 1 {'),
    ],
    checked,
  },
  'inbound-source-of-ipv6': {
    subject: 'Envoy',
    values: { v6: '::6', family: 'IPv6' },
    options: { inboundInterceptionMode: 'REDIRECT' },
    known: [
      envoyAnswer('ipv6.txt', 'A call from outside: the app sees ::6'),
      istioLine(
        '1.30.3',
        'pilot/pkg/networking/core/listener_address.go',
        'InboundPassthroughBindIpv6 = "::6"',
      ),
    ],
    checked,
  },
} as const satisfies Readonly<Record<string, Fact>>;
