/**
 * A scenario under a setting: its pod and its journey.
 */
import { type Journey, journey, type Pod } from '../journey/index.ts';
import { type RealPod, requestOn, workloadOf } from './real-pod.ts';
import type { Change, Scenario } from './scenario.ts';
import { handbookSetting, podUnder, type Setting } from './setting.ts';

export interface Bound {
  readonly setting: Setting;
  readonly pod: Pod;
  readonly request: Scenario['request'];
  readonly journey: Journey;
}

/** Walks a scenario, as the handbook is set or with a change; with `real`, on what is known of a real pod. */
export function bind(scenario: Scenario, change: Change = {}, real: RealPod = {}): Bound {
  const setting: Setting = {
    release: change.setting?.release ?? handbookSetting.release,
    options: { ...handbookSetting.options, ...change.setting?.options },
  };
  const pod = podUnder(setting, real, workloadOf(real, setting.options.enableIPv6 === true));
  const request = { ...requestOn(pod, scenario.request), ...change.request };
  return { setting, pod, request, journey: journey(pod, request) };
}
