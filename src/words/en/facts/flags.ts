import type { flags } from '../../../istio/facts/index.ts';

export const flagsTemplates: Readonly<Record<keyof typeof flags, string>> = {
  'flag-no-filter-chain':
    '{subject} logs `{flag}` and `{details}` for a connection that no filter chain takes',
  'flag-no-endpoint':
    '{subject} logs `{flag}` where a Service has no endpoint, and answers {status} to {protocol}',
  'flag-connect-failed':
    '{subject} logs `{flag}` where its own connection to the app or to another pod fails, and `{again}` beside it where it has tried again',
  'flag-terminated':
    '{subject} logs `{flag}` where whoever it has called ends the connection before there is an answer',
  'flag-overflow': '{subject} logs `{flag}` where a limit of a DestinationRule is reached',
  'no-limits': '{subject} sets no limit on connections and requests by default',
  'flag-no-cluster': '{subject} logs `{flag}` where a route names a cluster that is not there',
  'flag-black-hole':
    '{subject} logs `{flag}` and `{cluster}` for what it closes, and the route `{route}` for {protocol}',
  'refused-seen-as':
    '{subject} takes the connection before it knows whether anybody listens: where nobody does, {protocol} gets {status}, and anything else is closed or reset',
  'refused-unread':
    '{subject} resets a caller whose bytes it has left unread when its own connection is refused, and logs `{flag}`',
  'host-of-nobody':
    '{subject} passes a request on to the address that was dialled, by `{cluster}`, where its `{header}` is unknown to the mesh',
  'host-in-both-policies': '{subject} goes by the `{header}` with `{mode}`, too',
  'plain-text-let-in': '{subject} lets plain text in with `{mode}`',
  'silent-client-waits': '{subject} waits with `{mode}` for a client that does not speak',
  'connect-fails-503': '{subject} answers {status} to {protocol} when its own connection has failed',
};
