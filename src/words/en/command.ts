/** The words of the command: what it refuses, and how it ended. */
import type { Finding } from '../../analysis/index.ts';
import type { BadUse, CountedChecks, OtherEncoding } from '../said-in-command.ts';
import { countWords } from './lab.ts';

/** What each exit code says, by its name. */
export const exitWords = {
  fine: 'judged, and fine; a note is no finding',
  findings: 'findings',
  'bad use': 'bad use, or an input that is no text or no YAML: one line on standard error says how to fix it',
  'cannot tell': 'it was read and holds no rule, or nobody can tell',
} as const;

/** What is wrong with how the command was used, and how to fix it, in one line without line breaks. */
export function badUseWords(use: BadUse): string {
  switch (use.code) {
    case 'no input':
      return `Nothing to read: name a file, or pipe a text in: iptables-save -c | sidetrack ${use.command} -`;
    case 'missing file':
      return `There is no file "${use.path}": look at its name, or pipe the text in with - in its place.`;
    case 'a directory':
      return `"${use.path}" is a directory: name the files in it${use.command === 'check' ? '' : ', or ask sidetrack check, which reads directories'}.`;
    case 'not readable':
      return `"${use.path}" cannot be read (${use.error}): look at who may read it.`;
    case 'encoding':
      return `${use.input} ${encodings[use.is].says}${use.at === null ? '' : `, from byte ${use.at + 1} on`}: ${encodings[use.is].fix}.`;
    case 'not YAML':
      return use.isTemplate === true
        ? `${use.input} is a template of Helm, line ${use.line}, and no YAML yet: render it first, helm template CHART | sidetrack check -`
        : `${use.input} is no YAML: line ${use.line}, column ${use.column} cannot be read: correct that line, or take the file out.`;
    case 'suppression':
      return `${use.input}, line ${use.line}: ${lacking[use.lacks]}${use.meant === null ? '' : `: write ${use.meant}, if that is meant`}.`;
    case 'nothing in directory':
      return `"${use.path}" has no file that is judged: name one, or a directory with files that end in .yaml, .yml, .json, .txt, .save or .rules.`;
    case 'nothing to collect':
      return 'One pod, or one node, is asked: write sidetrack collect -n NAMESPACE POD, or sidetrack collect --node NODE.';
    case 'no name':
      return `"${use.name}" is no name of Kubernetes: write small letters, digits, - and . only, or NAMESPACE/POD.`;
    case 'no kubectl':
      return `kubectl cannot be run (${use.error}): install it, or run the commands of sidetrack collect --dry-run where it is.`;
    case 'two forms':
      return 'The answer has one form: write --json or --format sarif, and not both.';
    case 'too long':
      return `${use.input} has ${Math.ceil(use.bytes / 1024 / 1024)} MB or more, and at most ${use.most / 1024 / 1024} are read: cut it by pod.`;
    case 'no such pod':
      return `This text has no pod "${use.asked}": it has ${use.pods.length === 0 ? 'one without a name' : use.pods.join(', ')}.`;
    case 'no address of a handbook':
      return `"${use.text}" is no address of a handbook: write one that begins with https:// or http://.`;
    case 'no such option':
      return `Istio has no option "${use.name}": ${use.meant === null ? 'see the handbook’s options for those that it has' : `write ${use.meant}, if that is meant`}.`;
    case 'no value':
      return `The option ${use.name} has no value: write it as ${use.name}=VALUE.`;
    case 'no switch':
      return `The option ${use.name} is on or off, and not "${use.value}": write ${use.name}=true or ${use.name}=false.`;
    case 'option refused':
      return `${use.option} "${use.value}": ${use.because} ${use.fix}`;
    case 'files and a setting':
      return 'A text has its own rules: name files, or a release and options with --istio, --set, --values, --nft and --ambient, and not both.';
    case 'no values of ambient':
      return `${use.input} sets nothing of ambient mode: give values of the chart istio-cni or a pod's YAML, or name options by --set, such as --set ingressMode=true.`;
    case 'a node without ambient':
      return 'Only ambient mode has rules on the node: write --ambient --node.';
    case 'a pod and a node':
      return 'One side is a pod and the other a node, and no connection is on both: compare two pods, or two nodes.';
    case 'no release of ambient':
      return `"${use.text}" names no release: write ambient:1.30 or node:1.30, with options behind a question mark.`;
    case 'a mesh without ambient':
      return 'Only a pod of ambient mode is walked with a mesh around it: name the files of one, or write --ambient.';
    case 'no choice of the mesh':
      return `"${use.text}" cannot be chosen of the mesh: write ${Object.entries(use.choices)
        .flatMap(([name, values]) => values.map((value) => `${name}=${value}`))
        .join(', ')}.`;
    case 'no such process':
      return `This pod has no process "${use.text}": write ${use.has.join(', ')}, UID:GID, or the address of a peer.`;
    case 'one pipe for two':
      return 'Standard input can be one of the two sides only: write the other one into a file.';
    case 'no sender':
      return `"${use.text}" is nobody who sends: write app, Envoy, pilot-agent or, in ambient mode, ztunnel, UID:GID, or the address of a peer.`;
    case 'no destination':
      return `"${use.text}" is no address and port: write one such as 10.96.0.7:80 or [fd00::7]:80.`;
    case 'no answer':
      return `"${use.text}" is no answer: write one such as nat/ISTIO_OUTPUT/3:yes.`;
    case 'no stop':
      return `"${use.text}" is no stop of a path in these rules: write a hook as OUTPUT, a chain with or without the number of a rule, ISTIO_OUTPUT 9, Envoy with a port, process, or network.`;
    case 'output closed':
      return 'Whoever reads the output has closed it before it was complete: read it to its end, or write it into a file.';
    case 'failed':
      return `This failed, and should not have (${use.error}): please report it, with the input if you may.`;
  }
}

const lacking = {
  form: 'a list "suppressions" of entries with rule and reason, and file and object where it is for these alone, is expected here',
  rule: 'there is no such rule',
  reason: 'a suppression needs a reason: write why this is meant to be',
} as const;

/** What was judged, in a line: `2 findings (1 suppressed) in 3 objects and 1 dump.` */
export function checkedWords(counted: CountedChecks): string {
  const { findings, suppressed, objects, dumps } = counted;
  const what = [
    ...(objects > 0 || dumps === 0 ? [countWords(objects, 'object')] : []),
    ...(dumps > 0 ? [countWords(dumps, 'dump')] : []),
  ].join(' and ');
  return `${countWords(findings, 'finding')}${suppressed === 0 ? '' : ` (and ${suppressed} suppressed)`} in ${what}.`;
}

/** A suppression that has nothing to suppress. */
export function idleSuppressionWords(input: string, line: number, rule: string): string {
  return `${input}:${line}: nothing is left that ${rule} finds here: take the suppression away.`;
}

/** Why a file of a directory was left out. */
export function leftOutWords(path: string): string {
  return `${path} is a template of Helm and was left out: render it with helm template, and check what that prints.`;
}

/** What a command is about to do, where it leaves something behind. */
export const leavesBehindWords = {
  pod: 'The next command adds an ephemeral container to the pod: it ends by itself, touches neither app nor rules, and is listed in the pod until that is deleted.',
  node: 'The next command makes a pod on the node, which reads and changes nothing; delete it when you are done: kubectl names it.',
} as const;

/** That a command of several failed. */
export function commandFailedWords(command: string, exit: number | null): string {
  return `${command} ended with ${exit === null ? 'a signal' : `exit code ${exit}`}: what it tells is not in the text.`;
}

/** That a text cannot be judged, and why. */
export function unjudgedWords(input: string, why: string | null): string {
  return `${input}: ${why ?? 'It holds no object of Kubernetes, no values of Istio and no rules, so there is nothing to judge.'}`;
}

const encodings: Readonly<Record<OtherEncoding, { readonly says: string; readonly fix: string }>> = {
  'UTF-16': { says: 'is written in UTF-16', fix: 'turn it into UTF-8, with iconv -f UTF-16 -t UTF-8' },
  'packed by gzip': { says: 'is packed', fix: 'unpack it, with gzip -d' },
  'no text': { says: 'is no text', fix: 'give what iptables-save prints, or a file of YAML' },
  'not UTF-8': {
    says: 'is not written in UTF-8',
    fix: 'turn it into UTF-8, with iconv -f LATIN1 -t UTF-8 or the encoding that it has',
  },
};

/** That nothing at all came in. */
export const nothingCameIn =
  'Nothing came in: where a command stands before the pipe, look at what it said; iptables-save itself prints nothing where no table is loaded.';

const weights: Readonly<Record<Finding['weight'], string>> = {
  wrong: 'Wrong',
  doubtful: 'Doubtful',
  note: 'Note',
};

/** How heavy a finding is, in a word: `Wrong`. */
export function weightWord(weight: Finding['weight']): string {
  return weights[weight];
}
