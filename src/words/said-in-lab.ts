/**
 * What the lab says, as data: what was read of a text, whose rules these are, what differs. A language has words for
 * each of these.
 */
import type { AmbientIdentification, Finding, Paste, Recognised, RulesOrigin } from '../analysis/index.ts';

import type { SaidParty } from './said.ts';

/** What a long inspection is at. */
export type Doing = 'start' | 'text' | 'rules' | 'releases' | 'findings';

/** The rules of one family in one back end, or those that nft listed, counted. */
export interface CountedRules {
  readonly family: 'v4' | 'v6' | 'nft';
  readonly backEnd: 'nft' | 'legacy' | null;
  readonly tables: number;
  readonly chains: number;
  readonly rules: number;
}

/** What was read beside the rules. */
export interface AlsoRead {
  /** Lines of ip rule, ip route and ip address. */
  readonly routing: number;
  /** Lines of `iptables -L` by which no rule is judged, as they tell a part of what one asks. */
  readonly listing: number;
  /** Servers of resolv.conf. */
  readonly servers: number;
  /** Lines of conntrack, of ss and netstat, of ipset, of sysctl. */
  readonly connections: number;
  readonly sockets: number;
  readonly sets: number;
  readonly sysctls: number;
  /** Lines of YAML. */
  readonly yaml: number;
  /** What the YAML is of: `Pod reviews-v1`; null where that was not found. */
  readonly object: string | null;
}

/** What of an app is known, or assumed. */
export interface AppFacts {
  readonly uid?: number;
  readonly gid?: number;
  readonly ports?: readonly number[];
  readonly addresses?: readonly string[];
}

/** What the walks know of the pod beside its rules, by where it was told. */
export interface KnownOfPod {
  readonly yaml: AppFacts & { readonly object: string | null };
  /** Those with addresses, but for lo. */
  readonly interfaces: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** Devices of which more is there than is walked: those that belong to another, and those that stand on one. */
  readonly joined: readonly { readonly name: string; readonly master: string }[];
  readonly stacked: readonly { readonly name: string; readonly lower: string }[];
  /** Where the app listens; absent where the text has no line of ss or netstat that tells it. */
  readonly listens?: readonly number[];
  /** How many connections conntrack has; absent where the text has none. */
  readonly connections?: number;
  /** Absent where the text has no line of ip rule. */
  readonly routingRules?: number;
  /** Absent where the text has no line of ip route. */
  readonly routes?: number;
  /** What was told by nothing, and is taken from the handbook's example. */
  readonly assumed: AppFacts;
}

/** Whose rules these are, counted. */
export interface CountedOrigin extends RulesOrigin {
  readonly others: readonly RulesOrigin[];
  /** How many rules are Istio's and not there. */
  readonly missing: number;
  /** How many are there and not Istio's, or not in place. */
  readonly foreign: number;
  /** How many of `foreign` are Istio's own a second time. */
  readonly twice: number;
}

/** What the verdict on a text is made of. */
export interface Judged {
  readonly recognised: readonly [Recognised, ...Recognised[]];
  readonly seeming: Paste['seeming'];
  readonly read: readonly Pick<CountedRules, 'rules'>[];
  readonly identified: readonly CountedOrigin[];
  /** Whose the rules of ambient mode are; null where there are none, or too few to say. */
  readonly ambient: AmbientIdentification | null;
  readonly findings: readonly Pick<Finding, 'id' | 'weight'>[];
}

/** Why the rules in a link are not all there. Lengths count characters, of what it unfolds to bytes. */
export type Damage =
  | { readonly kind: 'too long'; readonly length: number; readonly most: number }
  | { readonly kind: 'other characters' }
  | { readonly kind: 'unfolds too far'; readonly most: number }
  | { readonly kind: 'cut off or changed' };

export interface DamagedLink {
  readonly damage: Damage;
  /** How many whole lines could be read. */
  readonly lines: number;
}

/** A connection that is walked on both sides of a comparison. */
export interface SaidConnection {
  /** Null where nothing was sent. */
  readonly client: SaidParty | null;
  /** `10.96.0.7:80` */
  readonly destination: string;
  readonly protocol: string;
}

/** How the connections of a comparison fare, counted. */
export interface CountedWays {
  /** How many were walked on both sides. */
  readonly walked: number;
  /** How many go by the same rules, which stand at other positions. */
  readonly moved: number;
  /** How many go by other rules, or end otherwise. */
  readonly different: number;
  /** How many of those end otherwise. */
  readonly otherwise: number;
  /** How many go the same way on both as far as a rule of which nobody can tell, and are not followed further. */
  readonly open: number;
}
