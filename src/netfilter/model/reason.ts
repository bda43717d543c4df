/**
 * Why a packet's way went as it did, as data: what conntrack, NAT and routing say, and how the way ended. The words
 * are made from it where somebody reads them (src/words). A code keeps its meaning; fields hold values, never words.
 */
import type { Tuple } from './packet.ts';
import type { Family, TableRef } from './ruleset.ts';

export type Side = 'source' | 'destination';

/** What conntrack makes of a packet. */
export type ConntrackReason =
  | {
      readonly code:
        | 'opens a connection'
        /** The raw table took it out of tracking. */
        | 'taken out'
        /** A copy, which TEE sends untracked. */
        | 'untracked'
        /** Neighbour and multicast listener discovery is not tracked. */
        | 'discovery'
        | 'opens none'
        | 'flags do not fit'
        /** An ICMP error about a packet of no connection that is known. */
        | 'error about none';
    }
  | {
      readonly code: 'belongs to a connection';
      readonly direction: 'original' | 'reply';
      readonly original: Tuple;
    };

/** Why the chains of nat are not asked. */
export type SkipReason =
  /** Connection tracking is not switched on for the family. */
  | { readonly code: 'tracking is off'; readonly family: Family }
  | { readonly code: 'untracked' | 'invalid' | 'reply' | 'established' | 'error about a connection' }
  | { readonly code: 'decided' | 'decided before lo'; readonly side: Side };

export type RewriteReason =
  /** `lot`: the kernel draws a port from these; the first free one stands for it. */
  | { readonly code: 'nat decided'; readonly lot?: readonly [first: number, last: number] }
  /** The packet is a reply, or an ICMP error about a packet, of this connection. */
  | { readonly code: 'reply translated' | 'error translated'; readonly original: Tuple };

/** What rewrites a packet so that it is routed again: a table of iptables, NAT, or a chain of nft of type route. */
export type Rerouter = 'mangle' | 'nat' | 'route chain';

/** Which route holds. */
export type RouteReason =
  | { readonly code: 'route'; readonly destination: string; readonly table: string }
  | { readonly code: 'socket bound'; readonly interface: string }
  /** Of a broadcast or multicast address: it is everybody's who listens on that link. */
  | { readonly code: 'group'; readonly destination: string; readonly interface: string }
  /** It was looked up again, because this rewrote the packet. */
  | { readonly code: 'routed again'; readonly after: Rerouter; readonly reason: RouteReason };

/** Why a packet is not routed. */
export type UnreachableReason =
  | { readonly code: 'no route'; readonly destination: string }
  | { readonly code: 'route without interface'; readonly destination: string; readonly table: string }
  | {
      readonly code: 'route of type';
      readonly destination: string;
      readonly table: string;
      readonly type: 'blackhole' | 'unreachable' | 'prohibit' | 'throw';
    }
  | { readonly code: 'loopback source leaves'; readonly source: string; readonly interface: string }
  | { readonly code: 'loopback address comes in'; readonly address: string; readonly interface: string }
  | { readonly code: 'martian destination'; readonly destination: string; readonly interface: string }
  | { readonly code: 'martian source' | 'own source'; readonly source: string; readonly interface: string }
  | { readonly code: 'group not joined'; readonly destination: string; readonly interface: string }
  | { readonly code: 'multicast comes in'; readonly address: string; readonly interface: string }
  /** The link brought it to many hosts, and a rule then sent it to another one. */
  | { readonly code: 'for many'; readonly destination: string }
  | { readonly code: 'source of many'; readonly source: string }
  | { readonly code: 'source of one link'; readonly source: string; readonly interface: string }
  /** `back`: by which interface an answer would go; null for none. */
  | {
      readonly code: 'rp_filter';
      readonly mode: number;
      readonly source: string;
      readonly back: string | null;
    };

/** The kernel takes one of these addresses by a hash, which is not to be known. */
export interface HashReason {
  readonly code: 'address by hash';
  readonly first: string;
  readonly last: string;
}

/** Every port is taken by another connection to this destination. */
export interface NoPortReason {
  readonly code: 'no port left';
  readonly destination: string;
  readonly port: number | undefined;
}

/** Why a packet is dropped, where no rule does it. */
export type DropReason =
  | UnreachableReason
  | NoPortReason
  | { readonly code: 'policy'; readonly table: TableRef; readonly chain: string }
  /** Conntrack has this tuple in another connection already. */
  | { readonly code: 'tuple taken'; readonly reply: Tuple }
  /** TPROXY handed it to a socket, and no routing rule made it local. */
  | { readonly code: 'handed over, routed out'; readonly interface: string }
  | { readonly code: 'forwarding is off'; readonly destination: string; readonly sysctl: string };

/** Why a packet that is sent on is rejected, where no rule does it. */
export interface TtlReason {
  readonly code: 'ttl ends';
  readonly ttl: number;
}

/** Why a packet is refused: no socket of the protocol listens there. */
export interface NoListenerReason {
  readonly code: 'no listener';
  readonly protocol: string;
  readonly address: string;
  readonly port: number | undefined;
}

/** Every reason of the way that is not a rule's. */
export type WayReason =
  | ConntrackReason
  | SkipReason
  | RewriteReason
  | RouteReason
  | DropReason
  | TtlReason
  | NoListenerReason
  | HashReason;
