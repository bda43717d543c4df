/**
 * How heavy a difference from Istio's rules is: wrong where a connection ends another way because of it, doubtful where
 * each comes to the same end by other rules. Every first packet is asked, not only those of the six types.
 */
import { type Finding, someEndsOtherwise, survey, weights } from '../../analysis/index.ts';
import { ruleCount } from '../../netfilter/index.ts';
import { bind } from '../scenarios/bind.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Setting } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';
import { asIstioMeansIt } from './pod.ts';

/** Findings that say where rules differ, and not what it does. */
const ofDifferences: ReadonlySet<Finding['id']> = new Set(['rule.moved', 'rule.foreign', 'rule.missing']);

/** With more rules, or more ways through them, it is not looked at, and a difference stays wrong. */
const mostRules = 400;
const mostWays = 3000;

export function weighed(findings: readonly Finding[], pod: RealPod, expected: Setting): readonly Finding[] {
  const asked = findings.filter(isOfNat);
  if (asked.length === 0 || rulesIn(pod) > mostRules || endsOtherwise(pod, expected)) return findings;
  const lighter = findings.map((one) =>
    asked.includes(one) ? { ...one, weight: 'doubtful' as const } : one,
  );
  return weights.flatMap((weight) => lighter.filter((one) => one.weight === weight));
}

/** nat is asked about first packets alone; a rule of another table may matter to a later one. */
function isOfNat(finding: Finding): boolean {
  return finding.weight === 'wrong' && ofDifferences.has(finding.id) && finding.place?.table === 'nat';
}

function rulesIn({ rulesets = {} }: RealPod): number {
  return [rulesets.v4, rulesets.v6].reduce((sum, ruleset) => sum + ruleCount(ruleset), 0);
}

/** True as well where that is not known. */
function endsOtherwise(pod: RealPod, expected: Setting): boolean {
  const [here, meant] = [pod, asIstioMeansIt(pod, expected)].map((one) =>
    survey(bind(scenarios[0] as Scenario, {}, one).pod.host, { most: mostWays }),
  );
  if (here === undefined || meant === undefined) return true;
  const isKnown = [here, meant].every(({ isWhole, open }) => isWhole && open.length === 0);
  return !isKnown || someEndsOtherwise(here, meant);
}
