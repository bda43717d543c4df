/**
 * Whether a rule matches, and why.
 */
import { knownMatch } from '../iptables/catalogue.ts';
import type { MatchExtension, MatchOptionForm } from '../iptables/extension.ts';
import type { Situation, Tested } from '../iptables/situation.ts';
import type { ConditionReason, RuleReason } from '../model/rule-reason.ts';
import type { Condition, Family, Match, Option, Rule } from '../model/ruleset.ts';

export interface TestedRule {
  /** Null: a condition depends on something that the engine was not told. */
  readonly matched: boolean | null;
  readonly reason: RuleReason;
  /** The condition that decided against it, or that could not be told. */
  readonly failed?: Condition;
}

/** A rule with what is known of its conditions, found once: a dump has tens of thousands, each asked by every packet. */
export interface KnownRule {
  readonly rule: Rule;
  readonly matches: readonly KnownMatch[];
}

interface KnownMatch {
  /** The whole match as a condition. */
  readonly condition: Condition;
  readonly match: Match;
  readonly extension: MatchExtension | undefined;
  /** Whether the match is simply each of its options. */
  readonly isPlain: boolean;
  readonly options: readonly KnownOption[];
}

interface KnownOption {
  readonly condition: Condition;
  readonly option: Option;
  readonly form: MatchOptionForm | undefined;
  /** Made when the option is first asked. */
  asked?: { readonly test: (situation: Situation) => Tested; readonly wanted: unknown };
}

export function knownRule(rule: Rule, family: Family): KnownRule {
  const matches = rule.matches.map((match): KnownMatch => {
    const known = knownMatch(match.extension, family);
    const extension = known?.extension;
    return {
      condition: { match },
      match,
      extension,
      isPlain: extension !== undefined && extension.hooks === undefined && extension.testFirst === undefined,
      options: match.options.map((option) => ({
        condition: { match, option },
        option,
        form: known?.forms.byName.get(option.name) as MatchOptionForm | undefined,
      })),
    };
  });
  return { rule, matches };
}

/** A rule matches when all its conditions hold; the first that fails is the reason, as the kernel asks in order. */
export function testRule({ rule, matches }: KnownRule, situation: Situation): TestedRule {
  let unknown: TestedRule | null = null;
  for (const match of matches) {
    const open = firstOpen(match, situation);
    if (open === null) continue;
    if (open.matched === false) return open;
    unknown ??= open;
  }
  if (rule.unread !== undefined)
    return { matched: null, reason: { code: 'not read' }, failed: { unread: rule.unread } };
  if (unknown !== null) return unknown;
  const reasons = matches.flatMap((match) => reasonsOf(match, situation));
  return {
    matched: true,
    reason: reasons.length === 0 ? { code: 'no condition' } : { code: 'all hold', of: reasons },
  };
}

/** Of one match, the condition that does not hold, or else the first that cannot be told; null where all hold. */
function firstOpen(known: KnownMatch, situation: Situation): TestedRule | null {
  const whole = known.isPlain ? null : testWhole(known, situation);
  if (whole !== null) {
    if (whole.code === 'holds') return null;
    return { matched: whole.code === 'fails' ? false : null, reason: whole, failed: known.condition };
  }
  let unknown: TestedRule | null = null;
  for (const one of known.options) {
    const { form, option, condition } = one;
    if (form === undefined) {
      unknown ??= {
        matched: null,
        reason: { code: 'unknown option', option: option.name },
        failed: condition,
      };
      continue;
    }
    const tested = askedOf(one, form, situation).test(situation);
    const holds = holdsOf(tested, option);
    if (holds === true) continue;
    const open = { matched: holds, reason: reasonOf(one, form, tested, holds), failed: condition };
    if (holds === false) return open;
    unknown ??= open;
  }
  return unknown;
}

/** Why all the conditions of a match hold. */
function reasonsOf(known: KnownMatch, situation: Situation): readonly ConditionReason[] {
  const whole = known.isPlain ? null : testWhole(known, situation);
  if (whole !== null) return [whole as ConditionReason];
  return known.options.flatMap((one) => {
    const { form } = one;
    if (form === undefined || form.field === 'comment') return [];
    return [reasonOf(one, form, askedOf(one, form, situation).test(situation), true)];
  });
}

/** A match that is not simply each of its options; null where it is after all. */
function testWhole({ match, extension }: KnownMatch, situation: Situation): RuleReason | null {
  if (extension === undefined) return { code: 'unknown match', match: match.extension };
  const { hooks } = extension;
  if (hooks?.includes(situation.hook) === false)
    return { code: 'not at this hook', match: match.extension, hooks };
  return extension.testFirst?.(match.options, situation) ?? null;
}

function askedOf(known: KnownOption, form: MatchOptionForm, { family }: Situation) {
  const { value } = known.option;
  known.asked ??= {
    test: form.test(value, family),
    wanted: form.wanted === undefined ? value : form.wanted(value, family),
  };
  return known.asked;
}

function holdsOf(tested: Tested, option: Option): boolean | null {
  return tested.holds === null || tested.isFinal ? tested.holds : tested.holds !== option.negated;
}

function reasonOf(
  { option, asked }: KnownOption,
  form: MatchOptionForm,
  { found }: Tested,
  holds: boolean | null,
): ConditionReason {
  return {
    code: holds === null ? 'not told' : holds ? 'holds' : 'fails',
    field: form.field,
    found: found ?? null,
    wanted: asked?.wanted,
    negated: option.negated,
  } as ConditionReason;
}
