import type { proxyUser } from '../../../istio/facts/index.ts';

export const proxyUserTemplates: Readonly<Record<keyof typeof proxyUser, string>> = {
  'init-takes-the-user':
    '{subject} takes the user of the proxy from its argument `{user}`, and the group from `{group}` or else the same number',
  'cni-takes-the-user':
    '{subject} takes the user and the group of the proxy from the `{field}` of the container `{container}`',
  'low-ports-as-root':
    '{subject} lets the proxy run as {user} with `{annotation}`, for ports with a low number',
  'user-of-the-namespace':
    '{subject} gives the proxy the last user and group of those that {platform} has for the namespace',
  'agent-is-cut-off': '{subject} logs “{message}” where {program} is out of its reach',
  'own-port-is-closed':
    '{subject} closes a connection that somebody has dialled to {outbound} or {inbound} itself',
  'unknown-annotation': '{subject} does not refuse an {what} that is unknown to it',
  'analyze-annotation': '`{subject} {command}` finds a misspelt annotation, and calls it `{code}`',
  'access-log': '{subject} logs calls only where `{field}` or a {kind} resource asks for it',
  'listeners-of-both-families':
    '{subject} gives Envoy listeners of both families where it has `{setting}` in its own environment',
  'inbound-source-of-ipv6': '{subject} dials the app from `{v6}` over {family}',
};
