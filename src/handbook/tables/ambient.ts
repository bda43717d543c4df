/** What the pages on ambient mode tell of its rules, computed: each by its role, in a pod and on its node. */
import {
  type AmbientRole,
  type AmbientRolePlace,
  type AmbientRules,
  ambientPlaces,
  ambientRoles,
} from '../../istio/index.ts';
import { ambientRolePurposes, writtenChain } from '../../words/index.ts';
import { type AmbientChange, ambientRulesUnder } from '../scenarios/ambient.ts';

/** Under what a rule is there that the defaults of the handbook's release do not have. */
export type AmbientWith = 'ingress mode' | 'a virtual machine in the pod' | 'TPROXY, before 1.25';

export interface AmbientEntry {
  readonly role: AmbientRole;
  readonly purpose: string;
  /** Null: by default. */
  readonly with: AmbientWith | null;
  /** Of IPv4; those of IPv6 stand at the same places of their own tables. */
  readonly places: readonly (AmbientRolePlace & { readonly text: string })[];
}

const others: readonly (readonly [AmbientWith, AmbientChange])[] = [
  ['ingress mode', { options: { ingressMode: true } }],
  ['a virtual machine in the pod', { options: { virtualInterfaces: 'k6t-eth0' } }],
  ['TPROXY, before 1.25', { release: '1.24', options: { tproxyRedirection: true } }],
];

/** Every role that a pod or a node can have, in the order of the rules. */
export function ambientEntries(): readonly AmbientEntry[] {
  const variants: readonly (readonly [AmbientWith | null, AmbientChange])[] = [[null, {}], ...others];
  const made = variants.map(([name, change]) => ({ name, rules: ambientRulesUnder(change) }));
  return ambientRoles.flatMap((role) => {
    const found = made
      .map(({ name, rules }) => ({ name, places: placesOfRole(rules, role) }))
      .find(({ places }) => places.length > 0);
    if (found === undefined) return [];
    return [{ role, purpose: ambientRolePurposes[role], with: found.name, places: found.places }];
  });
}

function placesOfRole({ pod, host }: AmbientRules, role: AmbientRole): AmbientEntry['places'] {
  return [pod, host].flatMap((ruleset) => {
    const { v4, nft } = ruleset;
    return ambientPlaces(ruleset)
      .filter((placed) => placed.role === role && placed.family === 'v4')
      .map((placed) => {
        const written = writtenChain({ v4, ...(nft && { nft }) }, 'v4', placed.table, placed.chain);
        return { ...placed, text: written?.text(placed.position) ?? '' };
      });
  });
}
