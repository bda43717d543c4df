/** What of a packet is a number, for conditions that are intervals of one; each has 32 bits. */
import type { Packet } from '../../model/packet.ts';
import { packetAddress } from '../../model/packet-address/index.ts';
import { hasPorts, protocolNumber } from '../../model/protocol.ts';
import type { Family } from '../../model/ruleset.ts';

/** In the order in which `packetNumbers` gives them. */
export const numberedFields = ['source', 'destination', 'sourcePort', 'destinationPort', 'protocol'] as const;

/** By the place of its field in `numberedFields`. */
export type Numbers = readonly number[];

/** What stands for a port or a protocol that the packet does not have: it is in no interval. */
const none = 0xffffffff;

export function packetNumbers(packet: Packet, family: Family): Numbers {
  const { protocol, source, destination, sourcePort = none, destinationPort = none } = packet;
  const has = hasPorts(protocol);
  return [
    addressNumber(packetAddress(source), family),
    addressNumber(packetAddress(destination), family),
    has ? sourcePort : none,
    has ? destinationPort : none,
    protocolNumber(protocol) ?? none,
  ];
}

/** Of IPv6 the last bits, in which neighbours differ. */
export function addressNumber(address: bigint, family: Family): number {
  return Number(family === 'v4' ? address : BigInt.asUintN(32, address));
}
