/** The rules that nat alone asks, of both languages: those that only first packets of connections meet. */
import type { Family, Host, NftRule, NftStatement, NftTable, Rule, TableRef } from '../../netfilter/index.ts';

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

/** Whether no hook but OUTPUT leads to it: only what a process or the host itself sends comes there. */
export function isOfOutput({ rulesets }: Host, { families, table: place, chain }: NatRule): boolean {
  if (place === 'nat')
    return families.every((family) => {
      const chains = rulesets[family]?.tables.find(({ name }) => name === 'nat')?.chains ?? [];
      const leading = leadingTo(chain, chains, chainsOfRule);
      return ['PREROUTING', 'INPUT', 'POSTROUTING'].every((hook) => !leading.has(hook));
    });
  return (rulesets.nft?.tables ?? []).every((table) => {
    if (`${table.family} ${table.name}` !== place) return true;
    const leading = leadingTo(chain, table.chains, chainsOfNftRule(table));
    return table.chains.every(
      ({ name, base }) => base === undefined || base.hook === 'output' || !leading.has(name),
    );
  });
}

/** A chain with all that lead to it. */
export function leadingTo<R>(
  chain: string,
  chains: readonly { readonly name: string; readonly rules: readonly R[] }[],
  called: (rule: R) => readonly string[],
): ReadonlySet<string> {
  const found = new Set([chain]);
  for (;;) {
    const before = found.size;
    for (const { name, rules } of chains)
      if (!found.has(name) && rules.some((rule) => called(rule).some((one) => found.has(one))))
        found.add(name);
    if (found.size === before) return found;
  }
}

export function chainsOfRule({ target }: Rule): readonly string[] {
  return target?.kind === 'chain' ? [target.chain] : [];
}

export function chainsOfNftRule(table: NftTable): (rule: NftRule) => readonly string[] {
  return ({ statements }) => statements.flatMap((one) => chainsCalled(one, table));
}

function chainsCalled(statement: NftStatement, { sets }: NftTable): readonly string[] {
  if (statement.kind === 'verdict') return chainOfVerdict(statement.verdict);
  if (statement.kind !== 'vmap') return [];
  const { map } = statement;
  const elements =
    map.kind === 'set'
      ? map.elements
      : map.kind === 'named set'
        ? (sets.find(({ name }) => name === map.name)?.elements ?? [])
        : [];
  return elements.flatMap(({ data }) => chainOfVerdict(data));
}

export function chainOfVerdict(data: object | undefined): readonly string[] {
  return data !== undefined && 'chain' in data ? [String(data.chain)] : [];
}
