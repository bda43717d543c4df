/**
 * All objects of a text, each read by itself, and how each stands to the mesh. `readPod` reads one of them for the lab.
 */
import type { OptionName } from '../options/options.ts';
import { type AmbientHints, hintsOfOther, hintsOfPod } from './ambient-hints.ts';
import { annotationNames, checkOtherObject } from './annotations.ts';
import { chartValuesIn } from './chart-values.ts';
import {
  entriesOf,
  field,
  itemsOf,
  numberOf,
  readDocuments,
  textOf,
  truthOf,
  type Value,
  type YamlEntry,
  type YamlPlace,
} from './document.ts';
import { readHelmValues } from './helm.ts';
import { injectedOf } from './injected.ts';
import type { FromYaml, YamlMessage, YamlSetter } from './message.ts';
import { type KubeObject, objectsOf, type PodSource } from './objects.ts';
import { inOrder, namespaceInAmbientMode, readSource } from './pod.ts';
import { appContainers } from './workload.ts';

/** What puts an object's pods into the mesh, or is meant to. */
export interface MeshMark {
  readonly into: 'sidecar' | 'ambient';
  readonly as: 'label' | 'annotation';
  readonly key: string;
  readonly value: string;
  readonly place: YamlPlace;
}

export interface AppPort {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly place: YamlPlace;
}

export interface ReadObject extends FromYaml {
  /** `Deployment reviews` */
  readonly object: string;
  readonly namespace: string | null;
  readonly place: YamlPlace;
  /** `settings`: Helm's values, an object that holds some, or an IstioOperator. `other`: an object without pods. */
  readonly is: 'pod' | 'template' | 'namespace' | 'settings' | 'other' | 'no object';
  /** A pod that a cluster has made, and that runs or will run: the injector and the CNI plugin have seen it. */
  readonly isRunning: boolean;
  readonly mark: MeshMark | null;
  /** A label or an annotation keeps it out. */
  readonly isOptedOut: boolean;
  /** `alone`: a sidecar, and no container that programs or checks its rules. */
  readonly proxy: 'none' | 'sidecar' | 'alone' | 'gateway';
  /** The CNI plugin has put it into ambient mode. */
  readonly isEnrolled: boolean;
  /** It lives in the network of its node. */
  readonly isOfNode: boolean;
  /** Which option is set where, the last one of each. */
  readonly settings: readonly {
    readonly option: OptionName;
    readonly by: YamlSetter;
    readonly place: YamlPlace;
  }[];
  readonly appPorts: readonly AppPort[];
  readonly ambient: AmbientHints;
}

export interface EveryObject {
  readonly objects: readonly ReadObject[];
  /** What cannot be read as YAML. */
  readonly broken: readonly YamlMessage[];
}

/** What a program in a terminal can take: all pods of a large cluster. */
const forTerminals = { longest: 256 * 1024 * 1024, nodes: 50_000_000 };

/** Reads all objects of a text. Never throws. */
export function readEvery(yaml: string): EveryObject {
  const { values, messages } = readDocuments(yaml, forTerminals);
  return { objects: objectsOf(values).map(readObject), broken: messages };
}

function readObject(one: KubeObject): ReadObject {
  const { name, value, annotations, labels, pod, template } = one;
  const kind = textOf(field(value, 'kind')) ?? '';
  const base = {
    object: name,
    namespace: textOf(field(value, 'metadata', 'namespace')) ?? null,
    place: field(value, 'metadata')?.place ?? value.place,
    isRunning: false,
    isOptedOut: false,
    proxy: 'none',
    isEnrolled: false,
    isOfNode: false,
    appPorts: [],
    ambient: hintsOfOther(kind, value, labels, annotations),
  } as const;
  const elsewhere =
    pod !== null && template === null ? [] : checkOtherObject(name, annotations, labels, template);
  const within = pod === null ? chartValuesIn(value) : null;
  if (pod === null && (kind === '' || kind === 'IstioOperator' || within !== null)) {
    const { settings, ...read } =
      within === null
        ? readHelmValues(value, [])
        : readHelmValues(within.values, within.broken, within.release);
    const isEmpty = Object.keys(read.options).length === 0 && read.messages.length === 0;
    return {
      ...base,
      ...read,
      object: kind === '' ? 'Helm values' : name,
      is: isEmpty && kind === '' ? 'no object' : 'settings',
      mark: null,
      settings,
    };
  }
  if (pod === null) {
    const isNamespace = kind === 'Namespace';
    return {
      ...base,
      release: null,
      options: {},
      workload: null,
      namespace: isNamespace ? (textOf(field(value, 'metadata', 'name')) ?? null) : base.namespace,
      is: isNamespace ? 'namespace' : 'other',
      mark: isNamespace ? markOfNamespace(labels) : null,
      isOptedOut: isNamespace && labels.some(isOff),
      settings: [],
      messages: inOrder([...elsewhere, ...namespaceInAmbientMode(one)]),
    };
  }
  const read = readSource(pod);
  const phase = textOf(field(pod.status, 'phase'));
  return {
    ...base,
    ...read,
    is: template === null ? 'pod' : 'template',
    isRunning: template === null && (phase === 'Running' || phase === 'Pending'),
    mark: markOfPod(pod),
    isOptedOut: [...pod.labels, ...pod.annotations].some(isOff) || pod.labels.some(isNoAmbient),
    proxy: proxyOf(pod.spec),
    isEnrolled: pod.annotations.some(
      ({ key, value: said }) => key === 'ambient.istio.io/redirection' && textOf(said) === 'enabled',
    ),
    isOfNode: truthOf(field(pod.spec, 'hostNetwork')) === 'true',
    appPorts: appPortsOf(pod.spec),
    ambient: hintsOfPod(pod),
    messages: inOrder([...elsewhere, ...read.messages]),
  };
}

function isOff({ key, value }: YamlEntry): boolean {
  const text = textOf(value);
  return (
    (key === annotationNames.inject && text === 'false') || (key === 'istio-injection' && text === 'disabled')
  );
}

function isNoAmbient({ key, value }: YamlEntry): boolean {
  return key === 'istio.io/dataplane-mode' && textOf(value) === 'none';
}

/** What the webhook of the injector selects by. Source: the selectors of templates/mutatingwebhook.yaml of istio-discovery. */
function markOfPod({ labels, annotations }: PodSource): MeshMark | null {
  return (
    markAmong(labels, 'label', annotationNames.inject, 'true') ??
    markAmong(labels, 'label', 'istio.io/dataplane-mode', 'ambient', 'ambient') ??
    markAmong(labels, 'label', 'istio.io/rev') ??
    markAmong(annotations, 'annotation', annotationNames.inject, 'true')
  );
}

function markOfNamespace(labels: readonly YamlEntry[]): MeshMark | null {
  return (
    markAmong(labels, 'label', 'istio-injection', 'enabled') ??
    markAmong(labels, 'label', 'istio.io/dataplane-mode', 'ambient', 'ambient') ??
    markAmong(labels, 'label', 'istio.io/rev')
  );
}

function markAmong(
  entries: readonly YamlEntry[],
  as: MeshMark['as'],
  key: string,
  wanted?: string,
  into: MeshMark['into'] = 'sidecar',
): MeshMark | null {
  const entry = entries.findLast((one) => one.key === key);
  const value = textOf(entry?.value) ?? '';
  if (entry === undefined || value === '' || (wanted !== undefined && value !== wanted)) return null;
  return { into, as, key, value, place: entry.place };
}

function proxyOf(spec: Value | undefined): ReadObject['proxy'] {
  const injected = injectedOf(spec);
  if (injected === null) return 'none';
  if (injected.gateway !== null) return 'gateway';
  const hasValidation = itemsOf(field(spec, 'initContainers')).some(
    (one) => textOf(field(one, 'name')) === 'istio-validation',
  );
  return injected.init === undefined && !hasValidation ? 'alone' : 'sidecar';
}

function appPortsOf(spec: Value | undefined): readonly AppPort[] {
  return appContainers(spec).flatMap((container) =>
    itemsOf(field(container, 'ports')).flatMap((entry): readonly AppPort[] => {
      const port = numberOf(field(entry, 'containerPort'));
      if (port === undefined) return [];
      const protocol = (textOf(field(entry, 'protocol')) ?? 'TCP').toLowerCase();
      return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp'
        ? [{ port, protocol, place: entriesOf(entry)[0]?.place ?? entry.place }]
        : [];
    }),
  );
}
