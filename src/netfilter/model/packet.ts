/**
 * A packet, and the connection that conntrack sees it in.
 */

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

export type ConnectionState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED';
