/**
 * A pod's YAML into release, options and hints, with a message for whatever has no effect where it stands.
 */

import { isSince, readRelease } from '../history/release.ts';
import { newestRelease } from '../history/release-names.ts';
import { excludedInbound, optionNames } from '../options/options.ts';
import { optionTable } from '../options/table.ts';
import { annotationNames, checkOtherObject, checkPodAnnotations, checkPodLabels } from './annotations.ts';
import { ambientMode, nativeNftablesIn } from './data-plane.ts';
import { field, itemsOf, readDocuments, textOf, truthOf, type Value, type YamlEntry } from './document.ts';
import {
  changedLater,
  type Injected,
  injectedOf,
  mayBindLowPorts,
  releaseOfImage,
  settingsOfArguments,
  settingsOfEnvironment,
  settingsOfProxyUser,
} from './injected.ts';
import { judgeSettings } from './judge.ts';
import type { FromYaml, YamlMessage } from './message.ts';
import { type KubeObject, objectsOf, type PodSource } from './objects.ts';
import { otherAnnotations } from './other-annotations.ts';
import { readProxyConfig } from './proxy-config.ts';
import { optionOf, toOptions, type YamlSetting } from './settings.ts';
import { checkApp, hintsOf, ipv6Setting, serverSettings } from './workload.ts';

/** See `optionsFromPod`. */
export function readPod(yaml: string, wanted?: string): FromYaml {
  const { values, messages: broken } = readDocuments(yaml);
  const objects = objectsOf(values);
  const pods = objects.filter(({ pod }) => pod !== null);
  const chosen = wanted === undefined ? pods[0] : pods.find(({ name }) => name === wanted);
  const elsewhere = objects.flatMap((one) =>
    one.pod !== null && one.template === null
      ? []
      : checkOtherObject(one.name, one.annotations, one.labels, one.template),
  );
  if (chosen?.pod == null) {
    const spaces = objects.flatMap(namespaceInAmbientMode);
    const none = broken.length > 0 || spaces.length > 0 ? [] : [nothingToRead(objects, pods, wanted)];
    return {
      release: null,
      options: {},
      object: null,
      workload: null,
      messages: inOrder([...broken, ...elsewhere, ...spaces, ...none]),
    };
  }
  const { settings: _, ...read } = readSource(chosen.pod);
  return {
    ...read,
    object: chosen.name,
    messages: inOrder([...broken, ...elsewhere, ...others(pods, chosen), ...read.messages]),
  };
}

/** Of objects that are not read. */
const mostNamed = 5;

function nothingToRead(
  objects: readonly KubeObject[],
  pods: readonly KubeObject[],
  wanted: string | undefined,
): YamlMessage {
  const names = (wanted === undefined ? objects : pods).map(({ name }) => name);
  return {
    severity: 'error',
    code: 'nothing to read',
    ...(objects[0]?.value.place ?? { line: 1, column: 1 }),
    wanted: wanted === undefined ? 'pod' : { object: wanted },
    names: names.slice(0, mostNamed),
  };
}

function others(pods: readonly KubeObject[], chosen: KubeObject): readonly YamlMessage[] {
  const rest = pods.filter((one) => one !== chosen);
  const [first] = rest;
  if (first === undefined) return [];
  return [
    {
      severity: 'note',
      code: 'other objects',
      ...first.value.place,
      names: rest.slice(0, mostNamed).map(({ name }) => name),
      chosen: chosen.name,
    },
  ];
}

/** By their places. */
export function inOrder(messages: readonly YamlMessage[]): readonly YamlMessage[] {
  return [...messages].sort((one, other) => one.line - other.line || one.column - other.column);
}

/** A pod as `FromYaml` has it, and what sets each of its options. */
export function readSource(
  source: PodSource,
): Omit<FromYaml, 'object'> & { readonly settings: readonly YamlSetting[] } {
  const { annotations, labels, spec, status } = source;
  const injected = injectedOf(spec);
  const { release, messages: ofRelease } = releaseOf(source, injected);
  const gateway = injected?.gateway ?? null;
  if (gateway !== null) return readGateway(source, gateway, release, ofRelease);
  const ambient =
    injected === null && !asksForSidecar(source) ? ambientMode([...labels, ...annotations]) : null;
  if (ambient !== null)
    return {
      release,
      options: { inboundInterceptionMode: 'NONE' },
      workload: hintsOf(source, false),
      messages: [...ofRelease, ambient],
      settings: [],
    };
  const config = configOf(annotations);
  const settings: YamlSetting[] = [
    ...(injected === null || injected.cni ? [] : initSettings(injected)),
    ...(injected === null ? config.settings : []),
    ...(injected?.cni === true ? cniSettings(injected) : []),
    ...(injected === null || injected.cni ? annotationSettings(annotations, injected?.cni === true) : []),
    ...serverSettings(spec),
  ];
  const dualStack = toOptions(settings).options.dualStack === true;
  const ipv6 = ipv6Setting(status, dualStack);
  settings.push(...ipv6.settings);
  const { options, messages: switches } = toOptions(settings);
  const servers = missingServers(options, settings);
  const low = mayBindLowPorts(injected?.proxy, annotations);
  return {
    release,
    options,
    workload: hintsOf(source, low),
    settings,
    messages: [
      ...checkPodAnnotations(annotations),
      ...checkPodLabels(labels),
      ...config.messages,
      ...ofRelease,
      ...switches,
      ...ipv6.messages,
      ...servers.messages,
      ...judgeSettings(release, { ...options, ...servers.standIn }, settings),
      ...(injected !== null && !injected.cni ? changedLater(annotations, settings) : []),
      ...oldNames(annotations, release),
      ...ofOtherReleases(annotations, release),
      ...(injected === null ? notInjected(source) : []),
      ...[nativeNftablesIn(injected?.init)].filter((one) => one !== null),
      ...checkApp(source, options),
    ],
  };
}

/** The injector goes before ambient mode: a pod with a sidecar is left alone by the CNI plugin. */
function asksForSidecar({ annotations, labels }: PodSource): boolean {
  return [...annotations, ...labels].some(
    ({ key, value }) => key === annotationNames.inject && textOf(value) === 'true',
  );
}

/** That a namespace puts its pods into ambient mode. */
export function namespaceInAmbientMode({ name, labels }: KubeObject): readonly YamlMessage[] {
  const found = name.startsWith('Namespace ') ? ambientMode(labels, true) : null;
  return found === null ? [] : [found];
}

/** No rules, as with the mode NONE: neither istio-init nor the CNI plugin programs the pod of a gateway. */
function readGateway(
  source: PodSource,
  { text, place }: NonNullable<Injected['gateway']>,
  release: string | null,
  ofRelease: readonly YamlMessage[],
): ReturnType<typeof readSource> {
  return {
    release,
    options: { inboundInterceptionMode: 'NONE' },
    workload: hintsOf(source, false),
    settings: [],
    messages: [
      ...ofRelease,
      {
        severity: 'note',
        code: 'pod of a gateway',
        ...place,
        proxy: text,
      },
    ],
  };
}

function initSettings({ init }: Injected): readonly YamlSetting[] {
  return [...settingsOfEnvironment(init, 'istio-init'), ...settingsOfArguments(init)];
}

/** The plugin reads the proxy's environment and user, and the annotations of the pod. */
function cniSettings({ init, proxy, cni }: Injected): readonly YamlSetting[] {
  const place = (proxy ?? init)?.place ?? { line: 1, column: 1 };
  return [
    { option: 'cni', by: { kind: 'istio-validation' }, value: String(cni), place },
    ...settingsOfEnvironment(proxy, 'istio-proxy'),
    ...settingsOfProxyUser(proxy),
  ];
}

function configOf(annotations: readonly YamlEntry[]): {
  readonly settings: readonly YamlSetting[];
  readonly messages: readonly YamlMessage[];
} {
  const entry = annotations.findLast(({ key }) => key === annotationNames.config);
  const text = textOf(entry?.value);
  if (entry === undefined || text === undefined) return { settings: [], messages: [] };
  const inner = readDocuments(text);
  const read = readProxyConfig(inner.values[0], 'annotation', entry.place);
  return {
    settings: read.settings,
    messages: [
      ...inner.messages.map((message) => ({
        ...message,
        ...entry.place,
        lineWithin: message.line,
      })),
      ...read.messages,
    ],
  };
}

function annotationSettings(annotations: readonly YamlEntry[], cni: boolean): readonly YamlSetting[] {
  const status = textOf(annotations.findLast(({ key }) => key === annotationNames.statusPort)?.value);
  const settings = annotations.flatMap(
    ({ key, value, place }): readonly (YamlSetting & { readonly rank: number })[] => {
      const option = optionOf('annotations', key);
      const text = textOf(value);
      if (option === undefined || text === undefined) return [];
      const isPorts = option === 'inboundPortsExclude' && !cni;
      // Of two names for one option the older one gives way.
      const rank = -(optionTable[option].sources.annotations?.indexOf(key) ?? 0);
      return [
        {
          option,
          by: { kind: 'annotation', name: key },
          value: isPorts ? excludedInbound(text, status) : text,
          place,
          rank,
        },
      ];
    },
  );
  const hasPorts = settings.some(({ option }) => option === 'inboundPortsExclude');
  const entry = annotations.find(({ key }) => key === annotationNames.statusPort);
  return [
    ...(status !== undefined && entry !== undefined && !hasPorts && !cni
      ? [
          {
            option: 'inboundPortsExclude' as const,
            by: { kind: 'annotation' as const, name: annotationNames.statusPort },
            value: excludedInbound('', status),
            place: entry.place,
          },
        ]
      : []),
    ...settings.sort((one, other) => one.rank - other.rank).map(({ rank: _, ...setting }) => setting),
  ];
}

function releaseOf(
  { annotations, labels, spec }: PodSource,
  injected: Injected | null,
): { readonly release: string | null; readonly messages: readonly YamlMessage[] } {
  const images = [
    textOf(field(injected?.init, 'image')),
    textOf(field(injected?.proxy, 'image')),
    ...itemsOf(field(spec, 'initContainers'))
      .filter((one) => textOf(field(one, 'name')) === 'istio-validation')
      .map((one) => textOf(field(one, 'image'))),
    textOf(annotations.find(({ key }) => key === 'sidecar.istio.io/proxyImage')?.value),
  ];
  for (const image of images) {
    const release = releaseOfImage(image);
    if (release !== null) return { release, messages: [] };
  }
  const revision = [...labels, ...annotations].find(({ key }) => key === 'istio.io/rev');
  const numbers = /^(\d+)-(\d+)(?:-(\d+))?$/.exec(textOf(revision?.value) ?? '');
  if (revision !== undefined && numbers !== null) {
    const release = numbers
      .slice(1)
      .filter((part) => part !== undefined)
      .join('.');
    return {
      release,
      messages: [
        {
          severity: 'note',
          code: 'release by revision',
          ...revision.place,
          revision: textOf(revision.value) ?? '',
          release,
        },
      ],
    };
  }
  const image = images.find((one) => one !== undefined && one !== 'auto');
  if (image === undefined) return { release: null, messages: [] };
  const place = (injected?.init ?? injected?.proxy ?? spec)?.place ?? { line: 1, column: 1 };
  return {
    release: null,
    messages: [
      {
        severity: 'note',
        code: 'release unknown',
        ...place,
        image,
      },
    ],
  };
}

/** DNS capture needs the servers of resolv.conf, and no YAML holds them. One stands in for judging the rest. */
function missingServers(
  options: FromYaml['options'],
  settings: readonly YamlSetting[],
): { readonly standIn: FromYaml['options']; readonly messages: readonly YamlMessage[] } {
  const isGiven = options.dnsServersV4 !== undefined || options.dnsServersV6 !== undefined;
  const setting = settings.findLast(({ option }) => option === 'redirectDNS');
  if (
    options.redirectDNS !== true ||
    options.captureAllDNS === true ||
    options.cni === true ||
    isGiven ||
    !setting
  ) {
    return { standIn: {}, messages: [] };
  }
  return {
    standIn: { dnsServersV4: ['10.96.0.10'] },
    messages: [
      {
        severity: 'note',
        code: 'servers unknown',
        ...setting.place,
        by: setting.by,
        value: setting.value,
      },
    ],
  };
}

/** Annotations whose name the release does not know yet. */
function oldNames(annotations: readonly YamlEntry[], release: string | null): readonly YamlMessage[] {
  const number = release === null ? null : readRelease(release);
  if (number === null) return [];
  return annotations.flatMap(({ key, place }): readonly YamlMessage[] => {
    for (const option of optionNames) {
      const { annotations: names = [], annotationSince } = optionTable[option].sources;
      if (names[0] !== key || annotationSince === undefined || isSince(number, annotationSince)) continue;
      return [
        {
          severity: 'warning',
          code: 'name of a later release',
          ...place,
          key,
          release: release ?? '',
          since: annotationSince,
          older: names[1] ?? null,
        },
      ];
    }
    return [];
  });
}

/** Annotations that shape no rule, and that this release does not read yet or any more; the newest one, if none is told. */
function ofOtherReleases(annotations: readonly YamlEntry[], told: string | null): readonly YamlMessage[] {
  const release = told ?? newestRelease;
  const number = readRelease(release);
  if (number === null) return [];
  return annotations.flatMap(({ key, place }): readonly YamlMessage[] => {
    const read = otherAnnotations.get(key);
    if (read === undefined) return [];
    const name = { severity: 'warning', ...place, key, release } as const;
    if (read?.since !== undefined && !isSince(number, `${read.since}.0`))
      return [{ ...name, code: 'name of a later release', since: read.since, older: null }];
    if (read === null || (read.before !== undefined && isSince(number, `${read.before}.0`)))
      return [{ ...name, code: 'name of an earlier release', before: read?.before ?? null }];
    return [];
  });
}

/** Reasons for which the injector leaves a pod alone. */
function notInjected({ annotations, labels, spec }: PodSource): readonly YamlMessage[] {
  const inject = [...annotations, ...labels].findLast(({ key }) => key === annotationNames.inject);
  const host: Value | undefined = field(spec, 'hostNetwork');
  return [
    ...(inject !== undefined && textOf(inject.value) === 'false'
      ? [
          {
            severity: 'warning' as const,
            code: 'injection off' as const,
            ...inject.place,
            key: annotationNames.inject,
          },
        ]
      : []),
    ...(host !== undefined && truthOf(host) === 'true'
      ? [
          {
            severity: 'warning' as const,
            code: 'network of the node' as const,
            ...host.place,
          },
        ]
      : []),
  ];
}
