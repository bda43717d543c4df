/** A release with options of ambient mode, as they are typed: `--ambient --istio 1.30 --set ingressMode=true`. */
import { ambientRulesUnder, handbookSetting } from '../handbook/scenarios/index.ts';
import {
  type AmbientFromYaml,
  type AmbientOptions,
  type AmbientRules,
  ambientDefaults,
  ambientOptionsFromYaml,
  ambientOptionsOf,
  readRelease,
} from '../istio/index.ts';
import { nearest } from '../netfilter/index.ts';
import { ambientIgnoredWords, ambientProblemWords } from '../words/index.ts';
import { readFile } from './input.ts';
import type { SettingOptions } from './setting.ts';
import { complain, type Terminal, UseError } from './terminal.ts';

export interface AmbientSetting {
  readonly release: string;
  readonly options: Partial<AmbientOptions>;
  readonly rules: AmbientRules;
}

/** Refuses what no such release takes; what it does not heed is told. */
export async function ambientAsked(
  { istio, set = [], values, nft }: SettingOptions,
  terminal: Terminal,
): Promise<AmbientSetting> {
  const fromYaml = values === undefined ? null : await valuesIn(values);
  const release = istio ?? fromYaml?.release ?? handbookSetting.release;
  const options = {
    ...fromYaml?.options,
    ...ambientOptionsSet(set, release),
    ...(nft === true ? { nativeNftables: true } : {}),
  };
  const rules = ambientRulesUnder({ release, options });
  const refused = rules.problems.find(({ severity }) => severity === 'error');
  if (refused !== undefined) {
    const { why, fix } = ambientProblemWords(refused);
    const { option, value } = refused;
    throw new UseError({ code: 'option refused', option, value, because: why, fix });
  }
  for (const one of rules.ignored) {
    const { because, fix } = ambientIgnoredWords(one);
    complain(terminal, `${one.option}: ${because} ${fix}`);
  }
  return { release, options, rules };
}

async function valuesIn(path: string): Promise<AmbientFromYaml> {
  const read = await ambientOptionsFromYaml(readFile(path, 'values').text);
  const [broken] = read.broken;
  if (broken !== undefined)
    throw new UseError({ code: 'not YAML', input: path, line: broken.line, column: broken.column });
  if (Object.keys(read.options).length === 0 && read.release === null)
    throw new UseError({ code: 'no values of ambient', input: path });
  return read;
}

function ambientOptionsSet(pairs: readonly string[], release: string): Partial<AmbientOptions> {
  const number = readRelease(release) ?? readRelease(handbookSetting.release) ?? [1, 31, 0];
  const usual = new Map<string, string | boolean>(Object.entries(ambientDefaults(number)));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      const known = usual.get(name);
      if (known === undefined)
        throw new UseError({ code: 'no such option', name, meant: nearest(name, ambientOptionsOf(number)) });
      if (rest.length === 0) throw new UseError({ code: 'no value', name });
      const value = rest.join('=');
      if (typeof known === 'string') return [name, value];
      if (value !== 'true' && value !== 'false') throw new UseError({ code: 'no switch', name, value });
      return [name, value === 'true'];
    }),
  );
}
