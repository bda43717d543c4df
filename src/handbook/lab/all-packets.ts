/** Two sides compared by every first packet of a connection, and not by examples. */
import {
  type DifferentPackets,
  type Open,
  packetsThatDiffer,
  type Survey,
  survey,
} from '../../analysis/index.ts';
import { type Host, ruleCount } from '../../netfilter/index.ts';
import { podOfScenario } from '../scenarios/bind.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { services } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';

/** Why it is not known that all others fare alike. */
export type NotCompared =
  /** The sides are pods with other addresses. */
  | { readonly code: 'other addresses' }
  /** One has a sidecar and the other is of ambient mode: no packet comes to the same process. */
  | { readonly code: 'two modes' }
  /** There are more ways than were looked at. */
  | { readonly code: 'too many ways' }
  | { readonly code: 'not told apart'; readonly open: readonly Open[] };

export interface ComparedPackets {
  readonly cases: readonly DifferentPackets[];
  /** None: every packet that is in no case fares alike on both. */
  readonly not: readonly NotCompared[];
}

/** Ways of one entrance at most; of long rulesets, whose packets walk for longer, fewer. */
const mostWays = 6000;
const mostWalked = 1_000_000;

/** The packets that fare otherwise on the other side, in few cases. */
export function comparePackets(a: RealPod, b: RealPod): ComparedPackets {
  // Who pastes the rules of one family has not said that there are none of the other.
  const isPasted = a.rulesets !== undefined || b.rulesets !== undefined;
  return comparePacketsOn(hostOf(a), hostOf(b), isPasted);
}

/** The same of two hosts, whatever stands on them. */
export function comparePacketsOn(a: Host, b: Host, isPasted: boolean): ComparedPackets {
  const [one, other] = [surveyOf(a), surveyOf(b)];
  const by = isNative(one.host) === isNative(other.host) ? 'rules' : 'ends';
  const missing = isPasted ? 'not told' : 'no rules';
  const found = packetsThatDiffer(one, other, { by, missing, ...liked });
  if (found === null) return { cases: [], not: [{ code: 'other addresses' }] };
  const { cases, open } = found;
  return {
    cases,
    not: [
      ...(one.isWhole && other.isWhole ? [] : [{ code: 'too many ways' } as const]),
      ...(open.length === 0 ? [] : [{ code: 'not told apart', open } as const]),
    ],
  };
}

const liked = { destinations: [services.remote.address] };

function hostOf(side: RealPod): Host {
  return podOfScenario(scenarios[0] as Scenario, {}, side).pod.host;
}

function surveyOf(host: Host): Survey {
  return survey(host, { ...liked, most: mostWaysOf(host) });
}

/** How many ways of a host are gone through at most. */
export function mostWaysOf(host: Host): number {
  return Math.min(mostWays, Math.ceil(mostWalked / Math.max(1, rulesIn(host))));
}

function isNative({ rulesets }: Host): boolean {
  return rulesets.nft !== undefined && rulesets.nft.tables.length > 0;
}

function rulesIn({ rulesets: { v4, v6, nft } }: Host): number {
  return ruleCount(v4) + ruleCount(v6) + ruleCount(nft);
}
