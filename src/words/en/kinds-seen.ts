/** The words for texts without rules: what was seen, and what the objects of settings have to do with the rules. */
import type { SeenText } from '../../analysis/index.ts';
import { type InterceptionPart, interceptionPart } from '../../istio/index.ts';

const seenWords: Readonly<Record<SeenText, string>> = {
  nothing: 'No rules were read: the text is empty.',
  bytes: 'No rules were read: these are the bytes of a file that is no text.',
  picture:
    'No rules were read: this looks like the text of a picture, in which letters are mistaken for others (l for I, O for 0, a blank for _), so that names and ports cannot be trusted.',
  'web page': 'No rules were read: this is the source of a web page.',
  'log of ztunnel':
    'No rules were read: this is the log of ztunnel, which tells what became of connections of pods in ambient mode.',
  'log of Envoy': 'No rules were read: this is the log of Envoy, and of pilot-agent beside it.',
  'log of the CNI plugin':
    'No rules were read: this is a log of Istio’s CNI plugin, and it shows no rule and no error.',
  'access log of Envoy':
    'No rules were read: this is Envoy’s access log, which tells what became of a connection that Envoy had.',
  'events of a pod':
    'No rules were read: these are the events of a pod, which tell what Kubernetes did with it.',
  'packets of tcpdump':
    'No rules were read: these are packets as tcpdump prints them, which show where they went and not which rule sent them there.',
  'trace of the kernel':
    'No rules were read: this is the kernel’s trace of packets, which tells of the rules that they met, and of no others.',
  'counters of Envoy':
    'No rules were read: these are Envoy’s counters, which tell how many connections it had and what became of them.',
  'list of processes': 'No rules were read: this is a list of processes.',
  'comparison of texts':
    'This is what diff prints of two texts, and it has neither of them whole, so that nothing is said of its rules. Paste each of the two by itself: the lab compares them, rule by rule.',
  base64:
    'No rules were read: this looks like base64, a text that was encoded. Decode it first, as with base64 -d, and paste what comes out.',
  'lines run together':
    'No rules were read: the ends of the lines were lost on the way here, so that many rules stand in one line and it is not told where each ends. Paste the text with its line ends, from where it was printed.',
  'list of pods': 'No rules were read: this is what kubectl get pods prints.',
  'output of curl': 'No rules were read: this is what curl prints of a call.',
  'output of istioctl':
    'No rules were read: this is what istioctl prints. With -o json its proxy-config tells all that Envoy was told, which is read here.',
  'command without output':
    'No rules were read: here is a command, and nothing that it printed. If it printed nothing, it found no table, and there are no rules of its kind where it ran.',
  'warning of iptables-legacy':
    'No rules were read: iptables of the nft back end has none, and warns that the legacy back end has tables, too. What this pod does hangs on those: iptables-legacy-save -c prints them.',
  'configuration of the CNI':
    'No rules were read: this is the configuration of a node’s network plugins, which says that Istio’s plugin is called, and not what it has written.',
  'answer of Envoy':
    'No rules were read: this is what an Envoy answers when it has no answer from behind it, so that rules led the call to an Envoy; which of the two it was, its access log tells.',
  'log of istio-init':
    'No rules were read: these are the settings at the head of a log of istio-init. Paste the log as a whole: the rules, and errors, stand below them.',
  'log of the kernel':
    'No rules were read: this is the kernel’s own log, as dmesg prints it, which shows no rule.',
  'rows of a listing':
    'No rules were read: these are rows of iptables -L without the headings above them, which name the chains, so that nothing tells where each rule stands.',
  'inspected container':
    'No rules were read: this is what crictl prints of a container. Its process ID leads into the network namespace of the pod: nsenter -t PID -n iptables-save -c, run on the node.',
  'commands that remove':
    'No rules were read: these are commands that make chains, empty them or take rules away, and no rule is left of what they tell. What the kernel has, iptables-save shows.',
  versions: 'No rules were read: these are versions of programs, and no rule of a pod.',
  'command of helm': 'No rules were read: this is a command that installs Istio, and no rule of a pod.',
  prose:
    'No rules were read in this text: none of its lines is one that iptables, nft, ip or kubectl prints, so nothing is said of a pod.',
};

/** What lines of errors stand in, in a sentence: what they tell, the findings say. */
export function seenWithErrors(seen: SeenText): string {
  switch (seen) {
    case 'log of the CNI plugin':
      return 'No rules were read: this is a log of Istio’s CNI plugin, and it tells of errors.';
    case 'log of the kernel':
    case 'log of ztunnel':
    case 'log of Envoy':
    case 'access log of Envoy':
    case 'events of a pod':
    case 'output of istioctl':
    case 'warning of iptables-legacy':
    case 'answer of Envoy':
      return seenWords[seen];
    default:
      return 'No rules were read: the command failed.';
  }
}

/** What a text without rules is, in a sentence. */
export function seenSentence(seen: SeenText): string {
  return seenWords[seen];
}

const partWords: Readonly<Record<InterceptionPart, string>> = {
  'told to Envoy': 'says what Envoy does with a connection that it has; no rule depends on it',
  'listeners of Envoy':
    'says which listeners and services Envoy is told of; it changes no rule, so that what is captured stays captured',
  'environment of the proxy':
    'gives the proxy and istio-init its environment, in which some variables shape rules, such as ISTIO_META_DNS_CAPTURE',
  'who gets a sidecar':
    'says which pods get a sidecar, or none, or ambient mode; the rules come when a pod is made',
  'settings of the mesh':
    'holds what the injector starts from, where it is Istio’s own: interceptionMode and the ranges and ports that are captured, for pods that are made afterwards',
  'addresses of services': 'gives services their addresses; no rule of Istio’s depends on it',
  'network policy':
    'is enforced by the network plugin, before the pod or behind it; no rule of Istio’s depends on it',
  'no part': 'has no part in Istio’s rules that is known here',
};

/** What settings are, and what each has to do with the rules. */
export function settingsSentence(objects: readonly string[]): string {
  const [first, ...more] = objects;
  if (first === undefined) return 'No rules were read: these are settings as YAML.';
  if (more.length === 0)
    return `No rules were read: this is the YAML of ${withArticle(first)}, which ${partOf(first)}.`;
  const parts = new Map<string, string[]>();
  for (const object of objects) parts.set(partOf(object), [...(parts.get(partOf(object)) ?? []), object]);
  const each = [...parts].map(
    ([part, kinds]) => `${kinds.join(', ')} ${kinds.length === 1 ? '' : 'each '}${part}`,
  );
  return `No rules were read: this is the YAML of ${objects.length} kinds of objects. ${each.join('. ')}.`;
}

function partOf(object: string): string {
  return partWords[interceptionPart(object)];
}

export function withArticle(object: string): string {
  return `${/^[AEIO]/.test(object) ? 'an' : 'a'} ${object}`;
}
