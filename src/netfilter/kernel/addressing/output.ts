/** What a process sends to a group: ip_route_output_key_hash_rcu, and ip6_route_output_flags. */
import { familyOf } from '../../model/address.ts';
import type { Host } from '../../model/host.ts';
import { packetAddress } from '../../model/packet-address/index.ts';
import { type RoutingDecision, route } from '../routing.ts';
import {
  broadcastDevice,
  everyone,
  isAmong,
  isForMany,
  isLinkMulticast,
  isMulticast,
  joinedGroups,
  tellsGroups,
} from './groups.ts';
import type { GetsCopy, JudgeOutput, TiedTo, WithDestination } from './types.ts';

/** To no address is to this host, as BSD had it: IPv4's own source, IPv6's ::1. */
export const withDestination: WithDestination = (host, packet) => {
  if (!tellsGroups(host) || packetAddress(packet.destination) !== 0n) return packet;
  const isV6 = familyOf(packet.destination) === 'v6';
  return { ...packet, destination: isV6 ? '::1' : packet.source === '0.0.0.0' ? '127.0.0.1' : packet.source };
};

export const judgeOutput: JudgeOutput = (host, { source, destination, mark = 0, boundTo }) => {
  if (!tellsGroups(host)) return null;
  const family = familyOf(destination);
  const to = packetAddress(destination);
  const from = packetAddress(source);
  const isGroup = isMulticast(family, to) || (family === 'v4' && to === everyone);
  if (family === 'v4' && (isMulticast('v4', from) || from === everyone))
    return { kind: 'unreachable', reason: { code: 'source of many', source } };
  if (!isGroup) {
    const device = family === 'v4' ? broadcastDevice(host, to, boundTo) : null;
    return device === null ? null : by(device, destination);
  }
  if (family === 'v6') return by(boundTo ?? firstOfV6(host), destination);
  if (boundTo === undefined) return by(deviceWith(host, source), destination);
  if (isLinkMulticast(to) || to === everyone) return by(boundTo, destination);
  const decision = route(host, { family, source, destination, mark, out: boundTo });
  return decision.kind === 'unicast' ? by(decision.dev, destination) : decision;
};

function by(device: string | null, destination: string): RoutingDecision {
  return device === null
    ? { kind: 'unreachable', reason: { code: 'no route', destination } }
    : { kind: 'unicast', dev: device, reason: { code: 'group', destination, interface: device } };
}

export const getsCopy: GetsCopy = (host, { destination }, device) => {
  if (device === 'lo' || !tellsGroups(host)) return false;
  const to = packetAddress(destination);
  const family = familyOf(destination);
  if (isMulticast(family, to)) return isAmong(joinedGroups(host, family, device), destination);
  return isForMany(host, family, to, device);
};

/** ff00::/8 is a route of each interface that speaks IPv6: the first one's holds. */
function firstOfV6({ interfaces }: Host): string | null {
  const speaks = ({ name, addresses }: Host['interfaces'][number]): boolean =>
    name !== 'lo' && addresses.some((address) => address.includes(':'));
  return interfaces.find(speaks)?.name ?? null;
}

/** Without an interface to go by, the source's is taken. */
function deviceWith({ interfaces }: Host, source: string): string | null {
  const has = ({ addresses }: Host['interfaces'][number]): boolean =>
    addresses.some((address) => address.split('/')[0] === source);
  return interfaces.find(has)?.name ?? null;
}

export const tiedTo: TiedTo = (packet, device) => {
  if (packet.boundTo !== undefined || familyOf(packet.destination) === 'v4') return packet;
  const to = packetAddress(packet.destination);
  return isMulticast('v6', to) || to >> 118n === 0x3fan ? { ...packet, boundTo: device } : packet;
};
