/** What differs between the rules of two settings: chain by chain, with the rules that stay folded. */
import {
  type ChainDifference,
  chainDifferences,
  type DifferenceRow,
  nativeDifferences,
} from '../../analysis/index.ts';
import { type Role, roleAt, type SidecarRules } from '../../istio/index.ts';
import type { Ruleset, TableRef } from '../../netfilter/index.ts';

/** A rule that one of the two has with what it is for, or a run of rules that both have. */
export type DifferentRow =
  | (Exclude<DifferenceRow, { readonly kind: 'kept' }> & { readonly role?: Role })
  | Extract<DifferenceRow, { readonly kind: 'kept' }>;

export interface DifferentChain extends Omit<ChainDifference, 'rows' | 'table'> {
  readonly table: TableRef;
  readonly rows: readonly DifferentRow[];
}

/** The chains that differ, IPv4 first, in the order of the tables; those of nft, which are of both families, come last. */
export function rulesDifference(before: SidecarRules, after: SidecarRules): readonly DifferentChain[] {
  const withRole = (rows: readonly DifferenceRow[], chain: Omit<DifferentChain, 'rows'>): DifferentChain => ({
    ...chain,
    rows: rows.map((row): DifferentRow => {
      if (row.kind === 'kept') return row;
      const { position } = row;
      const placed = roleAt(row.kind === 'gone' ? before : after, { ...chain, position });
      return placed === null ? row : { ...row, role: placed.role };
    }),
  });
  const iptables = (['v4', 'v6'] as const).flatMap((family) => {
    const [one, other] = [before, after].map((rules): Ruleset => rules[family] ?? { family, tables: [] });
    if (one === undefined || other === undefined) return [];
    return chainDifferences(one, other).map(({ rows, ...chain }) => withRole(rows, chain));
  });
  if (before.nft === null && after.nft === null) return iptables;
  const none = { tables: [] };
  const native = nativeDifferences(before.nft ?? none, after.nft ?? none).map(({ table, chain, rows }) =>
    withRole(rows, { family: 'v4', table: `inet ${table}`, chain }),
  );
  return [...iptables, ...native];
}

/** What TPROXY adds beside rules, as `ip` would be told it. */
export function routingDifference(
  before: SidecarRules,
  after: SidecarRules,
): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  const one = routingOf(before);
  const other = routingOf(after);
  return {
    gone: one.filter((line) => !other.includes(line)),
    come: other.filter((line) => !one.includes(line)),
  };
}

function routingOf({ routes, routingRules, addresses }: SidecarRules): readonly string[] {
  return [
    ...routingRules.map(({ fwmark, table }) => `ip rule add fwmark ${fwmark?.value ?? 0} lookup ${table}`),
    ...routes.map(
      ({ destination, type, dev, table }) => `ip route add ${type} ${destination} dev ${dev} table ${table}`,
    ),
    ...addresses.map(({ address, interface: dev }) => `ip address add ${address} dev ${dev}`),
  ];
}

/** Two differences that say the same, wherever they stand. */
export function sameDifference(one: readonly DifferentChain[], other: readonly DifferentChain[]): boolean {
  const changed = (all: readonly DifferentChain[]) =>
    JSON.stringify(
      all.map(({ family, table, chain, rows }) => [
        [family, table, chain],
        rows.flatMap((row) => (row.kind === 'kept' ? [] : [[row.kind, row.rule]])),
      ]),
    );
  return changed(one) === changed(other);
}
