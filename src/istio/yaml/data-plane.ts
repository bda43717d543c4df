/**
 * YAML that is not of a sidecar with rules of iptables: ambient mode, of which the options of a sidecar say nothing, and
 * native nftables, where the rules stand elsewhere.
 */
import { field, itemsOf, textOf, truthOf, type Value, type YamlEntry } from './document.ts';
import type { YamlMessage } from './message.ts';

/**
 * What puts a pod into ambient mode, or says that it is: the label of a pod or a namespace, and the annotation that the
 * CNI plugin sets. Source: label.IoIstioDataplaneMode and annotation.AmbientRedirection in cni/pkg/util/podutil.go.
 */
const ambientSigns: ReadonlyMap<string, string> = new Map([
  ['istio.io/dataplane-mode', 'ambient'],
  ['ambient.istio.io/redirection', 'enabled'],
]);

/** That a pod, or all pods of a namespace, are in ambient mode; null where nothing says so. */
export function ambientMode(entries: readonly YamlEntry[], isNamespace = false): YamlMessage | null {
  const sign = entries.find(({ key, value }) => ambientSigns.get(key) === (textOf(value) ?? ''));
  if (sign === undefined) return null;
  const { key, place, value } = sign;
  const of = isNamespace ? 'namespace' : 'pod';
  return { severity: 'note', code: 'ambient mode', ...place, of, key, value: textOf(value) ?? '' };
}

/** Whether the charts of Istio are told to set up ambient mode. Source: manifests/profiles/ambient.yaml. */
export function ambientInstalled(chart: Value | undefined, spec: Value | undefined): YamlMessage | null {
  const places: readonly (readonly [string, Value | undefined, string])[] = [
    ['profile', field(chart, 'profile') ?? field(spec, 'profile'), 'ambient'],
    ['cni.ambient.enabled', field(chart, 'cni', 'ambient', 'enabled'), 'true'],
    ['ambient.enabled', field(chart, 'ambient', 'enabled'), 'true'],
  ];
  for (const [path, value, wanted] of places) {
    if (value === undefined || truthOf(value) !== wanted) continue;
    return {
      severity: 'note',
      code: 'ambient mode',
      ...value.place,
      of: 'charts',
      key: path,
      value: wanted,
    };
  }
  return null;
}

/** Whether the charts have rules made by nft. Source: values.yaml of istio-discovery and istio-cni. */
export function nativeNftables(chart: Value | undefined): YamlMessage | null {
  const value = field(chart, 'global', 'nativeNftables');
  if (value === undefined || truthOf(value) !== 'true') return null;
  return { severity: 'note', code: 'native nftables', ...value.place, by: 'value' };
}

/** The same of an init container. Source: files/injection-template.yaml. */
export function nativeNftablesIn(init: Value | undefined): YamlMessage | null {
  const said = ['command', 'args']
    .flatMap((name) => itemsOf(field(init, name)))
    .find((word) => /^--native-nftables(?:=true)?$/.test(textOf(word) ?? ''));
  if (said === undefined) return null;
  return { severity: 'note', code: 'native nftables', ...said.place, by: 'argument' };
}
