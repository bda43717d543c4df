/** A release with options, as they are typed: `--istio 1.30 --set redirectDNS=true --values values.yaml`. */
import { handbookSetting, type Setting } from '../handbook/scenarios/index.ts';
import {
  checkOptions,
  defaultOptions,
  isOptionName,
  type OptionName,
  type Options,
  optionNames,
  optionsFromYaml,
  rulesFor,
} from '../istio/index.ts';
import { nearest } from '../netfilter/index.ts';
import { ignoredSentence, optionProblemWords, printYamlMessage } from '../words/index.ts';
import { readFile } from './input.ts';
import { complain, inOneLine, type Terminal, UseError } from './terminal.ts';

export interface SettingOptions {
  readonly istio?: string;
  readonly set?: readonly string[];
  readonly values?: string;
  /** Native nftables: the same as to set nativeNftables. */
  readonly nft?: boolean;
}

/** Of several sources a later one wins: the handbook's own, `--values`, `--set`. */
export async function settingAsked(given: SettingOptions, terminal: Terminal): Promise<Setting> {
  const fromYaml = given.values === undefined ? null : await valuesIn(given.values, terminal);
  const release = given.istio ?? fromYaml?.release ?? handbookSetting.release;
  const options: Partial<Options> = {
    ...handbookSetting.options,
    ...fromYaml?.options,
    ...optionsSet(given.set ?? []),
    ...(given.nft === true ? { nativeNftables: true } : {}),
  };
  const setting = checkedSetting({ release, options });
  if (given.nft === true) tellIdle(setting, 'nativeNftables', terminal);
  return setting;
}

/** Says of an option that the release does not heed it. */
function tellIdle({ release, options }: Setting, option: OptionName, terminal: Terminal): void {
  const idle = rulesFor(release, options).ignored.find((one) => one.option === option);
  if (idle !== undefined) complain(terminal, `${option}: ${ignoredSentence(idle.reason)}`);
}

/** Refuses what no such release takes. */
export function checkedSetting(setting: Setting): Setting {
  const refused = checkOptions(setting.release, setting.options).find(({ severity }) => severity === 'error');
  if (refused !== undefined)
    throw new UseError({
      code: 'option refused',
      option: refused.option,
      value: refused.value,
      ...optionProblemWords(refused),
    });
  return setting;
}

/** `name=value`, one for each option. */
export function optionsSet(pairs: readonly string[]): Partial<Options> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      const name = at < 0 ? pair : pair.slice(0, at);
      if (!isOptionName(name))
        throw new UseError({ code: 'no such option', name, meant: nearest(name, optionNames) });
      if (at < 0) throw new UseError({ code: 'no value', name });
      return [name, optionValue(name, pair.slice(at + 1))];
    }),
  );
}

function optionValue(name: OptionName, text: string): string | boolean | readonly string[] {
  const usual = defaultOptions[name];
  if (Array.isArray(usual)) return text.split(',').filter((part) => part !== '');
  if (typeof usual === 'string') return text;
  if (text !== 'true' && text !== 'false') throw new UseError({ code: 'no switch', name, value: text });
  return text === 'true';
}

async function valuesIn(path: string, terminal: Terminal): Promise<Partial<Setting>> {
  const { release, options, messages } = await optionsFromYaml(readFile(path, 'values').text);
  const broken = messages.find(({ code }) => code === 'broken YAML' || code === 'nothing to read');
  if (broken !== undefined)
    throw new UseError({ code: 'not YAML', input: path, line: broken.line, column: broken.column });
  for (const message of messages) terminal.tell(`${inOneLine(`${path}:${printYamlMessage(message)}`)}\n`);
  return { options, ...(release === null ? {} : { release }) };
}
