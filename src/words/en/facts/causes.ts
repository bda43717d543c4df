import type { causes } from '../../../istio/facts/index.ts';

export const causesTemplates: Readonly<Record<keyof typeof causes, string>> = {
  'plugin-without-capability': '{subject} does not need {capability} in the pod whose rules it writes',
  'plugin-uses-the-node': '{subject} uses the {first} and the {second} of the node',
  'plugin-leaves-namespaces': '{subject} does not write rules in a namespace that `{setting}` names',
  'plugin-is-called-again': '{subject} is called again until it succeeds, and the pod waits for that',
  'init-container-again': '{subject} goes by the `{field}` of the pod where an init container has failed',
  'validation-in-its-place': '{subject} puts {instead} in the place of {init} where {program} is installed',
  'injection-off': '{subject} leaves out a pod whose label or annotation `{label}` is `{value}`',
  'configuration-awaited':
    '{subject} says “{message}” until Envoy has its configuration, or “{other}” where Envoy has refused it',
  'start-awaited': '{subject} says “{message}” while Envoy is starting',
  'readiness-handed-on': '{subject} hands a request for `{path}` on to {program}, at {address}',
  'istiod-authenticates': '{subject} answers {code} to whom it fails to authenticate',
  'keeps-what-it-was-told': '{subject} goes on with its last configuration where {server} is out of reach',
  'machine-by-two-files': '{subject} is started by `{script}`, which reads `{file}` and `{cluster}`',
  'ambient-node-at-its-start': '{subject} writes the rules of its node when it starts',
  'no-ephemeral-containers': '{subject} says “{message}” where the API server lacks them',
  'debug-profiles':
    '{subject} knows the profile {first} from its release {from} on, and {second} from {later} on',
  'debug-custom': '{subject} takes `{option}` from its release {from} on',
  'ztunnel-certificates':
    '{subject} has its certificates from {program}, at {port}, and logs `{message}` where that fails, or `{other}` where the other side refuses one',
  'ztunnel-waits-for-the-pod':
    '{subject} waits {seconds} seconds to be told of the pod that calls, and logs `{message}` then',
  'ztunnel-unknown-waypoint':
    '{subject} logs `{message}` where a Service names a waypoint that is unknown to it',
};
