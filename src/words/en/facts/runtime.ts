import type { runtime } from '../../../istio/facts/index.ts';

export const runtimeTemplates: Readonly<Record<keyof typeof runtime, string>> = {
  'port-forward-by-localhost':
    '{subject} dials `{address}` within the network of the pod for `{command}`, as root',
  'port-forward-takes-one-pod':
    '{subject} `{command}` picks one pod where it is given a {kind}, and does not go by its address',
  'exec-as-the-container': '{subject} starts the command of `{command}` as the user of that container',
};
