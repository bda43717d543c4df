/**
 * Whether a rule matches, and why.
 */
import { knownMatch } from '../iptables/catalogue.ts';
import type { MatchExtension, MatchOptionForm } from '../iptables/extension.ts';
import { printCondition, printMatch } from '../iptables/print.ts';
import type { Finding, Situation } from '../iptables/situation.ts';
import type { Family, Match, Option, Rule } from '../model/ruleset.ts';

export interface Judgement {
  /** Null: a condition depends on something that the engine was not told. */
  readonly matched: boolean | null;
  readonly because: string;
  /** The condition that decided against it, or that could not be told. */
  readonly failed?: { readonly condition: string; readonly found: string };
}

/** A rule with what is known of its conditions, found once: a dump has tens of thousands, each asked by every packet. */
export interface KnownRule {
  readonly rule: Rule;
  readonly matches: readonly KnownMatch[];
}

interface KnownMatch {
  readonly match: Match;
  readonly extension: MatchExtension | undefined;
  /** Whether the match is simply each of its options. */
  readonly isPlain: boolean;
  readonly options: readonly KnownOption[];
}

interface KnownOption {
  readonly option: Option;
  readonly form: MatchOptionForm | undefined;
  /** Absent until the option first had to be explained. */
  words?: {
    /** As it is written. */
    readonly text: string;
    /** What stands behind "is" or "is not". */
    readonly relation: string;
    readonly isNot: string;
  };
}

export function knownRule(rule: Rule, family: Family): KnownRule {
  const matches = rule.matches.map((match): KnownMatch => {
    const known = knownMatch(match.extension, family);
    const extension = known?.extension;
    return {
      match,
      extension,
      isPlain: extension !== undefined && extension.hooks === undefined && extension.findFirst === undefined,
      options: match.options.map((option) => ({
        option,
        form: known?.forms.byName.get(option.name) as MatchOptionForm | undefined,
      })),
    };
  });
  return { rule, matches };
}

/** A rule matches when all its conditions hold; the first that fails is the reason, as the kernel asks in order. */
export function judge({ rule, matches }: KnownRule, situation: Situation): Judgement {
  let unknown: Judgement | null = null;
  for (const match of matches) {
    const open = firstOpen(match, situation);
    if (open === null) continue;
    if (open.matched === false) return open;
    unknown ??= open;
  }
  if (rule.unread !== undefined) {
    return {
      matched: null,
      because: 'the rule could not be read in full',
      failed: { condition: rule.unread, found: 'a rule that could not be read' },
    };
  }
  if (unknown !== null) return unknown;
  const reasons = matches.flatMap((match) => reasonsOf(match, situation));
  return { matched: true, because: reasons.length === 0 ? 'the rule has no condition' : reasons.join(', ') };
}

/** Of one match, the condition that does not hold, or else the first that cannot be told; null where all hold. */
function firstOpen(known: KnownMatch, situation: Situation): Judgement | null {
  const whole = known.isPlain ? null : judgeWhole(known, situation);
  if (whole !== null) return whole.matched === true ? null : whole;
  let unknown: Judgement | null = null;
  for (const one of known.options) {
    const { form, option } = one;
    if (form === undefined) {
      unknown ??= {
        matched: null,
        because: `Sidetrack does not know ${option.name}`,
        failed: {
          condition: printCondition(situation.family, known.match, option),
          found: 'an unknown option',
        },
      };
      continue;
    }
    const finding = form.find(option.value, situation);
    const holds =
      finding.holds === null || finding.isFinal ? finding.holds : finding.holds !== option.negated;
    if (holds === true) continue;
    const open = explained(known.match, one, form, holds, finding, situation.family);
    if (holds === false) return open;
    unknown ??= open;
  }
  return unknown;
}

/** Why all the conditions of a match hold. */
function reasonsOf(known: KnownMatch, situation: Situation): readonly string[] {
  const whole = known.isPlain ? null : judgeWhole(known, situation);
  if (whole !== null) return [whole.because];
  return known.options.flatMap((one) => {
    const { form, option } = one;
    if (form === undefined || form.name === '--comment') return [];
    const finding = form.find(option.value, situation);
    return [explained(known.match, one, form, true, finding, situation.family).because];
  });
}

/** A match that is not simply each of its options; null where it is after all. */
function judgeWhole({ match, extension }: KnownMatch, situation: Situation): Judgement | null {
  const of = (matched: boolean | null, found: string, because = found): Judgement => ({
    matched,
    because,
    failed: { condition: printMatch(situation.family, match), found },
  });
  if (extension === undefined)
    return of(null, 'an unknown match', `Sidetrack does not know the match ${match.extension}`);
  const { hooks } = extension;
  if (hooks !== undefined && !hooks.includes(situation.hook))
    return of(null, `the kernel takes -m ${match.extension} only in ${hooks.join(', ')}`);
  const first = extension.findFirst?.(match.options, situation) ?? null;
  return first === null ? null : of(first.holds, first.found);
}

function explained(
  match: Match,
  known: KnownOption,
  form: MatchOptionForm,
  matched: boolean | null,
  finding: Finding,
  family: Family,
): Judgement {
  known.words ??= wordsOf(match, known.option, form, family);
  const { text, relation, isNot } = known.words;
  const found = `${form.subject} ${finding.found}`;
  const because =
    finding.holds === null
      ? `${form.subject}: ${finding.found}`
      : finding.isFinal
        ? finding.found
        : !finding.holds
          ? found + isNot
          : finding.found === relation
            ? `${form.subject} is ${relation}`
            : `${found} is ${relation}`;
  return { matched, because, failed: { condition: text, found } };
}

function wordsOf(match: Match, option: Option, form: MatchOptionForm, family: Family) {
  const relation = form.relation?.(option.value, family) ?? form.value.print(option.value, family);
  return { text: printCondition(family, match, option), relation, isNot: ` is not ${relation}` };
}
