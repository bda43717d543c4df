/**
 * Which rules of a long chain a packet may match: an index by the field that most of them ask for one value of. A rule
 * that is left out asks for another value, and fails whatever else it asks.
 */
import { knownMatch } from '../iptables/catalogue.ts';
import type { MatchOptionForm } from '../iptables/extension.ts';
import type { Family, Rule } from '../model/ruleset.ts';

const fields = ['destination', 'source', 'destinationPort'] as const;
export type IndexField = (typeof fields)[number];

export interface ChainIndex {
  readonly field: IndexField;
  /** Places of rules, counted from 0, by the value that they ask for. */
  readonly exact: ReadonlyMap<bigint, readonly number[]>;
  /** Places of those that have to be asked of every packet. */
  readonly others: readonly number[];
}

/** Shorter chains are asked rule by rule. */
const shortest = 16;

/** Null where an index would spare little. */
export function chainIndex(rules: readonly Rule[], family: Family): ChainIndex | null {
  if (rules.length < shortest) return null;
  const indexes = fields.map((field) => indexBy(field, rules, family));
  const best = indexes.reduce((one, other) => (other.others.length < one.others.length ? other : one));
  return best.others.length * 2 > rules.length ? null : best;
}

function indexBy(field: IndexField, rules: readonly Rule[], family: Family): ChainIndex {
  const exact = new Map<bigint, number[]>();
  const others: number[] = [];
  for (const [at, rule] of rules.entries()) {
    const value = valueAskedFor(field, rule, family);
    if (value === null) others.push(at);
    else exact.set(value, [...(exact.get(value) ?? []), at]);
  }
  return { field, exact, others };
}

/** The one value that a rule asks for; null where it takes several, or all but some. */
function valueAskedFor(field: IndexField, { matches, unread }: Rule, family: Family): bigint | null {
  if (unread !== undefined) return null;
  for (const { extension, options } of matches) {
    const known = knownMatch(extension, family);
    // A match that is judged as a whole may hold although one of its options does not.
    if (known === undefined) continue;
    const { testFirst, hooks } = known.extension;
    if (testFirst !== undefined || hooks !== undefined) continue;
    for (const { name, negated, value } of options) {
      const accepts = (known.forms.byName.get(name) as MatchOptionForm | undefined)?.accepts;
      if (negated || accepts?.dimension.field !== field) continue;
      const intervals = accepts.intervals(value as never);
      const [only] = intervals;
      if (intervals.length === 1 && only !== undefined && only[0] === only[1]) return only[0];
    }
  }
  return null;
}

/** The places that are to be asked, in order. */
export function placesFor({ exact, others }: ChainIndex, value: bigint | null): readonly number[] {
  const own = value === null ? undefined : exact.get(value);
  if (own === undefined) return others;
  const places: number[] = [];
  let [i, j] = [0, 0];
  while (i < own.length || j < others.length) {
    const [one, other] = [own[i] ?? Number.POSITIVE_INFINITY, others[j] ?? Number.POSITIVE_INFINITY];
    if (one < other) i++;
    else j++;
    places.push(Math.min(one, other));
  }
  return places;
}
