/**
 * Where a packet goes that came in by an interface: to a socket of this host, out again, or nowhere.
 */
import { isLocal, type RoutingDecision, route } from '../kernel/routing.ts';
import { interfaceSetting } from '../kernel/sysctls.ts';
import { familyOf } from '../model/address.ts';
import type { Host } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';
import type { UnreachableReason } from '../model/reason.ts';

/** ip_route_input_slow and ip6_route_input: the route, or why the packet is thrown away. */
export function inputRoute(host: Host, packet: Packet, device: string): RoutingDecision {
  const { source, destination, mark = 0 } = packet;
  const martian = whyMartian(host, packet, device);
  if (martian !== null) return { kind: 'unreachable', reason: martian };
  const family = familyOf(destination);
  const decision = route(host, { family, source, destination, mark, in: device });
  if (decision.kind === 'unreachable') return decision;
  const backwards = comesFromElsewhere(host, packet, device);
  return backwards === null ? decision : { kind: 'unreachable', reason: backwards };
}

/** Addresses that IPv4 does not take from a link (fib_validate_source, ip_route_input_slow). */
function whyMartian(host: Host, { source, destination }: Packet, device: string): UnreachableReason | null {
  if (familyOf(destination) === 'v6') return null;
  if (interfaceSetting(host, 'route_localnet', device) === 0) {
    if (destination.startsWith('127.'))
      return { code: 'martian destination', destination, interface: device };
    if (device !== 'lo' && source.startsWith('127.'))
      return { code: 'martian source', source, interface: device };
  }
  // Over lo too: a packet comes here from there only when its destination was rewritten and it lost its route.
  if (isOwn(host, source, device) && interfaceSetting(host, 'accept_local', device) === 0)
    return { code: 'own source', source, interface: device };
  return null;
}

/**
 * fib_validate_source: an address of an interface. All that the local table has counts only where the routes are
 * looked up in full: rp_filter, or rules or local routes of one's own, ask for that.
 */
function isOwn(host: Host, address: string, device: string): boolean {
  const { interfaces, rules = [], routes = [] } = host;
  const isOfV4 = (text = '') => !text.includes(':');
  const isFull =
    interfaceSetting(host, 'rp_filter', device) > 0 ||
    rules.some(({ from, to }) => isOfV4(from) && isOfV4(to)) ||
    routes.some(({ type, destination }) => type === 'local' && isOfV4(destination));
  if (isFull) return isLocal(host, address);
  return interfaces.some(({ addresses }) => addresses.some((own) => own.split('/')[0] === address));
}

/** rp_filter: 1 asks that the way back is the way in, 2 that there is a way back. */
function comesFromElsewhere(
  host: Host,
  { source, destination }: Packet,
  device: string,
): UnreachableReason | null {
  const family = familyOf(destination);
  const mode = family === 'v4' ? interfaceSetting(host, 'rp_filter', device) : 0;
  if (mode === 0 || device === 'lo') return null;
  const back = route(host, { family, source: destination, destination: source, mark: 0, in: device });
  if (back.kind === 'unicast' && (mode === 2 || back.dev === device)) return null;
  return { code: 'rp_filter', mode, source, back: back.kind === 'unicast' ? back.dev : null };
}
