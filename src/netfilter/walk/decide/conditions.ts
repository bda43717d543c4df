/** What of a rule's conditions the numbers of a packet decide. */
import { knownMatch } from '../../iptables/catalogue.ts';
import type { MatchOptionForm, Option } from '../../iptables/extension.ts';
import type { Family, Match, Rule } from '../../model/ruleset.ts';
import { addressNumber, numberedFields } from './numbers.ts';

/** The place of its field, the first and the last number, and 1 where these do not match. */
export type NumericCondition = readonly [place: number, first: number, last: number, isNegated: 0 | 1];

export interface NumericConditions {
  readonly numeric: readonly NumericCondition[];
  /** They are all that is asked. */
  readonly isWhole: boolean;
}

export function numericConditions({ matches, unread }: Rule, family: Family): NumericConditions {
  const all = matches.flatMap((match) => ofMatch(match, family));
  return {
    numeric: all.flatMap(({ numeric }) => numeric),
    isWhole: unread === undefined && all.every(({ isWhole }) => isWhole),
  };
}

const notNumeric: NumericConditions = { numeric: [], isWhole: false };

function ofMatch({ extension, options }: Match, family: Family): readonly NumericConditions[] {
  const known = knownMatch(extension, family);
  // A match that is judged as a whole may hold although one of its options does not.
  if (known === undefined || known.extension.testFirst !== undefined || known.extension.hooks !== undefined)
    return [notNumeric];
  return options.flatMap((option) => {
    const form = known.forms.byName.get(option.name) as MatchOptionForm | undefined;
    if (form === undefined) return [notNumeric];
    return form.field === 'comment' ? [] : [ofOption(option, form, family)];
  });
}

function ofOption({ negated, value }: Option, form: MatchOptionForm, family: Family): NumericConditions {
  const place = (numberedFields as readonly string[]).indexOf(form.field);
  const [interval, ...more] = form.accepts?.intervals(value as never) ?? [];
  if (place < 0 || interval === undefined || more.length > 0) return notNumeric;
  const [first, last] = interval;
  const isNegated = negated ? 1 : 0;
  if (form.field !== 'source' && form.field !== 'destination')
    return { numeric: [[place, Number(first), Number(last), isNegated]], isWhole: true };
  const isWhole = family === 'v4';
  if (!isWhole && (negated || first !== last)) return notNumeric;
  const [from, to] = [addressNumber(first, family), addressNumber(last, family)];
  return { numeric: [[place, from, to, isNegated]], isWhole };
}
