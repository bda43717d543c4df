/** Fields of objects that YAML or JSON has, whatever stands there. */

export type RawObject = Readonly<Record<string, unknown>>;

export function rawObject(value: unknown): RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawObject) : {};
}

export function rawList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value behind these keys, undefined where there is none. */
export function rawAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => {
    const object = rawObject(inner);
    return Object.hasOwn(object, key) ? object[key] : undefined;
  }, value);
}

/** YAML takes some words for numbers, dates or truth values. */
export function rawText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

export function rawTexts(value: unknown): readonly string[] {
  return rawList(value).map(rawText);
}

/** 0 where there is no whole number. */
export function rawNumber(value: unknown): number {
  const read = Number(rawText(value));
  return Number.isInteger(read) ? read : 0;
}

export type Labels = Readonly<Record<string, string>>;

export function rawLabels(value: unknown): Labels {
  return Object.fromEntries(Object.entries(rawObject(value)).map(([key, one]) => [key, rawText(one)]));
}

/** Whether labels have all of these; an empty selector has them too. */
export function hasLabels(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}

/** A resource of Kubernetes or of Istio. */
export interface Resource {
  readonly kind: string;
  readonly group: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly created: string;
  readonly spec: RawObject;
  /** All of it. */
  readonly object: RawObject;
}

/** Resources as the API server would have them; lists are opened. */
export function readResources(values: readonly unknown[]): readonly Resource[] {
  return values.flatMap((value): readonly Resource[] => {
    const kind = rawText(rawAt(value, 'kind'));
    if (kind.endsWith('List') && Array.isArray(rawAt(value, 'items')))
      return readResources(rawList(rawAt(value, 'items')));
    if (kind === '') return [];
    return [
      {
        kind,
        group: rawText(rawAt(value, 'apiVersion')).replace(/\/.*|^v\d+$/, ''),
        name: rawText(rawAt(value, 'metadata', 'name')),
        namespace: rawText(rawAt(value, 'metadata', 'namespace')) || 'default',
        labels: rawLabels(rawAt(value, 'metadata', 'labels')),
        annotations: rawLabels(rawAt(value, 'metadata', 'annotations')),
        created: rawText(rawAt(value, 'metadata', 'creationTimestamp')),
        spec: rawObject(rawAt(value, 'spec')),
        object: rawObject(value),
      },
    ];
  });
}

/** The oldest first; of the same age by name, then namespace. As sortConfigByCreationTime has them, and Services too. */
export function byAge<T extends Pick<Resource, 'created' | 'name' | 'namespace'>>(
  all: readonly T[],
): readonly T[] {
  return [...all].sort(
    (a, b) => byText(a.created, b.created) || byText(a.name, b.name) || byText(a.namespace, b.namespace),
  );
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
