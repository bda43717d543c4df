/**
 * Whether a rule matches, and why.
 */
import { type Known, knownMatch } from './catalogue.ts';
import type { MatchExtension, MatchOptionForm } from './extension.ts';
import { printCondition, printMatch } from './print.ts';
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

/** A rule matches when all its conditions hold; the first that fails is the reason, as the kernel asks in order. */
export function judge(rule: Rule, situation: Situation): Judgement {
  let unknown: Condition | null = null;
  const reasons: string[] = [];
  for (const match of rule.matches) {
    for (const condition of judgeMatch(match, situation)) {
      const { holds, because } = condition;
      if (holds === false)
        return { matched: false, because, failed: { condition: condition.text, found: condition.found } };
      if (holds === null) unknown ??= condition;
      else if (because !== '') reasons.push(because);
    }
  }
  if (rule.unread !== undefined) {
    return {
      matched: null,
      because: 'the rule could not be read in full',
      failed: { condition: rule.unread, found: 'a rule that could not be read' },
    };
  }
  if (unknown !== null) {
    return {
      matched: null,
      because: unknown.because,
      failed: { condition: unknown.text, found: unknown.found },
    };
  }
  return { matched: true, because: reasons.length === 0 ? 'the rule has no condition' : reasons.join(', ') };
}

/** The conditions of one match up to the first that fails. */
function judgeMatch(match: Match, situation: Situation): readonly Condition[] {
  const known = knownMatch(match.extension, situation.family);
  if (known === undefined) {
    return [
      {
        text: printMatch(situation.family, match),
        holds: null,
        found: 'an unknown match',
        because: `Sidetrack does not know the match ${match.extension}`,
      },
    ];
  }
  const { hooks } = known.extension;
  if (hooks !== undefined && !hooks.includes(situation.hook)) {
    const because = `the kernel takes -m ${match.extension} only in ${hooks.join(', ')}`;
    return [{ text: printMatch(situation.family, match), holds: null, found: because, because }];
  }
  const first = known.extension.findFirst?.(match.options, situation) ?? null;
  if (first !== null) {
    const text = printMatch(situation.family, match);
    return [{ text, holds: first.holds, found: first.found, because: first.found }];
  }
  const conditions: Condition[] = [];
  for (const option of match.options) {
    const condition = judgeOption(known, match, option, situation);
    conditions.push(condition);
    if (condition.holds === false) break;
  }
  return conditions;
}

function judgeOption(
  { forms }: Known<MatchExtension>,
  match: Match,
  option: Option,
  situation: Situation,
): Condition {
  const text = printCondition(situation.family, match, option);
  const form = forms.byName.get(option.name) as MatchOptionForm | undefined;
  if (form === undefined) {
    return {
      text,
      holds: null,
      found: 'an unknown option',
      because: `Sidetrack does not know ${option.name}`,
    };
  }
  const finding = form.find(option.value, situation);
  const holds =
    finding.holds === null ? null : finding.isFinal ? finding.holds : finding.holds !== option.negated;
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
  if (finding.isFinal) return finding.found;
  if (finding.holds && finding.found === relation) return `${form.subject} is ${relation}`;
  return `${form.subject} ${finding.found} is ${finding.holds ? '' : 'not '}${relation}`;
}
