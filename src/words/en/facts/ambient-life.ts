import type { ambientLife } from '../../../istio/facts/index.ts';

export const ambientLifeTemplates: Readonly<Record<keyof typeof ambientLife, string>> = {
  'ztunnel-successor-first':
    '{subject} is replaced with a `{setting}` of {value}: the new one of a node is there before the old one ends',
  'ztunnel-ends-the-rest':
    '{subject} ends what is still connected {seconds} seconds before `{setting}` is over, which is {value} in its chart',
  'ztunnel-port-taken':
    '{subject} logs `{message}` where an app has taken a port of it, and tries again every {seconds} seconds',
  'ztunnel-without-its-node': '{subject} logs `{message}` where istio-cni is away on its node',
  'ztunnel-answers-for-services':
    '{subject} answers for the names of Services itself, and lets an answer be kept for {seconds} seconds',
  'ztunnel-empty-answer':
    '{subject} gives an empty answer and not `{code}` for a family of addresses that a Service lacks',
  'ztunnel-dns-too-early': '{subject} answers `{code}` until istiod has told it of the pod',
  'ambient-corrects-at-its-start':
    '{subject} compares the rules of each enrolled pod when it starts, and corrects them, as `{setting}` is {value}',
  'ambient-corrects-only-then':
    '{subject} looks at the rules of a pod with `{annotation}: {value}` only when it starts itself',
  'ambient-correction-failed': '{subject} logs `{message}` where that was in vain',
  'ambient-guardrails':
    '{subject} logs `{message}` when it replaces rules, and drops what the pod sends until they are there',
  'ztunnel-plain-to-a-sidecar':
    '{subject} calls a workload that lacks {protocol} in plain text, at the port of its app',
  'hbone-in-the-profile': '{subject} sets `{setting}` to `{value}` with the profile `{profile}`',
  'plugin-requests-counted':
    '{subject} counts in `{metric}`, by `{label}`, the new pods that its plugin has reported',
  'ztunnel-shares-a-tunnel':
    '{subject} sends several calls of a pod to the same peer through one connection by {protocol}',
  'ztunnel-takes-first':
    '{subject} takes a connection before it dials on, and where that is refused, a caller that has spoken is reset, and any other closed',
  'ztunnel-both-log': '{subject} of the caller logs `{caller}`, and that of the called pod `{called}`',
};
