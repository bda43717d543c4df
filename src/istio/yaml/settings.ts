/**
 * What sets an option: a name in the YAML, its value, and where it stands. Later settings win over earlier ones.
 */

import { defaultOptions, type OptionName, type Options, optionNames, splitList } from '../options/options.ts';
import { optionTable, type Sources } from '../options/table.ts';
import type { YamlPlace } from './document.ts';
import type { YamlMessage, YamlSetter } from './message.ts';

export interface YamlSetting {
  readonly option: OptionName;
  readonly by: YamlSetter;
  readonly value: string;
  readonly place: YamlPlace;
  /** True where a program wrote it, and nobody meant anything by it. */
  readonly isWritten?: boolean;
  /** A text where Istio goes by the types of values. */
  readonly isText?: boolean;
}

/** The option that is set by a name of one kind, or undefined. */
export function optionOf(kind: 'annotations' | 'metadata' | 'helm', name: string): OptionName | undefined {
  return optionNames.find((option) => optionTable[option].sources[kind]?.includes(name) === true);
}

/** The option of a flag of istio-iptables, long or short. */
export function optionOfFlag(name: string): OptionName | undefined {
  return optionNames.find((option) =>
    (optionTable[option].sources.flag as readonly string[] | undefined)?.includes(name),
  );
}

/**
 * The variables that set an option in the environment of istio-init: those with a name of their own, and each
 * long flag in capitals. Source: BindEnv and AdditionalEnv of tools/istio-iptables/pkg/cmd.
 */
export function variablesOf({ metadata = [], flag }: Sources): readonly string[] {
  return [...metadata, ...(flag === undefined ? [] : [flag[0].toUpperCase().replaceAll('-', '_')])];
}

/**
 * Options whose flag istio-init has among its arguments in every pod: an argument wins over a variable. Source: the
 * arguments of istio-init in files/injection-template.yaml of istio-discovery.
 */
const alwaysArguments: readonly OptionName[] = [
  'proxyPort',
  'inboundCapturePort',
  'proxyUID',
  'inboundInterceptionMode',
  'outboundIPRangesInclude',
  'outboundIPRangesExclude',
  'inboundPortsInclude',
  'inboundPortsExclude',
];

/** The flag of istio-init that wins over a variable in every pod that the injector makes; null where none does. */
export function flagOver(option: OptionName): string | null {
  const flag = optionTable[option].sources.flag?.[1];
  return flag !== undefined && alwaysArguments.includes(option) ? `-${flag}` : null;
}

export function optionOfVariable(name: string): OptionName | undefined {
  return optionNames.find((option) => variablesOf(optionTable[option].sources).includes(name));
}

/** The name by which a pod sets an option: the annotation, or the variable; its own name where there is none. */
export function usualName(option: OptionName): string {
  const { annotations, metadata, flag } = optionTable[option].sources;
  return annotations?.[0] ?? metadata?.[0] ?? (flag === undefined ? option : `--${flag[0]}`);
}

const yes: readonly string[] = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const no: readonly string[] = ['0', 'f', 'F', 'false', 'FALSE', 'False', ''];

/** Go's strconv.ParseBool; null for anything else. */
export function readSwitch(text: string): boolean | null {
  return yes.includes(text) ? true : no.includes(text) ? false : null;
}

/** Settings as options. A switch that is neither on nor off is left out and told. */
export function toOptions(settings: readonly YamlSetting[]): {
  readonly options: Partial<Options>;
  readonly messages: readonly YamlMessage[];
} {
  const options: Partial<Record<OptionName, unknown>> = {};
  const messages: YamlMessage[] = [];
  for (const { option, by, value, place, isText } of settings) {
    if (typeof defaultOptions[option] !== 'boolean') {
      options[option] = Array.isArray(defaultOptions[option]) ? splitList(value) : value;
      continue;
    }
    const isOn = isText === true ? null : readSwitch(value);
    if (isOn !== null) options[option] = isOn;
    else {
      messages.push({ severity: 'warning', code: 'no switch', ...place, by, value });
    }
  }
  return { options: options as Partial<Options>, messages };
}
