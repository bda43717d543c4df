import type { client } from '../../../istio/facts/index.ts';

export const clientTemplates: Readonly<Record<keyof typeof client, string>> = {
  'request-id': '{subject} adds `{id}` and `{scheme}` to a request',
  'server-header': '{subject} writes `{name}` into the header `{header}` of an answer',
  'forwarded-for-inbound':
    '{subject} in a {place} does not add the client to `{header}`: the app reads whatever the caller wrote',
  'forwarded-for-in-the-log':
    '{subject} logs what a caller has written into `{header}` as the address of the client',
  'forwarded-for-outbound':
    '{subject} adds the app to `{header}` of a call that leaves the pod with `{setting}` for istiod only',
  'forwarded-for-gateway': '{subject} adds the client to `{header}`',
  'remote-ip-blocks':
    '{subject} takes the address for `{field}` from `{header}` or from {protocol}, which the caller can write',
  'ip-blocks': '{subject} takes the address for `{field}` from the connection',
  'forwarded-client-cert':
    '{subject} adds the identity of the caller at the end of `{header}` where there is {security}',
  'forged-client-cert': '{subject} takes `{header}` out of what comes in {how}',
  'source-by-localhost':
    '{subject} dials the app from {address} where `{policy}` or a `{endpoint}` has it dial there',
  'inbound-source': '{subject} dials the app from {v4}',
  'tproxy-as-root': 'in {mode} mode {subject} lets the proxy run as {user} with `{capability}`',
  'sees-the-client': '{subject} takes on {socket} what comes from the real client',
  'tproxy-source': 'In {mode} mode {subject} dials the app from the address of the client',
  'pod-address-is-plain':
    '{subject} passes a call to the address of a pod on through `{cluster}`, without {security}; headless Services are the exception',
  'own-service-twice':
    '{subject} takes such a call on {first}, and again on {second} when it has picked this very pod',
  'address-of-itself': '{subject} is not asked when an app calls the own address of its pod or {localhost}',
};
