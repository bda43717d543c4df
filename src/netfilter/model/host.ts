/**
 * The host that a packet travels through: one network namespace, with its rules, addresses, routes and sockets.
 */
import type { NftRuleset } from '../nftables/model.ts';
import type { Connection, Owner } from './packet.ts';
import type { Family, Ruleset } from './ruleset.ts';

export interface Interface {
  readonly name: string;
  /** In the order of `ip address`: the first of a family is the primary one. `10.244.1.5/24` */
  readonly addresses: readonly string[];
  /** It is a port of this one: of a bridge, a bond or a VRF, which is not modelled. */
  readonly master?: string;
  /** It stands on this one, as a VLAN does (`eth0.100@eth0`), which is not modelled. */
  readonly lower?: string;
}

export interface Route {
  /** A prefix, or `default`. */
  readonly destination: string;
  /** Of a `default` that names no gateway: which family's it is; absent: of both. */
  readonly family?: Family;
  readonly type?: 'unicast' | 'local' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw';
  readonly dev?: string;
  readonly via?: string;
  readonly src?: string;
  /** `main` when absent. */
  readonly table?: string;
  readonly metric?: number;
}

/** One line of `ip rule`. */
export interface RoutingRule {
  readonly priority: number;
  /** Of both families when absent. */
  readonly family?: Family;
  readonly from?: string;
  readonly to?: string;
  readonly fwmark?: { readonly value: number; readonly mask: number };
  readonly iif?: string;
  readonly oif?: string;
  readonly table: string;
}

export interface Socket extends Owner {
  readonly protocol: string;
  /** `0.0.0.0` and `::` listen on every address; `::` takes IPv4 too. */
  readonly address: string;
  readonly port: number;
  /** Set on a connected socket. */
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  /** IP_TRANSPARENT: the socket may be handed packets for addresses that are not the host's. */
  readonly transparent?: boolean;
  /** The process, for people. */
  readonly process?: string;
}

/** An ipset, as `ipset list` tells it. */
export interface IpSet {
  /** `hash:ip`, `hash:net,port`, `bitmap:port`, `list:set` */
  readonly type: string;
  /** Of its addresses; absent: IPv4. */
  readonly family?: Family;
  /** `10.0.0.1`, `10.0.0.0/8 nomatch`, `10.0.0.1,tcp:80` */
  readonly members: readonly string[];
}

export interface Host {
  /** Of iptables by family, and of nft for all: the kernel asks both languages. */
  readonly rulesets: { readonly v4?: Ruleset; readonly v6?: Ruleset; readonly nft?: NftRuleset };
  /** Without lo among them: lo is there as in any pod, up and with 127.0.0.1/8 and ::1/128. */
  readonly interfaces: readonly Interface[];
  /** Beside the connected routes and the local ones, which follow from the addresses. */
  readonly routes?: readonly Route[];
  readonly rules?: readonly RoutingRule[];
  /** Absent: a local port is taken to have a listener. */
  readonly sockets?: readonly Socket[];
  readonly connections?: readonly Connection[];
  /** By the name of `sysctl`: `net.ipv4.ip_forward`. Absent ones are the kernel's defaults. */
  readonly sysctls?: Readonly<Record<string, number>>;
  /** By their names. Absent: not told. */
  readonly sets?: Readonly<Record<string, IpSet>>;
  /** Broadcast and multicast addresses are taken for those of hosts: so asks who asks about whole sets of packets. */
  readonly groups?: 'as hosts';
  /**
   * Which iptables put the rules in; absent: legacy. They differ in one thing: nft's hangs the security table behind
   * nat at INPUT.
   */
  readonly backend?: 'nft' | 'legacy';
}
