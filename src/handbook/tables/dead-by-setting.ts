/** The rules that nothing matches, and the kinds of packets that go past the proxy, under other settings than the handbook's. */
import { bypass, deadRules, type RareKind, type RuleOfFamily, survey } from '../../analysis/index.ts';
import {
  allPlaces,
  ambientRoleAt,
  ambientRulesFor,
  checkOptions,
  type Options,
  portOf,
  releases,
  roleAt,
  rulesFor,
} from '../../istio/index.ts';
import { enrolledPodOf } from '../../journey/index.ts';
import { type Host, printNft, printRuleset } from '../../netfilter/index.ts';
import { enrolledWorkload } from '../scenarios/ambient.ts';
import { handbookSetting, type Setting, settingWith } from '../scenarios/setting.ts';
import { settings } from './compared-settings.ts';
import { surveyUnder } from './reached.ts';

export interface DeadUnder {
  /** A release, or from which to which; or what a setting is called. */
  readonly name: string;
  /** By their roles; a rule of both families once. Null: not all ways could be told apart. */
  readonly dead: readonly { readonly role: string; readonly rare: readonly RareKind[] }[] | null;
  /** How many kinds of packets the proxy does not get; null where nobody is meant to get all. */
  readonly holes: { readonly comesIn: number; readonly leaves: number } | null;
}

/** Release by release; those with the same answers share a row. */
export function deadByRelease(options: Partial<Options> = {}): readonly DeadUnder[] {
  const known = new Map<string, Omit<DeadUnder, 'name'>>();
  return together(
    releases.flatMap(({ name }): readonly DeadUnder[] => {
      const setting = settingWith(name, options);
      if (checkOptions(name, setting.options).some(({ severity }) => severity === 'error')) return [];
      const rules = rulesFor(setting.release, setting.options);
      // Older releases know no native nftables.
      if (options.nativeNftables === true && rules.nft === null) return [];
      const key = JSON.stringify([
        rules.nft === null ? '' : printNft(rules.nft),
        textsOf(rules),
        allPlaces(rules),
      ]);
      const found = known.get(key) ?? deadUnder(setting);
      known.set(key, found);
      return [{ name, ...found }];
    }),
  );
}

function textsOf({ v4, v6 }: ReturnType<typeof rulesFor>): readonly string[] {
  return [v4, v6].map((ruleset) => (ruleset === null ? '' : printRuleset(ruleset)));
}

/** In the handbook's release, under the settings by which releases are compared. */
export function deadByOptions(): readonly DeadUnder[] {
  return settings
    .filter(({ isOwn }) => isOwn !== true)
    .map(({ name, options }) => ({ name, ...deadUnder(settingWith(handbookSetting.release, options)) }));
}

function deadUnder(setting: Setting): Omit<DeadUnder, 'name'> {
  const rules = rulesFor(setting.release, setting.options);
  const found = surveyUnder(setting);
  const ports = { inbound: portOf('envoy-inbound'), outbound: portOf('envoy-outbound') };
  const kinds = (wanted: string) => bypass(found, ports).filter(({ kind }) => kind === wanted).length;
  return {
    dead: deadIn(found, (rule) => roleAt(rules, rule)?.role),
    holes: { comesIn: kinds('comes in'), leaves: kinds('leaves') },
  };
}

/** An enrolled pod of ambient mode, release by release. */
export function deadInAmbient(options: { readonly nativeNftables?: boolean } = {}): readonly DeadUnder[] {
  return together(
    releases.flatMap(({ name }): readonly DeadUnder[] => {
      const rules = ambientRulesFor(name, options);
      if (rules.options === null) return [];
      const { host } = enrolledPodOf(name, options, enrolledWorkload);
      return [
        { name, dead: deadIn(survey(host), (rule) => ambientRoleAt(rules.pod, rule)?.role), holes: null },
      ];
    }),
  );
}

function deadIn(
  found: { readonly host: Host } & ReturnType<typeof survey>,
  roleOf: (rule: RuleOfFamily) => string | undefined,
): DeadUnder['dead'] {
  if (!found.isWhole || found.open.length > 0) return null;
  const byRole = new Map<string, Set<RareKind>>();
  for (const rule of deadRules(found)) {
    const role = roleOf(rule);
    if (role !== undefined) byRole.set(role, new Set([...(byRole.get(role) ?? []), ...rule.rare]));
  }
  return [...byRole].map(([role, rare]) => ({ role, rare: [...rare] }));
}

function together(rows: readonly DeadUnder[]): readonly DeadUnder[] {
  const joined: { first: string; last: DeadUnder }[] = [];
  for (const row of rows) {
    const before = joined.at(-1);
    const isSame =
      before !== undefined &&
      JSON.stringify([before.last.dead, before.last.holes]) === JSON.stringify([row.dead, row.holes]);
    if (isSame) before.last = row;
    else joined.push({ first: row.name, last: row });
  }
  return joined.map(({ first, last }) => ({
    ...last,
    name: first === last.name ? first : `${first}–${last.name}`,
  }));
}
