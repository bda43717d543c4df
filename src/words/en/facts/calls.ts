import type { calls } from '../../../istio/facts/index.ts';

export const callsTemplates: Readonly<Record<keyof typeof calls, string>> = {
  'outbound-listener': '{subject} listens on {port} for what leaves the pod',
  'inbound-listener': '{subject} listens on {port} for what comes into the pod',
  'listeners-by-configuration': '{subject} has its listeners from the configuration that {program} sends',
  'picks-an-endpoint': '{subject} picks an {what} of the {kind} and dials it',
  'name-in-the-request':
    '{subject} finds the {kind} of {protocol} by its `{header}` header, whatever address was dialled',
  'calls-its-own-pod':
    '{subject} is passed {times} where it picks this very pod for the {kind} that the app has called: out, and in again',
  'asked-by-no-self-call': '{subject} is not asked where the app calls {localhost} or the {own} itself',
  'calls-another-loopback': '{subject} meets its own inbound listener when it calls {address}',
  'black-hole-closes':
    '{subject} takes a connection to an unknown address and ends it at once, by `{cluster}`, where the mesh has `{mode}`',
  'app-by-pod-address': '{subject} dials the app at the {address}',
  'app-by-default-endpoint': '{subject} dials the app at {address} where the `{field}` of a {kind} has it',
  'app-by-other-port':
    '{subject} dials the port that the `{field}` of a {kind} names, whatever number its callers use',
  'app-by-localhost': '{subject} dials the app at {address} for a {port} with `{field}` {mode}',
  'client-before-app':
    '{subject} takes the connection of a client before it dials the app: {protocol} to a closed port gets {status}',
  'configuration-through-the-agent':
    '{subject} gets its configuration from {program}, through a {kind} socket',
  'agent-calls-istiod': '{subject} dials {program} at {port} by itself',
  'admin-interface': '{subject} has its admin interface at {address}, on {admin}',
  'metrics-from-the-admin': '{subject} answers on {port} with what its admin interface on {admin} says',
  'listeners-of-the-bootstrap':
    '{subject} gives Envoy its listeners on {metrics} and {ready} in the file that it starts with',
  'agent-asks-envoy': '{subject} asks Envoy for its metrics on {place}, at {port}',
  'absolute-name':
    '{subject} gives a {kind} its full name with a {what} at the end, too, for the `{header}` of a request',
};
