import type { native } from '../../../istio/facts/index.ts';

export const nativeTemplates: Readonly<Record<keyof typeof native, string>> = {
  'native-by-default':
    '{subject} puts the proxy into `{list}`, with `{policy}`, where every kubelet is {kubelet} or newer',
  'native-by-setting':
    '{subject} asks for native sidecars with `{setting}={value}`; an old `{compatibility}` turns them off',
  'native-by-annotation': '{subject} heeds the annotation `{annotation}` of the pod',
  'native-order':
    '{subject} puts `{proxy}` behind the container for the rules, and before all others, where it is a {kind}',
  'init-order':
    '{subject} puts `{last}` behind all other init containers and `{first}` before them, where the proxy is no {kind}',
};
