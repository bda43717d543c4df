/** Rules of which none is Istio's, or no rules at all. */
import type { Family } from '../../netfilter/index.ts';
import { type ChainOwner, chainOwner, isOfNode } from '../chain-owner.ts';
import type { ExaminedRules, FindingOf } from './finding.ts';

export type NoRulesFinding =
  | FindingOf<'rules.none', { readonly family: Family }>
  /** A chain of software that programs nodes, and no pods. */
  | FindingOf<'rules.of-node', { readonly chain: string; readonly owner: ChainOwner }>
  /**
   * Rules of others, as far as their chains tell of whom. `isEarly`: a network plugin's jump and nothing else, as in a
   * pod that started before Istio's part of the plugins was there; whatever has more may be a node's.
   */
  | FindingOf<'rules.of-others', { readonly owners: readonly ChainOwner[]; readonly isEarly: boolean }>;

export function noRules({ ruleset, identification, isWhole }: ExaminedRules): readonly NoRulesFinding[] {
  if (identification !== null) return [];
  const chains = ruleset.tables.flatMap((table) => table.chains);
  if (chains.every(({ rules }) => rules.length === 0))
    // Native nftables and the other back end are as likely to have Istio's rules.
    return [{ id: 'rules.none', weight: 'doubtful', family: ruleset.family }];
  const ofNode = chains.filter(({ name }) => isOfNode(chainOwner(name)));
  // A dump that was cut off may have lost the rules of a chain.
  const [first] = [...ofNode.filter(({ rules }) => rules.length > 0), ...ofNode];
  const owner = chainOwner(first?.name ?? '');
  if (first !== undefined && owner !== null)
    return [{ id: 'rules.of-node', weight: 'wrong', chain: first.name, owner }];
  const owners = [...new Set(chains.flatMap(({ name }) => chainOwner(name) ?? []))];
  const ruled = chains.filter(({ rules }) => rules.length > 0).map(({ name }) => name);
  const isEarly = isWhole && owners.join() === 'portmap or bandwidth' && ruled.join() === 'PREROUTING';
  return [{ id: 'rules.of-others', weight: 'wrong', owners, isEarly }];
}
