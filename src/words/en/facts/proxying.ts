import type { proxying } from '../../../istio/facts/index.ts';

export const proxyingTemplates: Readonly<Record<keyof typeof proxying, string>> = {
  'original-destination': '{subject} asks the {where} for the {what} that a redirected connection had',
  passthrough:
    '{subject} dials an address that is unknown to the mesh unchanged, through `{cluster}`, with `{mode}`',
  'inbound-passthrough':
    '{subject} dials a port that is unknown to the mesh at the pod itself, through `{cluster}`',
  'auto-mutual-tls': '{subject} speaks {security} by default to a pod that has a sidecar',
  'one-user': '{subject} starts {child}, which runs as the same user and group',
};
