import type { capturing } from '../../../istio/facts/index.ts';

export const capturingTemplates: Readonly<Record<keyof typeof capturing, string>> = {
  'cni-programs': '{subject} programs the rules from the {place}',
  'cni-reads-the-pod':
    '{subject} reads the {what} of the pod, and the environment of its container `{container}`',
  'cni-own-environment':
    '{subject} reads `{included}`, `{excluded}` and `{loopback}` from its own environment, and not from the pod',
  'cni-excludes-a-port': '{subject} excludes the {direction} port {port} by default',
  'cni-captures-all-dns': '{subject} captures the {what} of all servers where it captures any',
  'cni-refuses-none': '{subject} refuses a pod with `{annotation}: {mode}`',
  'none-binds-ports':
    'In {mode} mode {subject} binds each listener for calls of the app to a port of its own at {address}',
  'none-inbound-by-sidecar':
    'In {mode} mode {subject} makes listeners for calls that come in only where a {kind} names them',
  'trace-rules': '{subject} adds a rule that logs beside each of its own where `{variable}` is set',
  'trace-privileges':
    '{subject} makes the container of the proxy privileged, and its user root, where `{variable}` is `true`',
  'interface-names': '{subject} refuses `{pattern}` and `{all}` in `{annotation}`, and with them the pod',
  'ports-always-excluded':
    '{subject} adds {prometheus}, {status} and the port for readiness to the excluded ports',
  'probes-rewritten': '{subject} rewrites {http}, {tcp} and {grpc} probes to {port}',
  'hooks-rewritten': '{subject} rewrites `{post}` and `{pre}` hooks, too, to the path `{path}`',
  'first-address': '{subject} writes {family} rules where the first address of the pod is of that family',
  'all-addresses': '{subject} looks at all addresses of the pod for an {family} one with `{setting}`',
  'all-dns-by-metadata': '{subject} takes `{variable}` from `{field}`',
  'mark-by-metadata': '{subject} takes `{variable}` from `{field}`',
  'mark-of-envoy': 'In {mode} mode {subject} gives the mark {mark} to what it sends to the app',
  'owner-groups-limit': '{subject} accepts up to {most} included groups',
  'guest-interface-names': '{subject} refuses a pattern such as `{pattern}` in `{annotation}`',
};
