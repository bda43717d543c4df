/**
 * ProxyConfig, as the annotation proxy.istio.io/config and meshConfig.defaultConfig hold it.
 */
import { nearest } from '../../netfilter/index.ts';
import { type OptionName, optionNames } from '../options/options.ts';
import { optionTable } from '../options/table.ts';
import { entriesOf, field, textOf, type Value, type YamlEntry, type YamlPlace } from './document.ts';
import type { YamlMessage } from './message.ts';
import { flagOver, optionOfVariable, variablesOf, type YamlSetting } from './settings.ts';

const variables = optionNames.flatMap((option) => variablesOf(optionTable[option].sources));

/** Variables of the proxy that shape no rule and are near the name of one that does. */
const harmless: readonly string[] = ['ISTIO_META_DNS_AUTO_ALLOCATE'];

/** What a ProxyConfig sets. `where` names it to the reader; `place` stands for all of it where its own places say nothing. */
export function readProxyConfig(
  config: Value | undefined,
  where: string,
  place?: YamlPlace,
): { readonly settings: readonly YamlSetting[]; readonly messages: readonly YamlMessage[] } {
  const settings: YamlSetting[] = [];
  const messages: YamlMessage[] = [];
  const at = (own: YamlPlace): YamlPlace => place ?? own;
  for (const entry of entriesOf(field(config, 'proxyMetadata'))) {
    const option = optionOfVariable(entry.key);
    const value = textOf(entry.value);
    const flag = option === undefined ? null : flagOver(option);
    if (option !== undefined && flag !== null) {
      messages.push(overruled(option, flag, `${entry.key} in ${where}`, at(entry.place)));
    } else if (option !== undefined && value !== undefined) {
      settings.push({ option, by: `${entry.key} in ${where}`, value, place: at(entry.place) });
      if (entry.value.kind === 'scalar' && !entry.value.isText)
        messages.push(unquoted(entry, where, at(entry.place)));
    } else if (!harmless.includes(entry.key)) {
      const meant = nearest(entry.key, variables);
      if (meant !== null) {
        messages.push({
          severity: 'warning',
          code: 'unknown variable',
          ...at(entry.place),
          found: `${entry.key} in ${where}`,
          because: 'Istio knows no variable of this name that shapes the rules.',
          fix: `Did you mean ${meant}?`,
        });
      }
    }
  }
  for (const entry of entriesOf(config)) {
    if (optionOfVariable(entry.key) !== undefined) {
      messages.push({
        severity: 'warning',
        code: 'outside of proxyMetadata',
        ...at(entry.place),
        found: `${entry.key} in ${where}`,
        because: 'Variables of the proxy are read from proxyMetadata only.',
        fix: 'Move it under proxyMetadata.',
      });
    }
    const option = optionNames.find((name) => optionTable[name].sources.proxyConfig === entry.key);
    const value = textOf(entry.value);
    if (option !== undefined && value !== undefined) {
      settings.push({ option, by: `${entry.key} in ${where}`, value, place: at(entry.place) });
    }
  }
  return { settings, messages };
}

function overruled(option: OptionName, flag: string, found: string, place: YamlPlace): YamlMessage {
  const { annotations, helm } = optionTable[option].sources;
  const annotation = annotations?.[0];
  return {
    severity: 'warning',
    code: 'overruled by an argument',
    ...place,
    found,
    because: `The injector gives istio-init the argument ${flag} in every pod, and an argument wins over a variable: it has no effect.`,
    fix:
      annotation !== undefined
        ? `Write the annotation ${annotation}.`
        : helm !== undefined
          ? `Set ${helm[0]} in the values of the Helm chart istiod.`
          : 'Leave it out.',
  };
}

function unquoted({ key, value }: YamlEntry, where: string, place: YamlPlace): YamlMessage {
  const text = textOf(value) ?? '';
  return {
    severity: 'error',
    code: 'metadata is no text',
    ...place,
    found: `${key} in ${where}: ${text}`,
    because:
      'The values of proxyMetadata are text, and YAML takes this for a number or a truth value: Istio refuses the whole ProxyConfig.',
    fix: `Write "${text}" in quotes.`,
  };
}
