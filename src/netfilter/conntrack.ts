/**
 * Connections as conntrack sees them: tuples, the entry that a packet belongs to, and its state.
 */
import { printEndpoint } from './address.ts';
import { matchExtensions } from './matches/index.ts';
import type { Connection, ConnectionState, Host, Packet, TcpFlag, Tuple } from './packet.ts';
import { hasPorts } from './protocol.ts';
import type { Family, Rule } from './ruleset.ts';
import { findTable } from './ruleset.ts';
import { targetExtensions } from './targets/index.ts';

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
  const { protocol, source, destination, sourcePort, destinationPort } = packet;
  return {
    protocol,
    source,
    destination,
    ...(hasPorts(protocol) ? { sourcePort: sourcePort ?? 0, destinationPort: destinationPort ?? 0 } : {}),
  };
}

/** The tuple of an answer. */
export function invert(tuple: Tuple): Tuple {
  const { protocol, source, destination, sourcePort, destinationPort } = tuple;
  return {
    protocol,
    source: destination,
    destination: source,
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
  };
}

export function sameTuple(a: Tuple, b: Tuple): boolean {
  return (
    a.protocol === b.protocol &&
    a.source === b.source &&
    a.destination === b.destination &&
    a.sourcePort === b.sourcePort &&
    a.destinationPort === b.destinationPort
  );
}

/** `tcp 10.244.1.5:40000 > 10.96.0.7:80` */
export function printTuple(tuple: Tuple): string {
  return `${tuple.protocol} ${printEndpoint(tuple.source, tuple.sourcePort)} > ${printEndpoint(tuple.destination, tuple.destinationPort)}`;
}

/** What conntrack makes of a packet: its entry, a new one, or null where it is INVALID. */
export function track(connections: readonly Connection[], packet: Packet, zone: number): Tracked | null {
  const tuple = tupleOf(packet);
  for (const connection of connections) {
    if (connection.zone !== zone) continue;
    if (sameTuple(connection.reply, tuple)) {
      return existing({ ...connection, seenReply: true }, 'reply', 'ESTABLISHED');
    }
    if (sameTuple(connection.original, tuple)) {
      return existing(connection, 'original', connection.seenReply ? 'ESTABLISHED' : 'NEW');
    }
  }
  if (!opens(packet)) return null;
  return {
    connection: { original: tuple, reply: invert(tuple), seenReply: false, mark: 0, zone },
    direction: 'original',
    state: 'NEW',
    confirmed: false,
    decided: { source: false, destination: false },
  };
}

function existing(connection: Connection, direction: 'original' | 'reply', state: ConnectionState): Tracked {
  return { connection, direction, state, confirmed: true, decided: { source: true, destination: true } };
}

export function flagsOf(packet: Packet): readonly TcpFlag[] {
  return packet.flags ?? ['SYN'];
}

/**
 * A SYN opens a connection; an ACK is picked up as one (nf_conntrack_tcp_loose); a reset, a FIN without ACK and
 * a SYN with ACK belong to nothing (nf_conntrack_proto_tcp.c, tcp_conntracks from state none).
 */
function opens(packet: Packet): boolean {
  if (packet.protocol !== 'tcp') return true;
  const flags = flagsOf(packet);
  if (flags.includes('RST')) return false;
  if (flags.includes('SYN')) return !flags.includes('ACK');
  return flags.includes('ACK');
}

/** The entry among the others, in its place or at the end. */
export function remember(connections: readonly Connection[], connection: Connection): readonly Connection[] {
  const at = connections.findIndex(
    (one) => one.zone === connection.zone && sameTuple(one.original, connection.original),
  );
  return at < 0 ? [...connections, connection] : connections.with(at, connection);
}

/** Whether a reply tuple belongs to another connection, so that NAT must choose another port. */
export function isTaken(connections: readonly Connection[], connection: Connection, reply: Tuple): boolean {
  return connections.some(
    (one) =>
      one.zone === connection.zone &&
      !sameTuple(one.original, connection.original) &&
      (sameTuple(one.reply, reply) || sameTuple(one.original, reply)),
  );
}

/**
 * The first rule of a family that switches connection tracking on, or null: without one no nat chain is asked
 * (the modules call nf_ct_netns_get when such a rule is loaded).
 */
export function trackingRule(
  host: Host,
  family: Family,
): { readonly table: string; readonly chain: string; readonly position: number } | null {
  const ruleset = host.rulesets[family];
  for (const { name } of ruleset?.tables ?? []) {
    const chains = ruleset === undefined ? [] : (findTable(ruleset, name)?.chains ?? []);
    for (const chain of chains) {
      const at = chain.rules.findIndex(needsConntrack);
      if (at >= 0) return { table: name, chain: chain.name, position: at + 1 };
    }
  }
  return null;
}

function needsConntrack({ matches, target }: Rule): boolean {
  if (
    matches.some(
      (match) => matchExtensions.find(({ name }) => name === match.extension)?.needsConntrack === true,
    )
  ) {
    return true;
  }
  if (target?.kind !== 'extension') return false;
  return targetExtensions.find(({ name }) => name === target.name)?.needsConntrack?.(target.options) === true;
}
