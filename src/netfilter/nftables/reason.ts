/** Why a rule of nft matched or did not, as data. */
import type { NftExpression, NftStatement } from './model.ts';

/** A value that was read of a packet, of its connection or of the host. */
export interface NftDatum {
  /** By nft's own names, where it has one: `ipv4_addr`, `inet_service`, `ct_state`. */
  readonly type:
    | 'ipv4_addr'
    | 'ipv6_addr'
    | 'ether_addr'
    | 'inet_proto'
    | 'inet_service'
    | 'ifname'
    /** An interface that is compared by its number, told by its name. */
    | 'iface_index'
    | 'iface_type'
    | 'ct_state'
    | 'ct_status'
    | 'ct_dir'
    | 'pkt_type'
    | 'nf_proto'
    | 'ether_type'
    | 'tcp_flag'
    | 'icmp_type'
    | 'icmpv6_type'
    | 'icmp_code'
    | 'icmpv6_code'
    | 'dscp'
    | 'ecn'
    | 'mark'
    | 'owner'
    | 'boolean'
    | 'fib_addrtype'
    | 'integer';
  readonly value: bigint | string;
}

/** What a value hangs on that the engine is not told, or does not know. */
export type NftUnknown =
  /** How much came before. */
  | 'packets before'
  | 'chance'
  | 'the clock'
  | 'a hash of the packet'
  | 'the time that is left'
  /** The packet or the host would have to say it. */
  | 'not told'
  /** The statement, or a constant of it, is not modelled. */
  | 'not known';

/** One comparison, or one look-up. */
export interface NftConditionReason {
  readonly code: 'nft holds' | 'nft fails' | 'nft not told';
  /** What was read; a statement that asks by itself, such as a limit, where nothing was. */
  readonly looks: NftExpression | NftStatement;
  /** As nft writes it: `10.0.0.1`, `tcp`; several are joined by dots. Null: the packet has no such thing. */
  readonly found: readonly string[] | null;
  /** The statement that asks. */
  readonly asks: NftStatement;
  /** Set where it could not be told. */
  readonly unknown?: NftUnknown;
}

export type NftRuleReason =
  | NftConditionReason
  | { readonly code: 'nft all hold'; readonly of: readonly NftConditionReason[] };
