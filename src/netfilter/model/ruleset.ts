/**
 * A ruleset as plain data: what one family's `iptables-save` says, and nothing of how it was written.
 */

import type { NftTableName } from '../nftables/model.ts';

export type Family = 'v4' | 'v6';

/** The tables of Linux, in the order in which a hook asks them. */
export const tableNames = ['raw', 'mangle', 'nat', 'filter', 'security'] as const;
export type TableName = (typeof tableNames)[number];

/** A table of iptables, or one of nft with its family: `nat`, `inet filter`. */
export type TableRef = TableName | NftTableName;

export const hooks = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
export type Hook = (typeof hooks)[number];

/** The built-in chains of each table, in the order in which `iptables-save` prints them. */
export const builtInChains: Readonly<Record<TableName, readonly Hook[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Whether the kernel made this chain with its table, so that a hook asks it and it has a policy. */
export function isBuiltIn(table: TableRef, chain: string): boolean {
  const own: readonly string[] | undefined = builtInChains[table as TableName];
  return own?.includes(chain) === true;
}

export interface Ruleset {
  readonly family: Family;
  readonly tables: readonly Table[];
}

export interface Table {
  readonly name: TableName;
  readonly chains: readonly Chain[];
}

export interface Counters {
  readonly packets: bigint;
  readonly bytes: bigint;
}

export interface Chain {
  readonly name: string;
  /** The verdict at the end of a built-in chain; null for a user chain, which returns to its caller. */
  readonly policy: 'ACCEPT' | 'DROP' | null;
  readonly counters?: Counters;
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** All must hold. Where there are address, interface or protocol conditions, they are first, as `ip`. */
  readonly matches: readonly Match[];
  /** Null for a rule that only counts. */
  readonly target: Target | null;
  readonly counters?: Counters;
  /** The line of the text that this rule came from, counted from 1. */
  readonly line?: number;
  /** Set when the rule could not be read in full; then this text is what is printed, and traversal cannot tell. */
  readonly unread?: string;
}

export interface Match {
  /** `ip`, or the name behind `-m`. */
  readonly extension: string;
  readonly options: readonly Option[];
}

/** One option of a match or target: `! --dport 8080`. The value's shape is the option's own. */
export interface Option {
  readonly name: string;
  readonly negated: boolean;
  readonly value: unknown;
}

/** A condition of a rule: an option of a match, or the whole match; or the line of a rule that could not be read. */
export type Condition =
  | { readonly match: Match; readonly option?: Option }
  | { readonly unread: string }
  /** A statement of nft, as it is written. */
  | { readonly written: string };

export type Target =
  | { readonly kind: 'chain'; readonly chain: string; readonly goto: boolean }
  | { readonly kind: 'extension'; readonly name: string; readonly options: readonly Option[] };

export function findTable(ruleset: Ruleset, name: string): Table | undefined {
  return ruleset.tables.find((table) => table.name === name);
}

export function findChain(ruleset: Ruleset, table: string, chain: string): Chain | undefined {
  return findTable(ruleset, table)?.chains.find((one) => one.name === chain);
}

/** The ruleset as the kernel holds it: each table with all its built-in chains, in Linux's order, then the others. */
export function withBuiltInChains(ruleset: Ruleset): Ruleset {
  const tables = ruleset.tables.map((table): Table => {
    const names = builtInChains[table.name];
    const builtIn = names.map(
      (name): Chain =>
        table.chains.find((chain) => chain.name === name) ?? { name, policy: 'ACCEPT', rules: [] },
    );
    const others = table.chains.filter(({ name }) => !(names as readonly string[]).includes(name));
    return { ...table, chains: [...builtIn, ...others] };
  });
  return { ...ruleset, tables };
}

/** What of a ruleset of either language is counted. */
interface Counted {
  readonly tables: readonly { readonly chains: readonly { readonly rules: readonly unknown[] }[] }[];
}

/** How many rules there are; 0 without a ruleset. */
export function ruleCount(ruleset: Counted | undefined): number {
  const chains = (ruleset?.tables ?? []).flatMap((table) => table.chains);
  return chains.reduce((sum, { rules }) => sum + rules.length, 0);
}
