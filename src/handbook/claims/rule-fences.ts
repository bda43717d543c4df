/**
 * Rules that a page shows. A fence of the language `iptables` names a chain and holds its rules:
 *
 *     ```iptables ISTIO_OUTPUT release=1.17
 *     -A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
 *     ```
 */
import { printRule } from '../../netfilter/index.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import { rulesUnder } from '../scenarios/rules-under.ts';
import type { RulesQuestion } from './question.ts';

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
