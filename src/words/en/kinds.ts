/** The words for what a pasted text is of: what it is, what shows it, and what to do next. */
import type { Kind, Paste, Recognised, Repair, RepairCode, Sign } from '../../analysis/index.ts';

import { seenSentence, seenWithErrors, settingsSentence, withArticle } from './kinds-seen.ts';

interface KindWords {
  /** A whole sentence. */
  readonly is: (
    owner: string | null,
    about: Pick<Recognised, 'run' | 'seen' | 'objects' | 'keepsBack'> & {
      readonly isCompared?: boolean;
      readonly isWithSidecar?: boolean;
    },
  ) => string;
  /** What to paste or to read next; '' where the findings tell. */
  readonly next: string;
}

const inPod = 'iptables-nft-save -c, iptables-legacy-save -c and nft list ruleset';
const none = 'Nothing is compared with the rules of a sidecar';

const words: Readonly<Record<Kind, KindWords>> = {
  sidecar: { is: () => 'These are the rules of a sidecar.', next: '' },
  'older sidecar': {
    is: () =>
      'These are the rules of a sidecar of Istio 1.0 to 1.4: what leaves over lo for another address was redirected whoever sent it, and no later release has that rule. None of those releases is known here, so nothing is compared and nothing is wrong with these rules by that.',
    next: 'Istio 1.4 and older have had no fixes since 2020; a pod of a newer release gets its rules from that release when it is made anew',
  },
  'ambient pod': {
    is: (_, { isCompared, isWithSidecar, objects = [] }) =>
      `${objects.join() === 'Namespace' ? 'This namespace is put into ambient mode: ztunnel takes the traffic of its pods, but of those with a sidecar.' : isWithSidecar === true ? 'One part of this text says that the pod is in ambient mode, another has the rules of a sidecar: they may be of two pods.' : 'This pod is in ambient mode: ztunnel takes its traffic, and there is no sidecar.'}${isCompared === true ? '' : ` ${none}.`}`,
    next: 'Leave these rules as they are: they keep the pod in mutual TLS. What ztunnel does with the pod, istioctl ztunnel-config workloads shows',
  },
  'ambient node': {
    is: (_, { isCompared }) =>
      `These are the rules of a node in ambient mode: they give the kubelet’s probes an address that the pods’ rules lead past ztunnel.${isCompared === true ? '' : ` ${none}.`}`,
    next: 'Leave them as they are. The rules of a pod are in the pod’s own network namespace',
  },
  'native nftables': {
    is: () =>
      'This pod’s rules are made with native nftables: iptables-save shows nothing of them, nft list ruleset does.',
    next: 'Paste what nft -a list ruleset prints in the pod: it is compared with Istio’s own rules, and connections are walked on it. That iptables-save is empty here is as it should be',
  },
  'iptables in nft': {
    is: (owner) =>
      `These are rules of iptables${owner === null ? '' : `, with chains of ${owner}`}, as nft lists them: iptables-nft made them, and nft does not always show all that they ask. ${none}.`,
    next: 'Paste what iptables-nft-save -c prints in the same place: those are judged and walked',
  },
  'other nftables': {
    is: () => `These are tables of nft that are not Istio’s. ${none}.`,
    next: `For the rules of a pod run ${inPod} in the pod`,
  },
  gateway: {
    is: () => `This is a gateway: no app stands behind its Envoy, and Istio gives it no rules. ${none}.`,
    next: 'That no rules are there is as it should be: clients come to Envoy’s ports by themselves',
  },
  node: {
    is: (owner) =>
      `These are the rules of a node, not of a pod${owner === null ? '' : `: there are chains of ${owner}`}. ${none}.`,
    next: 'The rules of a pod are in its own network namespace: run the command inside the pod',
  },
  'another mesh': {
    is: (owner) => `These are the rules of ${owner ?? 'another mesh'}, and none of them is Istio’s. ${none}.`,
    next: 'If the pod is meant to be in Istio, find out which of the two meshes injected it',
  },
  KubeVirt: {
    is: () => `This is the pod of a virtual machine of KubeVirt, which has rules of its own. ${none}.`,
    next: 'Paste the whole of iptables-save, with Istio’s chains, if the pod has a sidecar',
  },
  'a virtual machine': {
    is: () =>
      `This is a workload on a virtual machine, which sidecar.env sets up and no injector does. ${none}.`,
    next: 'Paste what iptables-save -c prints on the machine',
  },
  'own redirection': {
    is: () => `These rules redirect connections, and no chain of them is of a mesh. ${none}.`,
    next: 'Find out which program made them before you change one: it may be the app itself, or an agent',
  },
  'other rules': {
    is: () => 'None of these rules is Istio’s.',
    next: `Look at nft list ruleset and at the other back end, too: run ${inPod} in the pod`,
  },
  'tables without nat': {
    is: () =>
      'The table nat of IPv4 is not in this text, and Istio’s rules stand in it: whether this pod has them is not told. Without -t, iptables -S and iptables -L print the table filter alone; ip6tables has no rules of Istio where the cluster has no IPv6.',
    next: `Run ${inPod} in the pod: they print all tables that are there`,
  },
  'empty tables': {
    is: () => 'These tables are empty: no rule stands in them.',
    next: `Look at nft list ruleset and at the other back end before anything else: run ${inPod} in the pod. A gateway, a pod in ambient mode and one with native nftables have no rules here`,
  },
  'run that failed': {
    is: (_, { run }) => runWords(run),
    next: 'Fix what the error line says; then what the kernel has is shown by iptables-save -c and nft list ruleset',
  },
  'listing for people': {
    is: (_, { keepsBack = [] }) => {
      const back = keepsBack.map((one) => listingKeepsBack[one]);
      return `This is what iptables -L prints for people${back.map((one) => `; ${one}`).join('')}: rules are not judged by half of what they ask.`;
    },
    next: 'Paste what iptables-save -c prints, or iptables -t nat -L -n -v, and the same for mangle',
  },
  'description of a pod': {
    is: () => 'No rules were read: this is what kubectl describe prints of a pod.',
    next: `For its rules run ${inPod} in the pod; what kubectl get pod POD -o yaml prints tells more of the pod`,
  },
  'pod as YAML': {
    is: (_, { objects = [] }) => `No rules were read: this is the YAML of ${madeOf(objects)}.`,
    next: `For its rules run ${inPod} in the pod`,
  },
  'settings as YAML': {
    is: (_, { objects = [], seen }) =>
      seen === 'command of helm' ? seenSentence(seen) : settingsSentence(objects),
    next: `For the rules of a pod run ${inPod} in the pod`,
  },
  'state of the network': {
    is: () => 'No rules were read: this is what other commands print of a network namespace.',
    next: `For its rules run ${inPod} in the pod`,
  },
  'configuration of Envoy': {
    is: () => 'No rules were read: this is what an Envoy was told.',
    next: `For the way to Envoy, too, run ${inPod} in the pod and paste what they print beside it`,
  },
  'errors alone': {
    is: (_, { seen = 'prose' }) => seenWithErrors(seen),
    next: `The rules themselves, where they are in question, ${inPod} print in the pod`,
  },
  nothing: {
    is: (_, { seen = 'prose' }) => seenSentence(seen),
    next: `Run ${inPod} in the pod, and paste what they print`,
  },
};

const listingKeepsBack: Readonly<Record<NonNullable<Recognised['keepsBack']>[number], string>> = {
  rules: 'it is of the table filter, where no -t names another, and Istio’s rules stand in nat',
  interfaces: 'without -v it keeps the interfaces back',
  numbers: 'without -n it has names of which that system alone knows the address, the port or the user',
};

function madeOf(objects: readonly string[]): string {
  const [first = 'Pod'] = objects;
  return first === 'Pod' ? 'a pod' : `${withArticle(first)}, whose pods get the rules`;
}

/** What came of a run that failed, and what is there after it. */
function runWords(run: Recognised['run']): string {
  const { leaves = null, stoppedAt = null, family = null } = run ?? {};
  const of = family === null ? '' : family === 'v4' ? ' for IPv4' : ' for IPv6';
  const at = stoppedAt === null ? '' : ` at line ${stoppedAt} of its input`;
  const failed = `This log tells what was to be programmed, and that it failed${of}${at}`;
  switch (leaves) {
    case 'tables before':
      return `${failed}: iptables-restore writes each table as one transaction, so nothing of the table that failed is there, and nothing of those behind it.`;
    case 'commands before':
      return `${failed}: the commands before the one that failed are done, and none behind it, so a part of the rules may be there.`;
    case 'nothing':
      return 'This log tells that nft was given the rules and refused them: it takes all of them or none, so that none is there.';
    case null:
      return 'This log tells that rules were not written, or not found; what is there it does not tell.';
  }
}

/** What a text is of, in a sentence. */
export function kindWords(
  what: Omit<Recognised, 'signs'>,
  isCompared = false,
  isWithSidecar = false,
): string {
  return words[what.kind].is(what.owner, { ...what, isCompared, isWithSidecar });
}

const unseenAmbient = `Paste what ${inPod} print in the pod. If there is no rule of ambient mode among it, the rules were lost, or never made. Leave those that there are: they keep the pod in mutual TLS. What ztunnel does with the pod, istioctl ztunnel-config workloads shows`;

/** What to do next; null where the findings tell. */
export function nextWords({ kind, signs }: Pick<Recognised, 'kind' | 'signs'>): string | null {
  // Who has told what the pod is, and shown no rule of it, has nothing that is as it should be.
  const isUnseen = kind === 'ambient pod' && signs.length > 0 && signs.every(({ code }) => code === 'line');
  const next = isUnseen ? unseenAmbient : words[kind].next;
  return next === '' ? null : `${next}.`;
}

/** What else a text is of, beside what decides. */
export function alsoOfWords([, ...others]: readonly Recognised[]): string | null {
  const named = others.map(({ kind, owner }) => (owner === null ? kind : `${kind} (${owner})`));
  return named.length === 0 ? null : `Also in this text: ${named.join(', ')}.`;
}

/** What shows it. */
export function signWords(sign: Sign): string {
  switch (sign.code) {
    case 'chain':
      return `chain ${sign.chain}`;
    case 'rule':
      return `${sign.chain} in table ${sign.table}: ${sign.rule}`;
    case 'table of nft':
      return `line ${sign.line}: table ${sign.table}`;
    case 'line':
      return `line ${sign.line}: ${sign.text}`;
  }
}

/** Where rules seem to stand that could not be read. */
export function seemingWords(seeming: NonNullable<Paste['seeming']>): string {
  const { from, to, count, before } = seeming;
  const where = from === to ? `line ${from}` : `lines ${from} to ${to}`;
  const behind = before === '' ? '' : `, behind “${before}”`;
  return `${count === 1 ? 'A rule seems' : 'Rules seem'} to stand in ${where}${behind}. Paste ${count === 1 ? 'it' : 'them'} without what stands before.`;
}

const repairs: Readonly<Record<RepairCode, string>> = {
  prefix: 'a prefix before lines',
  prompt: 'a prompt',
  'quote mark': 'the mark of a quoted mail',
  box: 'the lines of a box',
  fence: 'a fence',
  markup: 'marks of a web page',
  colours: 'colours of a terminal',
  'ends of lines': 'lines that stood in one',
  'message of a log': 'the fields of a log around its message',
  quotes: 'the list around lines in quotes',
  escapes: 'ends of lines that were written as \\n',
  'line goes on': 'a line that goes on in the next',
  remark: 'a remark behind a rule',
  shell: 'what a shell does behind a command',
  variable: 'a script’s variable in place of the command',
  blanks: 'other blanks',
  dashes: 'dashes that an editor made',
  'table line': 'a table’s line that was not there',
};

/** What was taken off or made good around the rules: `a prefix before lines (“[pod/web-1/istio-init]”), 12 lines from 3`. */
export function repairWords({ code, line, count, what }: Repair): string {
  const where = count === 1 ? `line ${line}` : `${count} lines from ${line}`;
  return `${repairs[code]}${what.trim() === '' ? '' : ` (“${what.trim()}”)`}, ${where}`;
}
