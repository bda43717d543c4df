/**
 * Where a packet goes that came in by an interface: to a socket of this host, out again, or nowhere.
 */
import { judgeInput } from '../kernel/addressing/index.ts';
import { type RoutingDecision, route } from '../kernel/routing.ts';
import { familyOf } from '../model/address.ts';
import type { Host } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';

/** ip_route_input_slow and ip6_route_input. `arrived`: the destination that the link brought it to. */
export function inputRoute(
  host: Host,
  packet: Packet,
  device: string,
  arrived: string = packet.destination,
): RoutingDecision {
  const { source, destination, mark = 0 } = packet;
  return (
    judgeInput?.(host, packet, device, arrived) ??
    route(host, { family: familyOf(destination), source, destination, mark, in: device })
  );
}
