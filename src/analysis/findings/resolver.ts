/** DNS is captured on its way to certain servers, which were in resolv.conf when the rules were made. */
import { familyOf, printRule, type Rule, type Ruleset } from '../../netfilter/index.ts';
import { asksFor, conditionsOf, verdictOf } from '../rule-parts.ts';
import type { Examined, ExaminedRules, FindingOf, NamedRule } from './finding.ts';

export type ResolverFinding = FindingOf<
  'resolver.past-agent',
  NamedRule & {
    /** The servers whose queries are captured. */
    readonly captured: readonly string[];
    /** Those of resolv.conf that are none of these. */
    readonly past: readonly string[];
  }
>;

export function resolver({ families, servers }: Examined): readonly ResolverFinding[] {
  return families.flatMap((one) => resolverOf(one, servers));
}

function resolverOf(
  { ruleset, identification }: ExaminedRules,
  servers: readonly string[],
): readonly ResolverFinding[] {
  const { family } = ruleset;
  const { captureAllDNS, dnsServersV4, dnsServersV6 } = identification?.options ?? {};
  const captured = family === 'v4' ? dnsServersV4 : dnsServersV6;
  const own = servers.filter((server) => familyOf(server) === family && !server.startsWith('127.'));
  if (captureAllDNS === true || captured === undefined) return [];
  const past = own.filter((server) => !captured.includes(server));
  const named = redirectOfDns(ruleset);
  if (past.length === 0 || named === null) return [];
  return [{ id: 'resolver.past-agent', weight: 'wrong', ...named, captured, past }];
}

/** The first rule that captures DNS on its way to one server. */
function redirectOfDns({ family, tables }: Ruleset): NamedRule | null {
  for (const { name: table, chains } of tables) {
    for (const { name: chain, rules } of chains) {
      const at = rules.findIndex(redirectsDns);
      const rule = rules[at];
      if (rule !== undefined)
        return { place: { table, chain, position: at + 1 }, rule: printRule(family, rule) };
    }
  }
  return null;
}

function redirectsDns(rule: Rule): boolean {
  const conditions = conditionsOf(rule);
  return (
    verdictOf(rule) === 'REDIRECT' &&
    conditions.some(({ name, negated }) => name === '-d' && !negated) &&
    conditions.some((one) => asksFor(one, '--dport', 53))
  );
}
