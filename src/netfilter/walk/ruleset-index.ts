/**
 * What a walk looks up in a ruleset, found once for each ruleset: a ruleset never changes, and a dump of a node
 * has tens of thousands of rules.
 */
import { knownMatch, knownTarget } from '../iptables/catalogue.ts';
import type { Host } from '../model/host.ts';
import { findLoops } from '../model/loops/index.ts';
import type { Chain, Family, Rule, Ruleset, Table, TableName } from '../model/ruleset.ts';
import { findHooked } from '../nftables/hooked/index.ts';
import { type KnownRule, knownRule } from './evaluate.ts';

export interface IndexedTable {
  readonly table: Table;
  readonly chains: Pick<ReadonlyMap<string, Chain>, 'get' | 'has'>;
  /** The rules whose jump leads back to their own chain. */
  readonly loops: ReadonlySet<Rule>;
  /** The rules of a chain as a walk asks them; made when the chain is first walked. */
  readonly rulesOf: (chain: Chain) => readonly KnownRule[];
}

export interface RulesetIndex {
  readonly tables: ReadonlyMap<TableName, IndexedTable>;
  readonly trackingRule: { readonly table: string; readonly chain: string; readonly position: number } | null;
}

/** Keyed by the ruleset itself, so that it lives as long as that does. */
const indexes = new WeakMap<Ruleset, RulesetIndex>();

export function indexOf(ruleset: Ruleset): RulesetIndex {
  const made: RulesetIndex = indexes.get(ruleset) ?? {
    tables: new Map(
      ruleset.tables.map((table) => [
        table.name,
        {
          table,
          chains: new Map(table.chains.map((chain) => [chain.name, chain])),
          loops: new Set(findLoops(table.chains).map(({ rule }) => rule)),
          rulesOf: knownRules(ruleset.family),
        },
      ]),
    ),
    trackingRule: findTrackingRule(ruleset),
  };
  indexes.set(ruleset, made);
  return made;
}

function knownRules(family: Family): IndexedTable['rulesOf'] {
  const made = new Map<Chain, readonly KnownRule[]>();
  return (chain) => {
    const rules = made.get(chain) ?? chain.rules.map((rule) => knownRule(rule, family));
    made.set(chain, rules);
    return rules;
  };
}

function findTrackingRule(ruleset: Ruleset): RulesetIndex['trackingRule'] {
  for (const { name, chains } of ruleset.tables) {
    for (const chain of chains) {
      const at = chain.rules.findIndex(needsConntrack);
      if (at >= 0) return { table: name, chain: chain.name, position: at + 1 };
    }
  }
  return null;
}

function needsConntrack({ matches, target }: Rule): boolean {
  for (const { extension } of matches) {
    if (extension !== 'ip' && knownMatch(extension)?.extension.needsConntrack === true) return true;
  }
  if (target?.kind !== 'extension') return false;
  return knownTarget(target.name)?.extension.needsConntrack?.(target.options) === true;
}

/**
 * The first rule of a family that switches connection tracking on, or null: without one no nat chain is asked
 * (the modules call nf_ct_netns_get when such a rule is loaded).
 */
export function trackingRule(
  host: Host,
  family: Family,
): { readonly table: string; readonly chain: string; readonly position: number } | null {
  const ruleset = host.rulesets[family];
  const own = ruleset === undefined ? null : indexOf(ruleset).trackingRule;
  const { nft } = host.rulesets;
  return own ?? (nft === undefined ? null : (findHooked?.(nft, family).tracking ?? null));
}
