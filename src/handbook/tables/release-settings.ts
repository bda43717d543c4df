/** A release under some options, beside those of the handbook. */

import type { Options } from '../../istio/index.ts';
import { handbookSetting, type Setting } from '../index.ts';

export function settingOf(release: string, options: Partial<Options> = {}): Setting {
  return { release, options: { ...handbookSetting.options, ...options } };
}
