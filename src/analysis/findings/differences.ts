/** Where the rules differ from those that Istio would program: rules out of place, foreign and missing. */
import { portOf, type Role, roleAt } from '../../istio/index.ts';
import { type Family, findChain, printRule, type Rule, type Ruleset } from '../../netfilter/index.ts';
import { type ChainOwner, chainOwner, deviceOwner, isMesh } from '../chain-owner.ts';
import { type Identification, isIstioChain } from '../identify.ts';
import {
  chainCalled,
  conditionsOf,
  conditionsText,
  hasComment,
  type RulePlace,
  ruleAt,
  targetName,
  verdictOf,
} from '../rule-parts.ts';
import type { ExaminedRules, FindingOf, NamedRule } from './finding.ts';

/** What a rule that is not Istio's makes of the connections that it matches. */
export type Effect =
  /** `conditions` as iptables prints them; '' for a rule that matches everything. */
  | { readonly kind: 'passes by Envoy'; readonly conditions: string }
  | { readonly kind: 'throws away' }
  | { readonly kind: 'sends elsewhere' }
  | { readonly kind: 'unknown' };

/** The position of the jump to Istio's chains, where the rule stands before it: it is asked first then. */
interface BeforeIstio {
  readonly before: number | null;
}

export type DifferenceFinding =
  /** A rule of Istio's that stands elsewhere in its chain; `meant` is its place. */
  | FindingOf<'rule.moved', NamedRule & { readonly meant: number }>
  /** A rule of software that is known, and is no mesh. */
  | FindingOf<'rule.of-other-software', NamedRule & BeforeIstio & { readonly owner: ChainOwner }>
  | FindingOf<
      'rule.foreign',
      NamedRule &
        BeforeIstio & {
          readonly family: Family;
          /** The newest release that the rules come nearest to. */
          readonly release: string;
          readonly effect: Effect;
        }
    >
  /** A rule of others in a chain where Istio has none: it stands beside. */
  | FindingOf<'rule.beside', NamedRule>
  /** The text tells of a part of the rules alone. */
  | FindingOf<'rules.part', { readonly has: number; readonly missing: number; readonly release: string }>
  /** `leftOutBy`: the annotation that leaves this rule out where it is 0. */
  | FindingOf<'rule.missing', NamedRule & { readonly role: Role | null; readonly leftOutBy?: string }>
  /** Too many to be named one by one. */
  | FindingOf<
      'rules.missing',
      {
        readonly count: number;
        readonly release: string;
        readonly chains: readonly string[];
        readonly first: NamedRule;
      }
    >;

/** More missing rules than these are counted. */
const mostNamed = 3;

export function differences({
  ruleset,
  identification,
  isWhole,
}: ExaminedRules): readonly DifferenceFinding[] {
  if (identification === null) return [];
  const moved = new Set<NamedRule>();
  const missing = identification.missing.map(named);
  const strange = identification.foreign.map(named).flatMap((here): readonly DifferenceFinding[] => {
    const meant = missing.find(
      (one) => !moved.has(one) && sameChain(one.place, here.place) && one.rule === here.rule,
    );
    if (meant === undefined) return foreign(here, ruleset, identification);
    moved.add(meant);
    return [{ id: 'rule.moved', weight: 'wrong', ...here, meant: meant.place.position }];
  });
  const absent = missing.filter((one) => !moved.has(one));
  if (!isWhole && (absent.length > 0 || mayStandInMangle(identification)))
    return part(absent, identification);
  return [...strange, ...gone(absent, identification, ruleset.family)];
}

function named({ table, chain, position, rule }: RulePlace & { readonly rule: string }): NamedRule {
  return { place: { table, chain, position }, rule };
}

function sameChain(one: RulePlace, other: RulePlace): boolean {
  return one.table === other.table && one.chain === other.chain;
}

function foreign(
  here: NamedRule,
  ruleset: Ruleset,
  { expected, releases }: Identification,
): readonly DifferenceFinding[] {
  const { place } = here;
  const rule = ruleAt(ruleset, place);
  // Of what could not be read nobody knows whose it is.
  if (rule === undefined || rule.unread !== undefined) return [];
  const owner = chainOwner(targetName(rule) ?? '') ?? ownerByDevice(rule);
  // Another mesh is said once, for all its rules.
  if (isMesh(owner)) return [];
  const jump = istioJump(ruleset, place);
  const before = jump !== null && place.position < jump ? jump : null;
  if (owner !== null && owner !== 'Istio') {
    const weight = before === null ? 'note' : 'doubtful';
    return [{ id: 'rule.of-other-software', weight, ...here, before, owner }];
  }
  if (!isIstioChain({ name: place.chain }) && looksProgrammed(rule)) return [];
  if (isBeside(place, expected)) return [{ id: 'rule.beside', weight: 'note', ...here }];
  // That a rule was programmed twice is said elsewhere.
  const own = findChain(expected, place.table, place.chain)?.rules ?? [];
  if (own.some((one) => printRule(ruleset.family, one) === here.rule)) return [];
  return [
    {
      id: 'rule.foreign',
      weight: 'wrong',
      ...here,
      before,
      family: ruleset.family,
      release: releases.at(-1) ?? '',
      effect: effectOf(ruleset.family, rule),
    },
  ];
}

/** POSTROUTING and INPUT of nat change addresses behind the choice of who gets a connection; Istio has no rule there. */
function isBeside({ table, chain }: RulePlace, expected: Ruleset): boolean {
  if (table !== 'nat' || (chain !== 'POSTROUTING' && chain !== 'INPUT')) return false;
  return (findChain(expected, table, chain)?.rules.length ?? 0) === 0;
}

function ownerByDevice(rule: Rule): ChainOwner | null {
  for (const { name, value } of conditionsOf(rule)) {
    const owner = (name === '-i' || name === '-o') && typeof value === 'string' ? deviceOwner(value) : null;
    if (owner !== null) return owner;
  }
  return null;
}

/** Software that programs the built-in chains comments its rules, or asks for flags; people seldom do. */
function looksProgrammed(rule: Rule): boolean {
  return hasComment(rule) || conditionsOf(rule).some(({ name }) => name === '--tcp-flags');
}

/** Where a built-in chain goes to Istio's; null where it does not. */
function istioJump(ruleset: Ruleset, { table, chain }: RulePlace): number | null {
  if (isIstioChain({ name: chain })) return null;
  const rules = findChain(ruleset, table, chain)?.rules ?? [];
  const at = rules.findIndex((rule) => isIstioChain({ name: chainCalled(rule) ?? '' }));
  return at < 0 ? null : at + 1;
}

function effectOf(family: Family, rule: Rule): Effect {
  switch (verdictOf(rule)) {
    case 'RETURN':
    case 'ACCEPT':
      return { kind: 'passes by Envoy', conditions: conditionsText(family, rule) };
    case 'DROP':
    case 'REJECT':
      return { kind: 'throws away' };
    case 'REDIRECT':
    case 'DNAT':
      return { kind: 'sends elsewhere' };
    default:
      return { kind: 'unknown' };
  }
}

/** With nat alone TPROXY mode looks as if nothing inbound were captured: its rules for that stand in mangle. */
export function mayStandInMangle({ options }: Identification): boolean {
  return options.inboundPortsInclude === '';
}

/** What a text does not tell is not missing. */
function part(
  absent: readonly NamedRule[],
  { releases, expected }: Identification,
): readonly DifferenceFinding[] {
  const all = expected.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules)).length;
  const release = releases.at(-1) ?? '';
  return [{ id: 'rules.part', weight: 'note', has: all - absent.length, missing: absent.length, release }];
}

/**
 * The rule for the port of pilot-agent, which the injector leaves out where status.sidecar.istio.io/port is 0
 * (Istio pkg/kube/inject/template.go, excludeInboundPort).
 */
function isOfStatusPort({ place, rule }: NamedRule): boolean {
  return (
    place.chain === 'ISTIO_INBOUND' && rule === `-p tcp -m tcp --dport ${portOf('agent-metrics')} -j RETURN`
  );
}

function gone(
  missing: readonly NamedRule[],
  { placed, releases }: Identification,
  family: Family,
): readonly DifferenceFinding[] {
  const [first] = missing;
  if (first === undefined) return [];
  if (missing.length > mostNamed)
    return [
      {
        id: 'rules.missing',
        weight: 'wrong',
        count: missing.length,
        release: releases.at(-1) ?? '',
        chains: [...new Set(missing.map(({ place }) => place.chain))],
        first,
      },
    ];
  return missing.map((one) => {
    const role = roleAt(placed, { family, ...one.place })?.role ?? null;
    return isOfStatusPort(one)
      ? { id: 'rule.missing', weight: 'doubtful', ...one, role, leftOutBy: 'status.sidecar.istio.io/port' }
      : { id: 'rule.missing', weight: 'wrong', ...one, role };
  });
}
