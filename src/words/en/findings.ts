/**
 * The words for what is wrong with a pod's rules: each finding in a sentence that names the rule, and one that says how
 * to fix it.
 */
import type {
  ChainOwner,
  Effect,
  Finding,
  FindingId,
  FindingNamed,
  NamedRule,
  RulePlace,
  Setter,
} from '../../analysis/index.ts';
import { between, code, inParts, type Part, plain } from '../parts.ts';
import { inShell, iptablesOf } from '../rule-command.ts';
import { ruleName } from '../rule-name.ts';
import { ambientFindings } from './ambient-findings.ts';
import { errorWords } from './errors/index.ts';
import type { FindingWords } from './finding-words.ts';
import { nativeFindings } from './native-findings.ts';
import { rolePurpose, small } from './role-purpose.ts';
import { yamlMessageWords } from './yaml.ts';

type WordsOf = { readonly [Id in FindingId]: (finding: FindingNamed<Id>) => FindingWords };

const restart = 'delete the pod, so that its rules are programmed anew';
// Literals and no calls: who imports other words does not carry them.
const jumpIn: Part = { code: '-p tcp -j ISTIO_INBOUND' };
const jumpOut: Part = { code: '-j ISTIO_OUTPUT' };

const words: WordsOf = {
  ...ambientFindings,
  ...nativeFindings,

  'rules.none': ({ family }) => ({
    says: inParts`These tables have no rule at all, neither PREROUTING 1, ${jumpIn}, nor OUTPUT 1, ${jumpOut}; unless other tables have Istio’s, nothing of this pod goes through Envoy`,
    fix: inParts`look into the pod itself with ${iptablesOf(family)}-save of both back ends and with nft list ruleset, as root; if all are empty there, and the pod is no gateway and not in ambient mode, delete it, so that istio-init or the CNI plugin programs it anew`,
  }),
  'rules.of-node': ({ chain, owner }) => ({
    says: inParts`These are the rules of a node and not of a pod: ${chain} is of ${ownerName(owner)}, which programs nodes, and no chain is Istio’s`,
    fix: inParts`save the rules again inside the pod, by one of the commands at the end of this page`,
  }),
  'rules.of-others': ({ owners, isEarly }) => ({
    says: inParts`${owners.length === 0 ? 'Other rules are here' : `Rules of ${owners.map(ownerName).join(' and ')} are here`}, but none of Istio’s: PREROUTING 1, ${jumpIn}, and OUTPUT 1, ${jumpOut}, are missing${isEarly ? ', as after a pod that started before the CNI plugin was ready' : ''}`,
    fix: isEarly
      ? inParts`see what its istio-validation says: while that fails, no app runs, and Istio repairs the pod unless cni.repair.enabled is off; delete the pod where it is off, or where the app runs`
      : inParts`find out whether this is a pod that is meant to have a sidecar: if istio-proxy is among its containers, look at the other back end and at nft list ruleset, too, before you conclude that its rules were never made`,
  }),

  'mesh.before-istio': ({ place, rule, owner, istio }) => ({
    says: inParts`${named({ place, rule })} is of ${ownerName(owner)} and takes the connections before Istio’s ${place.chain} ${istio} is asked`,
    fix: leaveMesh(owner),
  }),
  'mesh.behind-istio': ({ place, rule, owner }) => ({
    says: inParts`${named({ place, rule })} is of ${ownerName(owner)} and comes after Istio’s`,
    fix: leaveMesh(owner),
  }),

  'rule.moved': ({ place, rule, meant }) => ({
    says: inParts`${named({ place, rule })} stands ${place.position < meant ? 'before' : 'behind'} rules that Istio asks ${place.position < meant ? 'first' : 'later'}; its place is ${meant}`,
    fix: inParts`${restart}`,
  }),
  'rule.of-other-software': ({ place, rule, owner, before }) => ({
    says: inParts`${named({ place, rule })} is of ${ownerName(owner)}, not of Istio${
      before === null
        ? ''
        : `, and is asked before Istio’s ${place.chain} ${before}, so that what it translates never comes to Envoy`
    }`,
    fix:
      before === null
        ? inParts`leave it, unless a path below goes another way than expected`
        : owner === 'KubeVirt'
          ? inParts`leave it: by it the virtual machine in this pod is reached`
          : inParts`find out why ${ownerName(owner)} programs this pod, and not the node alone`,
  }),
  'rule.foreign': ({ place, rule, family, release, effect, before }) => ({
    says: inParts`${named({ place, rule })} is not a rule of Istio ${release} and ${effectWords(effect)}${before === null ? '' : ` before Istio’s ${place.chain} ${before} is asked`}`,
    fix: inParts`remove it with ${code(`${iptablesOf(family)} -t ${place.table} -D ${inShell(`${place.chain} ${rule}`)}`)}, or delete the pod`,
  }),
  'rule.beside': ({ place, rule }) => ({
    says: inParts`${named({ place, rule })} is not Istio’s, and stands where Istio has no rule, so it captures nothing and lets nothing pass by`,
    fix: inParts`leave it, unless you know that nobody needs it`,
  }),
  'rules.part': ({ has, missing, release }) => ({
    says: inParts`${has === 1 ? 'One rule' : `${has} rules`} of Istio ${release} ${has === 1 ? 'is' : 'are'} in this text, which is not all that the kernel has; ${missing === 0 ? 'whether there are rules for inbound calls it does not tell: in TPROXY mode they stand in table mangle' : missing === 1 ? 'whether the one more is there it does not tell' : `whether the other ${missing} are there it does not tell`}`,
    fix: inParts`paste what iptables-save -c prints in the pod`,
  }),
  'rule.missing': ({ place, rule, role, leftOutBy }) => ({
    says: inParts`${named({ place, rule })} is missing${role === null ? '' : ` (${rolePurpose(role)})`}`,
    fix:
      leftOutBy === undefined
        ? inParts`${restart}`
        : inParts`if ${leftOutBy} of the pod, or global.proxy.statusPort of the installation, is 0, it is as it should be; otherwise ${restart}`,
  }),
  'rules.missing': ({ count, release, chains, first }) => ({
    says: inParts`${count} rules of Istio ${release} are missing in ${chains.join(', ')}, the first of them ${named(first)} as when programming broke off half way`,
    fix: inParts`${restart}`,
  }),

  'rule.twice': ({ place, rule, same }) => ({
    says: inParts`${named({ place, rule })} is the same as ${place.chain} ${same}, so it was programmed twice`,
    fix: inParts`${restart}`,
  }),
  'rules.twice': ({ count, first }) => ({
    says: inParts`${count} rules stand there twice, as after the same commands have run twice, the first of them ${named(first)} is the same as ${first.place.chain} ${first.same}`,
    fix: inParts`${restart}; the first of each decides, so nothing is lost meanwhile`,
  }),

  'rule.never-asked': ({ place, rule }) => ({
    says: inParts`${named({ place, rule })} is never asked, because no rule jumps to ${place.chain}`,
    fix: inParts`${restart}`,
  }),
  'rule.unreachable': ({ place, rule, by, follows }) => ({
    says: inParts`${named({ place, rule })} can match nothing: ${takenBy(place, by)}`,
    fix: inParts`${follows ? 'fix what stands above first' : 'look at the rules before it'}`,
  }),

  'option.mistyped-port': ({ place, rule, setBy, port, meant }) => ({
    says: inParts`${place.chain} ${place.position}, ${code(rule)}, excludes port ${port} and not ${meant}, which is one slip away and stays captured`,
    fix: inParts`if ${meant} was meant, correct ${setBy} and delete the pod`,
  }),
  'option.mistyped-range': ({ place, rule, setBy }) => ({
    says: inParts`${place.chain} ${place.position}, ${code(rule)}, excludes a single address that looks like a whole network`,
    fix: inParts`if the network was meant, correct the length in ${setBy} and delete the pod`,
  }),
  'option.other-listener': ({ place, rule, direction, port, usual }) => ({
    says: inParts`${named({ place, rule })} sends what ${direction === 'outbound' ? 'leaves the pod' : 'comes in'} to port ${port}, where Envoy listens only if the mesh sets it so, instead of to ${usual}`,
    fix: inParts`if meshConfig and the proxy’s bootstrap do not name ${port}, ${restart}`,
  }),
  'option.nothing-outbound': ({ setBy }) => ({
    says: inParts`The last rule of ISTIO_OUTPUT, ${code('-j ISTIO_REDIRECT')}, is missing, so nothing outbound goes through Envoy`,
    fix: onPurpose(setBy),
  }),
  'option.nothing-inbound': ({ setBy }) => ({
    says: inParts`PREROUTING 1, ${jumpIn}, is missing, so nothing inbound goes through Envoy`,
    fix: inParts`look first at table mangle, which has these rules in TPROXY mode; if they are not there, and ${setBy} was not set to an empty text on purpose, delete the pod`,
  }),

  'back-ends.istio-in-both': () => ({
    says: inParts`OUTPUT 1, ${jumpOut}, stands in the rules of iptables-legacy and of iptables-nft, and the kernel asks both, so what one of them lets pass the other may still capture`,
    fix: inParts`delete the pod, and have one image program it: the same version of istio-init or the CNI plugin on every node`,
  }),
  'back-ends.rules-in-both': () => ({
    says: inParts`Rules stand in iptables-legacy and in iptables-nft, and the kernel asks both; the paths below know only those of Istio’s back end`,
    fix: inParts`find out which program writes to the other one, and let both use the same`,
  }),
  'back-ends.legacy-not-told': () => ({
    says: inParts`iptables itself warns that iptables-legacy has tables, too, and they are not in this text`,
    fix: inParts`paste the output of iptables-legacy-save with it, because the kernel asks both`,
  }),
  'family.v6-alone': ({ hasV4 }) => ({
    says: hasV4
      ? inParts`Istio’s rules stand in IPv6 alone: OUTPUT 1, ${jumpOut}, is missing in IPv4, so IPv4 connections of this pod do not go through Envoy`
      : inParts`This text has Istio’s rules for IPv6 and tells nothing of IPv4; if IPv4 has no ${jumpOut}, the pod’s IPv4 connections do not go through Envoy`,
    fix: hasV4
      ? inParts`see that the pod has an IPv4 address when it is set up, and delete it`
      : inParts`paste the output of iptables-save, too, and if it is empty delete the pod`,
  }),

  'app.as-proxy': ({ place, rule, which, number }) => ({
    says: inParts`The app runs as ${which} ${number}, and ${named({ place, rule })} takes what it sends for the proxy’s own, so it passes by Envoy`,
    fix: inParts`give the app another ${which === 'uid' ? 'runAsUser' : 'runAsGroup'} than ${number}`,
  }),
  'yaml.option-differs': ({ setter, line, wants, has, lacking }) => ({
    says: inParts`${setterName(setter)} asks for ${valueWords(wants)}${line === null ? '' : ` in line ${line}`}, but the rules are made with ${valueWords(has)}${
      lacking.length > 0 && wants.length > 1 ? `, so that ${valueWords(lacking)} is missing` : ''
    }`,
    fix: inParts`delete the pod, because what its YAML asks for has an effect only when the pod is set up`,
  }),
  'yaml.option-unasked': ({ setBy, has }) => ({
    says: inParts`The rules are made with ${setBy} ${valueWords(has)}, for which the pod’s YAML does not ask`,
    fix: inParts`look for it in the settings of the mesh or of the injector; if it is not there, it was taken out of the YAML after the pod was set up`,
  }),
  'yaml.release-differs': ({ release, releases: [first = '', ...more] }) => ({
    says: inParts`The proxy’s image is of Istio ${release}, and these are the rules of Istio ${more.length === 0 ? first : `${first} to ${more.at(-1)}`}`,
    fix: inParts`if istio-init programs the pod, delete it; the CNI plugin may be of another release than the proxy`,
  }),
  'yaml.message': ({ line, message }) => {
    const { found, because, fix } = yamlMessageWords(message);
    return {
      says: inParts`Line ${line}, ${found}: ${sentenceBegun(because)}`,
      fix: inParts`${fix === '' ? 'look at that line' : sentenceBegun(fix)}`,
    };
  },

  'resolver.past-agent': ({ place, rule, captured, past }) => ({
    says: inParts`${place.chain} ${place.position}, ${code(rule)}, captures DNS on its way to ${captured.join(', ')} alone, but resolv.conf names ${past.join(', ')}, so its queries go past pilot-agent`,
    fix: inParts`delete the pod, so that its rules are made with its resolv.conf of now`,
  }),
  'routing.tproxy': ({ place, family, mark, table, lacksRule, lacksRoute }) => {
    const ip = family === 'v4' ? 'ip' : 'ip -6';
    const lacking = [
      ...(lacksRule
        ? [
            {
              what: `no line of ${ip} rule looks that mark up in table ${table}`,
              command: `${ip} rule add fwmark ${mark} lookup ${table}`,
            },
          ]
        : []),
      ...(lacksRoute === null
        ? []
        : [
            {
              what: `table ${table} has no local route`,
              command: `${ip} route add local ${lacksRoute.destination} dev ${lacksRoute.dev} table ${table}`,
            },
          ]),
    ];
    // With its listener filter original_src Envoy calls the app from the client's address, and waits for the answers.
    return {
      says: inParts`${named({ place, rule: '-j TPROXY' })} marks what comes in with 0x${mark.toString(16)}, but ${lacking.map(({ what }) => what).join(' and ')}, so the app’s answers to inbound connections leave the pod instead of coming back to Envoy, and the connections hang`,
      fix: inParts`add it with ${between(
        ' and ',
        lacking.map(({ command }) => [code(command)]),
      )}, or delete the pod`,
    };
  },

  'text.look-alike': ({ line, characters, lines }) => ({
    says: inParts`Line ${line} holds letters that nobody sees or that look like others, ${characters.join(', ')}${lines === 1 ? '' : `, and so do ${lines - 1} more lines`}: for the kernel a name with them is another name`,
    fix: inParts`if they came in while the text was copied, copy it again from the command itself; if they are in the pod’s rules, somebody put them there`,
  }),
  'log.error': ({ error, lines }) => {
    const { says, because, fix } = errorWords(error);
    return { says: inParts`${says} (${lineNumbers(lines)}); ${because}`, fix };
  },
  'text.turning': ({ line, characters }) => ({
    says: inParts`Line ${line} holds characters that turn the direction of text (${characters.join(', ')}), so that it looks otherwise than it is; here they are written out`,
    fix: inParts`find out who named a chain or wrote a comment so`,
  }),
};

/** What is the matter and how to fix it, with rules and commands apart from words. */
export function findingWords<Id extends FindingId>(finding: FindingNamed<Id>): FindingWords {
  const say: (finding: FindingNamed<Id>) => FindingWords = words[finding.id as Id];
  return say(finding);
}

/** What is the matter, in plain text without a full stop. */
export function says(finding: Finding): string {
  return plain(findingWords(finding).says);
}

/** How to fix it, in plain text without a full stop. */
export function fix(finding: Finding): string {
  return plain(findingWords(finding).fix);
}

/** A finding as one sentence. */
export function findingSentence(finding: Finding): string {
  return `${says(finding)}: ${fix(finding)}.`;
}

/** `mangle ISTIO_TPROXY 1, -j TPROXY,` with the table where it is not nat. */
function named({ place, rule }: NamedRule): readonly Part[] {
  return inParts`${ruleName(place)}, ${code(rule)},`;
}

/** `line 7`, or the first of many. */
function lineNumbers([first, ...more]: readonly number[]): string {
  return more.length === 0 ? `line ${first}` : `line ${first} and ${more.length} more`;
}

/** Software that a sentence does not call by its name alone. */
const ownerNames: Partial<Record<ChainOwner, string>> = {
  'AWS VPC CNI': 'the AWS VPC CNI plugin',
  'portmap or bandwidth': 'a CNI plugin (portmap or bandwidth)',
};

function ownerName(owner: ChainOwner): string {
  return ownerNames[owner] ?? owner;
}

function leaveMesh(owner: ChainOwner): readonly Part[] {
  return inParts`take the pod out of one of the two meshes${owner === 'Linkerd' ? ', for example with the annotation linkerd.io/inject: disabled' : ''}, and delete it`;
}

function onPurpose(setBy: string): readonly Part[] {
  return inParts`if ${setBy} was not set to an empty text on purpose, delete the pod`;
}

function effectWords(effect: Effect): string {
  switch (effect.kind) {
    case 'passes by Envoy':
      return effect.conditions === ''
        ? 'lets everything pass by Envoy'
        : `lets what matches ${effect.conditions} pass by Envoy`;
    case 'throws away':
      return 'throws away what matches it';
    case 'sends elsewhere':
      return 'sends what matches it elsewhere';
    case 'unknown':
      return 'may send packets another way';
  }
}

function takenBy({ chain }: RulePlace, by: readonly number[]): string {
  const last = by.at(-1);
  if (last === undefined) return 'no packet gets there';
  return by.length === 1
    ? `${chain} ${last} takes what it would match`
    : `rules ${by.slice(0, -1).join(', ')} and ${last} take what it would match`;
}

function setterName({ by, name }: Setter): string {
  switch (by) {
    case 'annotation':
      return `The annotation ${name}`;
    case 'variable':
      return `The variable ${name}`;
    case 'field':
      return `The field ${name}`;
    case 'argument':
      return `The argument ${name} of istio-init`;
    case 'other':
      return `The YAML, by ${name},`;
  }
}

function valueWords(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.map((value) => (value === '*' ? 'all' : value)).join(', ');
}

/** A sentence within another: without its full stop and, but for names, with a small letter. */
function sentenceBegun(sentence: string): string {
  const bare = sentence.replace(/\.$/, '');
  return /^[A-Z][a-z]* /.test(bare) && !/^(Istio|Envoy|Kubernetes|Linux|Helm)/.test(bare)
    ? small(bare)
    : bare;
}
