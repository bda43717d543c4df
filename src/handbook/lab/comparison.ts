/**
 * Two rulesets or two settings side by side: the rules as a difference, and the connections that fare differently on
 * them.
 */
import {
  type ChainDifference,
  chainDifferences,
  type NativeDifference,
  type RuleDifference,
  shortenedDifference,
  type Witness,
  witnesses,
} from '../../analysis/index.ts';
import { rulesFor } from '../../istio/index.ts';
import { addressOf, endAlike, type Journey, type Pod, type Request } from '../../journey/index.ts';
import type { Family, NftRuleset, Ruleset } from '../../netfilter/index.ts';
import { asSender, type StopLine, stopLines } from '../../render/index.ts';
import { type CountedWays, destinationOf, outcomePhrase, type SaidConnection } from '../../words/index.ts';
import { type Bound, bind } from '../scenarios/bind.ts';
import { callsOn, exampleSenders } from '../scenarios/examples.ts';
import { requestOn } from '../scenarios/own-place.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { samePath, type WayDifference, wayByRules, wayDifference } from '../scenarios/same-way.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { pod as handbookPod, services } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';
import { openQuestion, type WalkedOn } from '../walk/open-question.ts';
import type { OpenQuestion } from '../walk/view.ts';
import { type ComparedRules, nativeComparison } from './native-comparison.ts';
import { nativeWitnesses } from './native-witness.ts';

export interface Comparison extends CountedWays {
  /** The chains that differ; long ones cut off. */
  readonly chains: readonly (ChainDifference | NativeDifference)[];
  /** One side is of nftables and the other of iptables: what is compared is what Istio writes for both in iptables. */
  readonly isOfTwoLanguages: boolean;
  /** One side is a pod with a sidecar and the other an enrolled one. */
  readonly isOfTwoModes?: boolean;
  /** Absent: of a pod. */
  readonly of?: 'pod' | 'node';
  /** Of a node and a pod, which have no connection in common: a probe's way over both. */
  readonly probe?: { readonly lines: readonly StopLine[]; readonly ending: string };
  /** How many rules stand on one side only, those that were cut off too. */
  readonly differing: number;
  /** Those that go by other rules, or end otherwise; of those that differ alike only the first. */
  readonly connections: readonly DifferentConnection[];
}

export interface DifferentConnection {
  readonly connection: SaidConnection;
  readonly request: Request;
  readonly difference: WayDifference;
  /** What becomes of it on each side, in a phrase. */
  readonly outcomes: readonly [a: string, b: string];
  readonly a: readonly StopLine[];
  readonly b: readonly StopLine[];
  /** What is to be answered before each can be walked on. */
  readonly questions: readonly [a: OpenQuestion | null, b: OpenQuestion | null];
}

/** Rules from which a connection is derived. */
const mostDerived = 24;
/** Rows of a difference that are handed over. */
export const mostRows = 300;

/**
 * Compares two sides, each a pod's rules, or where it has none those of Istio under its setting. The connections are
 * those of the handbook, and one for each rule that differs. It yields, from 0 to 1, how far it has come, so that
 * whoever runs it can say so and stop.
 */
export function* comparing(a: RealPod, b: RealPod): Generator<number, Comparison> {
  const native = [a, b].map((side) => nativeOf(side) !== null);
  const isNative = native.includes(true);
  const isOfTwoLanguages = isNative && native.includes(false);
  const chains = isNative ? [] : iptablesDifference(a, b);
  const differing = isNative ? nativeComparison(comparedRules(a), comparedRules(b)) : chains;
  yield 0.1;
  const { pod } = bind(scenarios[0] as Scenario, {}, a);
  const requests = new Map<string, Request>();
  const ofRules = isNative ? derivedFromNative(pod, a, b, differing) : derived(pod, a, b, chains);
  for (const request of [...usual(pod), ...ofRules]) requests.set(JSON.stringify(request), request);
  const scenario = scenarios[0] as Scenario;
  const ways = yield* comparingWays(
    [...requests.values()],
    (request) => [a, b].map((side) => bind({ ...scenario, request }, { request }, side)) as [Bound, Bound],
    // No rule of the one language is one of the other: there it counts how they end.
    isOfTwoLanguages ? (one, other) => samePath(one, other) || endAlike(one, other) : samePath,
  );
  return { ...shortenedDifference(differing, mostRows), isOfTwoLanguages, ...ways };
}

/** What is walked on a side. */
type WalkedSide = WalkedOn & { readonly journey: Journey };

/** Walks each on both sides. It yields, from 0.2 to 1, how far it has come. */
export function* comparingWays(
  requests: readonly Request[],
  walk: (request: Request) => readonly [WalkedSide, WalkedSide],
  isAlike: (one: Journey, other: Journey) => boolean,
): Generator<number, CountedWays & Pick<Comparison, 'connections'>> {
  const connections: DifferentConnection[] = [];
  const alike = new Set<string>();
  let [moved, different, otherwise, open] = [0, 0, 0, 0];
  for (const [at, request] of requests.entries()) {
    yield 0.2 + (0.8 * at) / requests.length;
    const [left, right] = walk(request);
    const [one, other] = [left.journey, right.journey];
    const ways = [wayByRules(one), wayByRules(other)];
    if (ways[0] === ways[1] && isOpen(one)) open++;
    if (isAlike(one, other)) continue;
    if (ways[0] === ways[1]) {
      moved++;
      continue;
    }
    different++;
    const difference = wayDifference(one, other);
    if (difference === 'ends otherwise') otherwise++;
    if (alike.has(ways.join('\n\n'))) continue;
    alike.add(ways.join('\n\n'));
    connections.push({
      connection: connectionOf(one, request),
      request,
      difference,
      outcomes: [outcomePhrase(one.outcome), outcomePhrase(other.outcome)],
      a: stopLines(one),
      b: stopLines(other),
      questions: [openQuestion(left), openQuestion(right)],
    });
  }
  return {
    walked: requests.length,
    moved,
    different,
    otherwise,
    open,
    connections: connections.toSorted((one, other) => orderOf(one) - orderOf(other)),
  };
}

function iptablesDifference(a: RealPod, b: RealPod): readonly ChainDifference[] {
  return (['v4', 'v6'] as const).flatMap((family) => {
    const [left, right] = [rulesetOf(a, family), rulesetOf(b, family)];
    return left === null && right === null
      ? []
      : chainDifferences(left ?? { family, tables: [] }, right ?? { family, tables: [] });
  });
}

/** The first connection that was made. */
function connectionOf(
  { legs: [leg] }: Journey,
  { address, port, protocol = 'tcp' }: Request,
): SaidConnection {
  const packet = leg?.passages[0]?.traversal.events[0]?.packet;
  return leg === undefined || packet === undefined
    ? { client: null, destination: `${address}:${port}`, protocol }
    : { client: asSender(leg.client), destination: destinationOf(packet), protocol: packet.protocol };
}

function isOpen({ outcome }: Journey): boolean {
  return outcome.kind === 'cannot tell';
}

/** Those that end otherwise come first. */
function orderOf({ difference }: DifferentConnection): number {
  if (difference === 'ends otherwise') return 0;
  return difference === 'cannot tell' ? 1 : 2;
}

/** The whole comparison at once. */
export function compare(a: RealPod, b: RealPod): Comparison {
  const run = comparing(a, b);
  for (let step = run.next(); ; step = run.next()) if (step.done === true) return step.value;
}

/** The native rules of a side: those that were pasted, or Istio's under a setting that asks for them. */
function nativeOf({ native, rulesets, setting }: RealPod): NftRuleset | null {
  if (native !== undefined || rulesets !== undefined || setting === undefined) return native ?? null;
  return rulesFor(setting.release, setting.options).nft;
}

function comparedRules(side: RealPod): ComparedRules {
  const nft = nativeOf(side);
  return nft === null ? { nft, rulesets: { v4: rulesetOf(side, 'v4'), v6: rulesetOf(side, 'v6') } } : { nft };
}

/** The rules that are walked on a side. */
function rulesetOf(side: RealPod, family: Family): Ruleset | null {
  const rulesets = side.rulesets ?? bind(scenarios[0] as Scenario, {}, side).pod.host.rulesets;
  return rulesets[family] ?? null;
}

/** Every sender of the examples with every destination that makes sense for it. */
function usual(pod: Pod): readonly Request[] {
  return [
    ...scenarios.map(({ request }) => requestOn(pod, request)),
    ...exampleSenders.flatMap(({ from }) =>
      callsOn(pod)
        .filter(({ isV6, address }) => !isV6 && ('process' in from || address === addressOf(pod, 'v4')))
        .map(({ address, port, protocol }): Request => ({ from, address, port, protocol })),
    ),
  ];
}

function derived(pod: Pod, a: RealPod, b: RealPod, chains: readonly ChainDifference[]): readonly Request[] {
  return [a, b].flatMap((side, at) => {
    const ruleset = rulesetOf(side, 'v4');
    if (ruleset === null) return [];
    const places = chains
      .filter(({ family }) => family === 'v4')
      .flatMap(({ table, chain, rows }) =>
        rows.flatMap((row): readonly Pick<RuleDifference, 'table' | 'chain' | 'position'>[] =>
          row.kind === (at === 0 ? 'gone' : 'come') ? [{ table, chain, position: row.position }] : [],
        ),
      );
    return witnesses(ruleset, places.slice(0, mostDerived)).map((one) => requestOf(pod, one));
  });
}

/** The same where both sides are of nft: of one language the place of a rule tells which it is. */
function derivedFromNative(
  pod: Pod,
  a: RealPod,
  b: RealPod,
  chains: readonly (ChainDifference | NativeDifference)[],
): readonly Request[] {
  return [a, b].flatMap((side, at) => {
    const nft = nativeOf(side);
    if (nft === null) return [];
    const places = chains.flatMap(({ family, table, chain, rows }) =>
      rows.flatMap((row) =>
        row.kind === (at === 0 ? 'gone' : 'come') ? [{ family, table, chain, position: row.position }] : [],
      ),
    );
    return places
      .slice(0, mostDerived)
      .flatMap((place) => nativeWitnesses(nft, place))
      .map((one) => requestOf(pod, one));
  });
}

function requestOf(
  pod: Pod,
  { isLocal, protocol, source, destination, destinationPort, uid, gid }: Witness,
): Request {
  const port = destinationPort ?? services.remote.port;
  if (!isLocal) {
    return {
      from: { name: 'peer', address: source ?? '203.0.113.10' },
      address: addressOf(pod, 'v4') ?? handbookPod.address,
      port,
      ...(protocol === undefined ? {} : { protocol }),
    };
  }
  return {
    from:
      uid === undefined && gid === undefined
        ? { process: 'app' }
        : { name: 'a process', uid: uid ?? 1000, gid: gid ?? 1000 },
    address: destination ?? services.remote.address,
    port,
    ...(protocol === undefined ? {} : { protocol }),
  };
}
