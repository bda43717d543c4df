/**
 * Whether a rule matches, and why.
 */
import type { MatchExtension, MatchOptionForm } from './extension.ts';
import { matchExtensions } from './matches/index.ts';
import { printCondition } from './print.ts';
import type { Match, Option, Rule } from './ruleset.ts';
import type { Finding, Situation } from './situation.ts';

export interface Judgement {
  /** Null: a condition depends on something that the engine was not told. */
  readonly matched: boolean | null;
  readonly because: string;
  /** The condition that decided against it, or that could not be told. */
  readonly failed?: { readonly condition: string; readonly found: string };
}

interface Condition {
  readonly text: string;
  readonly holds: boolean | null;
  readonly found: string;
  readonly because: string;
}

const byName = new Map<string, MatchExtension>(matchExtensions.map((one) => [one.name, one]));

/** A rule matches when all its conditions hold; the first that fails is the reason, as the kernel asks in order. */
export function judge(rule: Rule, situation: Situation): Judgement {
  const conditions = rule.matches.flatMap((match) => judgeMatch(match, situation));
  const failed = conditions.find(({ holds }) => holds === false);
  if (failed !== undefined) {
    return {
      matched: false,
      because: failed.because,
      failed: { condition: failed.text, found: failed.found },
    };
  }
  if (rule.unread !== undefined) {
    return {
      matched: null,
      because: 'the rule could not be read in full',
      failed: { condition: rule.unread, found: 'a rule that could not be read' },
    };
  }
  const unknown = conditions.find(({ holds }) => holds === null);
  if (unknown !== undefined) {
    return {
      matched: null,
      because: unknown.because,
      failed: { condition: unknown.text, found: unknown.found },
    };
  }
  const reasons = conditions.map(({ because }) => because).filter((because) => because !== '');
  return { matched: true, because: reasons.length === 0 ? 'the rule has no condition' : reasons.join(', ') };
}

function judgeMatch(match: Match, situation: Situation): readonly Condition[] {
  const extension = byName.get(match.extension);
  if (extension === undefined) {
    const text = `-m ${match.extension}`;
    return [
      {
        text,
        holds: null,
        found: 'an unknown match',
        because: `Sidetrack does not know the match ${match.extension}`,
      },
    ];
  }
  const first = extension.findFirst?.(match.options, situation) ?? null;
  if (first !== null) {
    return [{ text: `-m ${match.extension}`, holds: first.holds, found: first.found, because: first.found }];
  }
  return match.options.map((option) => judgeOption(extension, match, option, situation));
}

function judgeOption(
  extension: MatchExtension,
  match: Match,
  option: Option,
  situation: Situation,
): Condition {
  const text = printCondition(situation.family, match, option);
  const form = extension.options.find(({ name }) => name === option.name);
  if (form === undefined) {
    return {
      text,
      holds: null,
      found: 'an unknown option',
      because: `Sidetrack does not know ${option.name}`,
    };
  }
  const finding = form.find(option.value, situation);
  const holds = finding.holds === null ? null : finding.holds !== option.negated;
  return {
    text,
    holds,
    found: `${form.subject} ${finding.found}`,
    because: explain(form, option, finding, situation),
  };
}

function explain(form: MatchOptionForm, option: Option, finding: Finding, { family }: Situation): string {
  if (form.name === '--comment') return '';
  const relation = form.relation?.(option.value, family) ?? form.value.print(option.value, family);
  if (finding.holds === null) return `${form.subject}: ${finding.found}`;
  return `${form.subject} ${finding.found} is ${finding.holds ? '' : 'not '}${relation}`;
}
