/** Where a random rule of native nftables stands, and what may stand there. */
import type { Family, Hook } from '../../../src/netfilter/model/ruleset.ts';
import type { NftChainType } from '../../../src/netfilter/nftables/model.ts';
import type { Draw } from '../draw.ts';

export type RandomFamily = 'ip' | 'ip6' | 'inet';

/** A base chain that leads to the rule. */
export interface Caller {
  readonly hook: Hook;
  readonly type: NftChainType;
  readonly priority: number;
}

export interface NftPlace {
  readonly family: RandomFamily;
  readonly callers: readonly Caller[];
  /** Chains that may be jumped to from here. */
  readonly below: readonly string[];
  /** In a base chain itself, where a packet comes only once. */
  readonly isBase: boolean;
}

/** A rule under way: of which packets it speaks. */
export interface RuleContext extends NftPlace {
  readonly version: Family;
  /** Of the entry's protocols the one that the rule speaks of. */
  readonly protocol: NftProtocol | null;
  /** What stands before. */
  readonly parts: readonly string[];
}

export type NftProtocol = 'tcp' | 'udp' | 'sctp' | 'icmp' | 'icmpv6';

/** One kind of condition, or of statement. */
export interface NftEntry {
  /** For `--without`. */
  readonly name: string;
  readonly weight: number;
  readonly hooks?: readonly Hook[];
  readonly types?: readonly NftChainType[];
  /** The families of tables where it may stand; all when absent. */
  readonly families?: readonly RandomFamily[];
  /** Of which packets it speaks, by itself. */
  readonly version?: Family;
  /** The protocol that it speaks of: a rule has one. */
  readonly protocol?: readonly NftProtocol[];
  /** nft takes it only behind a condition on the protocol. */
  readonly needsProtocol?: true;
  /** Only where no real sockets are at work. */
  readonly isCrafted?: true;
  /** What it hangs on the engine is not told: the reader has to say. */
  readonly asksReader?: true;
  /** Of two entries with one slot, a rule has only one; the name when absent. */
  readonly slot?: string;
  readonly applies?: (place: NftPlace) => boolean;
  readonly make: (draw: Draw, rule: RuleContext) => string;
}

/** How a value is asked for: one, none of it, one of several, a span. */
export interface Askable {
  readonly left: string;
  readonly one: readonly string[];
  /** Spans and values that do not overlap, for sets. */
  readonly apart?: readonly string[];
  readonly spans?: readonly string[];
  /** Named sets of its type. */
  readonly named?: readonly string[];
  /** It has an order: `<`, `>=`. */
  readonly isNumber?: true;
}

/** `left value`, `left != { … }`, `left @set`. */
export function ask(draw: Draw, { left, one, apart, spans, named, isNumber }: Askable): string {
  const not = draw.chance(0.3) ? '!= ' : '';
  const form = draw.below(10);
  if (form < 3 && one.length > 1) {
    const values = new Set(Array.from({ length: draw.between(2, 4) }, () => draw.pick(apart ?? one)));
    return `${left} ${not}{ ${[...values].join(', ')} }`;
  }
  if (form === 3 && named !== undefined) return `${left} ${not}@${draw.pick(named)}`;
  if (form <= 5 && spans !== undefined) return `${left} ${not}${draw.pick(spans)}`;
  if (form === 6 && isNumber === true)
    return `${left} ${draw.pick(['<', '>', '<=', '>='])} ${draw.pick(one)}`;
  return `${left} ${not}${draw.pick(one)}`;
}
