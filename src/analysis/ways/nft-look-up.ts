/** What a rule of nft reads and looks up, for all packets of which it finds the same. */
import {
  addressValue,
  constantIntervals,
  type Family,
  isConstant,
  look,
  type NftExpression,
  type NftStatement,
  type NftTable,
  type NftValue,
  type Packet,
  protocolNumber,
  type RuleEvent,
  readOf,
} from '../../netfilter/index.ts';
import { type Bits, combined, madeOf, ownBits, shifted } from './bits.ts';
import type { Narrowing } from './narrowing.ts';
import { asHeader, type Keyed, keyed, partsOf } from './nft-parts.ts';
import { complement, type Intervals, intersect, ordered } from './packet-set.ts';
import type { SpaceField } from './space.ts';

const tcp = 6;
const udp = 17;

type Match = Extract<NftStatement, { readonly kind: 'match' }>;
type Situation = Parameters<typeof look>[1]['situation'];
type Datum = Extract<ReturnType<typeof look>, { readonly kind: 'told' }>['data'][number];

/** What a part makes of a field. */
interface Made {
  readonly field: NftExpression;
  readonly width: number;
  readonly bits: Bits;
}

function widthOf(field: SpaceField, family: Family): number {
  if (field === 'source' || field === 'destination') return family === 'v4' ? 32 : 128;
  return field === 'protocol' ? 8 : field === 'uid' || field === 'gid' ? 32 : 16;
}

/** As many bits as the number has, too. */
function widened(bits: Bits, number: bigint): Bits {
  const missing = number.toString(2).length - bits.length;
  return missing <= 0 ? bits : [...bits, ...Array.from({ length: missing }, () => 0 as const)];
}

export class NftLookUp {
  readonly way: Narrowing;
  readonly table: NftTable;
  readonly event: RuleEvent;
  /** As it is by the statement that is looked at. */
  packet: Packet;

  constructor(way: Narrowing, table: NftTable, event: RuleEvent, before: Packet) {
    this.way = way;
    this.table = table;
    this.event = event;
    this.packet = before;
  }

  /** The protocol is one of these, or, as the packet's own is none of them, another. */
  ofProtocols(numbers: readonly number[]): void {
    const own = protocolNumber(this.packet.protocol) ?? -1;
    const all = ordered(numbers.map((number) => [BigInt(number), BigInt(number)] as const));
    this.way.only('protocol', numbers.includes(own) ? all : complement(all));
  }

  /** What comes in by a link may have its connection's owner at INPUT, by protocol (tcp_v4_early_demux). */
  ownerAtInput(part: NftExpression): void {
    if (part.kind !== 'meta' || (part.key !== 'skuid' && part.key !== 'skgid')) return;
    if (this.event.hook !== 'INPUT') return;
    const own = protocolNumber(this.packet.protocol) ?? -1;
    this.ofProtocols(own === tcp || own === udp ? [own] : [tcp, udp]);
    if (own === udp) this.way.socketAt(this.packet);
  }

  /** A part that is no field of its own: the mark, what the host's routes or sockets say, or nothing. */
  readOnly(part: NftExpression, asked?: NftValue): void {
    const read = readOf(part);
    switch (read.kind) {
      case 'field':
        if (read.field === 'mark') this.way.mark();
        else this.way.open.add('a mask with gaps');
        return;
      case 'judged':
        this.judged(part, read.sides);
        return;
      case 'socket':
        this.way.socketAt(this.packet);
        return;
      case 'not told apart':
        this.way.open.add(asked === undefined ? 'what was not modelled' : 'a mask with gaps');
        return;
      case 'same':
        return;
    }
  }

  private judged(part: NftExpression, sides: readonly ('source' | 'destination')[]): void {
    const [side, ...others] = sides;
    if (side === undefined || others.length > 0) {
      this.way.open.add('the way back');
      return;
    }
    const { ground, out } = this.way;
    const situation = this.situation();
    const judge = (address: string) => {
      const packet = { ...this.packet, [side]: address };
      const one = { ...situation, packet, [side]: addressValue(address) };
      const found = look(part, { situation: one, table: this.table });
      return found.kind === 'told' ? found.data.map(({ value }) => String(value)).join() : found.kind;
    };
    const key = `nft ${JSON.stringify(part)} ${situation.in ?? ''} ${out ?? ''} ${situation.isReturning}`;
    this.way.only(side, ground.alike(key, addressValue(this.packet[side]), judge).values);
  }

  /** A field of which bits are chosen, set or moved by numbers; null where a part is made in another way, or of a mark. */
  madeOfField(part: NftExpression): Made | null {
    if (part.kind !== 'binary') {
      const read = readOf(part);
      if (read.kind !== 'field' || read.field === 'mark' || read.original === true) return null;
      const width = widthOf(read.field, this.way.ground.family);
      return { field: part, width, bits: ownBits(width) };
    }
    const { operator, left, right } = part;
    const made = isConstant(left) || !isConstant(right) ? null : this.madeOfField(left);
    const datum = made === null ? null : this.datumOf(made.field);
    if (made === null || datum === null || !isConstant(right)) return null;
    const isShift = operator === '<<' || operator === '>>';
    const constant = constantIntervals(right, isShift ? 'integer' : datum.type)?.[0];
    if (constant === undefined || constant[0] !== constant[1]) return null;
    const [value] = constant;
    if (!isShift) return { ...made, bits: combined(widened(made.bits, value), operator, value) };
    // A value that is no address is shifted as 32 bits.
    const width = Math.max(made.width, 32);
    const wide = [...made.bits, ...Array.from({ length: width - made.bits.length }, () => 0 as const)];
    const by = Number(value > 128n ? 128n : value);
    return { ...made, bits: operator === '<<' ? shifted(wide, by) : shifted(made.bits, -by) };
  }

  /** The values of the field of which these are made. */
  madeIn({ bits, width }: Made, set: Intervals): Intervals {
    const found = madeOf(bits, width, set);
    if (found === null) this.way.open.add('a mask with gaps');
    return found ?? [];
  }

  inOrder(part: NftExpression, operator: Match['operator'], right: NftValue, holds: boolean): void {
    const datum = this.datumOf(part);
    const bound = datum === null ? null : (constantIntervals(right, datum.type)?.[0]?.[0] ?? null);
    if (bound === null) {
      this.way.open.add('what was not modelled');
      return;
    }
    const most = 2n ** 128n;
    const intervals: Record<string, Intervals> = {
      '<': bound === 0n ? [] : [[0n, bound - 1n]],
      '<=': [[0n, bound]],
      '>': [[bound + 1n, most]],
      '>=': [[bound, most]],
    };
    const inside = intervals[operator] ?? [];
    const made = part.kind === 'binary' ? this.madeOfField(part) : null;
    const own = made === null ? inside : this.madeIn(made, inside);
    this.restrict(made?.field ?? part, holds ? own : complement(own));
  }

  /** Whether what is looked up is among these. */
  member(left: NftExpression, all: readonly Keyed[] | null, isIn: boolean): void {
    this.among(left, all, (here, intervals) => {
      const union = ordered(here.flatMap((one) => intervals(one)));
      return isIn ? union : complement(union);
    });
  }

  /** What a map says: all that it says the same of. */
  lookedUp(key: NftExpression, map: NftValue): void {
    this.among(key, keyed(map, this.table, partsOf(key).length), (here, intervals, datum) => {
      const named = here.filter(({ parts }) => parts.every(({ kind }) => kind !== 'any'));
      const rest = here.find(({ parts }) => parts.length === 1 && parts[0]?.kind === 'any');
      const own = named.find((one) =>
        intervals(one).some(([first, last]) => datum !== null && first <= datum && datum <= last),
      );
      if (own === undefined) {
        const none = complement(ordered(named.flatMap((one) => intervals(one))));
        // what `*` says of all else counts for those that have such a field
        return rest === undefined ? none : intersect(none, [[0n, 2n ** 128n]]);
      }
      const data = JSON.stringify(own.element.data);
      const alike = named.filter(({ element }) => JSON.stringify(element.data) === data);
      const others = named.filter(({ element }) => JSON.stringify(element.data) !== data);
      return intersect(
        ordered(alike.flatMap((one) => intervals(one))),
        complement(ordered(others.flatMap((one) => intervals(one)))),
      );
    });
  }

  /**
   * Part by part: of those elements whose parts before hold, the values for which the same ones go on to hold. What the
   * last part may be is for `last` to say.
   */
  private among(
    left: NftExpression,
    all: readonly Keyed[] | null,
    last: (here: readonly Keyed[], intervals: (one: Keyed) => Intervals, value: bigint | null) => Intervals,
  ): void {
    if (all === null) {
      this.way.open.add('a set');
      return;
    }
    const parts = partsOf(left);
    let here = all;
    for (const [at, part] of parts.entries()) {
      if (isConstant(part)) {
        this.way.open.add('what was not modelled');
        return;
      }
      const made = part.kind === 'binary' ? this.madeOfField(part) : null;
      const field = made?.field ?? part;
      const read = readOf(field);
      const isLast = at === parts.length - 1;
      if (read.kind !== 'field' || field.kind === 'binary' || read.field === 'mark') {
        this.readOnly(part);
        if (isLast) return;
        here = this.holding(here, at, this.datumOf(part));
        continue;
      }
      const datum = this.datumOf(field);
      const value = typeof datum?.value === 'bigint' ? datum.value : null;
      // The reader said so, for all that tell as little of it.
      if (datum === null && this.event.answered === true) return;
      if (datum === null || value === null) {
        this.way.open.add('what was not modelled');
        return;
      }
      const intervals = (one: Keyed): Intervals => {
        const constant = one.parts[at];
        if (constant?.kind === 'any') return [[0n, 2n ** 128n]];
        const found = constant === undefined ? null : constantIntervals(constant, datum.type);
        if (found === null) this.way.open.add('what was not modelled');
        return made === null ? (found ?? []) : this.madeIn(made, found ?? []);
      };
      if (isLast) {
        this.restrict(field, last(here, intervals, value));
        return;
      }
      const going = this.holding(here, at, made === null ? datum : this.datumOf(part));
      const kept = new Set(going);
      const others = ordered(here.filter((one) => !kept.has(one)).flatMap((one) => intervals(one)));
      let wanted: Intervals = complement(others);
      for (const one of going) wanted = intersect(wanted, ordered(intervals(one)));
      this.restrict(field, wanted);
      here = going;
      if (here.length === 0) return;
    }
  }

  private holding(all: readonly Keyed[], at: number, datum: Datum | null): readonly Keyed[] {
    if (datum === null) {
      this.way.open.add('what was not modelled');
      return all;
    }
    return all.filter(({ parts }) => {
      const constant = parts[at];
      if (constant === undefined) return false;
      if (typeof datum.value === 'string') {
        if (constant.kind !== 'literal') return constant.kind === 'any';
        return datum.type === 'ifname' && constant.text.endsWith('*')
          ? datum.value.startsWith(constant.text.slice(0, -1))
          : datum.value === constant.text;
      }
      const { value } = datum;
      if (constant.kind === 'any') return true;
      const intervals = constantIntervals(constant, datum.type);
      if (intervals === null) this.way.open.add('what was not modelled');
      return (intervals ?? []).some(([first, last]) => first <= value && value <= last);
    });
  }

  /** A condition on what one part reads, of the packet as it is or as conntrack's entry has it. */
  restrict(part: NftExpression, intervals: Intervals): void {
    const read = readOf(part);
    if (read.kind !== 'field') return;
    if (read.original === true) {
      // An echo has a number where others have ports.
      this.way.setOut(read.field, intersect(intervals, [[0n, 2n ** 128n]]));
      return;
    }
    if ((read.field === 'uid' || read.field === 'gid') && !this.hasOwner()) return;
    this.way.only(read.field, intervals);
  }

  private hasOwner(): boolean {
    return 'uid' in this.way.first.from && this.way.in === undefined;
  }

  datumOf(part: NftExpression): Datum | null {
    const read = readOf(part);
    const isOriginal = read.kind === 'field' && read.original === true;
    const situation = this.situation();
    const isTracked = part.kind === 'ct' && part.key === 'protocol';
    const asked = isOriginal || isTracked ? asHeader(part, situation.family) : part;
    const of = isOriginal ? { ...situation, packet: this.way.first } : { ...situation, packet: this.packet };
    const found = look(asked, { situation: of, table: this.table });
    return found.kind === 'told' ? (found.data[0] ?? null) : null;
  }

  /** As far as a field, a route or a socket needs it: nothing of conntrack. */
  situation(): Situation {
    const { packet, event, way } = this;
    const { host, family } = way.ground;
    const { from } = way.first;
    const isLocal = !('interface' in from);
    const isReturning = isLocal && way.in !== undefined && event.hook !== 'OUTPUT' && way.in === 'lo';
    return {
      hook: event.hook,
      ...(way.in === undefined ? {} : { in: way.in }),
      ...(way.out === undefined ? {} : { out: way.out }),
      family,
      table: event.table,
      packet,
      source: addressValue(packet.source),
      destination: addressValue(packet.destination),
      state: null,
      direction: null,
      connection: null,
      isConfirmed: false,
      natDecided: { source: false, destination: false },
      socket: isLocal && !isReturning && 'uid' in from ? from : null,
      isLocal,
      isReturning,
      host,
    };
  }
}
