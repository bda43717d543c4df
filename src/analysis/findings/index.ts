/**
 * What is wrong with a pod. Each finder is a file of this folder and a line in one of the two lists; what it finds
 * is data, and `src/words` has to have words for it.
 */
import { backEnds, wrongFamily } from './back-ends.ts';
import { differences } from './differences.ts';
import { duplicates } from './duplicates.ts';
import { type Evidence, type ExaminedRules, weights } from './finding.ts';
import { meshes } from './meshes.ts';
import { noRules } from './no-rules.ts';
import { resolver } from './resolver.ts';
import { routing } from './routing.ts';
import { mistyped, remarkable } from './settings.ts';
import { turning } from './text.ts';
import { unreachable } from './unreachable.ts';
import { againstYaml } from './yaml.ts';

/** Look at all that a text tells, in this order. */
const ofText = [turning, backEnds, wrongFamily, againstYaml, routing, resolver] as const;

/** Look at the rules of one family, in this order. */
const ofRules = [noRules, meshes, differences, duplicates, unreachable, mistyped, remarkable] as const;

/** All that can be found, told apart by `id`. */
export type Finding = ReturnType<(typeof ofText)[number] | (typeof ofRules)[number]>[number];
export type FindingId = Finding['id'];
export type FindingNamed<Id extends FindingId> = Extract<Finding, { readonly id: Id }>;

const none: ExaminedRules = { ruleset: { family: 'v4', tables: [] }, identification: null };

/** What is wrong, the heaviest first. */
export function findingsOf(evidence: Evidence): readonly Finding[] {
  const { families } = evidence;
  const hasIstio = families.some(({ identification }) => identification !== null);
  const looked = families.length === 0 ? [none] : families;
  const found = [
    ...ofText.flatMap((finder): readonly Finding[] => finder(evidence)),
    // With Istio's rules in one family, those of others in the other family are no matter.
    ...looked
      .filter(({ identification }) => identification !== null || !hasIstio)
      .flatMap((one) => ofRules.flatMap((finder): readonly Finding[] => finder(one))),
  ];
  return weights.flatMap((weight) => found.filter((one) => one.weight === weight));
}
