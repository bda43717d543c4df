/** What is asked of addresses: a page has the answers for ordinary ones (`common.ts`). */
import type { Host } from '../../model/host.ts';
import type { Packet } from '../../model/packet.ts';
import type { UnreachableReason } from '../../model/reason.ts';
import type { RoutingDecision } from '../routing.ts';

/** Where a packet goes that came in by an interface. `arrived`: its destination as the link brought it. */
export type JudgeInput = (host: Host, packet: Packet, device: string, arrived: string) => RoutingDecision;

/** Where a packet goes that a process sends to a group; null where its destination is an ordinary one. */
export type JudgeOutput = (host: Host, packet: Packet) => RoutingDecision | null;

/** Why IPv6 throws a packet away that came in by a link, before any hook; null where it does not. */
export type WhyNotTaken = (host: Host, packet: Packet, device: string) => UnreachableReason | null;

/** Whether this host gets a copy of what it sends to a group by this interface. */
export type GetsCopy = (host: Host, packet: Packet, device: string) => boolean;

/** The packet bound to the interface, where its destination is of one link and its socket is bound to none. */
export type TiedTo = (packet: Packet, device: string) => Packet;

/** The packet that a socket sends where its program asked for this one. */
export type WithDestination = (host: Host, packet: Packet) => Packet;

/**
 * The source address that the kernel gives a socket that is not bound to one. A socket bound to an interface
 * (SO_BINDTODEVICE) has that interface's. Null where there is no route.
 */
export type SourceAddress = (host: Host, destination: string, boundTo?: string) => string | null;
