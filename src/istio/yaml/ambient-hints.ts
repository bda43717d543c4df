/** What of an object matters to ambient mode alone: annotations, its label, and policies that shut the tunnel. */
import { ztunnelPorts } from '../ambient/marks.ts';
import { annotationNames } from './annotations.ts';
import {
  entriesOf,
  field,
  itemsOf,
  numberOf,
  textOf,
  type Value,
  type YamlEntry,
  type YamlPlace,
} from './document.ts';
import type { PodSource } from './objects.ts';
import { readSwitch } from './settings.ts';

export interface SaidAt {
  readonly key: string;
  readonly value: string;
  readonly place: YamlPlace;
}

export interface AmbientHints {
  /** Annotations that shape a sidecar's rules. */
  readonly ofSidecar: readonly SaidAt[];
  /** Switches whose value is neither on nor off. */
  readonly unread: readonly SaidAt[];
  /** A value of the label that is none, or the label's name among the annotations. */
  readonly mode: (SaidAt & { readonly as: 'label' | 'annotation' }) | null;
  /** The pod asks for ambient mode and for a sidecar. */
  readonly isForBoth: SaidAt | null;
  /** A NetworkPolicy that names ports, and not that of HBONE. */
  readonly shut: { readonly direction: 'ingress' | 'egress'; readonly place: YamlPlace } | null;
}

const none: AmbientHints = { ofSidecar: [], unread: [], mode: null, isForBoth: null, shut: null };

const mode = 'istio.io/dataplane-mode';

/** Source: getPodLevelTrafficOverrides in cni/pkg/nodeagent/net.go: it reads these, as Go reads a boolean, and one that is a list. */
const switches: readonly string[] = [
  'ambient.istio.io/bypass-inbound-capture',
  'ambient.istio.io/dns-capture',
];

/** Of a pod, or of the template of one. */
export function hintsOfPod({ annotations, labels }: PodSource): AmbientHints {
  const said = annotations.map(saidOf);
  const asksForSidecar = labels
    .map(saidOf)
    .find(({ key, value }) => key === annotationNames.inject && value === 'true');
  const isAmbient = labels.some((one) => one.key === mode && textOf(one.value) === 'ambient');
  return {
    ...none,
    ofSidecar: said.filter(
      ({ key }) => key.startsWith('traffic.sidecar.istio.io/') || key === 'sidecar.istio.io/interceptionMode',
    ),
    unread: said.filter(({ key, value }) => switches.includes(key) && readSwitch(value) === null),
    mode: modeOf(labels, annotations),
    isForBoth: isAmbient ? (asksForSidecar ?? null) : null,
  };
}

/** Of a namespace, or of an object without pods. */
export function hintsOfOther(
  kind: string,
  value: Value,
  labels: readonly YamlEntry[],
  annotations: readonly YamlEntry[],
): AmbientHints {
  if (kind === 'NetworkPolicy') return { ...none, shut: shutBy(field(value, 'spec')) };
  return kind === 'Namespace' ? { ...none, mode: modeOf(labels, annotations) } : none;
}

function saidOf({ key, value, place }: YamlEntry): SaidAt {
  return { key, value: textOf(value) ?? '', place };
}

/** Source: cni/pkg/util/enablement_selector.go: the label has to be `ambient`; `none` keeps a pod out. */
function modeOf(labels: readonly YamlEntry[], annotations: readonly YamlEntry[]): AmbientHints['mode'] {
  const label = labels
    .map(saidOf)
    .find(({ key, value }) => key === mode && !['ambient', 'none'].includes(value));
  if (label !== undefined) return { ...label, as: 'label' };
  const annotation = annotations.map(saidOf).find(({ key }) => key === mode);
  return annotation === undefined ? null : { ...annotation, as: 'annotation' };
}

/** Where ports are named, and 15008 is not among them. Who lets nothing in at all has meant that. */
function shutBy(spec: Value | undefined): AmbientHints['shut'] {
  for (const direction of ['ingress', 'egress'] as const) {
    const rules = field(spec, direction);
    const lists = itemsOf(rules).map((rule) => itemsOf(field(rule, 'ports')));
    if (
      rules === undefined ||
      lists.length === 0 ||
      lists.some((ports) => ports.length === 0 || ports.some(isTunnel))
    )
      continue;
    // What goes out to a name server alone is nobody's tunnel.
    if (direction === 'egress' && lists.flat().every((one) => numberOf(field(one, 'port')) === 53)) continue;
    return { direction, place: entriesOf(spec).find(({ key }) => key === direction)?.place ?? rules.place };
  }
  return null;
}

function isTunnel(entry: Value): boolean {
  if ((textOf(field(entry, 'protocol')) ?? 'TCP') !== 'TCP') return false;
  const from = field(entry, 'port');
  if (from === undefined) return true;
  const [first, last] = [numberOf(from), numberOf(field(entry, 'endPort'))];
  return first !== undefined && first <= ztunnelPorts.hbone && ztunnelPorts.hbone <= (last ?? first);
}
