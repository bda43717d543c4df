/** Options of ambient mode out of YAML: values of the chart istio-cni, and annotations of a pod. */
import type { AmbientOptionName, AmbientOptions } from '../ambient/options.ts';
import { chartValuesIn } from './chart-values.ts';
import { field, readDocuments, textOf, truthOf, type Value } from './document.ts';
import { releaseOfImage } from './injected.ts';
import type { YamlMessage } from './message.ts';
import { objectsOf } from './objects.ts';
import { readSwitch } from './settings.ts';

export interface AmbientFromYaml {
  readonly release: string | null;
  readonly options: Partial<AmbientOptions>;
  /** What cannot be read as YAML. */
  readonly broken: readonly YamlMessage[];
}

/**
 * Where the chart has each option; before 1.24 all of the chart stood below `cni`. Source: configmap-cni.yaml of
 * istio-cni, where `env` is put among the variables of the agent.
 */
const ofChart: readonly (readonly [AmbientOptionName, readonly string[]])[] = [
  ['enableIPv6', ['ambient', 'ipv6']],
  ['redirectDNS', ['ambient', 'dnsCapture']],
  ['tproxyRedirection', ['env', 'AMBIENT_TPROXY_REDIRECTION']],
  ['hostProbeSNATAddress', ['env', 'HOST_PROBE_SNAT_IP']],
  ['hostProbeV6SNATAddress', ['env', 'HOST_PROBE_SNAT_IPV6']],
  ['nativeNftables', ['global', 'nativeNftables']],
];

const ofPod: readonly (readonly [AmbientOptionName, string])[] = [
  ['ingressMode', 'ambient.istio.io/bypass-inbound-capture'],
  ['virtualInterfaces', 'istio.io/reroute-virtual-interfaces'],
  ['dnsProxy', 'ambient.istio.io/dns-capture'],
];

/** See `ambientOptionsFromYaml`. */
export function readAmbientValues(yaml: string): AmbientFromYaml {
  const { values, messages } = readDocuments(yaml);
  const found: [AmbientOptionName, Value | undefined][] = [];
  let release: string | null = null;
  for (const document of values) {
    const within = chartValuesIn(document);
    const isOperator = textOf(field(document, 'kind')) === 'IstioOperator';
    const chart = within?.values ?? (isOperator ? field(document, 'spec', 'values') : document);
    const tag = textOf(field(document, 'spec', 'tag')) ?? textOf(field(chart, 'global', 'tag'));
    release = releaseOfImage(tag === undefined ? undefined : `:${tag}`) ?? within?.release ?? release;
    for (const [option, path] of ofChart)
      found.push([option, field(chart, ...path) ?? field(chart, 'cni', ...path)]);
  }
  const pod = objectsOf(values).find((one) => one.pod !== null)?.pod;
  for (const [option, key] of ofPod)
    found.push([option, pod?.annotations.findLast((one) => one.key === key)?.value]);
  const options = found.flatMap(([option, value]): readonly (readonly [string, string | boolean])[] => {
    const isText = texts.has(option);
    const text = isText ? textOf(value) : truthOf(value);
    if (text === undefined) return [];
    const isOn = readSwitch(text);
    if (option === 'dnsProxy') return isOn === null ? [] : [[option, isOn ? 'enabled' : 'disabled']];
    return isText ? [[option, text]] : isOn === null ? [] : [[option, isOn]];
  });
  return {
    release,
    options: Object.fromEntries(options),
    broken: messages.filter(({ code }) => code !== 'key twice'),
  };
}

const texts: ReadonlySet<AmbientOptionName> = new Set([
  'hostProbeSNATAddress',
  'hostProbeV6SNATAddress',
  'virtualInterfaces',
]);
