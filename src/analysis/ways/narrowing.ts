/** The packets of a way, narrowed decision by decision: routes, sockets, NAT, and the rules of iptables. */
import {
  addressValue,
  type Hook,
  inputRoute,
  type MatchOptionForm,
  type Option,
  outputRoute,
  type Packet,
  type Prefix,
  prefixInterval,
  protocolNumber,
  type Rule,
  type RuleEvent,
  redirectAddress,
  tiedTo,
} from '../../netfilter/index.ts';
import type { Ground } from './ground.ts';
import { natValue } from './nat-value.ts';
import { complement, type Intervals, intersect, ordered } from './packet-set.ts';
import { forms, type Miss, plainValue, withGaps } from './plain-conditions.ts';
import { Remainder } from './remainder.ts';
import { alikeInSet, type SetAsked } from './set-members.ts';
import { isSpaceField, type SpaceField, withPorts } from './space.ts';

/** What a decision hangs on that is no set of these fields, by which a way is not told apart exactly. */
export type Open = 'a set' | 'a mask with gaps' | 'both ports' | 'the way back' | 'what was not modelled';

function isIn(value: bigint, intervals: Intervals): boolean {
  for (const [first, last] of intervals) if (value <= last) return first <= value;
  return false;
}

function sortedOnce(values: readonly bigint[]): readonly bigint[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
}

/** The packets that are left, as the decisions of a way are gone through. */
export class Narrowing {
  private valued: Packet | null = null;
  private values: (bigint | undefined)[] = [];
  /** What each field was asked for last, and whether it has it: rules ask for the same again and again. */
  private asking: (Intervals | undefined)[] = [];
  private having: boolean[] = [];
  /** The packets that are left. */
  readonly left = new Remainder();
  isTracked = false;
  in: string | undefined;
  out: string | undefined;
  /** The interface of the route that it has, by which what is of one link is routed again. */
  tied: string | undefined;
  readonly open = new Set<Open>();
  readonly ground: Ground;
  readonly first: Packet;
  /** Fields that the way has written: they are the same for all packets from here on. */
  readonly written = new Set<SpaceField>();

  constructor(ground: Ground, first: Packet) {
    this.ground = ground;
    this.first = first;
  }

  only(field: SpaceField, intervals: Intervals): void {
    if (!this.written.has(field)) this.setOut(field, intervals);
  }

  exactly(field: SpaceField, value: number | bigint): void {
    this.only(field, [[BigInt(value), BigInt(value)]]);
  }

  /** The conditions that all held, or the first that did not. */
  asked(rule: Rule, event: RuleEvent, packet: Packet): void {
    const { failed, matched } = event;
    if (failed === undefined || (matched === true && event.answered !== true)) {
      for (const match of rule.matches) this.held(match, packet);
      if (matched === true) this.done(rule, event, packet);
      return;
    }
    if ('unread' in failed || 'written' in failed) return;
    // What the reader was asked is no question of the packet: the conditions that can be told are those that held.
    if (event.answered === true || matched === null) {
      for (const match of rule.matches)
        if (match !== failed.match || failed.option !== undefined) this.held(match, packet, failed.option);
      if (matched === true) this.done(rule, event, packet);
      return;
    }
    if (this.missedPlainly(this.ground.missesOf(rule, event), packet)) return;
    // Without a connection that is so for all.
    if ('field' in event.reason && event.reason.found === null && isOfConnection(event.reason.field)) return;
    const options = failed.option === undefined ? failed.match.options : [failed.option];
    if (options.length === 1) {
      this.condition(failed.match.extension, options[0] as Option, false, packet);
      return;
    }
    // A match that is judged as a whole: its reason names the field.
    const field = 'field' in event.reason ? event.reason.field : null;
    const one = options.find(({ name }) => forms.get(failed.match.extension)?.get(name)?.field === field);
    if (one !== undefined) this.condition(failed.match.extension, one, false, packet);
    else if (field === 'takingSocket') this.socketAt(packet);
    else if (field !== 'connectionState' && field !== 'stateWithoutEntry')
      this.open.add('what was not modelled');
  }

  private held({ extension, options }: Rule['matches'][number], packet: Packet, but?: Option): void {
    for (const option of options) if (option !== but) this.condition(extension, option, true, packet);
    // It asks for a socket without any option, too.
    if (extension === 'socket') this.socketAt(packet);
  }

  /**
   * A rule that does not match has a condition that is not met, and may have several: the one by which the fewest packets
   * are told apart is taken, which is none where others have asked for it already.
   */
  private missedPlainly(all: readonly Miss[], packet: Packet): boolean {
    let best: Extract<Miss, { readonly kind: 'field' }> | null = null;
    for (const miss of all) {
      if (miss.kind === 'interface') {
        if (miss.isMissed(this as { in?: string; out?: string })) return true;
        continue;
      }
      if (!this.has(packet, miss)) continue;
      if (this.written.has(miss.field) || this.left.isWithin(miss.field, miss.misses)) return true;
      if (best === null || miss.rank < best.rank) best = miss;
    }
    if (best === null) return false;
    this.only(best.field, best.misses);
    return true;
  }

  private has(packet: Packet, { field, rank, misses }: Extract<Miss, { readonly kind: 'field' }>): boolean {
    if (packet !== this.valued) {
      this.valued = packet;
      this.values = [];
      this.asking = [];
      this.having = [];
    }
    if (this.asking[rank] === misses) return this.having[rank] === true;
    const value = this.values[rank] ?? plainValue(packet, field);
    this.values[rank] = value;
    this.asking[rank] = misses;
    const has = isIn(value, misses);
    this.having[rank] = has;
    return has;
  }

  private condition(extension: string, option: Option, holds: boolean, packet: Packet): void {
    const form = forms.get(extension)?.get(option.name);
    if (form === undefined) return;
    const { field, accepts } = form;
    if (accepts !== undefined && isSpaceField(accepts.dimension.field)) {
      const { inside, outside } = this.ground.plain.acceptedBy(option, accepts);
      if (inside.length === 0) {
        this.open.add('a mask with gaps');
        return;
      }
      this.only(accepts.dimension.field, holds === option.negated ? outside : inside);
      return;
    }
    // Before conntrack has looked the packet up there is none, or one that knows nothing but its zone.
    if (isOfConnection(field) && !this.isTracked) return;
    switch (field) {
      case 'mark':
        this.mark();
        return;
      case 'sourceType':
        this.judgedBy('source', form, option, packet);
        return;
      case 'destinationType':
      case 'packetType':
        this.judgedBy('destination', form, option, packet);
        return;
      case 'originalSource':
      case 'originalDestination':
        this.original(field === 'originalSource' ? 'source' : 'destination', option, holds);
        return;
      case 'originalSourcePort':
      case 'originalDestinationPort': {
        const [first, last] = option.value as readonly [number, number];
        const ports: Intervals = [[BigInt(first), BigInt(last)]];
        if (this.first.destinationPort === undefined) this.open.add('what was not modelled');
        else
          this.setOut(
            field === 'originalSourcePort' ? 'sourcePort' : 'destinationPort',
            holds === option.negated ? complement(ports) : ports,
          );
        return;
      }
      case 'replySource':
      case 'replyDestination':
      case 'replySourcePort':
      case 'replyDestinationPort':
        this.open.add('what was not modelled');
        return;
      case 'takingSocket':
      case 'socketFlag':
        this.socketAt(packet);
        return;
      case 'eitherPort':
        this.open.add('both ports');
        return;
      case 'wayBack':
        this.open.add('the way back');
        return;
      case 'setMember':
        this.memberOf(form, option, packet);
        return;
      case 'setFlag':
        if (option.name === '--return-nomatch') this.open.add('a set');
        return;
      case 'memberOfSet':
      case 'nomatchElement':
        this.open.add('a set');
        return;
      case 'typeFlag':
      case 'sourceTypeByInterface':
      case 'destinationTypeByInterface':
        this.open.add('what was not modelled');
        return;
      default:
        return;
    }
  }

  /** A condition that looks at one address: it is asked about each stretch of addresses. */
  private judgedBy(
    side: 'source' | 'destination',
    form: MatchOptionForm,
    { value }: Option,
    packet: Packet,
    marks?: readonly bigint[],
  ): void {
    const { host, family } = this.ground;
    const isLocal = !('interface' in this.first.from);
    const isReturning = isLocal && this.in !== undefined;
    const test = form.test(value, family);
    const judge = (address: string) => {
      const one = { ...packet, [side]: address };
      const { source, destination } = one;
      const numbers = { source: addressValue(source), destination: addressValue(destination) };
      const devices = this.in === undefined ? {} : { in: this.in };
      const situation = { ...numbers, ...devices, packet: one, host, family, isLocal, isReturning };
      return String(test(situation as Parameters<typeof test>[0]).holds);
    };
    const key = `${form.field} ${side} ${isReturning} ${this.in ?? ''} ${JSON.stringify(value)}`;
    this.only(side, this.ground.alike(key, addressValue(packet[side]), judge, marks).values);
  }

  private memberOf(form: MatchOptionForm, option: Option, packet: Packet): void {
    const asked = option.value as SetAsked;
    const { host, family } = this.ground;
    const test = form.test(asked, family);
    const judge = (one: Packet) => {
      const situation = { packet: one, host, family, in: this.in, out: this.out };
      return String(test(situation as Parameters<typeof test>[0]).holds);
    };
    const about = `${this.in ?? ''} ${this.out ?? ''}`;
    const cuts = alikeInSet(this.ground, asked, packet, about, judge, (field) => this.written.has(field));
    if (cuts === null) this.open.add('a set');
    for (const [field, intervals] of cuts ?? []) this.only(field, intervals);
  }

  /** Of conntrack's entry: the packet as it set out, whatever the way wrote since. */
  private original(side: 'source' | 'destination', option: Option, holds: boolean): void {
    const block = prefixInterval(option.value as Prefix);
    const inside = block === null ? withGaps(option.value) : [block];
    if (inside === null) this.open.add('a mask with gaps');
    else this.setOut(side, holds === option.negated ? complement(inside) : inside);
  }

  /** A condition on the packet as it set out. */
  setOut(field: SpaceField, intervals: Intervals): void {
    this.left.cut(field, intervals);
  }

  /** There are a few marks only, each told apart from the others. */
  mark(): void {
    this.exactly('mark', this.first.mark ?? 0);
  }

  /** What a target writes, whatever was there before. */
  private done({ target }: Rule, { verdict, hook }: RuleEvent, packet: Packet): void {
    if (target === null || target.kind !== 'extension') return;
    // Without an address of its own to write, NAT drops the packet.
    if (verdict?.kind === 'drop') {
      if (target.name === 'REDIRECT') this.byScope(packet, hook);
      if (target.name === 'MASQUERADE') this.masquerades(packet);
      if (target.name === 'TPROXY') this.socketAt(packet);
      return;
    }
    switch (target.name) {
      case 'MARK':
      case 'CONNMARK':
        this.mark();
        this.written.add('mark');
        return;
      case 'TPROXY':
        this.mark();
        this.written.add('mark');
        this.socketAt(packet);
        return;
      case 'SET':
        this.open.add('a set');
        return;
      case 'NETMAP':
        this.open.add('what was not modelled');
        return;
      case 'REDIRECT':
        this.byScope(packet, hook);
        this.willWrite(target);
        return;
      case 'DNAT':
        this.willWrite(target);
        return;
      case 'MASQUERADE':
        if (this.masquerades(packet)) this.willWrite(target);
        return;
      case 'SNAT':
        this.willWrite(target);
        return;
      default:
        return;
    }
  }

  /** nf_nat_redirect_ipv6 looks for an address of the scope of the destination. */
  byScope(packet: Packet, hook: Hook): void {
    const device = this.in;
    if (this.ground.family === 'v4' || hook === 'OUTPUT' || device === undefined) return;
    const { host, family } = this.ground;
    const own = (destination: string) =>
      String(redirectAddress({ family, hook, host, packet: { ...packet, destination }, in: device }));
    const key = `redirect ${device}`;
    this.only(
      'destination',
      this.ground.alike(key, addressValue(packet.destination), own, scopeMarks).values,
    );
  }

  /** nf_nat_masquerade_ipv4 leaves a source of 0.0.0.0 alone. */
  masquerades(packet: Packet): boolean {
    if (this.ground.family === 'v4') {
      const isNone = packet.source === '0.0.0.0';
      this.only('source', isNone ? [[0n, 0n]] : complement([[0n, 0n]]));
      if (isNone) return false;
    }
    if (!this.hasOneAddress()) this.open.add('what was not modelled');
    return true;
  }

  /** Where the interface has several, MASQUERADE chooses among them by the destination. */
  hasOneAddress(): boolean {
    const { host, family } = this.ground;
    const device = host.interfaces.find(({ name }) => name === this.out);
    const own = (device?.addresses ?? []).filter((address) => address.includes(':') === (family === 'v6'));
    return own.length === 1 && this.out !== 'lo';
  }

  /** What NAT is about to write: these fields come to be the same for all. */
  writes: readonly SpaceField[] = [];

  private willWrite({ name, options }: { readonly name: string; readonly options: readonly Option[] }): void {
    const side = name === 'SNAT' || name === 'MASQUERADE' ? 'source' : 'destination';
    const port = `${side}Port` as const;
    const given = options.find((option) => option.name.startsWith('--to-'))?.value;
    const { addresses, ports } = natValue(given);
    const isOne = (range: readonly [unknown, unknown] | undefined) =>
      range === undefined || range[0] === range[1];
    if (!isOne(addresses) || !isOne(ports) || options.some((option) => option.name.startsWith('--random')))
      this.open.add('what was not modelled');
    const hasAddress = name === 'REDIRECT' || name === 'MASQUERADE' || addresses !== undefined;
    const written: SpaceField[] = hasAddress ? [side] : [];
    this.writes = ports === undefined ? written : [...written, port];
  }

  /** A field that had the value already is left alone: those are told apart from the others, which were rewritten. */
  private write(before: Packet, after: Packet): void {
    for (const field of this.writes) {
      const now = after[field as 'source'];
      if (now === undefined) continue;
      const value = typeof now === 'number' ? BigInt(now) : addressValue(now);
      if (before[field as 'source'] === now) this.exactly(field, value);
      else this.only(field, complement([[value, value]]));
      this.written.add(field);
    }
    this.writes = [];
  }

  rewritten(before: Packet, after: Packet): void {
    this.write(before, after);
    for (const field of ['source', 'destination', 'sourcePort', 'destinationPort'] as const) {
      if (before[field] === after[field] || this.written.has(field)) continue;
      // Written from what was there: from here on it says nothing about the packet as it set out.
      this.open.add('what was not modelled');
      this.written.add(field);
    }
  }

  /** Behind a choice of NAT that changed nothing there is no event of it. */
  notRewritten(packet: Packet): void {
    if (this.writes.length > 0) this.write(packet, packet);
  }

  routed(way: 'out' | 'in', packet: Packet): void {
    const { ground, tied } = this;
    const { host } = ground;
    if (ground.routesByMark) this.mark();
    const decide = (source: string, destination: string): string => {
      const asked = { ...packet, source, destination };
      const one = way === 'out' && tied !== undefined ? tiedTo(asked, tied) : asked;
      const decision = way === 'out' ? outputRoute(host, one) : inputRoute(host, one, this.in ?? '');
      if (decision.kind === 'unreachable') return decision.reason.code;
      return decision.kind === 'local' ? ' local' : `${decision.dev}  ${decision.via ?? ''}`;
    };
    const about = `${way} ${this.in ?? ''} ${ground.routesByMark ? (packet.mark ?? 0) : ''} ${packet.boundTo ?? ''} ${tied ?? ''}`;
    if (this.written.has('source')) {
      const { values } = ground.alike(
        `${about} from ${packet.source}`,
        addressValue(packet.destination),
        (to) => decide(packet.source, to),
      );
      this.only('destination', values);
      return;
    }
    // By how each kind of source is judged, and then by the source: what is left is a set of each.
    const to = ground.alike(`${about} to`, addressValue(packet.destination), (one) =>
      ground.printedSources.map((from) => decide(from, one)).join(),
    );
    this.only('destination', to.values);
    const from = ground.alike(
      `${about} by ${to.judgement}`,
      addressValue(packet.source),
      (one) => decide(one, packet.destination),
      ground.sources,
    );
    this.only('source', from.values);
  }

  /** Linux takes `::1` from a link as neither address, before any hook. */
  notOfLoopback({ source, destination }: Packet): void {
    for (const [field, address] of [
      ['source', source],
      ['destination', destination],
    ] as const)
      this.only(field, address === '::1' ? [[1n, 1n]] : complement([[1n, 1n]]));
  }

  delivered(packet: Packet): void {
    if (this.ground.host.sockets !== undefined) this.socketAt(packet);
  }

  /** Of the sockets, those of the protocol at this port, and by which address. */
  socketAt({ protocol, destination, destinationPort }: Packet): void {
    if (destinationPort === undefined) return;
    const sockets = (this.ground.host.sockets ?? []).filter((one) => one.protocol === protocol);
    if (sockets.some((one) => one.remoteAddress !== undefined)) this.open.add('what was not modelled');
    if (sockets.length === 0) {
      this.only('protocol', intersect(withPorts, complement(this.ground.socketProtocols)));
      return;
    }
    this.protocolIs(protocol);
    const here = sockets.filter(({ port }) => port === destinationPort);
    if (here.length === 0) {
      const taken = ordered(sockets.map(({ port }) => [BigInt(port), BigInt(port)] as const));
      this.only('destinationPort', complement(taken));
      return;
    }
    this.exactly('destinationPort', destinationPort);
    const addresses = here
      .map(({ address }) => address)
      .filter((address) => address.includes(':') === destination.includes(':'));
    const label = (address: string) => String(addresses.includes(address) ? address : '');
    const own = [0n, ...addresses.map(addressValue).flatMap((value) => [value, value + 1n])];
    this.only(
      'destination',
      this.ground.alike(
        `sockets ${protocol} ${destinationPort}`,
        addressValue(destination),
        label,
        sortedOnce(own),
      ).values,
    );
  }

  protocolIs(protocol: string): void {
    const number = protocolNumber(protocol);
    if (number !== null) this.exactly('protocol', number);
  }
}

/** Where the scope of an address of IPv6 may change: those of links and sites, and of groups, which have it in a digit. */
const scopeMarks = sortedOnce([
  0n,
  ...[0xfe8n, 0xfecn, 0xff0n].map((start) => start << 116n),
  ...Array.from({ length: 256 }, (_, digits) => (0xff00n + BigInt(digits)) << 112n),
]);

function isOfConnection(field: string): boolean {
  return field === 'connection' || /^(original|reply)[A-Z]/.test(field);
}
