/**
 * Two sides of which one at least is of native nftables. Rules of one language are compared as they stand. Of two languages
 * the pairs of Istio's own builder tell: what it would have written in iptables for the release and the options of the
 * native rules is compared with what the other side has.
 */
import {
  type ChainDifference,
  chainDifferences,
  identifyNative,
  type NativeDifference,
  nativeDifferences,
} from '../../analysis/index.ts';
import { rulesFor } from '../../istio/index.ts';
import type { Family, NftRuleset, Ruleset } from '../../netfilter/index.ts';

export type ComparedRules =
  | { readonly nft: NftRuleset }
  | { readonly nft: null; readonly rulesets: Readonly<Record<Family, Ruleset | null>> };

/** From A to B. */
export function nativeComparison(
  a: ComparedRules,
  b: ComparedRules,
): readonly (ChainDifference | NativeDifference)[] {
  if (a.nft !== null && b.nft !== null) return nativeDifferences(a.nft, b.nft);
  if (a.nft !== null && b.nft === null) return fromNative(a.nft, b.rulesets);
  if (a.nft === null && b.nft !== null) return fromNative(b.nft, a.rulesets).map(turned);
  return [];
}

/** Where the native rules are not Istio's own, then where the others are not the twin of those. */
function fromNative(
  nft: NftRuleset,
  rulesets: Readonly<Record<Family, Ruleset | null>>,
): readonly (ChainDifference | NativeDifference)[] {
  const identification = identifyNative(nft);
  if (identification === null) return [];
  const { releases, options, chains } = identification;
  const { nativeNftables, ...inIptables } = options;
  const twin = rulesFor(releases.at(-1) ?? '', inIptables);
  return [
    // What only the native side has is A's.
    ...chains.map(turned),
    ...(['v4', 'v6'] as const).flatMap((family) => {
      const none: Ruleset = { family, tables: [] };
      return chainDifferences(twin[family] ?? none, rulesets[family] ?? none);
    }),
  ];
}

/** The same from the other side. */
function turned<Chain extends Pick<ChainDifference, 'rows'>>(chain: Chain): Chain {
  const rows = chain.rows.map((row) =>
    row.kind === 'kept'
      ? { ...row, from: row.to, to: row.from }
      : { ...row, kind: row.kind === 'gone' ? ('come' as const) : ('gone' as const) },
  );
  return { ...chain, rows };
}
