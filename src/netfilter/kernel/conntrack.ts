/**
 * Connections as conntrack sees them: tuples, the entry that a packet belongs to, and its state.
 */
import { printEndpoint } from '../model/address.ts';
import type { Connection, ConnectionState, IcmpHeader, Packet, Tuple } from '../model/packet.ts';
import { hasPorts } from '../model/protocol.ts';
import type { ConntrackReason } from '../model/reason.ts';
import { advance, openedBy } from './tcp.ts';

/** An entry while its packet travels. */
export interface Tracked {
  readonly connection: Connection;
  readonly direction: 'original' | 'reply';
  readonly state: ConnectionState;
  /** False until the first packet has come to the end of POSTROUTING or INPUT. */
  readonly confirmed: boolean;
  /** Which rewrites have been decided: nat is asked once for each. */
  readonly decided: { readonly source: boolean; readonly destination: boolean };
}

export function tupleOf(packet: Packet): Tuple {
  const { protocol, source, destination, sourcePort = 0, destinationPort = 0 } = packet;
  if (hasPorts(protocol)) return { protocol, source, destination, sourcePort, destinationPort };
  return { protocol, source, destination, ...(isIcmp(protocol) ? { icmp: icmpOf(packet) } : {}) };
}

export function isIcmp(protocol: string): boolean {
  return protocol === 'icmp' || protocol === 'ipv6-icmp' || protocol === 'icmpv6';
}

/** A packet that does not say which is taken for an echo request. */
export function icmpOf({ protocol, icmp }: Packet): IcmpHeader {
  return icmp ?? { type: protocol === 'icmp' ? 8 : 128, code: 0, id: 0 };
}

/** Requests and their answers (nf_conntrack_proto_icmp.c, invmap, and its IPv6 twin). */
const icmpAnswers: readonly (readonly [number, number])[] = [
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
];
const icmp6Answers: readonly (readonly [number, number])[] = [
  [128, 129],
  [139, 140],
];

function answersOf(protocol: string) {
  return protocol === 'icmp' ? icmpAnswers : icmp6Answers;
}

function invertIcmp(protocol: string, icmp: IcmpHeader): IcmpHeader {
  const pair = answersOf(protocol).find((one) => one.includes(icmp.type));
  return pair === undefined ? icmp : { ...icmp, type: pair[0] === icmp.type ? pair[1] : pair[0] };
}

/** The tuple of an answer. */
export function invert(tuple: Tuple): Tuple {
  const { protocol, source, destination, sourcePort, destinationPort, icmp } = tuple;
  if (sourcePort !== undefined && destinationPort !== undefined)
    return {
      protocol,
      source: destination,
      destination: source,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    };
  return {
    protocol,
    source: destination,
    destination: source,
    ...(icmp === undefined ? {} : { icmp: invertIcmp(protocol, icmp) }),
  };
}

export function sameTuple(a: Tuple, b: Tuple): boolean {
  return (
    a.protocol === b.protocol &&
    a.source === b.source &&
    a.destination === b.destination &&
    a.sourcePort === b.sourcePort &&
    a.destinationPort === b.destinationPort &&
    a.icmp?.type === b.icmp?.type &&
    a.icmp?.code === b.icmp?.code &&
    a.icmp?.id === b.icmp?.id
  );
}

/** `tcp 10.244.1.5:40000 > 10.96.0.7:80` */
export function printTuple(tuple: Tuple): string {
  return `${tuple.protocol} ${printEndpoint(tuple.source, tuple.sourcePort)} > ${printEndpoint(tuple.destination, tuple.destinationPort)}`;
}

/** The conntrack zones that a packet is looked up in. */
export interface Zones {
  readonly original: number;
  readonly reply: number;
}

export const noZones: Zones = { original: 0, reply: 0 };

function zonesOf({ zone, replyZone = zone }: Connection): Zones {
  return { original: zone, reply: replyZone };
}

function isInZone(connection: Connection, zones: Zones, direction: 'original' | 'reply'): boolean {
  return zonesOf(connection)[direction] === zones[direction];
}

/** What conntrack makes of a packet: its entry or a new one, or that it has none. */
export type Lookup =
  | { readonly kind: 'tracked'; readonly tracked: Tracked; readonly forgets?: Connection }
  | { readonly kind: 'INVALID' | 'UNTRACKED'; readonly reason: ConntrackReason };

export function track(connections: readonly Connection[], packet: Packet, zones: Zones): Lookup {
  if (isNeighbourDiscovery(packet)) return { kind: 'UNTRACKED', reason: { code: 'discovery' } };
  if (isIcmpError(packet)) return trackError(connections, packet, zones);
  const tuple = tupleOf(packet);
  const found = lookUp(connections, tuple, zones);
  if (found !== null) return follow(connections, found, packet, zones);
  const tcp = packet.protocol === 'tcp' ? openedBy(packet) : undefined;
  if (tcp === null || !opens(packet)) return { kind: 'INVALID', reason: { code: 'opens none' } };
  return {
    kind: 'tracked',
    tracked: {
      connection: {
        original: tuple,
        reply: invert(tuple),
        seenReply: false,
        ...(tcp === undefined ? {} : { tcp }),
        ...(['tcp', 'udp'].includes(packet.protocol) || isIcmp(packet.protocol) ? { assured: false } : {}),
        mark: 0,
        zone: zones.original,
        ...(zones.reply === zones.original ? {} : { replyZone: zones.reply }),
      },
      direction: 'original',
      state: 'NEW',
      confirmed: false,
      decided: { source: false, destination: false },
    },
  };
}

interface Found {
  readonly connection: Connection;
  readonly direction: 'original' | 'reply';
}

/** What a packet is to the connection that it belongs to. */
function follow(
  connections: readonly Connection[],
  { connection, direction }: Found,
  packet: Packet,
  zones: Zones,
): Lookup {
  const state =
    direction === 'reply' || connection.seenReply
      ? 'ESTABLISHED'
      : connection.expected === true
        ? 'RELATED'
        : 'NEW';
  if (packet.protocol !== 'tcp') {
    const seenReply = connection.seenReply || direction === 'reply';
    const { assured, ...rest } = connection;
    // UDP is ASSURED by two seconds of traffic behind the first answer: from there on it is not told
    const isOpen = assured === undefined || (connection.seenReply && !isIcmp(packet.protocol));
    const next = { ...rest, ...(isOpen ? {} : { assured }), seenReply };
    return { kind: 'tracked', tracked: existing(next, direction, state) };
  }
  const step = advance(connection, direction, packet);
  if (step.kind === 'INVALID') return { kind: 'INVALID', reason: { code: 'flags do not fit' } };
  if (step.kind === 'reopens') {
    const opened = track(forget(connections, connection), packet, zones);
    return opened.kind === 'tracked' ? { ...opened, forgets: connection } : opened;
  }
  const tracked = existing(step.connection, direction, state);
  return { kind: 'tracked', tracked, ...(step.isForgotten ? { forgets: connection } : {}) };
}

function lookUp(connections: readonly Connection[], tuple: Tuple, zones: Zones): Found | null {
  for (const connection of connections) {
    if (isInZone(connection, zones, 'reply') && sameTuple(connection.reply, tuple))
      return { connection, direction: 'reply' };
    if (isInZone(connection, zones, 'original') && sameTuple(connection.original, tuple))
      return { connection, direction: 'original' };
  }
  return null;
}

const icmpErrors: readonly number[] = [3, 4, 5, 11, 12];

function isIcmpError(packet: Packet): boolean {
  if (!isIcmp(packet.protocol)) return false;
  const { type } = icmpOf(packet);
  return packet.protocol === 'icmp' ? icmpErrors.includes(type) : type < 128;
}

/** noct_valid_new in nf_conntrack_proto_icmpv6.c. */
function isNeighbourDiscovery(packet: Packet): boolean {
  if (packet.protocol === 'icmp' || !isIcmp(packet.protocol)) return false;
  const { type } = icmpOf(packet);
  return (type >= 130 && type <= 136) || type === 143;
}

/** An error belongs to the connection of the packet that it quotes (nf_conntrack_inet_error). */
function trackError(connections: readonly Connection[], packet: Packet, zones: Zones): Lookup {
  const found = packet.about === undefined ? null : lookUp(connections, invert(packet.about), zones);
  if (found === null || found.connection[found.direction].destination !== packet.destination)
    return { kind: 'INVALID', reason: { code: 'error about none' } };
  return { kind: 'tracked', tracked: existing(found.connection, found.direction, 'RELATED') };
}

function existing(connection: Connection, direction: 'original' | 'reply', state: ConnectionState): Tracked {
  return { connection, direction, state, confirmed: true, decided: { source: true, destination: true } };
}

function opens(packet: Packet): boolean {
  if (!isIcmp(packet.protocol)) return true;
  const { type } = icmpOf(packet);
  return answersOf(packet.protocol).some(([request]) => request === type);
}

/** The entry among the others, in its place or at the end. */
export function remember(connections: readonly Connection[], connection: Connection): readonly Connection[] {
  const at = connections.findIndex((one) => isSame(one, connection));
  return at < 0 ? [...connections, connection] : connections.with(at, connection);
}

export function forget(connections: readonly Connection[], connection: Connection): readonly Connection[] {
  return connections.filter((one) => !isSame(one, connection));
}

function isSame(a: Connection, b: Connection): boolean {
  return a.zone === b.zone && sameTuple(a.original, b.original);
}

/** The two tuples of a connection. */
export const sides = ['original', 'reply'] as const;

/**
 * Whether a tuple of this side belongs to another connection, so that NAT must choose another port. It is looked for among
 * the tuples that were filed under the zone of its side: nf_conntrack_tuple_taken, __nf_conntrack_confirm.
 */
export function isTaken(
  connections: readonly Connection[],
  connection: Connection,
  tuple: Tuple,
  side: (typeof sides)[number],
): boolean {
  const zones = zonesOf(connection);
  return connections.some(
    (one) =>
      !isSame(one, connection) &&
      sides.some(
        (filed) =>
          zones[filed] === zones[side] && isInZone(one, zones, filed) && sameTuple(one[filed], tuple),
      ),
  );
}
