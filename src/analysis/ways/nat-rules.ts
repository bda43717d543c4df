/** The rules that nat alone asks, of both languages: those that only first packets of connections meet. */
import type { Family, Host, NftTable, TableRef } from '../../netfilter/index.ts';

export interface NatRule {
  /** Whose packets it is asked about; a rule of a table inet about those of both. */
  readonly families: readonly Family[];
  readonly table: TableRef;
  readonly chain: string;
  readonly position: number;
}

export function natRules({ rulesets }: Host): readonly NatRule[] {
  const own = (['v4', 'v6'] as const).flatMap((family) =>
    (rulesets[family]?.tables ?? [])
      .filter(({ name }) => name === 'nat')
      .flatMap(({ chains }) => chains.flatMap((chain) => placed([family], 'nat', chain))),
  );
  const nft = (rulesets.nft?.tables ?? []).flatMap((table) => {
    const families = familiesOf[table.family];
    if (families === undefined) return [];
    const elsewhere = askedElsewhere(table);
    return table.chains
      .filter(({ name }) => !elsewhere.has(name))
      .flatMap((chain) => placed(families, `${table.family} ${table.name}`, chain));
  });
  return [...own, ...nft];
}

const familiesOf: Readonly<Partial<Record<NftTable['family'], readonly Family[]>>> = {
  ip: ['v4'],
  ip6: ['v6'],
  inet: ['v4', 'v6'],
};

function placed(
  families: readonly Family[],
  table: TableRef,
  { name, rules }: { readonly name: string; readonly rules: readonly unknown[] },
): readonly NatRule[] {
  return rules.map((_, at) => ({ families, table, chain: name, position: at + 1 }));
}

/** Chains that some other hook than one of nat comes to. */
function askedElsewhere({ chains, sets }: NftTable): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = chains
    .filter(({ base }) => base !== undefined && base.type !== 'nat')
    .map(({ name }) => name);
  const byMap = sets.flatMap(({ elements }) => elements.flatMap(({ data }) => chainOfVerdict(data)));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    for (const { statements } of chains.find(({ name }) => name === next)?.rules ?? [])
      for (const statement of statements) {
        if (statement.kind === 'verdict') waiting.push(...chainOfVerdict(statement.verdict));
        if (statement.kind !== 'vmap') continue;
        if (statement.map.kind === 'set')
          waiting.push(...statement.map.elements.flatMap(({ data }) => chainOfVerdict(data)));
        else waiting.push(...byMap);
      }
  }
  return reached;
}

export function chainOfVerdict(data: object | undefined): readonly string[] {
  return data !== undefined && 'chain' in data ? [String(data.chain)] : [];
}
