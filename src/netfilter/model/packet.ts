/**
 * A packet, the connection that conntrack sees it in, and the host that it travels through.
 */
import type { Family, Hook, Ruleset, TableName } from './ruleset.ts';

/** Who a packet's socket belongs to, as `-m owner` sees it. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
  /** Its supplementary groups, which only `--suppl-groups` looks at. */
  readonly groups?: readonly number[];
}

/**
 * Where a packet enters the host: a process's socket; an interface; or the kernel itself, with its control
 * socket that no process owns (a reset) or with no socket at all (an ICMP error).
 */
export type Origin =
  | Owner
  | { readonly interface: string }
  | { readonly kernel: 'control socket' | 'no socket' };

export type TcpFlag = 'SYN' | 'ACK' | 'FIN' | 'RST' | 'URG' | 'PSH';

/** Of ICMP and ICMPv6; `id` is what joins an echo and its answer. */
export interface IcmpHeader {
  readonly type: number;
  readonly code: number;
  readonly id: number;
}

export interface Packet {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** TCP flags; a TCP packet without this field is a SYN. */
  readonly flags?: readonly TcpFlag[];
  readonly mark?: number;
  /** Without it an ICMP packet is an echo request. */
  readonly icmp?: IcmpHeader;
  /** Of an ICMP error: the packet that it is about, as it quotes it. */
  readonly about?: Tuple;
  /** TTL, or the hop limit of IPv6. Absent: 64 from a local process, else not told. */
  readonly ttl?: number;
  /** TOS, or the traffic class of IPv6. Absent: 0 from a local process, else not told. */
  readonly tos?: number;
  /** With all headers, in bytes, as `-m length` counts. */
  readonly length?: number;
  /** The maximum segment size that a SYN announces; null for a packet without that option. */
  readonly mss?: number | null;
  /** The hardware address that it was sent from, on the link that it came in by. */
  readonly mac?: string;
  /** An interface that the socket is bound to (SO_BINDTODEVICE). */
  readonly boundTo?: string;
  readonly from: Origin;
}

export interface Interface {
  readonly name: string;
  /** In the order of `ip address`: the first of a family is the primary one. `10.244.1.5/24` */
  readonly addresses: readonly string[];
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

export interface Tuple {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmp?: IcmpHeader;
}

/** As `conntrack -L` names them. */
export type TcpState =
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'SYN_SENT2';

/** One entry of conntrack, as `conntrack -L` shows it. */
export interface Connection {
  readonly original: Tuple;
  readonly reply: Tuple;
  /** A confirmed entry that has seen an answer is ESTABLISHED for both directions. */
  readonly seenReply: boolean;
  readonly mark: number;
  readonly zone: number;
  /** The zone of its answers, where that is another one (`CT --zone-orig`). */
  readonly replyZone?: number;
  /** What `-m conntrack --ctstatus ASSURED` asks; absent: not told, unless no answer was seen. */
  readonly assured?: boolean;
  /** Where it is in its life; absent: established once it has seen an answer. */
  readonly tcp?: {
    readonly state: TcpState;
    /** A FIN has been seen. */
    readonly isClosing?: true;
    /** Both sides sent a SYN. */
    readonly isMutual?: true;
    /** The direction and kind of the last segment. */
    readonly last?: string;
  };
  /** It was announced by another connection (FTP's data connection): RELATED until it is answered. */
  readonly expected?: boolean;
}

export interface Host {
  readonly rulesets: { readonly [family in Family]?: Ruleset };
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
  /**
   * Which iptables put the rules in; absent: legacy. They differ in one thing: nft's hangs the security table behind
   * nat at INPUT.
   */
  readonly backend?: 'nft' | 'legacy';
}

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly kind: 'reject'; readonly with: string }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export type ConnectionState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED';

/** How a packet ends. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly socket: Socket | null }
  | { readonly kind: 'sent'; readonly interface: string; readonly via?: string }
  | { readonly kind: 'dropped'; readonly because: string }
  | { readonly kind: 'rejected'; readonly with: string; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'cannot tell'; readonly because: string; readonly question?: Question };

/** A rule whose match depends on something that the engine was not told. */
export interface Question {
  readonly table: TableName;
  readonly chain: string;
  readonly position: number;
  readonly condition: string;
}

/** The devices that a hook sees. */
export interface Devices {
  readonly in?: string;
  readonly out?: string;
}

interface At {
  readonly hook: Hook;
  /** The packet after this event. */
  readonly packet: Packet;
}
interface InTable extends At {
  readonly table: TableName;
}
interface InChain extends InTable {
  readonly chain: string;
}

/** The packet comes to a hook, by these devices. */
export interface HookEvent extends At, Devices {
  readonly kind: 'hook';
}
/** Conntrack looks the packet up. */
export interface ConntrackEvent extends At {
  readonly kind: 'conntrack';
  readonly state: ConnectionState;
  readonly direction: 'original' | 'reply' | null;
  readonly because: string;
}
/** A table exists at this hook and is not asked. Only nat can be. */
export interface SkipEvent extends InTable {
  readonly kind: 'skip';
  readonly because: string;
}
/** A built-in chain begins. */
export interface TableEvent extends InChain {
  readonly kind: 'table';
}
/** One rule was tested. */
export interface RuleEvent extends InChain {
  readonly kind: 'rule';
  readonly position: number;
  /** Null: it depends on something that the engine was not told; the outcome says on what. */
  readonly matched: boolean | null;
  readonly because: string;
  /** The condition that failed, as it is written, and the packet's value that made it fail. */
  readonly failed?: { readonly condition: string; readonly found: string };
  /** Set when it matched. */
  readonly verdict?: Verdict;
}
/** A user chain ended, and its caller goes on. */
export interface ReturnEvent extends InChain {
  readonly kind: 'return';
  readonly to: string;
}
/** A built-in chain ended. */
export interface PolicyEvent extends InChain {
  readonly kind: 'policy';
  readonly verdict: Verdict;
}
/** NAT rewrote the packet. */
export interface RewriteEvent extends InTable {
  readonly kind: 'rewrite';
  readonly before: Packet;
  readonly because: string;
}
/** A route was looked up. */
export interface RouteEvent extends At {
  readonly kind: 'route';
  /** Null: to a local socket. */
  readonly out: string | null;
  readonly because: string;
}
/** The last event. */
export interface OutcomeEvent extends At {
  readonly kind: 'outcome';
  readonly outcome: Outcome;
}

export type Event =
  | HookEvent
  | ConntrackEvent
  | SkipEvent
  | TableEvent
  | RuleEvent
  | ReturnEvent
  | PolicyEvent
  | RewriteEvent
  | RouteEvent
  | OutcomeEvent;

export interface Traversal {
  readonly events: readonly Event[];
  readonly outcome: Outcome;
  /** Conntrack's entries after the packet: pass them on with the next packet's host. */
  readonly connections: readonly Connection[];
  /** The ipsets after the packet, where the host told them. */
  readonly sets?: Readonly<Record<string, IpSet>>;
}
