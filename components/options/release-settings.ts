/** A release under some options, beside those of the handbook. */
import { handbookSetting, type Setting } from '../../src/handbook/index.ts';
import type { Options } from '../../src/istio/index.ts';

export function settingOf(release: string, options: Partial<Options> = {}): Setting {
  return { release, options: { ...handbookSetting.options, ...options } };
}
