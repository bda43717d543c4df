/**
 * The objects in YAML, and the pods that they are or make.
 */
import { entriesOf, field, itemsOf, textOf, type Value, type YamlEntry } from './document.ts';

export interface PodSource {
  /** Of the pod, or of the template that pods are made from. */
  readonly annotations: readonly YamlEntry[];
  readonly labels: readonly YamlEntry[];
  readonly spec: Value | undefined;
  readonly status: Value | undefined;
}

export interface KubeObject {
  /** `Deployment reviews` */
  readonly name: string;
  readonly value: Value;
  readonly annotations: readonly YamlEntry[];
  readonly labels: readonly YamlEntry[];
  /** Null for an object without pods: a Service. */
  readonly pod: PodSource | null;
  /** Where the template stands, in words: `spec.template`; null for a pod itself and for an object without pods. */
  readonly template: string | null;
}

/** All objects of the documents, those of lists one by one. */
export function objectsOf(documents: readonly Value[]): readonly KubeObject[] {
  return documents.flatMap((value): readonly KubeObject[] => {
    const kind = textOf(field(value, 'kind')) ?? '';
    if (kind.endsWith('List') && field(value, 'items') !== undefined)
      return objectsOf(itemsOf(field(value, 'items')));
    if (value.kind === 'list') return objectsOf(value.items);
    return value.kind === 'map' ? [objectOf(value, kind)] : [];
  });
}

/** What a pod has, without the head that it stood under: its containers, or annotations of Istio's. */
function pieceOf(value: Value, kind: string): KubeObject | null {
  if (kind !== '') return null;
  const found = [value, field(value, 'annotations'), field(value, 'metadata', 'annotations')].map(entriesOf);
  const annotations = found.find((entries) => entries.some(({ key }) => ofSidecar.test(key))) ?? [];
  const hasContainers = ['containers', 'initContainers'].some((key) => field(value, key) !== undefined);
  if (annotations.length === 0 && !hasContainers) return null;
  const pod: PodSource = {
    annotations,
    labels: [],
    spec: hasContainers ? value : undefined,
    status: undefined,
  };
  return { name: 'Pod of which a piece is here', value, annotations, labels: [], pod, template: null };
}

const ofSidecar = /^(?:traffic\.|proxy\.)?(?:sidecar\.)?istio\.io\/\w/;

/** Where each kind keeps the template of its pods; `spec.template` for those that are not named here. */
const templates: ReadonlyMap<string, readonly string[]> = new Map([
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['PodTemplate', ['template']],
]);

function objectOf(value: Value, kind: string): KubeObject {
  const metadata = field(value, 'metadata');
  const name = textOf(field(metadata, 'name')) ?? textOf(field(metadata, 'generateName')) ?? 'without a name';
  const path = templates.get(kind) ?? ['spec', 'template'];
  const template = field(value, ...path);
  const isPod = kind === 'Pod' || (kind === '' && field(value, 'spec', 'containers') !== undefined);
  const hasTemplate = !isPod && field(template, 'spec', 'containers') !== undefined;
  const source = isPod ? value : hasTemplate ? template : undefined;
  const piece = source === undefined ? pieceOf(value, kind) : null;
  if (piece !== null) return piece;
  return {
    name: `${kind === '' ? (isPod ? 'Pod' : 'object') : kind} ${name}`,
    value,
    annotations: entriesOf(field(metadata, 'annotations')),
    labels: entriesOf(field(metadata, 'labels')),
    pod: source === undefined ? null : podSource(source),
    template: hasTemplate ? path.join('.') : null,
  };
}

function podSource(value: Value): PodSource {
  return {
    annotations: entriesOf(field(value, 'metadata', 'annotations')),
    labels: entriesOf(field(value, 'metadata', 'labels')),
    spec: field(value, 'spec'),
    status: field(value, 'status'),
  };
}
