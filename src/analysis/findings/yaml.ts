/**
 * What a pod's YAML asks for against what its rules are.
 */
import {
  defaultCniOptions,
  defaultOptions,
  type OptionName,
  type Options,
  optionTable,
  type Sources,
  type YamlMessage,
} from '../../istio/index.ts';
import { findChain, printRule, type Rule, type Ruleset } from '../../netfilter/index.ts';
import { type Identification, releaseAmong } from '../identify.ts';
import { asksFor, conditionsOf, verdictOf } from '../rule-parts.ts';
import type { Examined, FindingOf, NamedRule, PodYaml } from './finding.ts';

/** The options that the rules show, so that asking for another is seen. */
export const optionsShown: readonly OptionName[] = [
  'proxyPort',
  'inboundCapturePort',
  'proxyUID',
  'proxyGID',
  'inboundInterceptionMode',
  'inboundPortsInclude',
  'inboundPortsExclude',
  'outboundPortsInclude',
  'outboundPortsExclude',
  'outboundIPRangesInclude',
  'outboundIPRangesExclude',
  'rerouteVirtualInterfaces',
  'excludeInterfaces',
  'redirectDNS',
  'dropInvalid',
];

/** The ports that Istio excludes by itself, the CNI plugin one more. */
const always: Partial<Record<OptionName, readonly string[]>> = {
  inboundPortsExclude: defaultOptions.inboundPortsExclude.split(','),
  outboundPortsExclude: defaultCniOptions.outboundPortsExclude.split(','),
};

export type YamlFinding =
  /** The app runs as the proxy: its own traffic is taken for Envoy's. */
  | FindingOf<'app.as-proxy', NamedRule & { readonly which: 'uid' | 'gid'; readonly number: number }>
  /** What the YAML asks for has not come to be. Values are those of the option, sorted; a switch is `on` or `off`. */
  | FindingOf<
      'yaml.option-differs',
      {
        readonly setter: Setter;
        /** The line of the text that asks for it; null where none was found. */
        readonly line: number | null;
        readonly wants: readonly string[];
        readonly has: readonly string[];
        readonly lacking: readonly string[];
      }
    >
  /** The rules are made with an option for which the YAML does not ask. */
  | FindingOf<'yaml.option-unasked', { readonly setBy: string; readonly has: readonly string[] }>
  /** The proxy's image is of another release than the rules. */
  | FindingOf<'yaml.release-differs', { readonly release: string; readonly releases: readonly string[] }>
  /** What the reader of the YAML found by itself; `line` counts in the whole text. */
  | FindingOf<'yaml.message', { readonly line: number; readonly message: YamlMessage }>;

/** What in a YAML sets an option. */
export interface Setter {
  /** `argument`: of istio-init; `other`: something else, `name` is that of the option. */
  readonly by: 'annotation' | 'variable' | 'field' | 'argument' | 'other';
  readonly name: string;
}

/** What is otherwise than the YAML asks for. */
export function againstYaml({ yaml, families }: Examined): readonly YamlFinding[] {
  if (yaml === null) return [];
  const main = families.find(({ identification }) => identification !== null);
  const owner = main === undefined ? [] : appAsProxy(yaml, main.ruleset);
  const identification = main?.identification ?? null;
  return [
    ...owner,
    ...(identification === null ? [] : optionFindings(yaml, identification)),
    ...(identification === null ? [] : releaseFindings(yaml, identification)),
    ...messageFindings(yaml, owner.length > 0),
  ];
}

function appAsProxy({ read: { workload } }: PodYaml, ruleset: Ruleset): readonly YamlFinding[] {
  const rules = findChain(ruleset, 'nat', 'ISTIO_OUTPUT')?.rules ?? [];
  for (const which of ['uid', 'gid'] as const) {
    const number = workload?.[which];
    if (number === undefined) continue;
    const at = rules.findIndex((rule) => letsPass(rule, which, number));
    const rule = rules[at];
    if (rule === undefined) continue;
    const place = { table: 'nat', chain: 'ISTIO_OUTPUT', position: at + 1 } as const;
    return [
      { id: 'app.as-proxy', weight: 'wrong', place, rule: printRule(ruleset.family, rule), which, number },
    ];
  }
  return [];
}

/** Whether a rule lets pass all that this user or group sends. */
function letsPass(rule: Rule, which: 'uid' | 'gid', number: number): boolean {
  const [condition, ...more] = conditionsOf(rule);
  return (
    verdictOf(rule) === 'RETURN' &&
    condition !== undefined &&
    more.length === 0 &&
    asksFor(condition, `--${which}-owner`, number)
  );
}

function optionFindings(
  yaml: PodYaml,
  { options, missing, foreign }: Identification,
): readonly YamlFinding[] {
  const { read } = yaml;
  const usual = options.cni === true ? defaultCniOptions : defaultOptions;
  return optionsShown.flatMap((name): readonly YamlFinding[] => {
    const has = partsOf(name, options[name] ?? usual[name]);
    const wanted = read.options[name];
    if (wanted === undefined) {
      // Rules that somebody put in by hand look like an option, too.
      if (options[name] === undefined || missing.length + foreign.length > 0) return [];
      return [{ id: 'yaml.option-unasked', weight: 'note', setBy: nameOf(name), has }];
    }
    const wants = partsOf(name, wanted);
    const lacking = wants.filter((part) => !has.includes(part));
    const more = has.filter((part) => !wants.includes(part));
    if (lacking.length + more.length === 0) return [];
    return [{ id: 'yaml.option-differs', weight: 'wrong', ...setterIn(yaml, name), wants, has, lacking }];
  });
}

/** The values of an option that can differ, in order; a switch is `on` or `off`. */
function partsOf(name: OptionName, value: Options[OptionName]): readonly string[] {
  if (typeof value === 'boolean') return [value ? 'on' : 'off'];
  const parts = (typeof value === 'string' ? value.split(',') : value).map((part) => part.trim());
  return parts
    .filter((part) => part !== '' && !always[name]?.includes(part))
    .map((part) => part.replace(/\/(32|128)$/, ''))
    .sort();
}

/** The name by which a reader knows an option. */
function nameOf(name: OptionName): string {
  return optionTable[name].setBy ?? name;
}

/** What in the YAML sets an option, and in which line of the text. */
function setterIn(
  { lines, numbers }: PodYaml,
  option: OptionName,
): { readonly setter: Setter; readonly line: number | null } {
  const { annotations = [], metadata = [], proxyConfig, flag } = optionTable[option].sources;
  const setters: readonly (Setter & { readonly pattern: RegExp })[] = [
    ...annotations.map((name) => ({ by: 'annotation', name, pattern: literal(name) }) as const),
    ...metadata.map((name) => ({ by: 'variable', name, pattern: literal(name) }) as const),
    ...(proxyConfig === undefined
      ? []
      : [{ by: 'field', name: proxyConfig, pattern: literal(proxyConfig) } as const]),
    ...(flag === undefined ? [] : [{ by: 'argument', ...argument(flag) } as const]),
  ];
  for (const { pattern, by, name } of setters) {
    // What kubectl applied last is a copy of the YAML in one line of it.
    const at = lines.findIndex((line) => pattern.test(line) && !/last-applied-configuration/.test(line));
    if (at >= 0) return { setter: { by, name }, line: numbers[at] ?? null };
  }
  return { setter: { by: 'other', name: nameOf(option) }, line: null };
}

/** An argument of istio-init in a list of YAML. */
function argument([long, short]: NonNullable<Sources['flag']>) {
  return {
    name: short === undefined ? `--${long}` : `-${short}`,
    pattern: new RegExp(`^\\s*- ["']?-(-${long}|${short ?? long})["']?(=|$)`),
  };
}

function literal(name: string): RegExp {
  return new RegExp(`(^|[\\s"'])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}["']?\\s*(:|$)`);
}

function releaseFindings(
  { read: { release } }: PodYaml,
  { releases, missing, foreign }: Identification,
): readonly YamlFinding[] {
  if (release === null || releaseAmong(release, releases) !== null || missing.length + foreign.length > 0)
    return [];
  return [{ id: 'yaml.release-differs', weight: 'doubtful', release, releases }];
}

/** Notes are for those who choose options, and none here. */
function messageFindings({ read, numbers }: PodYaml, isOwnerSaid: boolean): readonly YamlFinding[] {
  return read.messages.flatMap((message): readonly YamlFinding[] => {
    const { severity, line, code } = message;
    // That it is of no pod, its kind says.
    if (severity === 'note' || code === 'nothing to read' || (isOwnerSaid && code === 'app as proxy'))
      return [];
    const weight = severity === 'error' ? 'wrong' : 'doubtful';
    return [{ id: 'yaml.message', weight, line: numbers[line - 1] ?? line, message }];
  });
}
