import type { inspection } from '../../../istio/facts/index.ts';

export const inspectionTemplates: Readonly<Record<keyof typeof inspection, string>> = {
  'proxy-image':
    '{subject} `{image}` has `{legacy}` beside `{nft}`, and the programs `{sockets}` and `{http}`',
  'debug-of-others':
    '{subject} answers another namespace than its own on port {port} with `{dump}`, `{names}` and `{endpoints}` only, unless `{setting}` is off',
  'distroless-image': '{subject} with the suffix `{suffix}` has neither a shell nor `{http}`',
  'netshoot-back-end': '{subject} `{image}` has no `{program}`',
  'debug-as-the-pods-user':
    '{subject} adds the capabilities of `{profile}`, and the container runs as the user of the pod; `{option}` sets another one',
  'agent-asks': '`{subject} {command}` asks port {admin} of its own pod, and another one with `{option}`',
  'agent-status': '`{subject} {command}` prints “{message}” and the status where that is {from} or above',
  'nft-not-pinned':
    '{subject} with the suffix `{suffix}` does not keep `{program}` at `{version}`: an older one on the node may crash once Istio has written',
  'debug-by-xds':
    '{subject} refuses `{sync}` and `{dump}` by xDS to whoever is unauthenticated, as on {port}, unless `{setting}` is off',
};
