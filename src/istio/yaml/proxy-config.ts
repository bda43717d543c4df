/**
 * ProxyConfig, as the annotation proxy.istio.io/config and meshConfig.defaultConfig hold it.
 */
import { nearest } from '../../netfilter/index.ts';
import { type OptionName, optionNames } from '../options/options.ts';
import { optionTable } from '../options/table.ts';
import { entriesOf, field, textOf, type Value, type YamlEntry, type YamlPlace } from './document.ts';
import type { ProxyConfigPlace, YamlMessage, YamlSetter } from './message.ts';
import { flagOver, optionOfVariable, variablesOf, type YamlSetting } from './settings.ts';

const variables = optionNames.flatMap((option) => variablesOf(optionTable[option].sources));

/** Variables of the proxy that shape no rule and are near the name of one that does. */
const harmless: readonly string[] = ['ISTIO_META_DNS_AUTO_ALLOCATE'];

/** What a ProxyConfig sets. `place` stands for all of it where its own places say nothing. */
export function readProxyConfig(
  config: Value | undefined,
  at: ProxyConfigPlace,
  place?: YamlPlace,
): { readonly settings: readonly YamlSetting[]; readonly messages: readonly YamlMessage[] } {
  const settings: YamlSetting[] = [];
  const messages: YamlMessage[] = [];
  const placeOf = (own: YamlPlace): YamlPlace => place ?? own;
  const setter = ({ key }: YamlEntry): YamlSetter => ({ kind: 'entry of ProxyConfig', name: key, at });
  for (const entry of entriesOf(field(config, 'proxyMetadata'))) {
    const option = optionOfVariable(entry.key);
    const value = textOf(entry.value);
    const flag = option === undefined ? null : flagOver(option);
    if (option !== undefined && flag !== null) {
      messages.push(overruled(option, flag, { name: entry.key, at }, placeOf(entry.place)));
    } else if (option !== undefined && value !== undefined) {
      settings.push({ option, by: setter(entry), value, place: placeOf(entry.place) });
      if (entry.value.kind === 'scalar' && !entry.value.isText)
        messages.push({
          severity: 'error',
          code: 'metadata is no text',
          ...placeOf(entry.place),
          name: entry.key,
          at,
          text: value,
        });
    } else if (!harmless.includes(entry.key)) {
      const meant = nearest(entry.key, variables);
      if (meant !== null) {
        messages.push({
          severity: 'warning',
          code: 'unknown variable',
          ...placeOf(entry.place),
          name: entry.key,
          at,
          meant,
        });
      }
    }
  }
  for (const entry of entriesOf(config)) {
    if (optionOfVariable(entry.key) !== undefined) {
      messages.push({
        severity: 'warning',
        code: 'outside of proxyMetadata',
        ...placeOf(entry.place),
        name: entry.key,
        at,
      });
    }
    const option = optionNames.find((name) => optionTable[name].sources.proxyConfig === entry.key);
    const value = textOf(entry.value);
    if (option !== undefined && value !== undefined) {
      settings.push({ option, by: setter(entry), value, place: placeOf(entry.place) });
    }
  }
  return { settings, messages };
}

function overruled(
  option: OptionName,
  flag: string,
  entry: { readonly name: string; readonly at: ProxyConfigPlace },
  place: YamlPlace,
): YamlMessage {
  const { annotations: [annotation] = [], helm: [value] = [] } = optionTable[option].sources;
  const instead =
    annotation !== undefined
      ? ({ kind: 'annotation', name: annotation } as const)
      : value !== undefined
        ? ({ kind: 'value', name: value } as const)
        : null;
  return { severity: 'warning', code: 'overruled by an argument', ...place, ...entry, flag, instead };
}
