import type { workloads } from '../../../istio/facts/index.ts';

export const workloadsTemplates: Readonly<Record<keyof typeof workloads, string>> = {
  'quit-by-request': '{subject} ends at a `{method}` to `{path}` on port {port}, from {address} only',
  proxyless: '{subject} does not add an init container to a pod with `{annotation}: {template}`',
  'proxyless-without-envoy': '{subject} does not start Envoy where `{variable}` is set',
  'proxyless-left-by-cni': '{subject} passes over a pod whose container `{container}` has `{variable}`',
  'headless-as-dialled':
    '{subject} tells Envoy to call the very pod that was dialled where a Service is headless: its cluster is `{cluster}`',
  'headless-listener-for-each-pod':
    '{subject} makes a listener for each pod of a headless Service whose port is {protocol} or undeclared',
  'headless-not-for-itself': '{subject} does not make one for the very pod that calls',
  'machine-writes-at-start':
    '{subject} `{command}` is called by `{script}`, takes the old rules away and writes new ones, unless `{setting}` is set',
  'machine-user': '{subject} is started as the user `{user}`, unless `{setting}` names another',
  'machine-user-in-rules':
    '{subject} `{command}` looks up the uid of `{user}`, or of the user that `{setting}` names, or else takes {uid}',
  'machine-cleans-up': '{subject} takes the rules away when the service stops: `{unit}` calls `{command}`',
  'machine-ports':
    '{subject} writes a `{file}` in which `{setting}` leaves out port {port} and those of the mesh itself',
  'gateway-without-a-gateway': '{subject} makes listeners for a gateway only for the Gateways that select it',
  'gateway-low-ports':
    '{subject} leaves out a port below {port} where the pod may not bind it, and logs `{message}`',
};
