/**
 * Annotations and labels of Istio: which there are, on which object they are read, and what is wrong with one.
 */
import { nearest } from '../../netfilter/index.ts';
import { optionNames } from '../options/options.ts';
import { optionTable } from '../options/table.ts';
import type { YamlEntry, YamlPlace } from './document.ts';
import type { Astray, YamlMessage } from './message.ts';
import { otherAnnotations } from './other-annotations.ts';
import { optionOfVariable } from './settings.ts';

/** Those of the sidecar that set an option or something near it. */
export const annotationNames = {
  config: 'proxy.istio.io/config',
  inject: 'sidecar.istio.io/inject',
  lowPorts: 'sidecar.istio.io/capNetBindService',
  mode: 'sidecar.istio.io/interceptionMode',
  statusPort: 'status.sidecar.istio.io/port',
} as const;

const ofOptions = optionNames.flatMap((option) => optionTable[option].sources.annotations ?? []);

/** All that matter for the rules. */
export const shaping: readonly string[] = [...new Set([...ofOptions, ...Object.values(annotationNames)])];

const others = [...otherAnnotations.keys()];

const known: readonly string[] = [...shaping, ...others];

/** What an annotation of a pod's template ought to be, where it is no known one; null for what is not Istio's. */
function meantBy(name: string): string | null {
  const [domain = '', last] = name.split('/');
  const near = nearest(name, known);
  if (near !== null) return near;
  if (last === undefined) {
    // A bare name: excludeInboundPorts.
    return shaping.find((one) => one.split('/')[1]?.toLowerCase() === name.toLowerCase()) ?? null;
  }
  if (!/(^|\.)istio\.io$/.test(domain) && nearest(domain, domains) === null) return null;
  const lasts = known.map((one) => one.split('/')[1] ?? '');
  const lastNear =
    lasts.find((one) => one.toLowerCase() === last.toLowerCase()) ?? nearest(last, lasts) ?? swapped(last);
  return known.find((one) => one.split('/')[1] === lastNear) ?? null;
}

const domains: readonly string[] = [...new Set(known.map((name) => name.split('/')[0] ?? ''))];

/** `excludePortsOutbound`, `outboundPortsExclude`, `excludeIPRanges` and the like: the same words in another order. */
function swapped(last: string): string | undefined {
  const words = wordsOf(last);
  const best = shaping
    .map((one) => one.split('/')[1] ?? '')
    .map((one) => ({ one, shared: wordsOf(one).filter((word) => words.includes(word)).length }))
    .filter(({ shared }) => shared >= 2)
    .sort((a, b) => b.shared - a.shared)[0];
  return best?.one;
}

function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll('IP', 'Ip')
    .split(/(?=[A-Z])|[-_.]/)
    .map((word) => word.toLowerCase());
}

/** Annotations on the pod, or on the template that pods are made of. */
export function checkPodAnnotations(annotations: readonly YamlEntry[]): readonly YamlMessage[] {
  return annotations.flatMap(({ key, place, value }): readonly YamlMessage[] => {
    if (known.includes(key)) {
      return value.kind === 'scalar' && !value.isText && value.text !== ''
        ? [
            {
              severity: 'error',
              code: 'annotation is no text',
              ...value.place,
              key,
              text: value.text,
            },
          ]
        : [];
    }
    const variable = optionOfVariable(key);
    if (variable !== undefined) {
      return [wrongPlace(place, 'annotation', key, { is: 'variable' })];
    }
    const meant = meantBy(key);
    if (meant === null && !/(^|\.)istio\.io\//.test(key)) return [];
    if (meant === null && !/sidecar\.istio\.io\//.test(key)) return [];
    return [
      {
        severity: 'warning',
        code: 'unknown annotation',
        ...place,
        key,
        meant,
        known: shaping,
      },
    ];
  });
}

/** Labels of the pod: only a few names of Istio are read there. */
export function checkPodLabels(labels: readonly YamlEntry[]): readonly YamlMessage[] {
  return labels
    .filter(({ key }) => key !== annotationNames.inject && shaping.includes(key))
    .map(({ key, place }) => wrongPlace(place, 'label', key, { is: 'label of a pod' }));
}

/** Annotations and labels of an object that is no pod. `template` is the path of the pod's template in it, if it has one. */
export function checkOtherObject(
  object: string,
  annotations: readonly YamlEntry[],
  labels: readonly YamlEntry[],
  template: string | null,
): readonly YamlMessage[] {
  const isNamespace = object.startsWith('Namespace ');
  return [
    ...annotations.map((entry) => ({ ...entry, as: 'annotation' as const })),
    ...labels.map((entry) => ({ ...entry, as: 'label' as const })),
  ]
    .filter(({ key }) => shaping.includes(key))
    .map(({ key, place, as }) => {
      if (isNamespace && key === annotationNames.inject)
        return wrongPlace(place, as, key, { is: 'injection of a namespace', object });
      if (template === null) return wrongPlace(place, as, key, { is: 'object without pods', object });
      const home = `${template}.metadata.${key === annotationNames.inject ? 'labels' : 'annotations'}`;
      return wrongPlace(place, as, key, { is: 'beside the template', object, home });
    });
}

function wrongPlace(
  { line, column }: YamlPlace,
  as: 'annotation' | 'label',
  key: string,
  why: Astray,
): YamlMessage {
  return { severity: 'warning', code: 'wrong place', line, column, as, key, why };
}
