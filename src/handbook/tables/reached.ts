/**
 * Who meets each rule, which rules nobody meets, and what goes past Envoy: computed for the pod of the handbook, over
 * all packets that there can be.
 */
import {
  bypass,
  type DeadRule,
  deadRules,
  type Hole,
  type Packets,
  type RuleOfFamily,
  reach,
  type Survey,
  survey,
} from '../../analysis/index.ts';
import { allPlaces, type Options, portOf, type Role, roleAt, rulesFor } from '../../istio/index.ts';
import { addressOf } from '../../journey/index.ts';
import {
  deadRuleWords,
  entranceWords,
  packetExampleWords,
  packetsWords,
  rolePurposes,
  ruleName,
} from '../../words/index.ts';
import { handbookSetting, podUnder, type Setting } from '../scenarios/setting.ts';

/** The packets of one entrance that match a rule, in words. */
export interface WhoMatches {
  readonly where: string;
  readonly sets: readonly string[];
  readonly example: string;
}

export interface ReachedPlace {
  readonly matchedBy: readonly WhoMatches[];
  /** Set where nothing matches it: why. */
  readonly dead: string | null;
}

const surveys = new Map<string, Survey>();

/** All ways through the pod under a setting; found once for each. */
export function surveyUnder(setting: Setting): Survey {
  const key = JSON.stringify(setting);
  const known = surveys.get(key);
  if (known !== undefined) return known;
  const pod = podUnder(setting);
  const own = (['v4', 'v6'] as const).flatMap((family) => addressOf(pod, family) ?? []);
  const found = survey(pod.host, { destinations: [outsideExample, ...own] });
  surveys.set(key, found);
  return found;
}

/** Of examples, the liked destination outside of the pod. */
export const outsideExample = '203.0.113.10';

/** What is known of the packets of one rule. */
export function reachOfRule(rule: RuleOfFamily, setting: Setting = handbookSetting): ReachedPlace {
  const found = surveyUnder(setting);
  const { matched } = reach(found, rule);
  const dead = matched.length > 0 ? undefined : deadRules(found).find((one) => isSame(one, rule));
  return {
    matchedBy: matched.map(saidOf),
    dead: dead === undefined ? null : deadRuleWords(dead),
  };
}

function isSame(one: RuleOfFamily, other: RuleOfFamily): boolean {
  return (
    one.family === other.family &&
    one.table === other.table &&
    one.chain === other.chain &&
    one.position === other.position
  );
}

function saidOf(packets: Packets): WhoMatches {
  return {
    where: entranceWords(packets),
    sets: packetsWords(packets),
    example: packetExampleWords(packets.example),
  };
}

export interface DeadRole {
  readonly role: Role;
  readonly name: string;
  readonly why: string;
  /** The settings of one option, or of two that belong together, under which a packet matches it. */
  readonly aliveWith: readonly Partial<Options>[];
}

/** Settings that may bring a rule to life: each alone, or with what it needs. */
const awakening: readonly Partial<Options>[] = [
  { redirectDNS: true, captureAllDNS: true },
  { outboundIPRangesInclude: '127.0.0.0/8' },
  { outboundIPRangesExclude: '10.0.0.0/8' },
  { inboundInterceptionMode: 'TPROXY' },
];

/** The rules that nothing matches under a setting, and what would change that. */
export function deadRoles(setting: Setting = handbookSetting): readonly DeadRole[] {
  const rules = rulesFor(setting.release, setting.options);
  return deadRules(surveyUnder(setting)).flatMap((rule): readonly DeadRole[] => {
    const role = roleAt(rules, rule)?.role;
    if (role === undefined) return [];
    return [
      { role, name: ruleName(rule), why: deadRuleWords(rule), aliveWith: aliveWith(setting, role, rule) },
    ];
  });
}

function aliveWith(setting: Setting, role: Role, { family }: DeadRule): readonly Partial<Options>[] {
  return awakening.filter((added) => {
    const changed = { ...setting, options: { ...setting.options, ...added } };
    const found = surveyUnder(changed);
    return allPlaces(rulesFor(changed.release, changed.options)).some(
      (placed) => placed.role === role && placed.family === family && reach(found, placed).matched.length > 0,
    );
  });
}

export interface ShownHole {
  readonly kind: Hole['kind'];
  /** Null where no rule is about such packets. */
  readonly rule: {
    readonly name: string;
    readonly role: Role | null;
    readonly purpose: string | null;
  } | null;
  readonly who: WhoMatches;
}

/** What goes past Envoy under a setting, in the order of what people look for. */
export function holesOf(setting: Setting = handbookSetting): readonly ShownHole[] {
  const rules = rulesFor(setting.release, setting.options);
  const ports = { inbound: portOf('envoy-inbound'), outbound: portOf('envoy-outbound') };
  return bypass(surveyUnder(setting), ports).map(({ kind, decided, packets }) => {
    const role = decided === null ? null : (roleAt(rules, decided)?.role ?? null);
    return {
      kind,
      rule:
        decided === null
          ? null
          : { name: ruleName(decided), role, purpose: role === null ? null : rolePurposes[role] },
      who: saidOf(packets),
    };
  });
}
