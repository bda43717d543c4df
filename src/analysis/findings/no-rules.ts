/** Rules of which none is Istio's, or no rules at all. */
import type { Family } from '../../netfilter/index.ts';
import { type ChainOwner, chainOwner, isOfNode } from '../chain-owner.ts';
import type { ExaminedRules, FindingOf } from './finding.ts';

export type NoRulesFinding =
  | FindingOf<'rules.none', { readonly family: Family }>
  /** A chain of software that programs nodes, and no pods. */
  | FindingOf<'rules.of-node', { readonly chain: string; readonly owner: ChainOwner }>
  /** Rules of others, as far as their chains tell of whom. */
  | FindingOf<'rules.of-others', { readonly owners: readonly ChainOwner[] }>;

export function noRules({ ruleset, identification }: ExaminedRules): readonly NoRulesFinding[] {
  if (identification !== null) return [];
  const chains = ruleset.tables.flatMap((table) => table.chains);
  if (chains.every(({ rules }) => rules.length === 0))
    return [{ id: 'rules.none', weight: 'wrong', family: ruleset.family }];
  for (const { name, rules } of chains) {
    const owner = chainOwner(name);
    if (rules.length > 0 && isOfNode(owner))
      return [{ id: 'rules.of-node', weight: 'wrong', chain: name, owner }];
  }
  const owners = [...new Set(chains.flatMap(({ name }) => chainOwner(name) ?? []))];
  return [{ id: 'rules.of-others', weight: 'wrong', owners }];
}
