/** What changed from one release to the next: Istio's own words, the rules under several settings, and the paths. */

import { type Change, type Release, releases, rulesFor, type SidecarRules } from '../../istio/index.ts';
import { bind } from '../scenarios/bind.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { settingWith } from '../scenarios/setting.ts';
import { settings } from './compared-settings.ts';
import { type ChangedPath, changedPaths, decidingRules, sixTypes } from './paths-compared.ts';
import { type DifferentChain, rulesDifference, sameDifference } from './rules-compared.ts';

export interface SettingDifference {
  readonly name: string;
  /** Under the handbook's own setting, and not under one that shows more. */
  readonly isOwn: boolean;
  readonly before: SidecarRules;
  readonly after: SidecarRules;
  readonly chains: readonly DifferentChain[];
}

export interface ReleaseStep {
  readonly before: Release;
  readonly after: Release;
  readonly changes: readonly Change[];
  /** Each setting whose rules differ in another way than those before it. */
  readonly differences: readonly SettingDifference[];
  /** Of the six types, as the handbook is set. */
  readonly paths: readonly ChangedPath[];
}

/** What differs between two releases, under each setting where it is something new. */
export function differencesBetween(before: string, after: string): readonly SettingDifference[] {
  const found: SettingDifference[] = [];
  for (const { name, options, isOwn = false } of settings) {
    const one = rulesFor(before, settingWith(before, options).options);
    const other = rulesFor(after, settingWith(after, options).options);
    const chains = rulesDifference(one, other);
    const isNew = found.every((known) => !sameDifference(known.chains, chains));
    if (chains.length > 0 && isNew) found.push({ name, isOwn, before: one, after: other, chains });
  }
  return found;
}

/** Each pair of neighbours, newest first. */
export function releaseSteps(): readonly ReleaseStep[] {
  return releases
    .slice(1)
    .map((after, at): ReleaseStep => {
      const before = releases[at] as Release;
      return {
        before,
        after,
        changes: after.changes,
        differences: differencesBetween(before.name, after.name),
        paths: changedPaths(settingWith(before.name), settingWith(after.name)),
      };
    })
    .reverse();
}

export interface PathCell {
  readonly scenario: Scenario;
  /** One rule for each leg. */
  readonly rules: readonly string[];
  /** True where the releases before decide by other rules. */
  readonly isOther: boolean;
}

/** Neighbouring releases that decide by the same rules. */
export interface PathRow {
  readonly releases: readonly string[];
  readonly cells: readonly PathCell[];
}

/** The deciding rules of the six types in every release, oldest first. */
export function pathRows(): readonly PathRow[] {
  const rows: PathRow[] = [];
  for (const { name: release } of releases) {
    const last = rows.at(-1);
    const cells = sixTypes.map((scenario, at): PathCell => {
      const rules = decidingRules(bind(scenario, { setting: { release } }).journey);
      const before = last?.cells[at]?.rules;
      return { scenario, rules, isOther: before !== undefined && String(before) !== String(rules) };
    });
    if (last === undefined || cells.some(({ isOther }) => isOther)) rows.push({ releases: [release], cells });
    else rows[rows.length - 1] = { ...last, releases: [...last.releases, release] };
  }
  return rows;
}
