/**
 * An nft ruleset as plain data, by the words of nft and of libnftables-json(5): what `nft list ruleset` prints, and nothing
 * of how it was written. What is not understood is kept as text and printed back; it is never evaluated.
 */

export const nftFamilies = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] as const;
export type NftFamily = (typeof nftFamilies)[number];

/** A table by its family and its name, as nft names it: `inet filter`. */
export type NftTableName = `${NftFamily} ${string}`;

export interface NftRuleset {
  /** In the order of the kernel: in which they were made. */
  readonly tables: readonly NftTable[];
}

export interface NftTable {
  readonly family: NftFamily;
  readonly name: string;
  readonly comment?: string;
  /** `dormant`: its chains are asked by no hook. */
  readonly flags?: readonly string[];
  /** Named counters, quotas, limits, helpers: kept as they stand, but for what a rule asks of them by name. */
  readonly objects: readonly NftObject[];
  readonly sets: readonly NftSet[];
  readonly flowtables: readonly NftObject[];
  readonly chains: readonly NftChain[];
  readonly handle?: number;
  /** The program that alone may change it, by the flag `owner`. */
  readonly owner?: string;
}

/** A named object with the lines between its braces. */
export interface NftObject {
  /** `counter`, `ct helper`, `flowtable` */
  readonly kind: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly handle?: number;
}

/** A named set, map or verdict map. */
export interface NftSet {
  readonly kind: 'set' | 'map' | 'meter';
  readonly name: string;
  /** `ipv4_addr . inet_service`, as it stands behind `type`, or the expression behind `typeof`. */
  readonly type: string;
  readonly isTypeof: boolean;
  /** Of a map: what stands behind the colon. */
  readonly data?: string;
  /** The other lines before the elements, in their order: `size 65535`, `flags interval`. */
  readonly properties: readonly string[];
  readonly elements: readonly NftElement[];
  readonly handle?: number;
}

export interface NftElement {
  /** The value, and what an element of a map says of it. */
  readonly key: NftValue;
  readonly data?: NftValue | NftVerdict;
  /** `timeout 5m expires 4m59s`, `counter packets 0 bytes 0`: what the kernel says of it, before its comment. */
  readonly state?: string;
  readonly comment?: string;
}

export const nftChainTypes = ['filter', 'nat', 'route'] as const;
export type NftChainType = (typeof nftChainTypes)[number];
export const nftHooks = [
  'prerouting',
  'input',
  'forward',
  'output',
  'postrouting',
  'ingress',
  'egress',
] as const;
export type NftHook = (typeof nftHooks)[number];

/** What makes a chain one that a hook asks. */
export interface NftBase {
  readonly type: NftChainType;
  readonly hook: NftHook;
  /** `-100`, whatever name it was written by. */
  readonly priority: number;
  /** As it is written: `dstnat - 5`; printed back so. */
  readonly priorityText: string;
  readonly policy: 'accept' | 'drop';
  /** False where the text leaves the policy out, which is then accept. */
  readonly hasPolicy: boolean;
  /** Of ingress and egress, as they stand: `device "lo"`. */
  readonly devices?: string;
}

export interface NftChain {
  readonly name: string;
  /** It stands in the rule that leads to it, `jump { … }`, and has the kind of name that the kernel gives it. */
  readonly isAnonymous?: true;
  readonly base?: NftBase;
  readonly comment?: string;
  readonly flags?: string;
  readonly rules: readonly NftRule[];
  readonly handle?: number;
}

export interface NftRule {
  readonly statements: readonly NftStatement[];
  readonly comment?: string;
  readonly handle?: number;
  /** The line of the text, counted from 1. */
  readonly line?: number;
}

/** A constant, as nft writes it; what it means is told by what it is compared with. */
export type NftValue =
  | { readonly kind: 'literal'; readonly text: string; readonly quoted?: true }
  | { readonly kind: 'prefix'; readonly address: string; readonly length: number }
  | { readonly kind: 'range'; readonly from: string; readonly to: string; readonly quoted?: true }
  /** `established,related`, or `established | related` where `bars` is true */
  | { readonly kind: 'list'; readonly texts: readonly string[]; readonly bars?: true }
  | { readonly kind: 'concat'; readonly parts: readonly NftValue[] }
  /** `{ 22, 80-90 }` */
  | { readonly kind: 'set'; readonly elements: readonly NftElement[] }
  /** `@name` */
  | { readonly kind: 'named set'; readonly name: string }
  /** `*`, what an interval map says of all else. */
  | { readonly kind: 'any' };

export const nftOperators = ['&', '|', '^', '<<', '>>'] as const;
export type NftOperator = (typeof nftOperators)[number];

/** How tightly operators hold. */
export const operatorStrengths: Readonly<Record<NftOperator, number>> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
};

export const nftTunnels = ['vxlan', 'geneve', 'gre', 'gretap'] as const;
export type NftTunnel = (typeof nftTunnels)[number];

/** What a rule reads of a packet, of its connection, of the host. */
export type NftExpression =
  | { readonly kind: 'meta'; readonly key: string }
  | {
      readonly kind: 'ct';
      readonly key: string;
      readonly direction?: 'original' | 'reply';
      /** `ip` or `ip6` before an address. */
      readonly family?: 'ip' | 'ip6';
    }
  | { readonly kind: 'payload'; readonly protocol: string; readonly field: string }
  /** `@th,16,16`: bits from the start of a header. */
  | { readonly kind: 'raw'; readonly base: string; readonly offset: number; readonly length: number }
  | { readonly kind: 'extension header'; readonly words: readonly string[] }
  /** `vxlan ip saddr`: of the packet inside a tunnel's. */
  | { readonly kind: 'inner'; readonly tunnel: NftTunnel; readonly of: NftExpression }
  /** `ipsec in reqid`, `osf name`: of the policy of IPsec, of the sender's system. */
  | { readonly kind: 'ipsec' | 'osf'; readonly words: readonly string[] }
  | { readonly kind: 'fib'; readonly keys: readonly string[]; readonly result: string }
  | { readonly kind: 'rt'; readonly words: readonly string[] }
  | { readonly kind: 'socket'; readonly words: readonly string[] }
  | {
      readonly kind: 'numgen';
      readonly mode: 'inc' | 'random';
      readonly modulus: string;
      readonly offset?: string;
    }
  | {
      readonly kind: 'hash';
      /** Absent for symhash. */
      readonly of?: NftExpression;
      readonly modulus: string;
      readonly seed?: string;
      readonly offset?: string;
    }
  | {
      readonly kind: 'binary';
      readonly operator: NftOperator;
      readonly left: NftExpression;
      readonly right: NftExpression | NftValue;
    }
  | { readonly kind: 'concat'; readonly parts: readonly (NftExpression | NftValue)[] }
  /** `tcp dport map { 80 : 1 }` */
  | { readonly kind: 'map'; readonly key: NftExpression; readonly map: NftValue };

export const nftComparisons = ['==', '!=', '<', '>', '<=', '>=', '!'] as const;
export type NftComparison = (typeof nftComparisons)[number];

export type NftVerdict =
  | { readonly kind: 'accept' | 'drop' | 'continue' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export type NftStatement =
  | {
      readonly kind: 'match';
      readonly left: NftExpression;
      readonly operator: NftComparison;
      readonly right: NftValue;
      /** `tcp flags == syn`: all flags are compared, where `tcp flags syn` looks for one. */
      readonly isExact?: true;
      /** `tcp flags syn / fin,syn`: which of the bits are looked at. */
      readonly mask?: NftValue;
    }
  | { readonly kind: 'verdict'; readonly verdict: NftVerdict }
  | { readonly kind: 'vmap'; readonly key: NftExpression; readonly map: NftValue }
  | { readonly kind: 'counter'; readonly packets?: bigint; readonly bytes?: bigint; readonly name?: string }
  /** `meta mark set …`, `ct mark set …`, `ip dscp set …` */
  | { readonly kind: 'set'; readonly target: NftExpression; readonly value: NftExpression | NftValue }
  | {
      readonly kind: 'nat';
      readonly action: 'snat' | 'dnat' | 'masquerade' | 'redirect';
      readonly family?: 'ip' | 'ip6';
      /** `prefix`, `addr . port`: what stands before `to`. */
      readonly form?: string;
      readonly address?: NftExpression | NftValue;
      readonly port?: NftExpression | NftValue;
      readonly flags: readonly string[];
    }
  | {
      readonly kind: 'tproxy';
      readonly family?: 'ip' | 'ip6';
      readonly address?: NftExpression | NftValue;
      readonly port?: NftExpression | NftValue;
    }
  | { readonly kind: 'notrack' }
  | { readonly kind: 'reject'; readonly with?: string }
  | {
      readonly kind: 'set update';
      /** `meter`: as older rules write an update, with the size of the set. */
      readonly action: 'add' | 'update' | 'delete' | 'meter';
      readonly size?: string;
      readonly set: string;
      readonly key: NftExpression;
      /** `timeout 30s limit rate 5/second`: what stands behind the key. */
      readonly rest?: string;
      readonly data?: NftExpression | NftValue;
    }
  /** Changes no packet, and lets it go on as far as can be told: `log prefix "x"`, `last used never`. */
  | { readonly kind: 'log' | 'last'; readonly text: string }
  /** `counter name tcp dport map { 80 : "web" }`: which named object is asked hangs on the packet. */
  | {
      readonly kind: 'object map';
      readonly object: string;
      readonly key: NftExpression;
      readonly map: NftValue;
    }
  /** `reset tcp option maxseg`: takes an option out of the header. */
  | { readonly kind: 'reset option'; readonly option: NftExpression }
  /** Rate, amount, number of connections: nobody can tell from a packet. */
  | { readonly kind: 'limit' | 'quota' | 'ct count'; readonly text: string }
  /** Sends a copy, hands the packet on, or to another program: `dup to 10.0.0.1`, `queue num 1`. */
  | { readonly kind: 'dup' | 'fwd' | 'queue' | 'synproxy' | 'flow'; readonly text: string }
  /** What iptables-nft puts in and nft cannot name: `xt match "comment"`. */
  | { readonly kind: 'xt'; readonly text: string }
  /** Not understood: printed back as it stands. */
  | { readonly kind: 'kept'; readonly text: string };
