/** The paths of the scenarios under a setting, and which of them another setting changes. */

import { roleAt, rulesFor } from '../../istio/index.ts';
import { decisiveRule, type Journey } from '../../journey/index.ts';
import { type StopLine, stopLines } from '../../render/index.ts';
import { ruleName } from '../../words/index.ts';
import { type Bound, bind } from '../scenarios/bind.ts';
import { type Alike, wayOf } from '../scenarios/same-way.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Setting } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';

export interface ChangedPath {
  readonly scenario: Scenario;
  readonly before: readonly StopLine[];
  readonly after: readonly StopLine[];
  /** True where the same rules are met, at other positions. */
  readonly isMovedOnly: boolean;
}

/** One scenario for each type of traffic. */
export const sixTypes: readonly Scenario[] = scenarios.filter(({ isMain }) => isMain);

/** The paths that differ. Words that only name the process's uid do not count. */
export function changedPaths(
  before: Setting,
  after: Setting,
  of: readonly Scenario[] = sixTypes,
): readonly ChangedPath[] {
  return of.flatMap((scenario): readonly ChangedPath[] => {
    const one = bind(scenario, { setting: before });
    const other = bind(scenario, { setting: after });
    if (wayOf(one.journey, alike) === wayOf(other.journey, alike)) return [];
    return [
      {
        scenario,
        before: stopLines(one.journey),
        after: stopLines(other.journey),
        isMovedOnly: rolesMet(one) === rolesMet(other),
      },
    ];
  });
}

/** By place. */
const alike: Alike = { anyUid: 'of every process' };

/** By what its rules are for, wherever they stand. */
function rolesMet({ journey, setting }: Bound): string {
  const rules = rulesFor(setting.release, setting.options);
  return wayOf(journey, {
    ...alike,
    rule: (stop) => roleAt(rules, { family: 'v4', ...stop })?.role ?? ruleName(stop),
  });
}

/** The rule that decides on each leg: `ISTIO_INBOUND 5`, or a dash where no rule of Istio was asked. */
export function decidingRules({ legs }: Journey): readonly string[] {
  return legs.map(({ passages }) => {
    const rule = decisiveRule(passages[0]?.traversal.events ?? []);
    return rule === null ? '–' : ruleName(rule);
  });
}
