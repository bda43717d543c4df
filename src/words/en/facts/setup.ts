import type { setup } from '../../../istio/facts/index.ts';

export const setupTemplates: Readonly<Record<keyof typeof setup, string>> = {
  'init-programs': '{subject} is an {kind} that programs the rules, and asks for `{first}` and `{second}`',
  'validation-fails':
    '{subject} is an {kind} that looks for the rules; where they are missing, it says “{message}” and ends with {code}, so that the app stays down',
  'repair-writes':
    '{subject} writes the rules of a pod that waits for them by itself, which can take minutes: `{setting}` is {value}',
  'repair-deletes': '{subject} deletes such a pod with `{setting}` only',
  'rules-of-sidecars': '{subject} writes rules only into pods whose proxy is a {type}',
  'gateway-without-rules': '{subject} has no rules that capture',
  'native-nftables':
    '{subject} writes the rules as tables of nftables with `{setting}`; one of them is `{table}`',
  'ambient-chain': 'in {mode} mode {subject} writes other rules into the pod; they have the chain `{chain}`',
  'injection-at-creation': '{subject} acts on `{operation}` only: a pod that is there stays as it is',
  'host-network': '{subject} leaves a pod with `{field}` as it is',
  'one-back-end': '{subject} takes `{legacy}` where that has rules already, and else `{nft}`',
  'forced-back-end': '{subject} takes the one that `{setting}` names, `{legacy}` or `{nft}`',
  'before-any-container':
    '{subject} is called with `{call}` when the pod gets its network, and writes the rules then, before any container starts',
};
