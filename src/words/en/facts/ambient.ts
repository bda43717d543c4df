import type { ambient } from '../../../istio/facts/index.ts';

export const ambientTemplates: Readonly<Record<keyof typeof ambient, string>> = {
  'ztunnel-keeps-the-caller':
    '{subject} calls the app from the address of the caller, by `{one}` and `{other}`',
  'ztunnel-marks': '{subject} marks its sockets in a pod with {mark}, the default of `{option}`',
  'ztunnel-ends-a-tunnel': '{subject} answers {status} to {method} when the app has taken the connection',
  'ztunnel-refuses-by-policy': '{subject} answers {status} to a peer by {protocol} that a policy denies',
  'ztunnel-app-refuses':
    '{subject} answers {status} to the peer when the app refuses, or is silent for {seconds} seconds',
  'ztunnel-blocked-port': '{subject} logs `{message}`',
  'ambient-strict-closes':
    'With `{mode}` {subject} closes what comes in plain text, and logs the policy `{policy}`',
  'ztunnel-hbone-port': '{subject} calls a peer that has {protocol} at its port {port}',
  'ambient-told-by-annotation':
    '{subject} takes a pod for one with {protocol} where `{annotation}` is `{value}`',
  'ztunnel-no-healthy': '{subject} closes a call to a Service whose endpoints are gone, and logs `{message}`',
  'ztunnel-access-log':
    '{subject} logs `{message}` at the end of a connection, with `{source}` and `{destination}`',
  'ambient-annotations':
    '{subject} reads `{ingress}`, `{dns}` and `{virtual}` of an enrolled pod, and no other annotation',
  'ambient-ingress-mode':
    '{subject} captures what the pod sends, but what comes to it passes, where `{annotation}` is `{value}`',
  'ambient-dns-by-default': '{subject} captures DNS by `{option}`, which is `{value}` in its chart',
  'ambient-dns-per-pod': '{subject} lets the DNS of a pod pass where `{annotation}` is `{value}`',
  'ambient-reroute':
    '{subject} has what a guest sends by {protocol} captured at each interface that `{annotation}` names',
  'ztunnel-asks-its-own-servers':
    '{subject} asks the servers of its own `{file}`, and not those of the pod, for a name outside the mesh',
  'ztunnel-to-the-waypoint':
    '{subject} sends what is meant for a Service with a waypoint there, by {protocol} to port {port}',
  'waypoint-of-a-pod':
    '{subject} names a waypoint for calls to the address of a pod where `{label}` of the waypoint is `{one}` or `{other}`, and by default it is `{usual}`',
  'ztunnel-no-waypoint-for-plain-text':
    '{subject} asks no waypoint about what comes in plain text, at {port}',
  'ambient-probes-from-the-node':
    '{subject} has what a process of the node sends to an enrolled pod come from {address}, the default of `{option}`',
  'ztunnel-two-side-by-side':
    '{subject} shares its ports in a pod with the one that replaces it, as `{option}` is `{value}`',
  'ztunnel-passes-on':
    '{subject} calls an address that is unknown to it as it was dialled, and logs `{message}` for debugging',
  'ambient-opt-in': '{subject} enrols a pod whose label `{label}` is `{value}`, or that of its namespace',
  'ambient-opt-out': '{subject} leaves out a pod whose label `{label}` is `{value}`',
  'ambient-excluded-namespace': '{subject} leaves out `{namespace}` and what else is in `{option}`',
  'ambient-will-not-retry': '{subject} logs `{message}` where it could make the rules in vain',
  'ambient-pending':
    '{subject} sets `{annotation}` to `{value}` where the rules are made and ztunnel has not taken the pod',
  'ambient-not-in-the-set': '{subject} logs `{message}`',
  'ambient-node-rule-first': '{subject} puts its jump before all others in {chain} of the node',
  'ambient-target-ref': '{subject} does not send a policy with `{field}` to {program}',
  'ambient-sidecar-hbone':
    '{subject} gives a pod the label `{label}`, for {protocol}, where the mesh sets `{setting}`',
  'ambient-sidecar-wins': '{subject} does not enrol a pod that has `{annotation}`',
  'ambient-not-on-the-host': '{subject} does not enrol a pod with `{field}`',
  'ambient-not-on-the-host-at-first': '{subject} does not enrol a pod with `{field}`',
  'ambient-on-the-host': '{subject} takes a pod with `{field}` for one to enrol, as any other',
  'ztunnel-metrics-port': '{subject} has its metrics on {port} of its own pod',
  'ztunnel-own-ports':
    '{subject} has its readiness on {ready} of its own pod, and its admin interface on {admin} of {place} there',
  'ztunnel-dns-on-localhost': '{subject} listens on {port} of {place}, by {family} where a pod has it there',
};
