/** A ruleset while commands are put into it. */
import type { NftBase, NftElement, NftFamily, NftObject, NftRule, NftRuleset, NftSet } from './model.ts';

export interface ChainDraft {
  readonly name: string;
  isAnonymous?: true;
  base?: NftBase;
  comment?: string;
  flags?: string;
  rules: NftRule[];
  handle?: number;
}

export type SetDraft = Omit<NftSet, 'elements'> & { elements: NftElement[] };

/** Chains and sets are looked up by name, and stay in the order in which they were made. */
export interface TableDraft {
  readonly family: NftFamily;
  readonly name: string;
  comment?: string;
  flags?: readonly string[];
  readonly objects: NftObject[];
  readonly sets: Map<string, SetDraft>;
  readonly flowtables: NftObject[];
  readonly chains: Map<string, ChainDraft>;
  handle?: number;
  owner?: string;
}

export type Draft = Map<string, TableDraft>;

export function tableKey(family: NftFamily, name: string): string {
  return `${family} ${name}`;
}

/** The table of that name; made where there is none. */
export function tableIn(draft: Draft, family: NftFamily, name: string): TableDraft {
  const key = tableKey(family, name);
  const table = draft.get(key) ?? {
    family,
    name,
    objects: [],
    sets: new Map(),
    flowtables: [],
    chains: new Map(),
  };
  draft.set(key, table);
  return table;
}

/** The chain of that name; made where there is none. */
export function chainIn(table: TableDraft, name: string): ChainDraft {
  const chain = table.chains.get(name) ?? { name, rules: [] };
  table.chains.set(name, chain);
  return chain;
}

export function finished(draft: Draft): NftRuleset {
  return {
    tables: [...draft.values()].map((table) => ({
      ...table,
      sets: [...table.sets.values()],
      chains: [...table.chains.values()],
    })),
  };
}
