/**
 * A scenario under a setting: its pod and its journey.
 */
import type { Workload } from '../istio/index.ts';
import { type Journey, journey, type Pod, type Rulesets } from '../journey/index.ts';
import { podAddressV6 } from './examples.ts';
import type { Change, Scenario } from './scenario.ts';
import { handbookSetting, podUnder, type Setting, workload } from './setting.ts';

export interface Bound {
  readonly setting: Setting;
  readonly pod: Pod;
  readonly request: Scenario['request'];
  readonly journey: Journey;
}

/** Walks a scenario, as the handbook is set or with a change; with `rulesets`, on a real pod's rules. */
export function bind(scenario: Scenario, change: Change = {}, rulesets?: Rulesets): Bound {
  const setting: Setting = {
    release: change.setting?.release ?? handbookSetting.release,
    options: { ...handbookSetting.options, ...change.setting?.options },
  };
  const request = { ...scenario.request, ...change.request };
  const hasV6 = setting.options.enableIPv6 === true || rulesets?.v6 !== undefined;
  const pod = podUnder(setting, rulesets, hasV6 ? withV6(workload) : workload);
  return { setting, pod, request, journey: journey(pod, request) };
}

function withV6({ addresses, ...rest }: Workload): Workload {
  const hasOne = addresses.some((address) => address.includes(':'));
  return { ...rest, addresses: hasOne ? addresses : [...addresses, `${podAddressV6}/64`] };
}
