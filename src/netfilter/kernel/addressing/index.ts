/**
 * What Linux does with addresses that are not one host's: broadcast, multicast, `0.0.0.0`, martians. And the source
 * that it gives a packet whose socket is bound to none.
 */
import type { Host } from '../../model/host.ts';
import type { Packet } from '../../model/packet.ts';
import type { UnreachableReason } from '../../model/reason.ts';
import type { RoutingDecision } from '../routing.ts';

export { joinedGroups } from './groups.ts';
export { judgeInput, whyNotTaken } from './input.ts';
export { asSent, copies, judgeOutput } from './output.ts';
export { selectV4, selectV6, sourceAddress } from './source.ts';

/** Where a packet goes that came in by an interface. `arrived`: its destination as the link brought it. */
export type JudgeInput = (host: Host, packet: Packet, device: string, arrived: string) => RoutingDecision;

/** Where a packet goes that a process sends to a group; null where its destination is an ordinary one. */
export type JudgeOutput = (host: Host, packet: Packet) => RoutingDecision | null;

/** Why IPv6 throws a packet away that came in by a link, before any hook; null where it does not. */
export type WhyNotTaken = (packet: Packet, device: string) => UnreachableReason | null;

/**
 * Whether this host gets a copy of what it sends to a group, which leaves before the packet itself (ip_mc_output). IPv6
 * makes its copy behind POSTROUTING.
 */
export type Copies = (host: Host, packet: Packet, device: string) => boolean;

/** The packet that a socket sends where its program asked for this one. */
export type AsSent = (packet: Packet) => Packet;

/**
 * The source address that the kernel gives a socket that is not bound to one. A socket bound to an interface
 * (SO_BINDTODEVICE) has that interface's. Null where there is no route.
 */
export type SourceAddress = (host: Host, destination: string, boundTo?: string) => string | null;
