/** The packets that an ipset judges as it judges one of them: by its protocol, its ports and its addresses. */
import {
  addressValue,
  type Family,
  type Host,
  hasPorts,
  type Packet,
  printAddress,
  protocolNumber,
  setNamed,
} from '../../netfilter/index.ts';
import type { Ground } from './ground.ts';
import { complement, type Intervals, ordered } from './packet-set.ts';
import { lastAddress, marksOf } from './space.ts';

export interface SetAsked {
  readonly name: string;
  readonly flags: readonly ('src' | 'dst')[];
}

type AddressField = 'source' | 'destination';
type PortField = 'sourcePort' | 'destinationPort';
type SetField = AddressField | PortField;

/** What the members of a set look at, and where their values begin and end. */
interface Looked {
  readonly fields: Set<SetField>;
  readonly prefixes: string[];
  readonly ports: number[];
  /** Of those members that name a port. */
  readonly protocols: Set<number>;
}

const known = new WeakMap<Ground, Map<string, Looked>>();

function lookedAt(ground: Ground, asked: SetAsked): Looked {
  const ofGround = known.get(ground) ?? new Map<string, Looked>();
  known.set(ground, ofGround);
  const key = `${asked.name} ${asked.flags}`;
  const before = ofGround.get(key);
  if (before !== undefined) return before;
  const found: Looked = { fields: new Set(), prefixes: [], ports: [], protocols: new Set() };
  look(ground.host, asked, found);
  ofGround.set(key, found);
  return found;
}

function look({ sets }: Pick<Host, 'sets'>, { name, flags }: SetAsked, found: Looked): void {
  const set = setNamed(sets, name);
  if (set === undefined) return;
  const members = set.members.map((member) => member.split(' ', 1)[0] ?? '');
  if (set.type === 'list:set') {
    for (const member of members) look({ ...(sets && { sets }) }, { name: member, flags }, found);
    return;
  }
  const kinds = set.type.slice(set.type.indexOf(':') + 1).split(',');
  for (const [at, kind] of kinds.entries()) {
    const side = flags[at] === 'dst' ? 'destination' : 'source';
    const parts = members.map((member) => member.split(',')[at] ?? '');
    if (kind === 'ip' || kind === 'net') {
      found.fields.add(side);
      found.prefixes.push(...parts.flatMap((part) => part.split('-')));
    }
    if (kind !== 'port') continue;
    found.fields.add(`${side}Port`);
    if (set.type === 'bitmap:port') for (const one of ['tcp', 'udp']) found.protocols.add(numberOf(one));
    for (const part of parts) {
      const [ports = '', protocol = 'tcp'] = part.split(':').toReversed();
      found.protocols.add(numberOf(protocol));
      found.ports.push(...ports.split('-').map(Number).filter(Number.isInteger));
    }
  }
}

function numberOf(protocol: string): number {
  return protocolNumber(protocol) ?? -1;
}

/** So many packets are put to a set at most, for one value each of what it looks at. */
const mostAsked = 20_000;

/**
 * Field by field: first the values of one for which the set says the same whatever the others are, then, with this one as
 * it is, those of the next. Null where that is too much. `judge` puts a packet to the set; what is `isFixed` is the same for
 * all packets.
 */
export function alikeInSet(
  ground: Ground,
  asked: SetAsked,
  packet: Packet,
  about: string,
  judge: (packet: Packet) => string,
  isFixed: (field: SetField) => boolean,
): readonly (readonly ['protocol' | SetField, Intervals])[] | null {
  const { family } = ground;
  const looked = lookedAt(ground, asked);
  const own = BigInt(numberOf(packet.protocol));
  const isNamed = looked.protocols.has(Number(own));
  const named = ordered([...looked.protocols].map((one) => [BigInt(one), BigInt(one)] as const));
  const cuts: (readonly ['protocol' | SetField, Intervals])[] =
    named.length === 0 ? [] : [['protocol', isNamed ? [[own, own]] : complement(named)]];
  const marks = {
    addresses: marksOf(family, looked.prefixes),
    ports: portMarks(looked.ports),
  };
  const marksFor = (field: SetField) => (isPort(field) ? marks.ports : marks.addresses);
  const fields = [...looked.fields].filter(
    (field) => !isFixed(field) && (!isPort(field) || (isNamed && hasPorts(packet.protocol))),
  );
  if (fields.reduce((all, field) => all * marksFor(field).length, 1) > mostAsked) return null;
  for (const [at, field] of fields.entries()) {
    const others = fields.slice(at + 1);
    const values = (['source', 'destination', 'sourcePort', 'destinationPort'] as const).map((one) =>
      one === field || others.includes(one) ? '' : packet[one],
    );
    const all = (value: bigint) =>
      everyOf(withValue(family, packet, field, value), others, marksFor, family)
        .map(judge)
        .join();
    const key = `set ${asked.name} ${asked.flags} ${about} ${packet.protocol} ${field} ${values}`;
    const value = isPort(field) ? BigInt(packet[field] ?? 0) : addressValue(packet[field]);
    const last = isPort(field) ? 65535n : lastAddress[family];
    cuts.push([field, ground.alikeValues(key, value, all, marksFor(field), last).values]);
  }
  return cuts;
}

function isPort(field: SetField): field is PortField {
  return field === 'sourcePort' || field === 'destinationPort';
}

function portMarks(ports: readonly number[]): readonly bigint[] {
  const marks = [0, ...ports.flatMap((port) => [port, port + 1])].filter((one) => one <= 65535);
  return [...new Set(marks)].sort((a, b) => a - b).map(BigInt);
}

function withValue(family: Family, packet: Packet, field: SetField, value: bigint): Packet {
  return { ...packet, [field]: isPort(field) ? Number(value) : printAddress(family, value) };
}

/** A packet with one value of each kind in each of these fields. */
function everyOf(
  packet: Packet,
  fields: readonly SetField[],
  marksFor: (field: SetField) => readonly bigint[],
  family: Family,
): readonly Packet[] {
  const [field, ...others] = fields;
  if (field === undefined) return [packet];
  return marksFor(field).flatMap((value) =>
    everyOf(withValue(family, packet, field, value), others, marksFor, family),
  );
}
