import type { probes } from '../../../istio/facts/index.ts';

export const probesTemplates: Readonly<Record<keyof typeof probes, string>> = {
  'probe-at-the-pods-address': '{subject} asks the app at the address of the pod, from {source}',
  'probe-at-localhost': '{subject} asks the app at {place} with `{setting}`',
  'probe-in-vain': '{subject} answers {status} to a probe when its own call to the app fails',
  'probe-annotation': '{subject} heeds `{annotation}` of the pod before the setting of the mesh',
  'strict-resets-plain': '{subject} resets a connection in plain text with `{mode}`',
};
