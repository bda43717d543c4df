/**
 * Values of the Helm chart istiod, wherever they stand, or an IstioOperator, into release and options.
 */
import { nearest } from '../../netfilter/index.ts';
import { excludedInbound, type OptionName, optionNames } from '../options/options.ts';
import { optionTable } from '../options/table.ts';
import { chartValuesIn } from './chart-values.ts';
import { ambientInstalled, nativeNftables } from './data-plane.ts';
import { entriesOf, field, readDocuments, textOf, truthOf, type Value, type YamlEntry } from './document.ts';
import { releaseOfImage } from './injected.ts';
import { judgeSettings } from './judge.ts';
import type { FromYaml, YamlMessage } from './message.ts';
import { readProxyConfig } from './proxy-config.ts';
import { toOptions, type YamlSetting } from './settings.ts';

/** See `optionsFromHelm`. */
export function readHelm(yaml: string): FromYaml {
  const { values, messages } = readDocuments(yaml);
  const within = values.flatMap((value) => chartValuesIn(value) ?? [])[0];
  const { settings: _, ...read } =
    within === undefined
      ? readHelmValues(values[0], messages)
      : readHelmValues(within.values, [...messages, ...within.broken], within.release);
  return read;
}

/** The values of one document, and what sets each option. `ofChart` is the release where no value tells it. */
export function readHelmValues(
  document: Value | undefined,
  broken: readonly YamlMessage[],
  ofChart: string | null = null,
): FromYaml & { readonly settings: readonly YamlSetting[] } {
  const isOperator = textOf(field(document, 'kind')) === 'IstioOperator';
  const chart = isOperator ? field(document, 'spec', 'values') : document;
  const mesh = isOperator ? field(document, 'spec', 'meshConfig') : field(document, 'meshConfig');
  const defaults = readProxyConfig(field(mesh, 'defaultConfig'), 'mesh');
  const status = textOf(field(chart, 'global', 'proxy', 'statusPort'));
  const given: readonly YamlSetting[] = [
    ...defaults.settings,
    ...optionNames.flatMap((option) => settingOf(option, chart, mesh)),
    ...operatorCni(isOperator ? document : undefined),
  ];
  const cni = toOptions(given).options.cni === true;
  const settings = given.map((setting) =>
    // The CNI plugin adds the sidecar's own ports itself.
    setting.option === 'inboundPortsExclude' && !cni
      ? { ...setting, value: excludedInbound(setting.value, status) }
      : setting,
  );
  const { options, messages: switches } = toOptions(settings);
  const release = releaseOf(isOperator ? field(document, 'spec') : undefined, chart) ?? ofChart;
  const standIn =
    options.redirectDNS === true && options.cni !== true ? { dnsServersV4: ['10.96.0.10'] } : {};
  const none: readonly YamlMessage[] =
    document === undefined && broken.length === 0
      ? [
          {
            severity: 'error',
            code: 'nothing to read',
            line: 1,
            column: 1,
            wanted: 'values',
            names: [],
          },
        ]
      : [];
  return {
    release,
    options,
    object: document === undefined ? null : isOperator ? 'IstioOperator' : 'Helm values',
    workload: null,
    settings,
    messages: [
      ...broken,
      ...none,
      ...defaults.messages,
      ...switches,
      ...[
        nativeNftables(chart),
        ambientInstalled(chart, isOperator ? field(document, 'spec') : undefined),
      ].filter((one) => one !== null),
      ...misplaced(chart, mesh),
      ...judgeSettings(release, { ...options, ...standIn }, settings),
    ].sort((one, other) => one.line - other.line || one.column - other.column),
  };
}

/** Where a value stands, in the chart's values or in the mesh's own, which an IstioOperator keeps apart. */
function valueAt(path: string, chart: Value | undefined, mesh: Value | undefined): Value | undefined {
  const [first, ...rest] = path.split('.');
  return first === 'meshConfig' ? field(mesh, ...rest) : field(chart, ...path.split('.'));
}

function settingOf(
  option: OptionName,
  chart: Value | undefined,
  mesh: Value | undefined,
): readonly YamlSetting[] {
  // Of two names for one option the older one gives way.
  const paths = [...(optionTable[option].sources.helm ?? [])].reverse();
  return paths.flatMap((path): readonly YamlSetting[] => {
    const value = valueAt(path, chart, mesh);
    const text = truthOf(value);
    if (value === undefined || text === undefined) return [];
    return [{ option, by: { kind: 'value', name: path }, value: text, place: value.place, ...typed(value) }];
  });
}

/** A text is no value of a switch. Source: NewValuesConfig of pkg/kube/inject, BoolValue of operator/pkg/apis. */
function typed(value: Value): Pick<YamlSetting, 'isText'> {
  return value.kind === 'scalar' && value.isText ? { isText: true } : {};
}

function operatorCni(operator: Value | undefined): readonly YamlSetting[] {
  const value = field(operator, 'spec', 'components', 'cni', 'enabled');
  const text = truthOf(value);
  return value === undefined || text === undefined
    ? []
    : [
        {
          option: 'cni',
          by: { kind: 'value', name: 'components.cni.enabled' },
          value: text,
          place: value.place,
          ...typed(value),
        },
      ];
}

function releaseOf(operator: Value | undefined, chart: Value | undefined): string | null {
  const tag = textOf(field(operator, 'tag')) ?? textOf(field(chart, 'global', 'tag'));
  return (
    releaseOfImage(tag === undefined ? undefined : `:${tag}`) ??
    releaseOfImage(textOf(field(chart, 'global', 'proxy', 'image'))) ??
    releaseOfImage(textOf(field(chart, 'global', 'proxy_init', 'image')))
  );
}

const paths = optionNames.flatMap((option) => optionTable[option].sources.helm ?? []);

/** What the last part of each path is called, and what the annotation for the same is called. */
const byLastPart: ReadonlyMap<string, string> = new Map(
  optionNames.flatMap((option) => {
    const { helm = [], annotations = [] } = optionTable[option].sources;
    const [path] = helm;
    if (path === undefined || path.endsWith('.enabled')) return [];
    return [
      path.slice(path.lastIndexOf('.') + 1),
      ...annotations.map((name) => name.split('/')[1] ?? ''),
    ].map((name) => [name, path] as const);
  }),
);

/** Other values of global.proxy, so that none of them is taken for a slip. */
const harmless: readonly string[] = [
  'includeInboundPortsFor',
  'clusterDomain',
  'image',
  'logLevel',
  'privileged',
];

/** Values that are at a place, or under a name, where the chart does not look for them. */
function misplaced(chart: Value | undefined, mesh: Value | undefined): readonly YamlMessage[] {
  const messages: YamlMessage[] = [];
  const visit = (value: Value | undefined, path: string): void => {
    for (const { key, place, value: inner } of entriesOf(value)) {
      const here = path === '' ? key : `${path}.${key}`;
      const meant = inner.kind === 'scalar' ? placeOf(key, here) : undefined;
      if (meant !== undefined) {
        messages.push({
          severity: 'warning',
          code: 'unknown value',
          ...place,
          path: here,
          meant,
        });
      }
      if (here !== 'meshConfig') visit(inner, here);
    }
  };
  visit(chart, '');
  for (const { key, place } of entriesOf(mesh).filter(isOfProxyConfig)) {
    messages.push({ severity: 'warning', code: 'field of the proxy', ...place, key });
  }
  return messages;
}

function placeOf(key: string, here: string): string | undefined {
  if (paths.includes(here) || harmless.includes(key)) return undefined;
  const exact = byLastPart.get(key);
  if (exact !== undefined) return exact;
  const near = nearest(key, [...byLastPart.keys()]);
  return near !== null && /^(global\.)?proxy\./.test(here) ? byLastPart.get(near) : undefined;
}

function isOfProxyConfig({ key }: YamlEntry): boolean {
  return key === 'proxyMetadata' || key === 'interceptionMode';
}
