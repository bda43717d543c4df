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
  'forced-back-end': '{subject} takes the one that `{setting}` or `{flag}` names, `{legacy}` or `{nft}`',
  'before-any-container':
    '{subject} is called with `{call}` when the pod gets its network, and writes the rules then, before any container starts',
  'validation-in-time':
    '{subject} leaves the rules as they are, by `{option}`, and gives up after {seconds} seconds',
  'init-image': '{subject} takes the image of {container} from `{value}`, and not from `{other}`',
  'cni-config-mode':
    '{subject} writes the configuration of the node with the mode {mode}, and with {group} where `{setting}` is `{value}`',
  'users-of-the-pod': '{subject} sets up a pod with `{field}` where it finds `{program}`',
  'agent-before-its-file':
    '{subject} lets its own pod start where the {file} of the plugin has yet to be written, with sidecars, too',
};
