/**
 * Membership in ipsets, and what `-j SET` changes of it (net/netfilter/ipset). The host tells the sets; one of a type
 * that is not modelled here is as good as not told.
 */

import type { Situation } from '../iptables/situation.ts';
import { readAddressRange } from '../iptables/values.ts';
import {
  addressValue,
  maskOf,
  prefixHolds,
  prefixLength,
  printAddress,
  printPrefix,
  readPrefix,
} from '../model/address.ts';
import type { IpSet } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';
import { protocolName, protocolNumber } from '../model/protocol.ts';
import { icmpOf, isIcmp } from './conntrack.ts';

/** Of each dimension of an element, whose side of the packet is meant. */
export type Sides = readonly ('src' | 'dst')[];

export type Sets = Readonly<Record<string, IpSet>>;

/** The set of that name, undefined where the host tells of none. Names that every object has are names like any other. */
export function setNamed(sets: Sets | undefined, name: string): IpSet | undefined {
  return sets !== undefined && Object.hasOwn(sets, name) ? sets[name] : undefined;
}

const modelled = ['ip', 'net', 'port', 'iface', 'set'];

function kindsOf({ type }: IpSet): readonly string[] | null {
  const kinds = type.slice(type.indexOf(':') + 1).split(',');
  return kinds.every((kind) => modelled.includes(kind)) ? kinds : null;
}

/** ip_set_test and ip_set_add: fewer sides than dimensions, or the other family, and the set is not asked. */
function isAsked(
  { type, family = 'v4' }: IpSet,
  dimensions: number,
  sides: Sides,
  situation: Situation,
): boolean {
  const hasFamily = type !== 'bitmap:port' && type !== 'list:set';
  return sides.length >= dimensions && (!hasFamily || family === situation.family);
}

/**
 * Whether the packet is a member by these sides; null where that was not told. With `returnsNomatch` the elements
 * marked `nomatch` are the ones that match.
 */
export function isInSet(
  name: string,
  sides: Sides,
  returnsNomatch: boolean,
  situation: Situation,
): boolean | null {
  const set = setNamed(situation.host.sets, name);
  const kinds = set === undefined ? null : kindsOf(set);
  if (set === undefined || kinds === null) return null;
  if (!isAsked(set, kinds.length, sides, situation)) return false;
  if (set.type === 'list:set') {
    const each = set.members.map((one) => isInSet(keyOf(one), sides, returnsNomatch, situation));
    return each.includes(true) ? true : each.includes(null) ? null : false;
  }
  let best = -1;
  let found: string | undefined;
  for (const member of set.members) {
    const parts = keyOf(member).split(',');
    let length = 0;
    const holds = kinds.every((kind, at) => {
      const own = partHolds(kind, parts[at] ?? '', sides[at] ?? 'src', set, situation);
      length += own ?? 0;
      return own !== null;
    });
    // the longest prefix decides, also where it is marked as no member
    if (holds && length > best) {
      best = length;
      found = member;
    }
  }
  if (found === undefined) return false;
  const isMarked = found.split(' ').includes('nomatch');
  const knowsMark = kinds.includes('net');
  return returnsNomatch && knowsMark ? isMarked : !isMarked;
}

const keyOf = (member: string) => member.split(' ', 1)[0] ?? '';

/** The length of the prefix that holds, 0 for what has none, null where a part is not the packet's. */
function partHolds(
  kind: string,
  part: string,
  side: 'src' | 'dst',
  set: IpSet,
  { packet, family, ...devices }: Situation,
): number | null {
  if (kind === 'iface') return part === (side === 'src' ? devices.in : devices.out) ? 0 : null;
  if (kind === 'port') {
    const own = portOf(packet, side, set);
    if (own === null) return null;
    const [, protocol = 'tcp', ports = ''] = /^(?:([^:]+):)?(.*)$/.exec(part) ?? [];
    if (set.type !== 'bitmap:port' && protocolNumber(protocol) !== protocolNumber(packet.protocol))
      return null;
    const [first = '', last = first] = (names.get(ports) ?? ports).split('-');
    return own === first || (Number(first) <= Number(own) && Number(own) <= Number(last)) ? 0 : null;
  }
  const value = addressValue(sideOf(packet, side));
  const range = part.includes('-') ? readAddressRange(part, family) : null;
  if (range !== null) return range[0] <= value && value <= range[1] ? 0 : null;
  const prefix = readPrefix(part);
  if (prefix?.family !== family || !prefixHolds(prefix, value)) return null;
  return prefixLength(family, prefix.mask) ?? 0;
}

const sideOf = (packet: Packet, side: 'src' | 'dst') => packet[side === 'src' ? 'source' : 'destination'];

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({ 'echo-reply': '0/0', 'echo-request': '8/0' }),
);

/** ip_set_get_ip4_port: `80`, `8/0` of ICMP, 0 where the protocol has neither; null where the set wants a real one. */
function portOf(packet: Packet, side: 'src' | 'dst', { type }: IpSet): string | null {
  const isOfBitmap = packet.protocol === 'tcp' || packet.protocol === 'udp';
  if (type === 'bitmap:port' && !isOfBitmap) return null;
  if (isIcmp(packet.protocol)) return `${icmpOf(packet).type}/${icmpOf(packet).code}`;
  return String(packet[side === 'src' ? 'sourcePort' : 'destinationPort'] ?? 0);
}

/** The sets once the packet was added to one, or taken out of it. */
export function changeSet(
  change: 'add' | 'delete',
  name: string,
  sides: Sides,
  situation: Situation,
): Sets | undefined {
  const { sets } = situation.host;
  const set = setNamed(sets, name);
  if (sets === undefined || set === undefined) return sets;
  const kinds = kindsOf(set);
  const { [name]: _, ...others } = sets;
  // a range bounds what a bitmap of addresses takes
  if (kinds === null || set.type === 'bitmap:ip') return others;
  if (!isAsked(set, kinds.length, sides, situation)) return sets;
  if (set.type === 'list:set') {
    for (const one of set.members) {
      const changed = changeSet(change, keyOf(one), sides, situation);
      if (changed !== sets) return changed;
    }
    return sets;
  }
  const element = elementOf(set, kinds, sides, situation);
  const at = element === null ? -1 : set.members.findIndex((member) => keyOf(member) === element);
  if (element === null || (change === 'add') === at >= 0) return sets;
  const members =
    change === 'add' ? [...set.members, element] : set.members.filter((_, index) => index !== at);
  return { ...sets, [name]: { ...set, members } };
}

/** The packet as an element, as `ipset list` prints it; null where it cannot be one. */
function elementOf(
  set: IpSet,
  kinds: readonly string[],
  sides: Sides,
  { packet, family, ...devices }: Situation,
): string | null {
  const parts = kinds.map((kind, at) => {
    const side = sides[at] ?? 'src';
    if (kind === 'iface') return (side === 'src' ? devices.in : devices.out) ?? null;
    if (kind === 'port') {
      const port = portOf(packet, side, set);
      if (port === null || set.type === 'bitmap:port') return port;
      const isPing = port === '8/0' ? 'echo-request' : port === '0/0' ? 'echo-reply' : port;
      return `${protocolName(protocolNumber(packet.protocol) ?? 0)}:${isPing}`;
    }
    const value = addressValue(sideOf(packet, side));
    if (kind === 'ip') return printAddress(family, value);
    // hash_net4_kadt: as long as the longest prefix that the set has
    const lengths = set.members.map((member) => {
      const prefix = readPrefix(keyOf(member).split(',')[at] ?? '');
      return prefix === null ? 0 : (prefixLength(family, prefix.mask) ?? 0);
    });
    const mask = maskOf(
      family,
      Math.max(...lengths, lengths.length === 0 ? (family === 'v4' ? 32 : 128) : 0),
    );
    return printPrefix({ family, address: value & mask, mask }).replace(/\/(32|128)$/, '');
  });
  return parts.includes(null) ? null : parts.join(',');
}
