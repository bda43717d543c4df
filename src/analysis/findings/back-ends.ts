/** Rules in both back ends of iptables, or in one family alone. */
import type { Family, Ruleset } from '../../netfilter/index.ts';
import { hasIstio } from '../identify.ts';
import type { BackEndRules, Examined, FindingOf } from './finding.ts';

export type BackEndFinding =
  /** Istio's rules stand in both, and the kernel asks both. */
  | FindingOf<'back-ends.istio-in-both'>
  | FindingOf<'back-ends.rules-in-both'>
  /** iptables warns of the tables of iptables-legacy, which the text does not have. */
  | FindingOf<'back-ends.legacy-not-told'>;

export function backEnds({ backEnds: texts, warnsOfLegacy }: Examined): readonly BackEndFinding[] {
  const known = texts.filter((one) => one.backEnd !== null && (hasRules(one.v4) || hasRules(one.v6)));
  if (known.filter(hasIstioRules).length > 1) return [{ id: 'back-ends.istio-in-both', weight: 'wrong' }];
  if (known.length > 1) return [{ id: 'back-ends.rules-in-both', weight: 'doubtful' }];
  return warnsOfLegacy ? [{ id: 'back-ends.legacy-not-told', weight: 'doubtful' }] : [];
}

function hasRules(ruleset: Ruleset | undefined): boolean {
  return ruleset?.tables.some(({ chains }) => chains.some(({ rules }) => rules.length > 0)) === true;
}

function hasIstioRules({ v4, v6 }: BackEndRules): boolean {
  return hasIstio(v4) || hasIstio(v6);
}

/** Istio's rules stand in IPv6 alone; where the text does not tell of IPv4 (`hasV4` is false), nobody knows more. */
export type FamilyFinding = FindingOf<'family.v6-alone', { readonly hasV4: boolean }>;

export function wrongFamily({ families }: Examined): readonly FamilyFinding[] {
  const of = (family: Family) => families.find(({ ruleset }) => ruleset.family === family);
  const [v4, v6] = [of('v4'), of('v6')];
  if (v6?.identification == null || v4?.identification != null) return [];
  return [
    { id: 'family.v6-alone', weight: v4 === undefined ? 'doubtful' : 'wrong', hasV4: v4 !== undefined },
  ];
}
