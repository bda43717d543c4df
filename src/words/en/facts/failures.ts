import type { failures } from '../../../istio/facts/index.ts';

export const failuresTemplates: Readonly<Record<keyof typeof failures, string>> = {
  'gives-up-with-255': '{subject} ends with {code} where {program} fails',
  'fixed-with-the-plugin':
    '{subject} takes the port {port} and the mark {mark}, whatever the pod and the mesh say',
  'back-ends-in-order': '{subject} takes {legacy} where that has rules already, else {nft}, else {plain}',
  'text-before-the-colon': '{subject} cuts off what {program} prints before the first {what}',
  'annotations-of-the-plugin':
    '{subject} logs {message}, and fails, where an {what} of the pod has a value that it fails to read',
  'servers-of-the-pod':
    '{subject} needs the servers of {file} where DNS is captured, unless {option} is true',
  'address-is-needed': '{subject} stops with “{message}” in a pod that lacks one',
  'old-rules-stay': '{subject} takes other rules away with {option} only',
  'without-ip6tables': '{subject} goes on where {program} is missing and the pod has no {family}',
  'without-a-shield':
    '{subject} goes on where it fails to keep {program} from the lock file and the names of the node',
  'tested-with-a-rule': '{subject} tries a rule first, and leaves a {what} that the {kernel} refuses',
  'pod-before-its-node': '{subject} with {program} fails in a pod that came before its node was ready',
  'repair-by-exit-code': '{subject} repairs a pod whose {container} has ended with {code}',
  'repair-in-one-way': '{subject} repairs a pod by {write}, or else by {remove}, or else by {label}',
  'token-is-renewed': '{subject} writes its {file} anew whenever its {what} has changed',
  'hand-over-needs-ztunnel': '{subject} logs {message} where {program} is missing on its node',
  'nft-without-json': '{subject} takes {instead} in ambient mode where {program} was built without {form}',
};
