/**
 * What is wrong with manifests before, and pods after, they are in a cluster: who is meant to be in the mesh and is
 * not, what goes past the proxy, what has no effect, and what the next release changes.
 */
import {
  changesBetween,
  checkOptions,
  completeOptions,
  findPort,
  type MeshMark,
  newestCompared,
  type OptionName,
  optionNames,
  optionTable,
  portsOf,
  type ReadObject,
  readRelease,
  rulesFor,
  rulesTextFor,
  type YamlMessage,
  type YamlSetter,
} from '../../istio/index.ts';
import { readAddress } from '../../netfilter/index.ts';
import type { Weight } from '../findings/finding.ts';
import { type MistypedFinding, mistyped, type RemarkableFinding, remarkable } from '../findings/settings.ts';
import { type AmbientIssue, ambientIssues, ambientWeights } from './ambient.ts';
import { type MessageRule, messageRule } from './message-rules.ts';

interface Place {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

export interface MarkOn {
  readonly on: 'pod' | 'namespace';
  readonly mark: Omit<MeshMark, 'place'>;
}

export type ManifestIssue =
  | AmbientIssue
  /** A running pod that ought to have a sidecar. */
  | ({ readonly id: 'mesh.not-injected' } & MarkOn)
  /** A running pod that ought to be in ambient mode. */
  | ({ readonly id: 'mesh.not-enrolled' } & MarkOn)
  | ({ readonly id: 'mesh.network-of-node' } & MarkOn)
  /** It has a sidecar, and nobody programs its rules. */
  | { readonly id: 'mesh.no-rules' }
  /** The interception is off. */
  | { readonly id: 'mesh.not-captured' }
  /** Connections to a port of the app go past the sidecar. */
  | {
      readonly id: 'inbound.app-port-past-proxy';
      readonly port: number;
      readonly by: YamlSetter;
      readonly how: 'excluded' | 'not included';
    }
  /** So much is excluded that services of the mesh are in it. */
  | { readonly id: 'outbound.wide-range'; readonly range: string; readonly by: YamlSetter }
  | { readonly id: 'port.of-sidecar'; readonly port: number; readonly owner: 'Envoy' | 'pilot-agent' }
  | {
      readonly id: 'release.changes-rules';
      readonly from: string;
      readonly to: string;
      readonly differing: number;
      readonly effects: readonly string[];
    }
  | {
      readonly id: 'release.refuses-option';
      readonly from: string;
      readonly to: string;
      readonly option: OptionName;
      readonly value: string;
    }
  | { readonly id: MessageRule; readonly message: YamlMessage }
  | Extract<MistypedFinding | RemarkableFinding, { readonly setBy: string }>;

export type ManifestFinding = Place & {
  readonly id: ManifestIssue['id'];
  readonly weight: Weight;
  /** `Deployment shop/cart`; null for what is of no object. */
  readonly object: string | null;
  readonly issue: ManifestIssue;
};

const weights: Readonly<Record<Exclude<ManifestIssue['id'], MessageRule>, Weight>> = {
  ...ambientWeights,
  'mesh.not-injected': 'wrong',
  'mesh.not-enrolled': 'wrong',
  'mesh.network-of-node': 'wrong',
  'mesh.no-rules': 'doubtful',
  'mesh.not-captured': 'doubtful',
  'inbound.app-port-past-proxy': 'doubtful',
  'outbound.wide-range': 'doubtful',
  'port.of-sidecar': 'wrong',
  'release.changes-rules': 'note',
  'release.refuses-option': 'doubtful',
  'option.mistyped-port': 'doubtful',
  'option.mistyped-range': 'doubtful',
  'option.nothing-outbound': 'doubtful',
  'option.nothing-inbound': 'doubtful',
};

const ofMessages: Readonly<Record<MessageRule, true>> = {
  'annotation.changed-later': true,
  'annotation.of-earlier-release': true,
  'annotation.of-later-release': true,
  'annotation.unknown': true,
  'annotation.wrong-place': true,
  'app.as-proxy': true,
  'mesh.ipv6-past-proxy': true,
  'option.conflict': true,
  'option.mistyped': true,
  'option.no-effect': true,
  'option.not-heeded': true,
  'option.of-other-release': true,
  'values.unknown': true,
  'values.wrong-place': true,
  'variable.of-app': true,
  'variable.overruled': true,
  'variable.unknown': true,
  'variable.wrong-place': true,
  'yaml.broken': true,
  'yaml.key-twice': true,
  'yaml.too-long': true,
};

/** All rules, for good. */
export const manifestRules = [...Object.keys(weights), ...Object.keys(ofMessages)] as ManifestIssue['id'][];

/** What namespaces say, by their names: those that are known at all. */
export type Namespaces = ReadonlyMap<string, Pick<ReadObject, 'mark' | 'isOptedOut'>>;

export interface CheckedRelease {
  /** That a manifest is of, where it does not tell. */
  readonly from: string | null;
  /** That will be there next; null: the minor behind that of the manifest. */
  readonly to: string | null;
}

/** Judges the objects of one text. What the next release changes is told once for all objects that it does the same to. */
export function manifestFindings(
  objects: readonly ReadObject[],
  namespaces: Namespaces,
  release: CheckedRelease,
): readonly ManifestFinding[] {
  const told = new Set<string>();
  return objects.flatMap((one) => {
    const member = membership(one, namespaces);
    // Nothing of Istio's is in this pod, and nothing asks for it.
    if (one.isRunning && member.mark === null && one.proxy === 'none') return [];
    const issues: (readonly [ManifestIssue, Place])[] = [
      ...meshIssues(one, member),
      ...ambientIssues(one, {
        isMeant: member.mark?.mark.into === 'ambient' && one.proxy === 'none' && !one.isOfNode,
        isNamespaceMeant: namespaces.get(one.namespace ?? '')?.mark?.into === 'ambient',
      }),
      ...messageIssues(one),
      ...(isOutside(one, member)
        ? []
        : [...settingIssues(one, release), ...releaseIssues(one, release, told)]),
    ];
    return issues.map(([issue, { line, column }]) => ({
      id: issue.id,
      weight: 'message' in issue ? weightOf(issue) : weights[issue.id],
      line,
      column,
      object: one.object === 'Helm values' ? null : nameOf(one),
      issue,
    }));
  });
}

function weightOf({ id, message }: Extract<ManifestIssue, { readonly message: YamlMessage }>): Weight {
  if (id === 'app.as-proxy') return 'wrong';
  return message.severity === 'error' ? 'wrong' : message.severity === 'warning' ? 'doubtful' : 'note';
}

/** `Deployment shop/cart` */
function nameOf({ object, namespace, is }: ReadObject): string {
  return namespace === null || is === 'namespace' ? object : object.replace(' ', ` ${namespace}/`);
}

/** What puts the pod into the mesh: its own mark goes before its namespace's. */
function membership(one: ReadObject, namespaces: Namespaces): { readonly mark: (MarkOn & Place) | null } {
  if (one.isOptedOut || (one.is !== 'pod' && one.is !== 'template')) return { mark: null };
  if (one.mark !== null) {
    const { place, ...mark } = one.mark;
    return { mark: { on: 'pod', mark, ...place } };
  }
  const space = one.namespace === null ? undefined : namespaces.get(one.namespace);
  if (space === undefined || space.mark === null) return { mark: null };
  const { place: _, ...mark } = space.mark;
  return { mark: { on: 'namespace', mark, ...one.place } };
}

function isOutside(one: ReadObject, { mark }: { readonly mark: MarkOn | null }): boolean {
  if (one.proxy === 'gateway' || one.isOfNode || one.is === 'other' || one.is === 'namespace') return true;
  return one.isOptedOut || (mark?.mark.into === 'ambient' && one.proxy === 'none');
}

function meshIssues(
  one: ReadObject,
  { mark: marked }: { readonly mark: (MarkOn & Place) | null },
): readonly (readonly [ManifestIssue, Place])[] {
  if (one.proxy === 'alone' && one.options.inboundInterceptionMode !== 'NONE')
    return [[{ id: 'mesh.no-rules' }, one.place]];
  const off = one.settings.find(({ option }) => option === 'inboundInterceptionMode');
  if (off !== undefined && one.options.inboundInterceptionMode === 'NONE' && one.proxy !== 'gateway')
    return [[{ id: 'mesh.not-captured' }, off.place]];
  if (marked === null || one.proxy !== 'none') return [];
  const { line, column, ...by } = marked;
  const at = { line, column };
  if (one.isOfNode) return [[{ id: 'mesh.network-of-node', ...by }, at]];
  if (!one.isRunning) return [];
  if (by.mark.into === 'sidecar') return [[{ id: 'mesh.not-injected', ...by }, at]];
  return one.isEnrolled ? [] : [[{ id: 'mesh.not-enrolled', ...by }, at]];
}

function messageIssues(one: ReadObject): readonly (readonly [ManifestIssue, Place])[] {
  return one.messages.flatMap((message) => {
    const id = messageRule(message);
    // A program wrote into a running pod what was meant for all.
    if (id === null || (id === 'option.no-effect' && one.isRunning)) return [];
    return [[{ id, message }, message] as const];
  });
}

function settingIssues(
  one: ReadObject,
  { from }: CheckedRelease,
): readonly (readonly [ManifestIssue, Place])[] {
  if (one.options.inboundInterceptionMode === 'NONE') return [];
  const release = one.release ?? from ?? newestCompared;
  const placeOf = (option: OptionName) =>
    one.settings.findLast((setting) => setting.option === option) ?? {
      by: { kind: 'option', name: option } as const,
      place: one.place,
    };
  return [
    ...inboundIssues(one, placeOf),
    ...outboundIssues(one, placeOf),
    ...one.appPorts.flatMap(({ port, protocol, place }): readonly (readonly [ManifestIssue, Place])[] => {
      const taken = portsOf(release).find(
        (entry) =>
          entry.port === port &&
          entry.pod === 'sidecar' &&
          entry.open === 'always' &&
          (entry.protocols as readonly string[]).includes(protocol),
      );
      const owner = taken?.listener;
      return owner === 'Envoy' || owner === 'pilot-agent'
        ? [[{ id: 'port.of-sidecar', port, owner }, place]]
        : [];
    }),
    ...ofMadeRules(one, release, placeOf),
  ];
}

type PlaceOf = (option: OptionName) => { readonly by: YamlSetter; readonly place: Place };

function inboundIssues({ options, appPorts }: ReadObject, placeOf: PlaceOf) {
  const { inboundPortsInclude, inboundPortsExclude } = completeOptions(options);
  const [included, excluded] = [inboundPortsInclude, inboundPortsExclude].map((list) =>
    list.split(',').map((one) => one.trim()),
  ) as [string[], string[]];
  const tcp = new Map(appPorts.filter(({ protocol }) => protocol === 'tcp').map((one) => [one.port, one]));
  return [...tcp.values()].flatMap(({ port }): readonly (readonly [ManifestIssue, Place])[] => {
    // Its own ports the sidecar has excluded by itself.
    if (findPort(port)?.pod === 'sidecar') return [];
    const isExcluded = excluded.includes(String(port));
    const isListed = included.includes('*') || included.includes(String(port));
    if (options.inboundPortsExclude !== undefined && isExcluded && included.includes('*')) {
      const { by, place } = placeOf('inboundPortsExclude');
      return [[{ id: 'inbound.app-port-past-proxy', port, by, how: 'excluded' }, place]];
    }
    // An empty list is told as such.
    if (options.inboundPortsInclude === undefined || isListed || inboundPortsInclude === '') return [];
    const { by, place } = placeOf('inboundPortsInclude');
    return [[{ id: 'inbound.app-port-past-proxy', port, by, how: 'not included' }, place]];
  });
}

/** Half of a private network of IPv4, or the addresses of a site of IPv6, are in it, and more. */
const wide = { v4: 8, v6: 16 } as const;

function outboundIssues({ options }: ReadObject, placeOf: PlaceOf) {
  return (options.outboundIPRangesExclude ?? '')
    .split(',')
    .flatMap((range): readonly (readonly [ManifestIssue, Place])[] => {
      const [address = '', length] = range.trim().split('/');
      const read = readAddress(address);
      if (read === null || length === undefined || !/^\d+$/.test(length)) return [];
      if (Number(length) > wide[read.family]) return [];
      const { by, place } = placeOf('outboundIPRangesExclude');
      return [[{ id: 'outbound.wide-range', range: range.trim(), by }, place]];
    });
}

/** What the lab finds in the rules that follow from these options. */
function ofMadeRules(
  one: ReadObject,
  release: string,
  placeOf: PlaceOf,
): readonly (readonly [ManifestIssue, Place])[] {
  const options = withServers(one);
  if (checkOptions(release, options).some(({ severity }) => severity === 'error')) return [];
  const placed = rulesFor(release, options);
  const made = {
    ruleset: placed.v4,
    identification: {
      releases: [release],
      options,
      others: [],
      missing: [],
      foreign: [],
      chains: [],
      expected: placed.v4,
      placed,
    },
    isWhole: true,
  };
  return [...mistyped(made), ...remarkable(made)].flatMap((found) => {
    if (!('setBy' in found)) return [];
    const option = optionNames.find((name) => (optionTable[name].setBy ?? name) === found.setBy);
    return [[found, option === undefined ? { line: 1, column: 1 } : placeOf(option).place] as const];
  });
}

/** DNS capture needs the servers of resolv.conf, and no YAML holds them. */
function withServers({ options }: ReadObject): ReadObject['options'] {
  const isGiven = options.dnsServersV4 !== undefined || options.dnsServersV6 !== undefined;
  return options.redirectDNS !== true || isGiven ? options : { ...options, dnsServersV4: ['10.96.0.10'] };
}

function releaseIssues(
  one: ReadObject,
  { from, to }: CheckedRelease,
  told: Set<string>,
): readonly (readonly [ManifestIssue, Place])[] {
  const { release: own, place, settings } = one;
  const options = withServers(one);
  const release = own ?? from;
  const next = release === null ? null : (to ?? minorBehind(release));
  if (release === null || next === null) return [];
  const key = JSON.stringify([release, next, options]);
  if (told.has(key)) return [];
  told.add(key);
  const faults = checkOptions(next, options).filter(({ severity }) => severity === 'error');
  const before = checkOptions(release, options).filter(({ severity }) => severity === 'error');
  if (before.length > 0) return [];
  if (faults.length > 0)
    return faults.flatMap(({ option, value }) => {
      const name = optionNames.find((one) => one === option);
      if (name === undefined) return [];
      const at = settings.findLast((setting) => setting.option === name)?.place ?? place;
      return [[{ id: 'release.refuses-option', from: release, to: next, option: name, value }, at] as const];
    });
  const differing = differingLines(rulesTextFor(release, options), rulesTextFor(next, options));
  if (differing === 0) return [];
  const effects = changesBetween(release, next).map(({ effect }) => effect);
  return [[{ id: 'release.changes-rules', from: release, to: next, differing, effects }, place]];
}

function differingLines(a: unknown, b: unknown): number {
  const [left, right] = [a, b].map((text) => JSON.stringify(text).split('\\n'));
  const [one, other] = [new Set(left), new Set(right)];
  return (
    [...one].filter((line) => !other.has(line)).length + [...other].filter((line) => !one.has(line)).length
  );
}

/** The minor behind that of a release, among those that were compared with Istio. */
function minorBehind(release: string): string | null {
  const [newest, number] = [readRelease(newestCompared), readRelease(release)];
  if (newest === null || number === null || number[1] >= newest[1]) return null;
  return `${number[0]}.${number[1] + 1}`;
}
