/**
 * What a pasted text can be of, and what may be said of each. Only a sidecar's rules are compared with Istio's
 * and given fixes; of the others it is told what they are, by what evidence, and what to do next.
 */

import type { RunOutcome } from '../errors/index.ts';
import type { SeenText } from './seen.ts';

interface KindOfText {
  /** Compared with a sidecar's own rules, and given fixes. Those of ambient mode are compared apart, and never told to go. */
  readonly isJudged: boolean;
  /** The six types, and a connection of the reader's own, are walked on its rules: they are a pod's. */
  readonly isWalkable: boolean;
}

/** For good: tests and words hang on them. */
export const kinds = {
  sidecar: { isJudged: true, isWalkable: true },
  /** Of a release before all that are known: healthy as they are, and unlike any that they could be compared with. */
  'older sidecar': { isJudged: false, isWalkable: false },
  'ambient pod': { isJudged: false, isWalkable: false },
  'ambient node': { isJudged: false, isWalkable: false },
  'native nftables': { isJudged: true, isWalkable: true },
  /** Rules that iptables-nft made, as nft lists them. */
  'iptables in nft': { isJudged: false, isWalkable: false },
  'other nftables': { isJudged: false, isWalkable: false },
  gateway: { isJudged: false, isWalkable: false },
  node: { isJudged: false, isWalkable: false },
  'another mesh': { isJudged: false, isWalkable: false },
  KubeVirt: { isJudged: false, isWalkable: false },
  'a virtual machine': { isJudged: false, isWalkable: false },
  /** Rules of which no chain tells whose they are, and that redirect. */
  'own redirection': { isJudged: false, isWalkable: true },
  /** Rules in a pod, none of them of a mesh. */
  'other rules': { isJudged: true, isWalkable: true },
  /** Without -t iptables -S prints filter alone, and Istio's rules stand in nat: of a pod's interception they tell nothing. */
  'tables without nat': { isJudged: false, isWalkable: false },
  /** Tables were printed, and there is no rule in them. */
  'empty tables': { isJudged: true, isWalkable: true },
  'run that failed': { isJudged: false, isWalkable: false },
  'listing for people': { isJudged: false, isWalkable: false },
  /** `kubectl describe pod` */
  'description of a pod': { isJudged: false, isWalkable: false },
  'pod as YAML': { isJudged: false, isWalkable: false },
  'settings as YAML': { isJudged: false, isWalkable: false },
  'state of the network': { isJudged: false, isWalkable: false },
  /** What istiod, or somebody else, told an Envoy. */
  'configuration of Envoy': { isJudged: true, isWalkable: false },
  'errors alone': { isJudged: false, isWalkable: false },
  nothing: { isJudged: false, isWalkable: false },
} as const satisfies Readonly<Record<string, KindOfText>>;

export type Kind = keyof typeof kinds;

/** What shows it; `line` as it stands in the text, from 1, where it stands there. */
export type Sign =
  | { readonly code: 'chain'; readonly chain: string }
  | { readonly code: 'rule'; readonly table: string; readonly chain: string; readonly rule: string }
  | { readonly code: 'table of nft'; readonly table: string; readonly line: number }
  | { readonly code: 'line'; readonly text: string; readonly line: number };

export interface Recognised {
  readonly kind: Kind;
  /** Whose, where the kind is of some software. */
  readonly owner: string | null;
  /** The first that show it. */
  readonly signs: readonly Sign[];
  /** What a run that failed has left. */
  readonly run?: RunOutcome;
  /** What a text without rules is. */
  readonly seen?: SeenText;
  /** What a listing keeps back: the rules themselves, where it is of another table than Istio's, interfaces, numbers. */
  readonly keepsBack?: readonly ('rules' | 'interfaces' | 'numbers')[];
  /** Kinds of the objects that settings are of: `DestinationRule`. */
  readonly objects?: readonly string[];
}
