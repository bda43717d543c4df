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
  /** The first condition, where it is a plain one: it alone decides about most rules of a large ruleset. */
  readonly first: KnownOption | null;
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

/** All that a packet is asked for one option, in one object: most of the time of a large ruleset goes by here. */
interface KnownOption {
  readonly condition: Condition;
  readonly name: string;
  readonly negated: boolean;
  /** Null: the match has no such option. */
  readonly test: ((situation: Situation) => Tested) | null;
  readonly field: MatchOptionForm['field'] | null;
  readonly wanted: unknown;
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
      options: match.options.map((option) => {
        const form = known?.forms.byName.get(option.name) as MatchOptionForm | undefined;
        return knownOption({ match, option }, option, form, family);
      }),
    };
  });
  const first = matches[0]?.isPlain ? (matches[0].options[0] ?? null) : null;
  return { rule, matches, first };
}

function knownOption(
  condition: Condition,
  { name, negated, value }: Option,
  form: MatchOptionForm | undefined,
  family: Family,
): KnownOption {
  return {
    condition,
    name,
    negated,
    test: form?.test(value, family) ?? null,
    field: form?.field ?? null,
    wanted: form?.wanted === undefined ? value : form.wanted(value, family),
  };
}

/** Why a condition does not hold; null where it holds, where that cannot be told, and where no test is known. */
export function missOf(known: KnownOption, situation: Situation): ConditionReason | null {
  const tested = known.test?.(situation);
  return tested !== undefined && holdsOf(tested, known) === false ? reasonOf(known, tested, false) : null;
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
export function firstOpen(known: KnownMatch, situation: Situation): TestedRule | null {
  const whole = known.isPlain ? null : testWhole(known, situation);
  if (whole !== null) {
    if (whole.code === 'holds') return null;
    return { matched: whole.code === 'fails' ? false : null, reason: whole, failed: known.condition };
  }
  let unknown: TestedRule | null = null;
  for (const one of known.options) {
    const { test, name: option, condition } = one;
    if (test === null) {
      unknown ??= { matched: null, reason: { code: 'unknown option', option }, failed: condition };
      continue;
    }
    const tested = test(situation);
    const holds = holdsOf(tested, one);
    if (holds === true) continue;
    const open = { matched: holds, reason: reasonOf(one, tested, holds), failed: condition };
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
    if (one.test === null || one.field === 'comment') return [];
    return [reasonOf(one, one.test(situation), true)];
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

function holdsOf(tested: Tested, { negated }: KnownOption): boolean | null {
  return tested.holds === null || tested.isFinal ? tested.holds : tested.holds !== negated;
}

function reasonOf(
  { field, wanted, negated }: KnownOption,
  { found }: Tested,
  holds: boolean | null,
): ConditionReason {
  const code = holds === null ? 'not told' : holds ? 'holds' : 'fails';
  return { code, field, found: found ?? null, wanted, negated } as ConditionReason;
}
