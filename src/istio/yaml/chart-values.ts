/**
 * Values of Istio's charts that stand in another object: the HelmRelease of Flux, the Application of Argo CD, and the
 * Istio and IstioCNI of the Sail operator.
 */
import { field, itemsOf, readDocuments, textOf, type Value, type YamlEntry } from './document.ts';
import type { YamlMessage } from './message.ts';

export interface ChartValues {
  readonly values: Value;
  /** Of the chart; null where its version is open. */
  readonly release: string | null;
  readonly broken: readonly YamlMessage[];
}

/** Names of the charts that set options, as repositories and Istio's own tree call them. */
const charts: ReadonlySet<string> = new Set(['istiod', 'istio-discovery', 'istio', 'cni', 'istio-cni']);

/** Null for an object that brings no values to a chart of Istio. */
export function chartValuesIn(object: Value): ChartValues | null {
  const group = (textOf(field(object, 'apiVersion')) ?? '').split('/')[0];
  const spec = field(object, 'spec');
  switch (`${group} ${textOf(field(object, 'kind'))}`) {
    case 'helm.toolkit.fluxcd.io HelmRelease': {
      const chart = field(spec, 'chart', 'spec');
      return ofChart(textOf(field(chart, 'chart')), textOf(field(chart, 'version')), field(spec, 'values'));
    }
    case 'argoproj.io Application':
      return ofApplication(spec);
    case 'argoproj.io ApplicationSet':
      return ofApplication(field(spec, 'template', 'spec'));
    case 'sailoperator.io Istio':
    case 'sailoperator.io IstioCNI':
      return ofChart('istio', textOf(field(spec, 'version')), field(spec, 'values'));
    default:
      return null;
  }
}

function ofApplication(spec: Value | undefined): ChartValues | null {
  const several = itemsOf(field(spec, 'sources'));
  for (const source of several.length > 0 ? several : [field(spec, 'source')]) {
    const chart = textOf(field(source, 'chart'));
    const { value, broken } = valuesOfArgo(field(source, 'helm'));
    const version = chart === undefined ? undefined : textOf(field(source, 'targetRevision'));
    const found = ofChart(chart ?? textOf(field(source, 'path')), version, value);
    if (found !== null) return { ...found, broken };
  }
  return null;
}

/**
 * `valuesObject` stands in the place of `values`, and parameters go before both. Source: ValuesYAML of
 * pkg/apis/application/v1alpha1/types.go and the options of helmTemplate in reposerver/repository/repository.go.
 */
function valuesOfArgo(helm: Value | undefined): Pick<ChartValues, 'broken'> & { readonly value?: Value } {
  const object = field(helm, 'valuesObject');
  const text = field(helm, 'values');
  const read: ReturnType<typeof valuesInText> =
    object !== undefined ? { value: object, broken: [] } : valuesInText(text);
  const value = itemsOf(field(helm, 'parameters')).reduce<Value | undefined>(
    (before, one) => merged(before, ofParameter(one)),
    read.value,
  );
  return { broken: read.broken, ...(value === undefined ? {} : { value }) };
}

/** YAML in a text: its lines are those of the file where the text is a literal block. */
function valuesInText(text: Value | undefined): Pick<ChartValues, 'broken'> & { readonly value?: Value } {
  if (text?.kind !== 'scalar') return { broken: [] };
  const { values, messages } = readDocuments(text.text);
  const { place } = text;
  const lineOf = (line: number) => (text.isBlock === true ? place.line + line : place.line);
  const broken = messages.map((one) => ({ ...one, line: lineOf(one.line), column: 1 }));
  const [value] = values;
  return value === undefined ? { broken } : { broken, value: moved(value, lineOf) };
}

function moved(value: Value, lineOf: (line: number) => number): Value {
  const place = { line: lineOf(value.place.line), column: 1 };
  switch (value.kind) {
    case 'scalar':
      return { ...value, place };
    case 'list':
      return { ...value, place, items: value.items.map((one) => moved(one, lineOf)) };
    case 'map':
      return {
        ...value,
        place,
        entries: value.entries.map((one) => ({
          key: one.key,
          place: { line: lineOf(one.place.line), column: 1 },
          value: moved(one.value, lineOf),
        })),
      };
  }
}

/** `name: global.proxy.excludeOutboundPorts`, as `--set` of helm has it: a dot behind a backslash is of the name. */
function ofParameter(parameter: Value): Value | undefined {
  const value = field(parameter, 'value');
  const name = textOf(field(parameter, 'name'));
  if (value === undefined || name === undefined) return undefined;
  return name
    .split(/(?<!\\)\./)
    .map((key) => key.replaceAll('\\.', '.'))
    .reduceRight<Value>(
      (inner, key) => ({
        kind: 'map',
        place: value.place,
        entries: [{ key, place: value.place, value: inner }],
      }),
      value,
    );
}

/** As helm puts values together: maps entry by entry, and of all else the later one. */
function merged(one: Value | undefined, other: Value | undefined): Value | undefined {
  if (one?.kind !== 'map' || other?.kind !== 'map') return other ?? one;
  const left = new Map(one.entries.map((entry) => [entry.key, entry]));
  for (const entry of other.entries) {
    const value: YamlEntry['value'] = merged(left.get(entry.key)?.value, entry.value) ?? entry.value;
    left.set(entry.key, { ...entry, value });
  }
  return { ...one, entries: [...left.values()] };
}

function ofChart(
  chart: string | undefined,
  version: string | undefined,
  given: Value | undefined,
): ChartValues | null {
  const isIstios = charts.has((chart ?? '').split('/').at(-1) ?? '');
  // A chart of one's own can have Istio's in it, with its values below its name.
  const inner = field(given, 'istiod');
  if (!isIstios && inner?.kind !== 'map') return null;
  const place = given?.place ?? { line: 1, column: 1 };
  const values = (isIstios ? given : inner) ?? { kind: 'map', place, entries: [] };
  return { values, release: isIstios ? releaseOfChart(version) : null, broken: [] };
}

/** `1.24.3`, `v1.24-latest`, `1.24.x`; a range of several minors tells no release. */
function releaseOfChart(version: string | undefined): string | null {
  return /^[v~]?(\d+\.\d+(?:\.\d+)?)(?:\.[x*]|-[\w.-]+)?$/.exec(version ?? '')?.[1] ?? null;
}
