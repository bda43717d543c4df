/** The words for what is wrong with the rules of ambient mode. None says to take a rule out: they keep a pod in mutual TLS. */
import type {
  AmbientDifference,
  AmbientIdentification,
  AmbientOrigin,
  AmbientSide,
  FindingId,
  FindingNamed,
} from '../../analysis/index.ts';
import { code, inParts, type Part } from '../parts.ts';
import { ambientRolePurposes } from './ambient-roles.ts';
import type { FindingWords } from './finding-words.ts';
import { small } from './role-purpose.ts';

type AmbientId = Extract<FindingId, `ambient.${string}`>;
type WordsOf = { readonly [Id in AmbientId]: (finding: FindingNamed<Id>) => FindingWords };

const places: Readonly<Record<AmbientSide, string>> = { pod: 'this pod', node: 'this node' };

/** The agent writes the rules of a node when it starts, those of a pod when the pod starts. */
const anew: Readonly<Record<AmbientSide, readonly Part[]>> = {
  pod: inParts`start the workload anew with ${code('kubectl rollout restart -n NAMESPACE deployment NAME')}, so that the CNI agent writes the rules of a new pod; what it did with this one is in its log, ${code('kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=-1')}`,
  node: inParts`start the CNI agent anew with ${code('kubectl rollout restart -n istio-system daemonset istio-cni-node')}: it writes the rules of its node when it starts; what it did is in its log, ${code('kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=-1')}`,
};

export const ambientFindings: WordsOf = {
  'ambient.beside-sidecar': ({ side }) => ({
    says: inParts`A sidecar’s rules stand beside those of ambient mode ${side === 'pod' ? 'in' : 'of'} ${places[side]}, and the kernel asks both, so a connection may come to ztunnel that is Envoy’s, and the reverse`,
    fix: inParts`change nothing before it is known what the pod is: ${code('kubectl get pod NAME -o yaml')} shows whether it has a container istio-proxy, and whether its annotation ambient.istio.io/redirection is enabled; and see that both parts of this text are of one pod`,
  }),
  'ambient.rules-missing': ({ side, release, count, first }) => ({
    says: inParts`${countOf(count)} of ambient mode of Istio ${release} ${count === 1 ? 'is' : 'are'} missing in ${places[side]}${count === 1 ? '' : ', the first of them'}: ${named(first)}${first.role === null ? '' : ` (${small(ambientRolePurposes[first.role].replace(/\.$/, ''))})`}`,
    fix: anew[side],
  }),
  'ambient.rules-moved': ({ side, count, first }) => ({
    says: inParts`${countOf(count)} of ambient mode ${count === 1 ? 'stands' : 'stand'} at another place of ${count === 1 ? 'its' : 'their'} chain in ${places[side]}${count === 1 ? '' : ', the first of them'}: ${named(first)}`,
    fix: anew[side],
  }),
  'ambient.rules-foreign': ({ side, release, count, first }) => ({
    says: inParts`${countOf(count)} in Istio’s chains of ${places[side]} ${count === 1 ? 'is' : 'are'} none that Istio ${release} makes${count === 1 ? '' : ', the first of them'}: ${named(first)}`,
    fix: inParts`find out who put it there before anything is changed; then ${anew[side]}`,
  }),
  'ambient.routing': ({ family, mark, mask, priority, table, lacksRule, lacksRoute }) => {
    const ip = family === 'v4' ? 'ip' : 'ip -6';
    const marked = `0x${mark.toString(16)}`;
    const lacking = [
      ...(lacksRule ? [`no line of ${ip} rule looks that mark up in table ${table}`] : []),
      ...(lacksRoute === null ? [] : [`table ${table} has no local route`]),
    ];
    const commands = [
      ...(lacksRule
        ? [`${ip} rule add fwmark ${marked}/0x${mask.toString(16)} pref ${priority} lookup ${table}`]
        : []),
      ...(lacksRoute === null ? [] : [`${ip} route add local ${lacksRoute} dev lo table ${table}`]),
    ];
    return {
      says: inParts`an answer to a call that ztunnel makes to the app is marked ${marked}, but ${lacking.join(' and ')}, so the app’s answers leave the pod instead of coming back to ztunnel, and what calls the pod hangs`,
      fix: inParts`add it with ${commands.flatMap((command, at): readonly Part[] => [...(at === 0 ? [] : [' and ']), code(command)])}, as root in the network of the pod`,
    };
  },
};

function countOf(count: number): string {
  return count === 1 ? 'A rule' : `${count} rules`;
}

function named({ table, chain, position, rule }: AmbientDifference): readonly Part[] {
  return inParts`${chain} ${position} in ${table}, ${code(rule)}`;
}

/** `Istio 1.25 to 1.31 with its default options` */
export function ambientOriginWords({ releases, options }: AmbientOrigin): string {
  const [first, last] = [releases[0], releases.at(-1)];
  const named = first === last ? `Istio ${first}` : `Istio ${first} to ${last}`;
  const set = Object.entries(options).map(([name, value]) => `${name} ${String(value)}`);
  return `${named} with ${set.length === 0 ? 'its default options' : set.join(' and ')}`;
}

/** Whose the rules of ambient mode are, in a sentence. */
export function ambientSummary(found: AmbientIdentification): string {
  const { missing, foreign } = found;
  const what = found.side === 'pod' ? 'Its rules' : 'They';
  const by = ambientOriginWords(found);
  const [other] = found.others;
  const or = other === undefined ? '' : `, or of ${ambientOriginWords(other)}`;
  const untold = found.untold.length === 0 ? '' : ` Of ${found.untold.join(' and ')} the text does not tell.`;
  if (missing.length + foreign.length === 0) return `${what} are those of ${by}${or}.${untold}`;
  const parts = [
    ...(missing.length === 0 ? [] : [`${missing.length} not there`]),
    ...(foreign.length === 0 ? [] : [`${foreign.length} not Istio’s or not in place`]),
  ];
  return `${what} come nearest to those of ${by}: ${parts.join(', ')}.${untold}`;
}
