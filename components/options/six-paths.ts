/** The paths of the scenarios under a setting, and which of them another setting changes. */
import { bind, decisiveRule, type Scenario, type Setting, scenarios } from '../../src/handbook/index.ts';
import type { Journey } from '../../src/journey/index.ts';
import { pathLine, ruleName, type StopLine, stopLines } from '../../src/render/index.ts';

export interface ChangedPath {
  readonly scenario: Scenario;
  readonly before: readonly StopLine[];
  readonly after: readonly StopLine[];
}

/** One scenario for each type of traffic. */
export const sixTypes: readonly Scenario[] = scenarios.filter(({ isMain }) => isMain);

/** The paths that differ. Words that only name the process's uid do not count. */
export function changedPaths(
  before: Setting,
  after: Setting,
  of: readonly Scenario[] = sixTypes,
): readonly ChangedPath[] {
  return of.flatMap((scenario) => {
    const one = bind(scenario, { setting: before }).journey;
    const other = bind(scenario, { setting: after }).journey;
    return bare(one) === bare(other) ? [] : [{ scenario, before: stopLines(one), after: stopLines(other) }];
  });
}

function bare(journey: Journey): string {
  return pathLine(journey).replaceAll(/ uid \d+/g, '');
}

/** The rule that decides on each leg: `ISTIO_INBOUND 5`, or a dash where no rule of Istio was asked. */
export function decidingRules({ legs }: Journey): readonly string[] {
  return legs.map(({ passages }) => {
    const rule = decisiveRule(passages[0]?.traversal.events ?? []);
    return rule === null ? '–' : ruleName(rule);
  });
}
