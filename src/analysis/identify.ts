/**
 * Which release of Istio would have programmed a ruleset.
 */
import { releases, rulesFor } from '../istio/index.ts';
import type { Chain, Ruleset } from '../netfilter/index.ts';
import { difference, type RuleDifference } from './difference.ts';

export interface Identification {
  /** The releases whose rules come nearest, oldest first. */
  readonly releases: readonly string[];
  /** `missing` are Istio's and not there, `foreign` are there and not Istio's. Both empty: exactly those rules. */
  readonly missing: readonly RuleDifference[];
  readonly foreign: readonly RuleDifference[];
}

/**
 * Compares a pod's rules with those of each release under its default options, and gives the nearest. Rules in
 * chains that are not Istio's count only where Istio has rules of its own. Null where no chain is Istio's.
 */
export function identify(ruleset: Ruleset): Identification | null {
  const own = istioPart(ruleset);
  if (!own.tables.some(({ chains }) => chains.some(isIstioChain))) return null;
  const compared = releases.map(({ name }) => {
    const rules = rulesFor(name, { enableIPv6: ruleset.family === 'v6' });
    const expected = ruleset.family === 'v4' ? rules.v4 : (rules.v6 ?? rules.v4);
    return { name, differences: difference(expected, own) };
  });
  const fewest = Math.min(...compared.map(({ differences }) => differences.length));
  const nearest = compared.filter(({ differences }) => differences.length === fewest);
  const differences = nearest[0]?.differences ?? [];
  return {
    releases: nearest.map(({ name }) => name),
    missing: differences.filter(({ only }) => only === 'a'),
    foreign: differences.filter(({ only }) => only === 'b'),
  };
}

function isIstioChain({ name }: Chain): boolean {
  return name.startsWith('ISTIO_');
}

/** Istio's chains, and the built-in ones of the tables that it uses. */
function istioPart(ruleset: Ruleset): Ruleset {
  const tables = ruleset.tables
    .filter(({ chains }) => chains.some(isIstioChain))
    .map((table) => ({
      ...table,
      chains: table.chains.filter((chain) => isIstioChain(chain) || chain.policy !== null),
    }));
  return { ...ruleset, tables };
}
