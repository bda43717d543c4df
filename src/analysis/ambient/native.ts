/** The rules of ambient mode in native nftables, as the kernel's own nft lists them. */
import type { NftRule, NftRuleset, NftTable } from '../../netfilter/index.ts';
import { listedText } from '../native/index.ts';

/** Istio's tables of ambient mode. Source: cni/pkg/nftables. */
export function ofAmbient({ tables }: NftRuleset): readonly NftTable[] {
  return tables.filter(
    ({ family, name }) => family === 'inet' && /^istio-ambient-(?:nat|mangle|raw)$/.test(name),
  );
}

/**
 * A rule in one spelling: nft lists marks with eight digits, folds what a mark keeps into what it is set to, and names the
 * family of an address.
 */
export function asListed(rule: NftRule): string {
  return listedText(rule)
    .replaceAll(/0x0*(?=[\da-f])/g, '0x')
    .replace(/(ct mark set ct mark &) 0xfffff[\da-f]{3}/, '$1 0xfffff000')
    .replace(/ snat ip6? to/, ' snat to');
}
