/** Rules that can match nothing here, though they could in the pod as Istio sets it up. */
import { isBuiltIn, printRule, type Rule, type Ruleset, ruleCount } from '../../netfilter/index.ts';
import { chainCalled, type RulePlace, ruleAt, ruleTextAt } from '../rule-parts.ts';
import { unmatchable } from '../ways/index.ts';
import { differences } from './differences.ts';
import type { ExaminedRules, FindingOf, NamedRule } from './finding.ts';
import { meshes } from './meshes.ts';

export type UnreachableFinding =
  /** The first rule of a chain that no rule jumps to. */
  | FindingOf<'rule.never-asked', NamedRule>
  | FindingOf<
      'rule.unreachable',
      NamedRule & {
        /** Positions in its chain whose rules take what it would match. */
        readonly by: readonly number[];
        /** Other rules are wrong, too, and it may be a consequence of them. */
        readonly follows: boolean;
      }
    >;

/** Larger rulesets are not looked through. */
const mostRules = 3000;
const mostFindings = 8;
/** More rules that take what another would match are not named. */
const mostTaking = 3;

export function unreachable(examined: ExaminedRules): readonly UnreachableFinding[] {
  const { ruleset, identification } = examined;
  // Behind another mesh nothing is reached, which is said once.
  if (identification === null || meshes(examined).length > 0 || ruleCount(ruleset) > mostRules) return [];
  const usual = new Set((unmatchable(identification.expected) ?? []).map(keyIn(identification.expected)));
  const key = keyIn(ruleset);
  const isRepeated = repeatedIn(ruleset);
  const dead = (unmatchable(ruleset) ?? []).filter((one) => !usual.has(key(one)) && !isRepeated(one));
  if (dead.length === 0) return [];
  const follows = differences(examined).length > 0;
  const called = calledChains(ruleset);
  const uncalled = new Set<string>();
  return dead
    .flatMap(({ table, chain, position, coveredBy }): readonly UnreachableFinding[] => {
      const place = { table, chain, position };
      const named = { place, rule: ruleTextAt(ruleset, place) };
      if (isBuiltIn(table, chain) || called.has(`${table} ${chain}`))
        return [
          {
            id: 'rule.unreachable',
            weight: 'doubtful',
            ...named,
            by: coveredBy.slice(0, mostTaking),
            follows,
          },
        ];
      if (uncalled.has(chain)) return [];
      uncalled.add(chain);
      return [{ id: 'rule.never-asked', weight: 'doubtful', ...named }];
    })
    .slice(0, mostFindings);
}

function calledChains({ tables }: Ruleset): ReadonlySet<string> {
  return new Set(
    tables.flatMap(({ name, chains }) =>
      chains.flatMap(({ rules }) =>
        rules.flatMap((rule) => {
          const chain = chainCalled(rule);
          return chain === null ? [] : [`${name} ${chain}`];
        }),
      ),
    ),
  );
}

/** Whether a rule is the same as one before it: that it was programmed twice is said elsewhere. */
function repeatedIn(ruleset: Ruleset): (place: RulePlace) => boolean {
  const repeated = new Set<Rule>();
  for (const { chains } of ruleset.tables) {
    for (const { rules } of chains) {
      const texts = new Set<string>();
      for (const rule of rules) {
        const text = printRule(ruleset.family, rule);
        if (texts.has(text)) repeated.add(rule);
        texts.add(text);
      }
    }
  }
  return (place) => {
    const rule = ruleAt(ruleset, place);
    return rule !== undefined && repeated.has(rule);
  };
}

/** The same rule in the same chain, wherever in it. */
function keyIn(ruleset: Ruleset): (place: RulePlace) => string {
  return (place) => `${place.table} ${place.chain} ${ruleTextAt(ruleset, place)}`;
}
