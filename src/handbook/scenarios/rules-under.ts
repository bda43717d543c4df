/** The rules of a setting. Pages ask for the same ones at every word, so each is made once. */
import { rulesFor, type SidecarRules } from '../../istio/index.ts';
import type { ScenarioChange } from './scenario.ts';
import { handbookSetting } from './setting.ts';

const made = new Map<string, SidecarRules>();

/** The rules as the handbook is set, or with a change. */
export function rulesUnder({ setting }: ScenarioChange = {}): SidecarRules {
  const release = setting?.release ?? handbookSetting.release;
  const options = { ...handbookSetting.options, ...setting?.options };
  const key = JSON.stringify([release, options]);
  const rules = made.get(key) ?? rulesFor(release, options);
  made.set(key, rules);
  return rules;
}
