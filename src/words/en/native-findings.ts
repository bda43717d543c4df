/** The words for what is wrong with a sidecar's native rules, with the fix in nft's own terms. */
import type {
  FindingId,
  FindingNamed,
  InsertBefore,
  NamedNftRule,
  NativeEffect,
} from '../../analysis/index.ts';
import { code, inParts, type Part } from '../parts.ts';
import type { FindingWords } from './finding-words.ts';
import { rolePurpose } from './role-purpose.ts';

type NativeId = Extract<FindingId, `nft.${string}`>;
type WordsOf = { readonly [Id in NativeId]: (finding: FindingNamed<Id>) => FindingWords };

const restart = 'delete the pod, so that its rules are programmed anew';

export const nativeFindings: WordsOf = {
  'nft.rule-missing': ({ at, rule, role, before }) => ({
    says: inParts`${named({ at, rule })} is missing${role === null ? '' : ` (${rolePurpose(role)})`}`,
    fix: inParts`put it in with ${code(insertion(at, rule, before))}, or ${restart}`,
  }),
  'nft.rules-missing': ({ count, release, chains, first }) => ({
    says: inParts`${count} rules of Istio ${release} are missing in ${chains.join(', ')}, the first of them ${named(first)} though nft takes all of a script or nothing, so somebody took them out`,
    fix: inParts`${restart}`,
  }),
  'nft.rule-moved': ({ at, rule, meant, before, handle }) => ({
    says: inParts`${named({ at, rule })} stands ${at.position < meant ? 'before' : 'behind'} rules that Istio asks ${at.position < meant ? 'first' : 'later'}; its place is ${meant}`,
    fix: inParts`put it in at its place with ${code(insertion(at, rule, before))}, then ${deletion(at, handle)}; or ${restart}`,
  }),
  'nft.rule-foreign': ({ at, rule, release, effect, handle }) => ({
    says: inParts`${named({ at, rule })} is not a rule of Istio ${release} and ${effectWords(effect)}`,
    fix: inParts`${deletion(at, handle)}, or delete the pod`,
  }),
  'nft.rule-twice': ({ at, rule, same, handle }) => ({
    says: inParts`${named({ at, rule })} is the same as ${at.chain} ${same}, so it was programmed twice`,
    fix: inParts`${deletion(at, handle)}, or ${restart}`,
  }),
  'nft.rules-twice': ({ count, first }) => ({
    says: inParts`${count} rules stand there twice, the first of them ${named(first)} as when a script was loaded that does not flush its tables before`,
    fix: inParts`${restart}; the first of each decides, so nothing is lost meanwhile`,
  }),
  'nft.part': ({ has, missing, release }) => ({
    says: inParts`${has === 1 ? 'One rule' : `${has} rules`} of Istio ${release} ${has === 1 ? 'is' : 'are'} in this text, which is not all that the kernel has; whether the other ${missing} are there it does not tell`,
    fix: inParts`paste what ${code('nft -a list ruleset')} prints in the pod`,
  }),
  'nft.chain-otherwise': ({ table, chain, has, meant }) => ({
    says: inParts`The chain ${chain} of ${table} is ${
      has === null
        ? 'asked by no hook'
        : has.policy !== meant.policy && has.hook === meant.hook && has.priority === meant.priority
          ? `asked with the policy ${has.policy}`
          : `asked by the hook ${has.hook} at priority ${has.priority}`
    }, and Istio makes it of type ${meant.type} for the hook ${meant.hook} at priority ${meant.priority} with the policy ${meant.policy}`,
    fix:
      has !== null && has.type === meant.type && has.hook === meant.hook && has.priority === meant.priority
        ? inParts`set it back with ${code(`nft chain inet ${table} ${chain} '{ policy ${meant.policy} ; }'`)}`
        : inParts`${restart}`,
  }),
  'nft.dormant': ({ table }) => ({
    says: inParts`The table ${table} is dormant, so the kernel asks none of its rules`,
    fix: inParts`wake it with ${code(`nft add table inet ${table}`)}, or ${restart}`,
  }),
  'nft.other-table': ({ family, table, chain, hook, priority, effect }) => ({
    says: inParts`The chain ${chain} of the table ${code(`${family} ${table}`)} is not Istio’s, and the hook ${hook} asks it at priority ${priority}, Istio’s rules for connections at -100${effect === null ? '' : `; a rule of it ${effectWords(effect)}`}`,
    fix: inParts`find out which program made it with ${code(`nft list table ${family} ${table}`)}, before you change one of its rules`,
  }),
  'nft.nothing-outbound': ({ setBy }) => ({
    says: inParts`The last rule of istio-output, ${code('counter jump istio-redirect')}, is missing, so nothing outbound goes through Envoy`,
    fix: inParts`if ${setBy} was not set to an empty text on purpose, delete the pod`,
  }),
  'nft.nothing-inbound': ({ setBy }) => ({
    says: inParts`The rule of prerouting, ${code('meta l4proto tcp counter jump istio-inbound')}, is missing, so nothing inbound goes through Envoy`,
    fix: inParts`look first whether the table istio-proxy-mangle is there, which has these rules in TPROXY mode; if not, and ${setBy} was not set to an empty text on purpose, delete the pod`,
  }),
  'nft.other-listener': ({ at, rule, direction, port, usual }) => ({
    says: inParts`${named({ at, rule })} sends what ${direction === 'outbound' ? 'leaves the pod' : 'comes in'} to port ${port}, where Envoy listens only if the mesh sets it so, instead of to ${usual}`,
    fix: inParts`if meshConfig and the proxy’s bootstrap do not name ${port}, ${restart}`,
  }),
  'nft.istio-in-both': () => ({
    says: inParts`Istio’s rules stand in nftables and in iptables, and the kernel asks both, so what one of them lets pass the other may still capture`,
    fix: inParts`delete the pod, and have one program set it up: istio-init or the CNI plugin, with global.nativeNftables on every node alike`,
  }),
};

const effects: Readonly<Record<NativeEffect, string>> = {
  'passes by Envoy': 'lets what matches it pass by Envoy',
  'throws away': 'throws away what matches it',
  'sends elsewhere': 'sends what matches it elsewhere',
};

function effectWords(effect: NativeEffect | null): string {
  return effect === null ? 'may send packets another way' : effects[effect];
}

/** `istio-proxy-mangle istio-inbound 1, meta mark …`, with the table where it is not that of nat. */
function named({ at: { table, chain, position }, rule }: NamedNftRule): readonly Part[] {
  const of = table === 'istio-proxy-nat' ? chain : `${table} ${chain}`;
  return inParts`${of} ${position}, ${code(rule)},`;
}

function insertion(
  { table, chain }: NamedNftRule['at'],
  rule: string,
  { handle, index }: InsertBefore,
): string {
  const place = `inet ${table} ${chain}`;
  // A shell takes the quotes off, and nft needs them for no name of an interface.
  const words = rule.replaceAll('"', '');
  if (handle !== undefined) return `nft insert rule ${place} handle ${handle} ${words}`;
  return index === undefined
    ? `nft add rule ${place} ${words}`
    : `nft insert rule ${place} index ${index} ${words}`;
}

function deletion({ table, chain }: NamedNftRule['at'], handle: number | null): readonly Part[] {
  const place = `inet ${table} ${chain}`;
  return handle === null
    ? inParts`find its handle with ${code(`nft -a list chain ${place}`)} and delete it with ${code(`nft delete rule ${place} handle HANDLE`)}`
    : inParts`delete it with ${code(`nft delete rule ${place} handle ${handle}`)}`;
}
