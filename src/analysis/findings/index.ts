/**
 * What is wrong with a pod. Each finder is a file of this folder and a line in one of the two lists; what it finds
 * is data, and `src/words` has to have words for it.
 */

import { type Kind, kinds } from '../kinds/index.ts';
import { againstAmbient } from './ambient.ts';
import { backEnds, wrongFamily } from './back-ends.ts';
import { differences, mayStandInMangle } from './differences.ts';
import { duplicates } from './duplicates.ts';
import { errors } from './errors.ts';
import { type Examined, type ExaminedRules, weights } from './finding.ts';
import { meshes } from './meshes.ts';
import { againstNative } from './native.ts';
import { noRules } from './no-rules.ts';
import { resolver } from './resolver.ts';
import { routing } from './routing.ts';
import { mistyped, remarkable } from './settings.ts';
import { lookAlike, turning } from './text.ts';
import { unreachable } from './unreachable.ts';
import { againstYaml } from './yaml.ts';

/** Look at all that a text tells, in this order. */
const ofText = [
  turning,
  lookAlike,
  errors,
  againstNative,
  againstAmbient,
  backEnds,
  wrongFamily,
  againstYaml,
  routing,
  resolver,
] as const;

/** Look at the rules of one family, in this order. */
const ofRules = [noRules, meshes, differences, duplicates, unreachable, mistyped, remarkable] as const;

/** What may be looked for in a text that is not a sidecar's rules: to compare it with those would be wrong. */
const ofAnything: ReadonlySet<unknown> = new Set([turning, lookAlike, errors]);
const ofOtherRules: ReadonlySet<unknown> = new Set([...ofAnything, backEnds, noRules, againstYaml, resolver]);

function isAllowed(finder: unknown, kind: Kind): boolean {
  if (kind === 'sidecar') return true;
  if (kind === 'ambient pod' || kind === 'ambient node')
    return finder === againstAmbient || ofAnything.has(finder);
  // Of its iptables nothing is to be found: they are not what takes its connections.
  if (kind === 'native nftables') return finder === againstNative || ofAnything.has(finder);
  if (kind === 'pod as YAML' || kind === 'settings as YAML' || kind === 'description of a pod')
    return finder === againstYaml || ofAnything.has(finder);
  // Of a command that printed no table its warning is left.
  if (kind === 'errors alone' && finder === backEnds) return true;
  return (kinds[kind].isJudged || kind === 'node' ? ofOtherRules : ofAnything).has(finder);
}

/** All that can be found, told apart by `id`. */
export type Finding = ReturnType<(typeof ofText)[number] | (typeof ofRules)[number]>[number];
export type FindingId = Finding['id'];
export type FindingNamed<Id extends FindingId> = Extract<Finding, { readonly id: Id }>;

const none: ExaminedRules = { ruleset: { family: 'v4', tables: [] }, identification: null, isWhole: true };

/** Only a part of Istio's rules is in the text, and it does not claim to have all. */
function isPart({ isWhole, identification }: ExaminedRules): boolean {
  return (
    !isWhole &&
    identification !== null &&
    (identification.missing.length > 0 || mayStandInMangle(identification))
  );
}

/** What is wrong, the heaviest first. */
export function findingsOf(evidence: Examined): readonly Finding[] {
  const { families, kind } = evidence;
  const hasIstio = families.some(({ identification }) => identification !== null);
  // That one family has no rules says nothing where the other one has some.
  const ruled = families.filter(
    ({ ruleset, identification }) =>
      identification !== null ||
      ruleset.tables.some(({ chains }) => chains.some(({ rules }) => rules.length > 0)),
  );
  const looked = ruled.length > 0 ? ruled : families.length > 0 ? families : [none];
  const found = [
    ...ofText.flatMap((finder): readonly Finding[] => (isAllowed(finder, kind) ? finder(evidence) : [])),
    // With Istio's rules in one family, those of others in the other family are no matter.
    ...looked
      .filter(({ identification }) => identification !== null || !hasIstio)
      .flatMap((one) =>
        ofRules.flatMap((finder): readonly Finding[] =>
          isAllowed(finder, kind) && (finder === differences || !isPart(one)) ? finder(one) : [],
        ),
      )
      // A node may well have its rules in nft alone, and those of others beside.
      .filter(({ id }) => (id !== 'rules.none' && id !== 'rules.of-others') || kinds[kind].isJudged),
  ];
  return weights.flatMap((weight) => found.filter((one) => one.weight === weight));
}
