/** The same rule twice in a chain: it was programmed twice, and the second never decides. */
import { printRule } from '../../netfilter/index.ts';
import { isIstioChain } from '../identify.ts';
import type { ExaminedRules, FindingOf, NamedRule } from './finding.ts';

/** A rule, and the position of the same one before it. */
interface Repeated extends NamedRule {
  readonly same: number;
}

export type DuplicateFinding =
  | FindingOf<'rule.twice', Repeated>
  /** Too many to be named one by one. */
  | FindingOf<'rules.twice', { readonly count: number; readonly first: Repeated }>;

/** More repeated rules than these are counted. */
const mostNamed = 3;
/** Longer chains are not Istio's. */
const mostRules = 2000;

export function duplicates({ ruleset, identification }: ExaminedRules): readonly DuplicateFinding[] {
  if (identification === null) return [];
  const found = ruleset.tables.flatMap(({ name: table, chains }) =>
    chains
      // Others repeat themselves on purpose.
      .filter((chain) => chain.policy !== null || isIstioChain(chain))
      .filter(({ rules }) => rules.length <= mostRules)
      .flatMap(({ name, rules }) => {
        const seen = new Map<string, number>();
        return rules.flatMap((one, index): readonly Repeated[] => {
          const rule = printRule(ruleset.family, one);
          const [position, same] = [index + 1, seen.get(rule)];
          if (same !== undefined) return [{ place: { table, chain: name, position }, rule, same }];
          seen.set(rule, position);
          return [];
        });
      }),
  );
  const [first] = found;
  if (first !== undefined && found.length > mostNamed)
    return [{ id: 'rules.twice', weight: 'doubtful', count: found.length, first, place: first.place }];
  return found.map((one) => ({ id: 'rule.twice', weight: 'doubtful', ...one }));
}
