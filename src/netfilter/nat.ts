/**
 * Rewriting addresses: what NAT writes for a choice, and how conntrack's tuples rewrite each later packet.
 */
import { addressValue, familyOf, printAddress } from './address.ts';
import { invert, isTaken, sameTuple, type Tracked } from './conntrack.ts';
import type { AddressChoice } from './extension.ts';
import type { Connection, Packet, Tuple } from './packet.ts';
import { hasPorts } from './protocol.ts';

/** nf_nat_setup_info: the connection with the reply tuple that the choice leads to. */
export function choose(
  connections: readonly Connection[],
  tracked: Tracked,
  choice: AddressChoice,
): Connection {
  const { connection } = tracked;
  const current = invert(connection.reply);
  const wanted = withChoice(current, choice);
  const free = isTaken(connections, connection, invert(wanted))
    ? otherPort(connections, connection, wanted, choice)
    : wanted;
  return sameTuple(free, current) ? connection : { ...connection, reply: invert(free) };
}

/** Where no rule chose, the connection keeps its addresses; its port only gives way to another connection's. */
export function chooseNothing(
  connections: readonly Connection[],
  tracked: Tracked,
  side: 'source' | 'destination',
): Connection {
  return choose(connections, tracked, { side });
}

function withChoice(tuple: Tuple, { side, addresses, ports }: AddressChoice): Tuple {
  const port = side === 'source' ? 'sourcePort' : 'destinationPort';
  const address = addresses === undefined ? tuple[side] : withinRange(tuple[side], addresses);
  const own = tuple[port];
  if (ports === undefined || own === undefined || (own >= ports[0] && own <= ports[1]))
    return { ...tuple, [side]: address };
  return { ...tuple, [side]: address, [port]: ports[0] };
}

function withinRange(address: string, [first, last]: readonly [bigint, bigint]): string {
  const value = addressValue(address);
  return first <= value && value <= last ? address : printAddress(familyOf(address), first);
}

/** nf_nat_l4proto_unique_tuple goes on from the port it has. */
function otherPort(
  connections: readonly Connection[],
  connection: Connection,
  tuple: Tuple,
  { side, ports }: AddressChoice,
): Tuple {
  const port = side === 'source' ? 'sourcePort' : 'destinationPort';
  const [first, last] = ports ?? (side === 'source' && hasPorts(tuple.protocol) ? [1024, 65535] : [0, -1]);
  for (let at = first; at <= last; at++) {
    const next = { ...tuple, [port]: at };
    if (!isTaken(connections, connection, invert(next))) return next;
  }
  return tuple;
}

/** Whether the connection's entry rewrites that side of a packet of that direction. */
export function rewrites(
  connection: Connection,
  side: 'source' | 'destination',
  direction: 'original' | 'reply',
): boolean {
  const { original, reply } = connection;
  const changesSource =
    reply.destination !== original.source || reply.destinationPort !== original.sourcePort;
  const changesDestination =
    reply.source !== original.destination || reply.sourcePort !== original.destinationPort;
  return (side === 'source') === (direction === 'original') ? changesSource : changesDestination;
}

/** nf_nat_manip_pkt: that side of the packet becomes what the other direction's tuple expects. */
export function rewrite(
  packet: Packet,
  connection: Connection,
  side: 'source' | 'destination',
  direction: 'original' | 'reply',
): Packet {
  const target = invert(direction === 'original' ? connection.reply : connection.original);
  const port = side === 'source' ? 'sourcePort' : 'destinationPort';
  const value = target[port];
  return { ...packet, [side]: target[side], ...(value === undefined ? {} : { [port]: value }) };
}
