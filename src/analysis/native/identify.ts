/** Which releases of Istio, with which options, would have programmed a sidecar's native rules; or the nearest. */
import { isUnseen, patchesApart, releases, rulesFor, type SidecarRules } from '../../istio/index.ts';
import type { NftChain, NftRule, NftRuleset, NftTable } from '../../netfilter/index.ts';
import { type DifferenceRow, rowsBetween } from '../difference.ts';
import { byOptions, costOf, differenceCost, type RulesOrigin } from '../identify.ts';
import { compareNearest, distinct } from '../nearest.ts';
import { hasNativeIstio, isIstioTable } from './facts.ts';
import { inferNativeOptions } from './infer.ts';
import { listedText } from './listed.ts';

/** Where a chain differs from Istio's. */
export interface NativeDifference {
  readonly family: 'inet';
  /** `istio-proxy-nat` */
  readonly table: string;
  readonly chain: string;
  readonly rows: readonly DifferenceRow[];
}

/** A rule that only one of the two has. */
export interface NativeRuleDifference {
  readonly table: string;
  readonly chain: string;
  /** In the ruleset that has it, from 1. */
  readonly position: number;
  readonly rule: string;
}

export interface NativeIdentification extends RulesOrigin {
  /** Every other origin that comes as near. */
  readonly others: readonly RulesOrigin[];
  /** Istio's and not there. */
  readonly missing: readonly NativeRuleDifference[];
  /** There and not Istio's, or not in place. */
  readonly foreign: readonly NativeRuleDifference[];
  /** From Istio's rules to these. */
  readonly chains: readonly NativeDifference[];
  /** What the newest of the releases would program. */
  readonly expected: NftRuleset;
  readonly roles: SidecarRules['nativeRoles'];
}

interface Compared {
  readonly release: string;
  readonly options: RulesOrigin['options'];
  readonly placed: SidecarRules;
  readonly chains: readonly NativeDifference[];
  readonly cost: number;
}

/** Compares Istio's own tables with those of each release that has native rules. Null where no table is a sidecar's. */
export function identifyNative(ruleset: NftRuleset): NativeIdentification | null {
  if (!hasNativeIstio(ruleset)) return null;
  const own: NftRuleset = { tables: ruleset.tables.filter(isIstioTable) };
  const { likely, unusual } = inferNativeOptions(own);
  const compared = comparedSets(likely, unusual, own);
  const least = Math.min(...compared.map(({ cost }) => cost));
  const all = compared.filter(({ cost }) => cost === least);
  // A patch is told of only where its minor would not have made them.
  const nearest = all.filter(({ release }) => !all.some((other) => release.startsWith(`${other.release}.`)));
  const [origin, ...others] = byOptions(nearest);
  const best = nearest.findLast(({ options }) => JSON.stringify(options) === JSON.stringify(origin?.options));
  if (origin === undefined || best?.placed.nft == null) return null;
  return {
    ...origin,
    others,
    missing: differing(best.chains, 'gone'),
    foreign: differing(best.chains, 'come'),
    chains: best.chains,
    expected: best.placed.nft,
    roles: best.placed.nativeRoles,
  };
}

const tellable = [...releases.map(({ name }) => name), ...patchesApart].filter((name) => !isUnseen(name));

/** Those that can be nearest; of the unusual sets those that make exactly these rules, where none of the likely ones does. */
function comparedSets(
  likely: readonly RulesOrigin['options'][],
  unusual: readonly RulesOrigin['options'][],
  own: NftRuleset,
): readonly Compared[] {
  const known = new Map<string, readonly NativeDifference[]>();
  const compare = (options: RulesOrigin['options']) => comparedUnder(options, own, known);
  const floorOf = (options: RulesOrigin['options']) => costOf(options, true);
  const { compared, least, leftOut } = compareNearest(distinct(likely), floorOf, compare);
  if (compared.some(isExact)) return compared;
  const more = compareNearest(distinct(unusual), floorOf, compare, least).compared.filter(isExact);
  const isDecided = more.every(({ cost }) => cost > least) || leftOut.flatMap(compare).some(isExact);
  return isDecided ? compared : [...compared, ...more];
}

function isExact({ chains }: Compared): boolean {
  return chains.length === 0;
}

/** The rules of each release that has native ones, under one set; `known` are differences by the text they are from. */
function comparedUnder(
  options: RulesOrigin['options'],
  own: NftRuleset,
  known: Map<string, readonly NativeDifference[]>,
): readonly Compared[] {
  return tellable.flatMap((name): readonly Compared[] => {
    const placed = rulesFor(name, { ...options, nativeNftables: true });
    const { nft, text } = placed;
    if (nft === null || text.nft === null) return [];
    const chains = known.get(text.nft) ?? nativeDifferences(nft, own);
    known.set(text.nft, chains);
    const count = differing(chains).length;
    const cost = differenceCost * count + costOf(options, count === 0);
    return [{ release: name, options: { ...options, nativeNftables: true }, placed, chains, cost }];
  });
}

/** The chains that differ; counters' numbers, handles, and how a value is written make no difference. */
export function nativeDifferences(
  a: NftRuleset,
  b: NftRuleset,
  textOf: (rule: NftRule) => string = listedText,
): readonly NativeDifference[] {
  const names = [...new Set([...a.tables, ...b.tables].map(({ name }) => name))];
  return names.flatMap((table) => {
    const [left, right] = [nftTableNamed(a, table), nftTableNamed(b, table)];
    const chains = [...new Set([...(left?.chains ?? []), ...(right?.chains ?? [])].map(({ name }) => name))];
    return chains.flatMap((chain): readonly NativeDifference[] => {
      const rows = rowsBetween(textsOf(left, chain, textOf), textsOf(right, chain, textOf));
      const isSame = rows.every(({ kind }) => kind === 'kept');
      return isSame ? [] : [{ family: 'inet', table, chain, rows }];
    });
  });
}

function differing(
  chains: readonly NativeDifference[],
  only?: 'gone' | 'come',
): readonly NativeRuleDifference[] {
  return chains.flatMap(({ table, chain, rows }) =>
    rows.flatMap((row): readonly NativeRuleDifference[] =>
      row.kind === 'kept' || (only !== undefined && row.kind !== only)
        ? []
        : [{ table, chain, position: row.position, rule: row.rule }],
    ),
  );
}

export function nftTableNamed({ tables }: NftRuleset, name: string): NftTable | undefined {
  return tables.find((table) => table.family === 'inet' && table.name === name);
}

export function nftChainNamed(ruleset: NftRuleset, table: string, name: string): NftChain | undefined {
  return nftTableNamed(ruleset, table)?.chains.find((chain) => chain.name === name);
}

function textsOf(
  table: NftTable | undefined,
  name: string,
  textOf: (rule: NftRule) => string,
): readonly string[] {
  return (table?.chains.find((chain) => chain.name === name)?.rules ?? []).map(textOf);
}
