/**
 * Two sides of which one at least is of ambient mode: an enrolled pod or a node, pasted or as a release programs it; a pod
 * with a sidecar beside an enrolled one.
 */
import {
  type AmbientIdentification,
  type AmbientSide,
  type ChainDifference,
  chainDifferences,
  type NativeDifference,
  nativeDifferences,
  shortenedDifference,
} from '../../analysis/index.ts';
import { type AmbientOptions, ambientRulesFor, ztunnelPorts } from '../../istio/index.ts';
import type { Inhabited, Journey, Pod, Request } from '../../journey/index.ts';
import { type Host, type Ruleset, ruleCount, withBuiltInChains } from '../../netfilter/index.ts';
import type { CountedWays } from '../../words/index.ts';
import { type AmbientGround, ambientScenarios } from '../scenarios/ambient.ts';
import {
  ambientCalls,
  ambientPeers,
  ambientSenders,
  nodeCalls,
  nodeSenders,
} from '../scenarios/ambient-examples.ts';
import { programmedNode } from '../scenarios/ambient-node.ts';
import { bind } from '../scenarios/bind.ts';
import type { ExampleCall, ExamplePeer, ExampleSender } from '../scenarios/examples.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { samePath } from '../scenarios/same-way.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { pod as handbookPod } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';
import { inFamilyOf } from '../walk/view.ts';
import { type ComparedPackets, comparePacketsOn } from './all-packets.ts';
import { ambientGround, podGround } from './ambient.ts';
import { nodeGround } from './ambient-node.ts';
import { type Comparison, comparingWays, mostRows } from './comparison.ts';

/** A side, and on what its connections are walked. */
export interface WalkableSide {
  readonly of: AmbientSide | 'sidecar';
  readonly isPasted: boolean;
  /** The release and the options that its rules come from, as far as that is known; of a sidecar null. */
  readonly setting: AmbientSideSetting | null;
  readonly walk: (request: Request) => {
    readonly pod: Pod | Inhabited;
    readonly request: Request;
    readonly journey: Journey;
  };
  /** Where a probe would go. */
  readonly probed: { readonly address: string; readonly port: number };
  /** Whom a reader can let call, and what; none with a sidecar, whose pod is called as the other side's is. */
  readonly menu: {
    readonly senders: readonly ExampleSender[];
    readonly calls: readonly ExampleCall[];
    readonly peers: readonly ExamplePeer[];
  };
}

export interface AmbientSideSetting {
  readonly release: string;
  readonly options: Partial<AmbientOptions>;
}

/** What a release programs, on a pod of which this much is known. */
export function ambientSideOf(
  setting: AmbientSideSetting,
  of: AmbientSide,
  like: RealPod = {},
): WalkableSide {
  const { rulesets: _, native: __, state: ___, ...known } = like;
  const { release, options } = setting;
  if (of === 'pod') return sideOn(podGround(known, release, options), of, setting, false);
  const rules = ambientRulesFor(release, options);
  // The pod of the examples is enrolled.
  const host: RealPod = { ...known, ...programmedNode(rules, { v4: [handbookPod.address], v6: [] }) };
  return sideOn(nodeGround(host, release, rules), of, setting, false);
}

/** A pasted pod or node of ambient mode; null where the text has too few of its rules. */
export function pastedAmbientSide(real: RealPod, found: AmbientIdentification): WalkableSide | null {
  const ground = ambientGround(real, found);
  const { side, releases, options } = found;
  return ground === null ? null : sideOn(ground, side, { release: releases.at(-1) ?? '', options }, true);
}

/** A pod with a sidecar, to be laid beside an enrolled one. */
export function sidecarSide(pod: RealPod): WalkableSide {
  return {
    of: 'sidecar',
    isPasted: pod.rulesets !== undefined,
    setting: null,
    walk: (request) => bind({ ...(scenarios[0] as Scenario), request }, { request }, pod),
    probed: handbookPod,
    menu: { senders: [], calls: [], peers: [] },
  };
}

function sideOn(
  ground: AmbientGround,
  of: AmbientSide,
  setting: AmbientSideSetting,
  isPasted: boolean,
): WalkableSide {
  const usual = ambientScenarios.find(({ name }) => name === ground.usual) ?? ambientScenarios[0];
  if (usual === undefined) throw new Error('ambient mode has no scenario');
  const { workload, rules, request } = ground.bind(usual, {});
  const { options } = rules;
  return {
    of,
    isPasted,
    setting,
    walk: (asked) => ground.bind({ ...usual, request: asked }, { request: asked }),
    probed: {
      address: workload.addresses[0]?.split('/')[0] ?? handbookPod.address,
      port: workload.ports[0]?.port ?? handbookPod.port,
    },
    menu:
      of === 'node' || options === null
        ? { senders: nodeSenders, calls: nodeCalls(request, true), peers: [] }
        : {
            senders: ambientSenders(usual, options),
            calls: ambientCalls(workload),
            peers: ambientPeers(options),
          },
  };
}

/** A pod and a node have no connection in common. */
export function areComparable(a: WalkableSide, b: WalkableSide): boolean {
  return (a.of === 'node') === (b.of === 'node');
}

export interface AmbientComparison extends Comparison {
  readonly packets: ComparedPackets;
}

/** Compares two sides; yields, from 0 to 1, how far it has come. */
export function* comparingAmbient(a: WalkableSide, b: WalkableSide): Generator<number, AmbientComparison> {
  const ways = yield* comparingAmbientWays(a, b);
  if (ways.isOfTwoModes === true) return { ...ways, packets: { cases: [], not: [{ code: 'two modes' }] } };
  const [one, other] = hostsOf(a, b, requestsFor(a, b));
  return { ...ways, packets: comparePacketsOn(one, other, a.isPasted || b.isPasted) };
}

/** Each side's host, as the first of these connections finds it. */
function hostsOf(a: WalkableSide, b: WalkableSide, [first]: readonly Request[]): readonly [Host, Host] {
  if (first === undefined) throw new Error('there is nothing to be walked');
  return [a.walk(first).pod.host, b.walk(first).pod.host];
}

/** The same without all packets: the examples' connections alone. */
export function* comparingAmbientWays(a: WalkableSide, b: WalkableSide): Generator<number, Comparison> {
  const isOfTwoModes = a.of !== b.of;
  const asked = requestsFor(a, b);
  const [one, other] = hostsOf(a, b, asked);
  const hasV6 = isToldOfV6(a, one) && isToldOfV6(b, other);
  const requests = asked.filter(({ address }) => hasV6 || !address.includes(':'));
  const isOfTwoLanguages = !isOfTwoModes && hasNft(one) !== hasNft(other);
  const differing = isOfTwoModes ? [] : rulesBetween([a, one], [b, other]);
  yield 0.1;
  const ways: CountedWays & Pick<Comparison, 'connections'> = yield* comparingWays(
    requests,
    (request) => [a.walk(request), b.walk(request)],
    (left, right) =>
      samePath(left, right) || ((isOfTwoModes || isOfTwoLanguages) && fateOf(left) === fateOf(right)),
  );
  return {
    ...shortenedDifference(differing, mostRows),
    ...(isOfTwoModes ? { differing: rulesOn(one) + rulesOn(other) } : {}),
    isOfTwoLanguages,
    isOfTwoModes,
    of: a.of === 'node' ? 'node' : 'pod',
    ...ways,
  };
}

/** Every sender with every destination that makes sense for it. */
function requestsFor(a: WalkableSide, b: WalkableSide): readonly Request[] {
  const requests = new Map<string, Request>();
  const hasSidecar = a.of === 'sidecar' || b.of === 'sidecar';
  // Whom a sidecar's rules let by, ambient mode captures as any other.
  const more: readonly ExampleSender[] = hasSidecar
    ? [{ label: 'an app as 1337', from: { name: 'app', uid: 1337, gid: 1337 } }]
    : [];
  for (const { of, menu } of [a, b])
    for (const { from } of [...menu.senders, ...more])
      for (const { address, port, protocol, path } of menu.calls) {
        const isToOwn = menu.calls.some(
          (call) => call.port === ztunnelPorts.hbone && call.address === address,
        );
        if (of === 'pod' && 'address' in from && !isToOwn) continue;
        // A pod with a sidecar has no ztunnel, and takes no tunnel without being told to.
        if (hasSidecar && (port === ztunnelPorts.hbone || ('process' in from && from.process !== 'app')))
          continue;
        const call: Request = { from, address, port, protocol, ...(path === undefined ? {} : { path }) };
        const request = of === 'pod' ? inFamilyOf(call, menu) : call;
        requests.set(JSON.stringify(request), request);
      }
  return [...requests.values()];
}

const proxies = /Envoy|ztunnel/;

/** How a connection ends, whatever the proxy is called: whether one has it, and whom the last connection reaches. */
function fateOf({ legs, outcome }: Journey): string {
  const isCaptured = legs.some(({ server }) => proxies.test(server?.name ?? ''));
  const last = legs.at(-1)?.server ?? null;
  const isPeer = last?.kind === 'network';
  return JSON.stringify([
    outcome.kind.replace(proxies, 'the proxy'),
    isCaptured,
    isPeer ? last.address : (last?.name ?? null),
    // A tunnel has its own port where the other has the app's.
    isPeer && isCaptured ? null : last?.port,
  ]);
}

/** Who pastes the rules of IPv4 has said nothing of IPv6; and a pod with a sidecar has it only where it is on. */
function isToldOfV6({ of, isPasted }: WalkableSide, host: Host): boolean {
  return host.rulesets.v6 !== undefined || hasNft(host) || (of !== 'sidecar' && !isPasted);
}

function hasNft({ rulesets: { nft } }: Host): boolean {
  return nft !== undefined && nft.tables.length > 0;
}

function rulesOn({ rulesets: { v4, v6, nft } }: Host): number {
  return ruleCount(v4) + ruleCount(v6) + ruleCount(nft);
}

type Laid = readonly [side: WalkableSide, host: Host];

/** From A to B. Of two languages what Istio would have written in iptables for the native side is compared. */
function rulesBetween([a, one]: Laid, [b, other]: Laid): readonly (ChainDifference | NativeDifference)[] {
  const { nft } = one.rulesets;
  const { nft: beside } = other.rulesets;
  if (nft !== undefined && beside !== undefined && hasNft(one) && hasNft(other))
    return nativeDifferences(nft, beside);
  const [left, right] = [hasNft(one) ? twinOf(a) : one.rulesets, hasNft(other) ? twinOf(b) : other.rulesets];
  return (['v4', 'v6'] as const).flatMap((family) => {
    const [from, to] = [left[family], right[family]];
    // Who pastes the rules of one family has not said that there are none of the other.
    if ((from === undefined && a.isPasted) || (to === undefined && b.isPasted)) return [];
    const none: Ruleset = { family, tables: [] };
    return chainDifferences(from ?? none, to ?? none);
  });
}

/** What Istio writes in iptables for the release and the options of native rules. */
function twinOf({ of, setting }: WalkableSide): Pick<Host['rulesets'], 'v4' | 'v6'> {
  const { nativeNftables: _, ...options } = setting?.options ?? {};
  const { pod, host } = ambientRulesFor(setting?.release ?? '', options);
  const { v4, v6 } = of === 'node' ? host : pod;
  return { v4: withBuiltInChains(v4), ...(v6 === null ? {} : { v6: withBuiltInChains(v6) }) };
}
