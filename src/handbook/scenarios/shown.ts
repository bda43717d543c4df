/**
 * Scenarios of both ways to be in the mesh, as pages show them: of a pod with a sidecar, and of an enrolled pod of ambient
 * mode. Path, diagram, rules and files are made of either in the same way.
 */
import {
  type AmbientRole,
  ambientRoleAt,
  isSince,
  type Role,
  readRelease,
  roleAt,
  rulesFor,
} from '../../istio/index.ts';
import type { Journey } from '../../journey/index.ts';
import { type AmbientScenario, ambientScenarios, bindAmbient } from './ambient.ts';
import { bind } from './bind.ts';
import type { Scenario, ScenarioChange } from './scenario.ts';
import { handbookSetting } from './setting.ts';
import { allScenarios } from './traffic.ts';

export type ShownScenario = Scenario | AmbientScenario;

/** The first release whose ztunnel, rules and defaults the pages on ambient mode speak of. */
export const ambientToldSince = '1.25';

const release = readRelease(handbookSetting.release);

/** Every scenario that has a page in this handbook. */
export const shownScenarios: readonly ShownScenario[] = [
  ...allScenarios,
  ...(release !== null && isSince(release, ambientToldSince) ? ambientScenarios : []),
];

/** A scenario of either kind. That of ambient mode is known in every setting, as its pages are read in every one. */
export function shownScenarioNamed(name: string): ShownScenario | undefined {
  return [...allScenarios, ...ambientScenarios].find((scenario) => scenario.name === name);
}

/** Whether it is one of ambient mode. */
export function isAmbientScenario(scenario: ShownScenario): scenario is AmbientScenario {
  return 'page' in scenario;
}

/** A place of a rule, as an event has it. */
type Place = Parameters<typeof roleAt>[1];

/** A scenario, walked. */
export interface Shown {
  readonly release: string;
  readonly journey: Journey;
  /** What the rule at a place is for; null for one that Istio did not make. */
  readonly roleAt: (place: Place, isOnNode: boolean) => { readonly role: Role | AmbientRole } | null;
}

/** Walks a scenario as the handbook is set, or with a change: one of ambient mode with its release and options of that mode. */
export function walkShown(scenario: ShownScenario, change: ScenarioChange = {}): Shown {
  if (!isAmbientScenario(scenario)) {
    const { setting, journey } = bind(scenario, change);
    const rules = rulesFor(setting.release, setting.options);
    return { release: setting.release, journey, roleAt: (place) => roleAt(rules, place) };
  }
  const bound = bindAmbient(scenario, {
    ...(change.setting?.release === undefined ? {} : { release: change.setting.release }),
    ...(change.ambient === undefined ? {} : { options: change.ambient }),
  });
  const { pod, host } = bound.rules;
  return {
    release: bound.release,
    journey: bound.journey,
    roleAt: (place, isOnNode) => ambientRoleAt(isOnNode ? host : pod, place),
  };
}
