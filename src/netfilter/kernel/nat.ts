/**
 * Rewriting addresses: what NAT writes for a choice, and how conntrack's tuples rewrite each later packet.
 */
import { addressValue, familyOf, type Interval, printAddress } from '../model/address.ts';
import type { Connection, Packet, Tuple } from '../model/packet.ts';
import type { HashReason, NoPortReason } from '../model/reason.ts';
import { invert, isTaken, sameTuple, type Tracked } from './conntrack.ts';

/** What NAT is asked to write: the fields that are absent stay. */
export interface AddressChoice {
  readonly side: 'source' | 'destination';
  readonly addresses?: Interval;
  readonly ports?: readonly [first: number, last: number];
  /** The address with these bits replaced, as NETMAP does. */
  readonly network?: { readonly address: bigint; readonly mask: bigint };
  /** The first port of the range belongs to this one, the next to the next. */
  readonly basePort?: number;
  /** The kernel draws the port by lot. */
  readonly isRandom?: boolean;
}

type PortRange = readonly [first: number, last: number];

/** What NAT decided: the connection with its new reply tuple, and the ports of which the kernel draws one by lot. */
export type Chosen =
  | { readonly kind: 'chosen'; readonly connection: Connection; readonly lot?: PortRange }
  | { readonly kind: 'unknown'; readonly reason: HashReason }
  | { readonly kind: 'none left'; readonly reason: NoPortReason };

/** nf_nat_setup_info: the connection with the reply tuple that the choice leads to. */
export function choose(connections: readonly Connection[], tracked: Tracked, choice: AddressChoice): Chosen {
  const { connection } = tracked;
  const current = invert(connection.reply);
  const { side, addresses } = choice;
  const isOpen =
    addresses !== undefined &&
    addresses[0] !== addresses[1] &&
    (side === 'destination' || !isWithin(addresses, current[side]));
  if (isOpen) {
    const family = familyOf(current[side]);
    const [first, last] = addresses;
    return {
      kind: 'unknown',
      reason: {
        code: 'address by hash',
        first: printAddress(family, first),
        last: printAddress(family, last),
      },
    };
  }
  const same =
    side === 'source' && choice.isRandom !== true
      ? sameSource(connections, connection, current, choice)
      : null;
  const wanted = same ?? withAddress(current, choice);
  const found = withPort(connections, connection, wanted, choice);
  if (found === null) {
    const { destination, destinationPort } = wanted;
    return { kind: 'none left', reason: { code: 'no port left', destination, port: destinationPort } };
  }
  const made = sameTuple(found.tuple, current) ? connection : { ...connection, reply: invert(found.tuple) };
  return { kind: 'chosen', connection: made, ...(found.lot === undefined ? {} : { lot: found.lot }) };
}

/** Where no rule chose, the connection keeps its addresses; its port only gives way to another connection's. */
export function chooseNothing(
  connections: readonly Connection[],
  tracked: Tracked,
  side: 'source' | 'destination',
): Chosen {
  // nothing that it could give way to
  if (connections.length === 0) return { kind: 'chosen', connection: tracked.connection };
  return choose(connections, tracked, { side });
}

function isWithin([first, last]: readonly [bigint, bigint], address: string): boolean {
  const value = addressValue(address);
  return first <= value && value <= last;
}

function withAddress(tuple: Tuple, { side, addresses, network }: AddressChoice): Tuple {
  const own = tuple[side];
  const family = familyOf(own);
  if (network !== undefined) {
    const { address, mask } = network;
    const kept = addressValue(own) - (addressValue(own) & mask);
    return { ...tuple, [side]: printAddress(family, kept | (address & mask)) };
  }
  if (addresses === undefined || isWithin(addresses, own)) return tuple;
  return { ...tuple, [side]: printAddress(family, addresses[0]) };
}

/** find_appropriate_src: another connection of the same socket has been given a source that still fits. */
function sameSource(
  connections: readonly Connection[],
  connection: Connection,
  current: Tuple,
  { addresses, ports, network }: AddressChoice,
): Tuple | null {
  if (addresses === undefined || network !== undefined || isWithin(addresses, current.source)) return null;
  const { original, zone } = connection;
  for (const one of connections) {
    const sameSocket =
      one.zone === zone &&
      one.original.protocol === original.protocol &&
      one.original.source === original.source &&
      one.original.sourcePort === original.sourcePort;
    if (!sameSocket || !isWithin(addresses, one.reply.destination)) continue;
    const port = one.reply.destinationPort;
    if (ports !== undefined && (port === undefined || port < ports[0] || port > ports[1])) continue;
    const tuple = {
      ...current,
      source: one.reply.destination,
      ...(port === undefined ? {} : { sourcePort: port }),
    };
    if (!isTaken(connections, connection, invert(tuple), 'reply')) return tuple;
  }
  return null;
}

/** get_unique_tuple and nf_nat_l4proto_unique_tuple: the port that the tuple gets. */
function withPort(
  connections: readonly Connection[],
  connection: Connection,
  tuple: Tuple,
  choice: AddressChoice,
): { readonly tuple: Tuple; readonly lot?: PortRange } | null {
  const { side, ports, basePort, isRandom } = choice;
  const port = side === 'source' ? 'sourcePort' : 'destinationPort';
  const own = tuple[port];
  if (own === undefined) return { tuple };
  const isFree = (one: Tuple) =>
    !isTaken(connections, connection, invert(one), 'reply') || isReversed(connections, connection, one);
  if (isRandom !== true) {
    if (ports === undefined) {
      if (isFree(tuple)) return { tuple };
    } else if (
      basePort === undefined &&
      own >= ports[0] &&
      own <= ports[1] &&
      (ports[0] === ports[1] || isFree(tuple))
    ) {
      return { tuple };
    }
  }
  // Without a range the kernel leaves a destination alone, and stays in the class of the source's port.
  if (ports === undefined && side === 'destination') return { tuple };
  const [first, last] = ports ?? (own < 512 ? [1, 511] : own < 1024 ? [600, 1023] : [1024, 65535]);
  const size = last - first + 1;
  const offset = basePort === undefined ? 0 : (((own - basePort) % size) + size) % size;
  for (let step = 0; step < size; step++) {
    const next = { ...tuple, [port]: first + ((offset + step) % size) };
    if (!isFree(next)) continue;
    const isLot = size > 1 && basePort === undefined && (side === 'source' || isRandom === true);
    return { tuple: next, ...(isLot ? { lot: [first, last] } : {}) };
  }
  // With every port taken the kernel keeps the tuple as it is, and drops the packet when it comes to confirm it.
  return ports !== undefined && first === last ? { tuple: { ...tuple, [port]: first } } : null;
}

/**
 * nf_nat_used_tuple_new: over UDP the very reverse of a connection that is not translated is left alone, and conntrack
 * decides when it comes to confirm it.
 */
function isReversed(connections: readonly Connection[], { original }: Connection, tuple: Tuple): boolean {
  if (tuple.protocol !== 'udp' || !sameTuple(tuple, original)) return false;
  return connections.some(
    (one) => sameTuple(one.reply, original) && sameTuple(one.original, invert(original)),
  );
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
