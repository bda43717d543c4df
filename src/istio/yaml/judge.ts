/**
 * What becomes of the values that a YAML sets, told at the place where each stands: what Istio refuses, what this
 * release does not heed, and what changes no rule.
 */

import { newestRelease } from '../history/release-names.ts';
import { checkOptions } from '../options/check.ts';
import type { OptionName, Options } from '../options/options.ts';
import { rulesFor } from '../steps/rules.ts';
import type { YamlMessage } from './message.ts';
import type { YamlSetting } from './settings.ts';

/** Messages about settings, for the release that the YAML tells or the newest one. */
export function judgeSettings(
  release: string | null,
  options: Partial<Options>,
  settings: readonly YamlSetting[],
): readonly YamlMessage[] {
  const of = release ?? newestRelease;
  const heard = new Map(settings.map((setting) => [setting.option, setting]));
  const problems = checkOptions(of, options);
  const messages = problems.flatMap((problem): readonly YamlMessage[] => {
    const { option, severity, code, value } = problem;
    const setting = heard.get(option as OptionName);
    if (setting === undefined) return [];
    return [{ severity, code, ...setting.place, by: setting.by, value: shown(value), problem }];
  });
  if (problems.some(({ severity }) => severity === 'error')) return messages;
  const rules = rulesFor(of, options);
  const ignored = rules.ignored.flatMap(({ option, value, reason }): readonly YamlMessage[] => {
    const setting = heard.get(option);
    if (setting === undefined) return [];
    return [
      {
        severity: 'warning',
        code: 'not heeded',
        ...setting.place,
        by: setting.by,
        value: shown(value),
        ignored: reason,
      },
    ];
  });
  const told = new Set([...problems, ...rules.ignored].map(({ option }) => option));
  const idle = [...heard.values()].flatMap((setting): readonly YamlMessage[] => {
    const { option, by, value, place } = setting;
    if (
      setting.isWritten === true ||
      told.has(option) ||
      indirect.has(option) ||
      options[option] === undefined
    )
      return [];
    const { [option]: _, ...others } = options;
    const without = rulesFor(of, others);
    const isSame =
      JSON.stringify([without.text, without.routes, without.routingRules]) ===
      JSON.stringify([rules.text, rules.routes, rules.routingRules]);
    if (!isSame) return [];
    return [
      {
        severity: 'note',
        code: 'changes no rule',
        ...place,
        by,
        value: shown(value),
      },
    ];
  });
  return [...messages, ...ignored, ...idle];
}

/** Options that are not there to change rules by themselves. */
const indirect: ReadonlySet<OptionName> = new Set([
  'cni',
  'nativeNftables',
  'dualStack',
  'enableIPv6',
  'dnsServersV4',
  'dnsServersV6',
]);

function shown(value: string): string {
  return value.length > 120 ? `${value.slice(0, 117)}…` : value;
}
