/** What differs between the rules of two settings: chain by chain, with the rules that stay folded. */
import type { PlacedRole, Role, SidecarRules } from '../../src/istio/index.ts';
import { type Family, hooks, printRule, type Ruleset } from '../../src/netfilter/index.ts';

/** A rule that one of the two has, or a run of rules that both have. */
export type DifferenceRow =
  | { readonly kind: 'gone' | 'come'; readonly position: number; readonly rule: string; readonly role?: Role }
  /** `from` and `to` are the first positions of the run, before and after. */
  | { readonly kind: 'kept'; readonly count: number; readonly from: number; readonly to: number };

export interface ChainDifference {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  readonly rows: readonly DifferenceRow[];
}

interface Listed {
  readonly rule: string;
  readonly role?: Role;
}

/** The chains that differ, IPv4 first, in the order of the tables. */
export function rulesDifference(before: SidecarRules, after: SidecarRules): readonly ChainDifference[] {
  return (['v4', 'v6'] as const).flatMap((family) => {
    const one = chainsOf(before[family], before.roles);
    const other = chainsOf(after[family], after.roles);
    return [...new Set([...one.keys(), ...other.keys()])]
      .sort(inOrder)
      .flatMap((key): readonly ChainDifference[] => {
        const rows = fold(align(one.get(key) ?? [], other.get(key) ?? []));
        const [table = '', chain = ''] = key.split(' ');
        return rows.some(({ kind }) => kind !== 'kept') ? [{ family, table, chain, rows }] : [];
      });
  });
}

/** Tables by name; in each the built-in chains first, in the order in which a packet meets them. */
function inOrder(one: string, other: string): number {
  const rank = (key: string) => {
    const [table = '', chain = ''] = key.split(' ');
    const hook = (hooks as readonly string[]).indexOf(chain);
    return `${table} ${hook < 0 ? hooks.length : hook} ${chain}`;
  };
  return rank(one) < rank(other) ? -1 : 1;
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
    ...routingRules.map(({ fwmark, table }) => `ip rule add fwmark ${fwmark?.value} lookup ${table}`),
    ...routes.map(
      ({ destination, type, dev, table }) => `ip route add ${type} ${destination} dev ${dev} table ${table}`,
    ),
    ...addresses.map(({ address, interface: dev }) => `ip address add ${address} dev ${dev}`),
  ];
}

function chainsOf(
  ruleset: Ruleset | null,
  roles: readonly PlacedRole[],
): ReadonlyMap<string, readonly Listed[]> {
  if (ruleset === null) return new Map();
  const { family } = ruleset;
  return new Map(
    ruleset.tables.flatMap(({ name, chains }) =>
      chains
        .filter(({ rules }) => rules.length > 0)
        .map(
          (chain) =>
            [
              `${name} ${chain.name}`,
              chain.rules.map((rule, index): Listed => {
                const placed = roles.find(
                  (one) =>
                    one.family === family &&
                    one.table === name &&
                    one.chain === chain.name &&
                    one.position === index + 1,
                );
                return {
                  rule: printRule(family, rule),
                  ...(placed === undefined ? {} : { role: placed.role }),
                };
              }),
            ] as const,
        ),
    ),
  );
}

type Aligned = { readonly kind: 'gone' | 'come' | 'kept'; readonly at: number; readonly to: number } & Listed;

/** By the longest common sequence of rules. */
function align(before: readonly Listed[], after: readonly Listed[]): readonly Aligned[] {
  const longest = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  const cell = (i: number, j: number) => longest[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const same = before[i]?.rule === after[j]?.rule;
      (longest[i] as number[])[j] = same ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  const rows: Aligned[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const one = before[i];
    const other = after[j];
    if (one !== undefined && other !== undefined && one.rule === other.rule) {
      rows.push({ kind: 'kept', at: ++i, to: ++j, ...other });
    } else if (one !== undefined && (other === undefined || cell(i + 1, j) >= cell(i, j + 1))) {
      rows.push({ kind: 'gone', at: ++i, to: j, ...one });
    } else if (other !== undefined) {
      rows.push({ kind: 'come', at: i, to: ++j, ...other });
    }
  }
  return rows;
}

function fold(aligned: readonly Aligned[]): readonly DifferenceRow[] {
  const rows: DifferenceRow[] = [];
  for (const { kind, at, to, rule, role } of aligned) {
    const last = rows.at(-1);
    if (kind !== 'kept') {
      rows.push({ kind, position: kind === 'gone' ? at : to, rule, ...(role === undefined ? {} : { role }) });
    } else if (last?.kind === 'kept') {
      rows[rows.length - 1] = { ...last, count: last.count + 1 };
    } else {
      rows.push({ kind: 'kept', count: 1, from: at, to });
    }
  }
  return rows;
}

/** `4 rules stay`, `Rules 5 to 9 stay, and are now 6 to 10`. */
export function keptWords({ count, from, to }: Extract<DifferenceRow, { kind: 'kept' }>): string {
  const span = (first: number) =>
    count === 1 ? `${first}` : `${first} ${count === 2 ? 'and' : 'to'} ${first + count - 1}`;
  const rules = count === 1 ? 'Rule' : 'Rules';
  if (from === to) return `${rules} ${span(from)} ${count === 1 ? 'stays' : 'stay'}`;
  return `${rules} ${span(from)} ${count === 1 ? 'is' : 'are'} now ${span(to)}`;
}

/** Two differences that say the same, wherever they stand. */
export function sameDifference(one: readonly ChainDifference[], other: readonly ChainDifference[]): boolean {
  const changed = (all: readonly ChainDifference[]) =>
    JSON.stringify(
      all.map(({ family, table, chain, rows }) => [
        [family, table, chain],
        rows.flatMap((row) => (row.kind === 'kept' ? [] : [[row.kind, row.rule]])),
      ]),
    );
  return changed(one) === changed(other);
}
