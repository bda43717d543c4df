/** All rules of `sidetrack check`, by names that are for good. */
import { manifestRules } from '../../analysis/index.ts';
import { findingIds, findingRuleTitle, manifestRuleWords, pageOfFindings } from '../../words/index.ts';
import type { CheckRule } from './judge.ts';

export interface RuleOfCheck {
  readonly id: CheckRule;
  /** What it is about, in a phrase. */
  readonly title: string;
  /** Below the handbook's base path. */
  readonly page: string;
}

const ofManifests: readonly RuleOfCheck[] = manifestRules.map((id) => ({ id, ...manifestRuleWords(id) }));

/** In the order of their names. What is found in YAML and in rules is one rule; what the reader of YAML says has its own. */
export const checkRules: readonly RuleOfCheck[] = [
  ...ofManifests,
  ...findingIds
    .filter((id) => id !== 'yaml.message' && ofManifests.every((one) => one.id !== id))
    .map((id): RuleOfCheck => ({ id, title: findingRuleTitle(id), page: pageOfFindings(id) })),
].toSorted((one, other) => (one.id < other.id ? -1 : 1));
