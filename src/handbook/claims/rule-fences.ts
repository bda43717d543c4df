/**
 * Rules that a page shows. A fence of the language `iptables` names a chain and holds its rules:
 *
 *     ```iptables ISTIO_OUTPUT release=1.17
 *     -A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
 *     ```
 *
 * One of the language `nft` holds rules of native nftables as Istio writes them: a chain, a table, or all.
 */
import { printNft, printRule } from '../../netfilter/index.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import { rulesUnder } from '../scenarios/rules-under.ts';
import type { NftQuestion, RulesQuestion } from './question.ts';

/** The rules of the chain, as `iptables-save` prints them; a text is what is wrong with the question. */
export function chainRules({ chain, table, change }: RulesQuestion): readonly string[] | string {
  const { v4 } = rulesUnder(change);
  const chains = v4.tables.find(({ name }) => name === table)?.chains ?? [];
  const found = chains.find(({ name }) => name === chain);
  if (found === undefined) {
    return unknown(
      `chain of ${table}`,
      chain,
      chains.map(({ name }) => name),
    );
  }
  return found.rules.map((rule) => `-A ${chain} ${printRule('v4', rule)}`);
}

/** The rules in the language of nft; a text is what is wrong with the question. */
export function nftLines({ table, chain, change }: NftQuestion): readonly string[] | string {
  const { nft } = rulesUnder(change);
  if (nft === null) return 'found rules of native nftables, which this release of Istio does not write';
  const own = nft.tables.filter(({ name }) => table === undefined || name === `istio-proxy-${table}`);
  const known = own.flatMap(({ chains }) => chains.map(({ name }) => name));
  if (own.length === 0) return `found table ${table}, in which Istio has no rule of native nftables here`;
  if (chain !== undefined && !known.includes(chain)) return unknown('chain', chain, [...new Set(known)]);
  const asked = own.flatMap((one) => {
    const chains = one.chains.filter(({ name }) => chain === undefined || name === chain);
    return chains.length === 0 ? [] : [{ ...one, chains }];
  });
  return printNft({ tables: chain === undefined ? asked : asked.slice(0, 1) })
    .trimEnd()
    .split('\n');
}
