/**
 * A scenario under a setting: its pod and its journey.
 */
import { type Journey, journey, type Pod } from '../../journey/index.ts';
import { requestOn } from './own-place.ts';
import { type RealPod, workloadOf } from './real-pod/index.ts';
import type { Scenario, ScenarioChange } from './scenario.ts';
import { handbookSetting, podUnder, type Setting } from './setting.ts';

/** What of a scenario is walked. */
export type Walkable = Pick<Scenario, 'request' | 'setting' | 'pod'>;

export interface Bound {
  readonly setting: Setting;
  readonly pod: Pod;
  readonly request: Scenario['request'];
  readonly journey: Journey;
}

/** Walks a scenario, as the handbook is set or with a change; with `real`, on what is known of a real pod. */
export function bind(scenario: Walkable, change: ScenarioChange = {}, real: RealPod = {}): Bound {
  const { setting, pod } = podOfScenario(scenario, change, real);
  const request = { ...requestOn(pod, scenario.request), ...change.request };
  return { setting, pod, request, journey: journey(pod, request) };
}

/** The pod that a scenario is walked on. */
export function podOfScenario(
  scenario: Walkable,
  change: ScenarioChange = {},
  real: RealPod = {},
): Pick<Bound, 'setting' | 'pod'> {
  const setting = settingOf(scenario, change, real.setting);
  // A real pod is as it is, and not as a scenario would have it.
  const otherwise = real.setting === undefined ? scenario.pod : {};
  const own = { ...workloadOf(real, setting.options.enableIPv6 === true), ...otherwise };
  return { setting, pod: podUnder(setting, real, own) };
}

/** The handbook's setting with what a scenario sets otherwise, or a real pod's; and what a change does. */
export function settingOf(
  scenario: Pick<Scenario, 'setting'>,
  change: ScenarioChange = {},
  real?: Setting,
): Setting {
  const usual: Setting = {
    release: scenario.setting?.release ?? handbookSetting.release,
    options: { ...handbookSetting.options, ...scenario.setting?.options },
  };
  const { release, options } = real ?? usual;
  return {
    release: change.setting?.release ?? release,
    options: { ...options, ...change.setting?.options },
  };
}
