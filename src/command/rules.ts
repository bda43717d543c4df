/** `sidetrack rules`: what a release of Istio programs into a pod, under these options. */

import type { Setting } from '../handbook/scenarios/index.ts';
import { routingDifference } from '../handbook/tables/index.ts';
import {
  type AmbientRuleset,
  ambientPlaces,
  type PlacedRole,
  rulesFor,
  type SidecarRules,
} from '../istio/index.ts';
import { findChain, printNft, printRule, printRuleset, withBuiltInChains } from '../netfilter/index.ts';
import { ambientRolePurposes, rolePurposes, writtenChain } from '../words/index.ts';
import { type AmbientSetting, ambientAsked } from './ambient.ts';
import { type SettingOptions, settingAsked } from './setting.ts';
import { exitCodes, jsonText, type Terminal, UseError } from './terminal.ts';

export interface RulesCommandOptions extends SettingOptions {
  readonly ambient?: boolean;
  /** Of ambient mode: the rules of the node, and not of the pod. */
  readonly node?: boolean;
  readonly json?: boolean;
}

/** The form of `rules --json`; it grows, and a field keeps its meaning. */
export const rulesVersion = 1;

export async function rulesCommand(given: RulesCommandOptions, terminal: Terminal): Promise<number> {
  if (given.ambient === true) {
    const asked = await ambientAsked(given, terminal);
    const rules = given.node === true ? asked.rules.host : asked.rules.pod;
    await terminal.write(given.json === true ? jsonText(ambientJson(asked, rules)) : ambientDump(rules));
    return exitCodes.fine;
  }
  if (given.node === true) throw new UseError({ code: 'a node without ambient' });
  const setting = await settingAsked(given, terminal);
  const rules = rulesFor(setting.release, setting.options);
  await terminal.write(given.json === true ? jsonText(asJson(setting, rules)) : asDump(rules));
  return exitCodes.fine;
}

/** As iptables-save and ip6tables-save print it, so that `inspect` and iptables-restore read it; and what ip adds. */
function asDump(rules: SidecarRules): string {
  const { v4, v6, nft } = rules;
  const routing = routingOf(rules);
  return [
    ...(nft === null ? [printRuleset(withBuiltInChains(v4))] : ['# nft list ruleset\n', printNft(nft)]),
    ...(v6 === null ? [] : ['# ip6tables-save\n', printRuleset(withBuiltInChains(v6))]),
    ...(routing.length === 0 ? [] : [`${routing.map((line) => `# ${line}`).join('\n')}\n`]),
  ].join('');
}

/** What goes with TPROXY and IPv6 beside rules, as ip would be told it. */
function routingOf(rules: SidecarRules): readonly string[] {
  const none: SidecarRules = { ...rules, routes: [], routingRules: [], addresses: [] };
  return routingDifference(none, rules).come;
}

function asJson(setting: Setting, rules: SidecarRules): object {
  return {
    schema: 'sidetrack rules',
    version: rulesVersion,
    exit: exitCodes.fine,
    release: setting.release,
    options: setting.options,
    v4: rules.nft === null ? printRuleset(withBuiltInChains(rules.v4)) : null,
    v6: rules.v6 === null ? null : printRuleset(withBuiltInChains(rules.v6)),
    nft: rules.nft === null ? null : printNft(rules.nft),
    rules: rules.roles.map((role) => ({
      role: role.role,
      purpose: rolePurposes[role.role] ?? '',
      family: role.family,
      table: role.table,
      chain: role.chain,
      position: role.position,
      rule: textOf(rules, role),
    })),
    routing: routingOf(rules),
    ignored: rules.ignored.map(({ option }) => option),
  };
}

function textOf(rules: SidecarRules, { family, table, chain, position }: PlacedRole): string {
  const ruleset = rules[family];
  const rule = ruleset === null ? undefined : findChain(ruleset, table, chain)?.rules[position - 1];
  return rule === undefined ? '' : printRule(family, rule);
}

function ambientTexts({ v4, v6, nft }: AmbientRuleset): Readonly<Record<'v4' | 'v6' | 'nft', string | null>> {
  return {
    v4: nft === null ? printRuleset(withBuiltInChains(v4)) : null,
    v6: v6 === null || nft !== null ? null : printRuleset(withBuiltInChains(v6)),
    nft: nft === null ? null : printNft(nft),
  };
}

function ambientDump(rules: AmbientRuleset): string {
  const { v4, v6, nft } = ambientTexts(rules);
  return [
    ...(nft === null ? [] : ['# nft list ruleset\n', nft]),
    ...(v4 === null ? [] : [v4]),
    ...(v6 === null ? [] : ['# ip6tables-save\n', v6]),
  ].join('');
}

function ambientJson(
  { release, rules: { options, ignored } }: AmbientSetting,
  rules: AmbientRuleset,
): object {
  const { v4, nft } = rules;
  return {
    schema: 'sidetrack rules',
    version: rulesVersion,
    exit: exitCodes.fine,
    mode: 'ambient',
    release,
    options,
    ...ambientTexts(rules),
    rules: ambientPlaces(rules).map(({ role, family, table, chain, position }) => ({
      role,
      purpose: ambientRolePurposes[role],
      family,
      table,
      chain,
      position,
      rule:
        writtenChain(
          { v4, ...(rules.v6 && { v6: rules.v6 }), ...(nft && { nft }) },
          family,
          table,
          chain,
        )?.text(position) ?? '',
    })),
    routing: [],
    ignored: ignored.map(({ option }) => option),
  };
}
