/**
 * What one rule of native nftables told of a packet, for all packets that it tells the same of. A rule does its
 * statements in their order, and ends at the first that does not hold (nft_do_chain).
 */
import {
  isConstant,
  look,
  type NftExpression,
  type NftRule,
  type NftStatement,
  type NftValue,
  protocolNumber,
  protocolsFor,
  readOf,
} from '../../netfilter/index.ts';
import { NftLookUp } from './nft-look-up.ts';
import {
  hasTwoParts,
  isOfAnyTransport,
  isSpread,
  keyed,
  operandOf,
  partsOf,
  toldByAll,
} from './nft-parts.ts';
import { complement } from './packet-set.ts';
import type { SpaceField } from './space.ts';

const tcp = 6;
const udp = 17;

type Operand = NftExpression | NftValue;
type Match = Extract<NftStatement, { readonly kind: 'match' }>;
type Nat = Extract<NftStatement, { readonly kind: 'nat' }>;

export class NftWay extends NftLookUp {
  asked({ statements }: NftRule): void {
    const { matched, verdict, reason, answered } = this.event;
    const asks = 'asks' in reason ? reason.asks : undefined;
    const stopped = matched === true || asks === undefined ? -1 : statements.indexOf(asks);
    if (matched !== true && stopped < 0) {
      this.way.open.add('what was not modelled');
      return;
    }
    const isOpen = matched === null || answered === true;
    const done = stopped < 0 ? statements : statements.slice(0, stopped);
    const last = statements[stopped];
    // Who fails here is not asked what stands before, where that has done nothing and was told of every packet.
    const isDecidedHere = last !== undefined && !isOpen && done.every((one) => this.isPlain(one));
    if (!isDecidedHere) {
      for (const statement of done) {
        this.held(statement);
        if (statement.kind === 'vmap' && verdict !== undefined && verdict.kind !== 'continue') return;
      }
    }
    // Which object is asked is told by the packet, and what it says is not.
    if (last?.kind === 'object map' && isOpen) this.held(last);
    else if (last !== undefined && isOpen) this.told(operandOf(last));
    else if (last !== undefined) this.failed(last, done);
  }

  /** A comparison of what each packet tells. */
  private isPlain(statement: NftStatement): boolean {
    if (statement.kind === 'counter' || statement.kind === 'log') return true;
    if (statement.kind !== 'match') return false;
    return partsOf(statement.left).every(
      (part) => !isConstant(part) && part.kind !== 'binary' && this.isToldByAll(part),
    );
  }

  private isToldByAll(part: NftExpression): boolean {
    const { kind } = readOf(part);
    if (part.kind === 'payload' && part.protocol === 'th') return false;
    if (part.kind === 'meta' && (part.key === 'skuid' || part.key === 'skgid'))
      return this.event.hook !== 'INPUT';
    return kind === 'field' || kind === 'judged' || (kind === 'same' && toldByAll(part));
  }

  private held(statement: NftStatement): void {
    switch (statement.kind) {
      case 'match':
        this.needs(statement.left);
        this.compared(statement, true);
        return;
      case 'vmap':
      case 'object map':
        this.needs(statement.key);
        this.lookedUp(statement.key, statement.map);
        return;
      case 'reset option':
        this.ofProtocols([tcp]);
        return;
      case 'set':
        this.assigned(statement.target, statement.value);
        return;
      case 'nat':
        this.translated(statement);
        return;
      case 'tproxy':
        this.handedOver();
        return;
      case 'reject':
        if (statement.with?.startsWith('tcp ') === true) this.ofProtocols([tcp]);
        return;
      case 'set update':
        this.way.open.add('a set');
        return;
      default:
        return;
    }
  }

  private failed(statement: NftStatement, before: readonly NftStatement[]): void {
    switch (statement.kind) {
      case 'match':
        if (!this.isAbsent(statement.left) && !this.foundNothing()) this.compared(statement, false);
        return;
      case 'vmap':
      case 'object map':
        if (!this.isAbsent(statement.key) && !this.foundNothing())
          this.lookedUp(statement.key, statement.map);
        return;
      case 'tproxy':
        this.handedOver();
        return;
      case 'reject':
        if (before.some(({ kind }) => kind === 'set' || kind === 'set update'))
          this.way.open.add('what was not modelled');
        if (statement.with?.startsWith('tcp ') === true) this.ofProtocols([tcp]);
        return;
      case 'set':
        for (const operand of [statement.target, statement.value]) this.hadNone(operand);
        return;
      case 'nat':
        for (const operand of [statement.address, statement.port])
          if (operand !== undefined) this.hadNone(operand);
        return;
      default:
        this.way.open.add('what was not modelled');
    }
  }

  /** A value that the packet, or a map, may not have. */
  private hadNone(operand: Operand): void {
    if (isConstant(operand)) return;
    if (operand.kind === 'map') {
      if (!this.isAbsent(operand.key)) this.lookedUp(operand.key, operand.map);
    } else if (!this.isAbsent(operand) && readOf(operand).kind !== 'same') this.computed(operand);
  }

  /** Only packets that have what is read come so far. */
  private needs(expression: NftExpression): void {
    for (const part of partsOf(expression)) {
      if (isConstant(part)) continue;
      const protocols = protocolsFor(part);
      if (protocols !== null) this.ofProtocols(protocols);
      this.ownerAtInput(part);
    }
  }

  /** Whoever tells as much or as little of it as this packet. */
  private told(operand: Operand | undefined): void {
    if (operand === undefined || isConstant(operand)) return;
    this.needs(operand);
    for (const part of partsOf(operand)) {
      if (isConstant(part)) continue;
      const { kind } = readOf(part);
      if (kind === 'socket') this.way.socketAt(this.packet);
      else if (kind === 'judged' || kind === 'not told apart') this.way.open.add('what was not modelled');
    }
  }

  /** Packets without it end the rule; those that lack the same are all alike. */
  private isAbsent(expression: NftExpression): boolean {
    for (const part of partsOf(expression)) {
      if (isConstant(part)) continue;
      const protocols = protocolsFor(part);
      const own = protocolNumber(this.packet.protocol) ?? -1;
      if (protocols !== null && (!protocols.includes(own) || isOfAnyTransport(part))) {
        this.ofProtocols(protocols);
        if (!protocols.includes(own)) return true;
      }
      this.ownerAtInput(part);
      if (part.kind === 'map') return false;
      const { kind } = readOf(part);
      if (kind === 'socket') this.way.socketAt(this.packet);
      const found = look(part, { situation: this.situation(), table: this.table });
      if (found.kind === 'absent' && kind !== 'same' && part.kind !== 'ct') return true;
    }
    return false;
  }

  /** The rule's reason says so, where what is missing is not known here: of conntrack, of the device. */
  private foundNothing(): boolean {
    const { reason } = this.event;
    return 'found' in reason && reason.found === null;
  }

  private compared(match: Match, holds: boolean): void {
    const { left, operator, right, mask } = match;
    const isIn = holds === (operator !== '!=');
    const [only, ...others] = partsOf(left);
    if (only === undefined) return;
    if (others.length === 0 && !isConstant(only)) {
      if (only.kind === 'map') {
        this.way.open.add('what was not modelled');
        return;
      }
      const read = readOf(only);
      const and = operator === '!' ? right : mask;
      const chosen: NftExpression =
        and === undefined ? only : { kind: 'binary', operator: '&', left: only, right: and };
      const made = chosen.kind === 'binary' ? this.madeOfField(chosen) : null;
      if (made !== null) {
        this.comparedMade(chosen, made, match, holds);
        return;
      }
      const isSimple = read.kind === 'field' && read.field !== 'mark' && only.kind !== 'binary';
      if (!isSimple) {
        this.readOnly(only, right);
        return;
      }
      if (mask !== undefined || operator === '!') {
        this.way.open.add('a mask with gaps');
        return;
      }
      if (operator !== '==' && operator !== '!=') {
        this.inOrder(only, operator, right, holds);
        return;
      }
    }
    this.member(left, keyed(right, this.table, partsOf(left).length), isIn);
  }

  private comparedMade(
    chosen: NftExpression,
    made: NonNullable<ReturnType<NftLookUp['madeOfField']>>,
    { operator, right }: Match,
    holds: boolean,
  ): void {
    switch (operator) {
      case '!': {
        const inside = this.madeIn(made, [[0n, 0n]]);
        this.restrict(made.field, holds ? inside : complement(inside));
        return;
      }
      case '==':
      case '!=':
        this.member(chosen, keyed(right, this.table, 1), holds === (operator === '=='));
        return;
      default:
        this.inOrder(chosen, operator, right, holds);
    }
  }

  private assigned(target: NftExpression, value: Operand): void {
    if (target.kind === 'ct' || target.kind === 'meta') {
      if (!isConstant(value)) this.computed(value);
      if (target.key !== 'mark') return;
      this.way.mark();
      if (target.kind === 'meta') this.wrote('mark');
      return;
    }
    this.needs(target);
    const read = readOf(target);
    if (read.kind !== 'field') return;
    if (isConstant(value)) {
      const before = this.datumOf(target)?.value;
      this.wrote(read.field);
      const after = this.datumOf(target)?.value;
      if (typeof after !== 'bigint' || before === undefined) this.way.open.add('what was not modelled');
      // The way is looked up anew only for what changed.
      else this.way.only(read.field, before === after ? [[after, after]] : complement([[after, after]]));
    } else {
      this.computed(value);
      this.wrote(read.field);
    }
    this.way.written.add(read.field);
  }

  /** From here on it is as this rule left it. */
  private wrote(field: SpaceField): void {
    const after = this.event.packet;
    if (field === 'uid' || field === 'gid') return;
    this.packet = { ...this.packet, [field]: after[field] };
    if (field === 'mark') this.way.written.add('mark');
  }

  /** A value that is made of the packet: all for which it is the same. */
  private computed(value: NftExpression): void {
    if (value.kind === 'map') {
      this.needs(value.key);
      this.lookedUp(value.key, value.map);
      return;
    }
    const read = readOf(value);
    if (read.kind === 'field' && read.field === 'mark') this.way.mark();
    else if (read.kind !== 'same') this.way.open.add('what was not modelled');
  }

  private translated(nat: Nat): void {
    const { action, family, flags } = nat;
    const { way } = this;
    const operands = [nat.address, nat.port].filter((one) => one !== undefined);
    for (const operand of operands) if (!isConstant(operand)) this.computed(operand);
    if (family !== undefined && (family === 'ip') !== (way.ground.family === 'v4')) return;
    if (action === 'redirect') way.byScope(this.packet, this.event.hook);
    if (action === 'masquerade' && !way.masquerades(this.packet)) return;
    // Without an address of its own to write it drops the packet.
    if (this.event.verdict?.kind === 'drop') return;
    const side = action === 'dnat' || action === 'redirect' ? 'destination' : 'source';
    const isRandom = flags.some((flag) => flag !== 'persistent');
    if (isRandom || nat.form === 'prefix' || operands.some(isSpread)) way.open.add('what was not modelled');
    const hasAddress = action === 'redirect' || action === 'masquerade' || nat.address !== undefined;
    const hasPort = nat.port !== undefined || nat.form?.includes('port') === true || hasTwoParts(nat.address);
    const wrote: SpaceField[] = hasAddress ? [side] : [];
    way.writes = hasPort ? [...wrote, `${side}Port`] : wrote;
  }

  private handedOver(): void {
    const own = protocolNumber(this.packet.protocol) ?? -1;
    this.ofProtocols(own === tcp || own === udp ? [own] : [tcp, udp]);
    if (own === tcp || own === udp) this.way.socketAt(this.packet);
  }
}
