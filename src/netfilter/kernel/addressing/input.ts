/** What came in by an interface: ip_route_input_slow and fib_validate_source of IPv4, ip6_rcv_core and ip6_mc_input of IPv6. */
import { familyOf } from '../../model/address.ts';
import type { Host } from '../../model/host.ts';
import type { Packet } from '../../model/packet.ts';
import { packetAddress } from '../../model/packet-address/index.ts';
import type { UnreachableReason } from '../../model/reason.ts';
import { type RoutingDecision, route, routeFor, type Unreachable } from '../routing.ts';
import { interfaceSetting } from '../sysctls.ts';
import {
  broadcastDevice,
  everyone,
  isAmong,
  isForMany,
  isLinkMulticast,
  isLoopbackV4,
  isMulticast,
  joinedGroups,
  multicastScope,
  tellsGroups,
} from './groups.ts';
import type { JudgeInput, WhyNotTaken } from './types.ts';

export const judgeInput: JudgeInput = (host, packet, device, arrived) => {
  const family = familyOf(packet.destination);
  const decision = family === 'v4' ? inputV4(host, packet, device) : inputV6(host, packet, device);
  // ip_forward and ip6_forward send on only what the link brought to this host alone.
  if (decision.kind !== 'unicast' || device === 'lo' || !tellsGroups(host)) return decision;
  if (isForMany(host, family, packetAddress(arrived), device))
    return unreachable({ code: 'for many', destination: arrived });
  return decision;
};

function unreachable(reason: UnreachableReason): Unreachable {
  return { kind: 'unreachable', reason };
}

function inputV4(host: Host, packet: Packet, device: string): RoutingDecision {
  const { source, destination, mark = 0 } = packet;
  const [from, to] = [packetAddress(source), packetAddress(destination)];
  const isOdd = tellsGroups(host);
  const takesLoopback = interfaceSetting(host, 'route_localnet', device) > 0;
  const martian = (code: 'martian source' | 'martian destination'): Unreachable =>
    unreachable(
      code === 'martian source'
        ? { code, source, interface: device }
        : { code, destination, interface: device },
    );
  if (isOdd && isMulticast('v4', to) && !isAmong(joinedGroups(host, 'v4', device), destination))
    return unreachable({ code: 'group not joined', destination, interface: device });
  if (isOdd && (isMulticast('v4', from) || from === everyone)) return martian('martian source');
  if (isOdd && isMulticast('v4', to)) {
    // ip_mc_validate_source
    if (from === 0n ? !isLinkMulticast(to) : isLoopbackV4(from) && !takesLoopback)
      return martian('martian source');
    return groupUnless(from === 0n ? null : invalidSource(host, packet, device, null), destination, device);
  }
  const isForAll = isOdd && (to === everyone || (from === 0n && to === 0n));
  if (!isForAll) {
    if (isOdd && from === 0n) return martian('martian source');
    if (isOdd && to === 0n) return martian('martian destination');
    if (!takesLoopback && isLoopbackV4(to)) return martian('martian destination');
    if (!takesLoopback && isLoopbackV4(from)) return martian('martian source');
    if (!isOdd || broadcastDevice(host, to) === null) {
      const decision = route(host, { family: 'v4', source, destination, mark, in: device });
      if (decision.kind === 'unreachable') return decision;
      const invalid = invalidSource(host, packet, device, decision.kind === 'unicast' ? decision.dev : null);
      return invalid === null ? decision : unreachable(invalid);
    }
  }
  return groupUnless(from === 0n ? null : invalidSource(host, packet, device, null), destination, device);
}

function groupUnless(reason: UnreachableReason | null, destination: string, device: string): RoutingDecision {
  if (reason !== null) return unreachable(reason);
  return { kind: 'local', reason: { code: 'group', destination, interface: device } };
}

/** fib_validate_source; `out`: the interface that the packet is to be sent on by. */
function invalidSource(
  host: Host,
  { source, destination, mark = 0 }: Packet,
  device: string,
  out: string | null,
): UnreachableReason | null {
  const own = { code: 'own source', source, interface: device } as const;
  const takesOwn = interfaceSetting(host, 'accept_local', device) > 0;
  const mode = interfaceSetting(host, 'rp_filter', device);
  // Nothing is asked of a source then, before any rule or route is looked at.
  if (mode === 0 && takesOwn) return null;
  if (!isLookedUp(host, mode)) {
    const isOwn = host.interfaces.some(({ addresses }) =>
      addresses.some((address) => address.split('/')[0] === source),
    );
    return isOwn ? own : null;
  }
  if (tellsGroups(host) && broadcastDevice(host, packetAddress(source)) !== null)
    return { ...own, code: 'martian source' };
  const isMarked = interfaceSetting(host, 'src_valid_mark', device) > 0;
  const back = routeFor(host, {
    family: 'v4',
    source: destination,
    destination: source,
    mark: isMarked ? mark : 0,
    in: out ?? 'lo',
  })?.found;
  if (back?.type === 'local' && !takesOwn) return own;
  if (mode === 0 || device === 'lo') return null;
  // 1 asks that the way back is the way in, 2 that there is a way back.
  const isWay = back?.dev !== undefined && ['unicast', 'local', undefined].includes(back.type);
  if (isWay && (mode === 2 || back?.dev === device)) return null;
  return { code: 'rp_filter', mode, source, back: (isWay ? back?.dev : null) ?? null };
}

/** An address of an interface is enough, unless rp_filter, or rules or local routes of one's own, ask for the routes. */
function isLookedUp({ rules = [], routes = [] }: Host, mode: number): boolean {
  const isOfV4 = (text = '') => !text.includes(':');
  return (
    mode > 0 ||
    rules.some(({ from, to }) => isOfV4(from) && isOfV4(to)) ||
    routes.some(({ type, destination }) => type === 'local' && isOfV4(destination))
  );
}

function inputV6(host: Host, { source, destination, mark = 0 }: Packet, device: string): RoutingDecision {
  if (tellsGroups(host) && isMulticast('v6', packetAddress(destination)))
    return groupUnless(
      isAmong(joinedGroups(host, 'v6', device), destination)
        ? null
        : { code: 'group not joined', destination, interface: device },
      destination,
      device,
    );
  const decision = route(host, { family: 'v6', source, destination, mark, in: device });
  // ip6_forward: a source of one link, or none, does not leave by another.
  if (
    tellsGroups(host) &&
    decision.kind === 'unicast' &&
    decision.dev !== device &&
    isOfLink(packetAddress(source))
  )
    return unreachable({ code: 'source of one link', source, interface: device });
  return decision;
}

const isOfLink = (address: bigint): boolean => address <= 1n || address >> 118n === 0x3fan;

export const whyNotTaken: WhyNotTaken = (host, { source, destination }, device) => {
  const [from, to] = [packetAddress(source), packetAddress(destination)];
  for (const [value, address] of [
    [from, source],
    [to, destination],
  ] as const)
    if (value === 1n) return { code: 'loopback address comes in', address: '::1', interface: device };
    else if (tellsGroups(host) && isMulticast('v6', value) && (value === from || multicastScope(value) < 2))
      return { code: 'multicast comes in', address, interface: device };
  return null;
};
