/**
 * One packet's way through a host: hooks, tables and chains in the order of Linux, conntrack, NAT and routing.
 */

import { knownTarget } from '../iptables/catalogue.ts';
import type { Action, AddressChoice } from '../iptables/extension.ts';
import type { Situation } from '../iptables/situation.ts';
import {
  forget,
  isTaken,
  noZones,
  printTuple,
  remember,
  type Tracked,
  track,
  type Zones,
} from '../kernel/conntrack.ts';
import { choose, chooseNothing, rewrite, rewrites } from '../kernel/nat.ts';
import { type Decision, isLocal, route, withLoopback } from '../kernel/routing.ts';
import { socketFor } from '../kernel/sockets.ts';
import { addressValue, familyOf, printEndpoint } from '../model/address.ts';
import type { Devices, Event, Outcome, Question, Traversal, Verdict } from '../model/event.ts';
import type { Host, Socket } from '../model/host.ts';
import type { Connection, Owner, Packet } from '../model/packet.ts';
import { hasPorts } from '../model/protocol.ts';
import type { Chain, Family, Hook, Rule, Ruleset, Table, TableName } from '../model/ruleset.ts';
import { judge, type KnownRule } from './evaluate.ts';
import { type IndexedTable, indexOf, trackingRule } from './ruleset-index.ts';

/** A reader's answer to a question that a traversal ended with. */
export interface Answer extends Omit<Question, 'condition'> {
  readonly matches: boolean;
}

/** How deep chains may call each other (NFT_JUMP_STACK_SIZE); a loop is deeper than that. */
const deepest = 16;

/**
 * Sends one packet through the host.
 *
 * The events are in order and end with the outcome; each carries the packet as it is after it. A rule that
 * depends on what the engine was not told ends the traversal as `cannot tell`, unless `answers` has its answer.
 * Throws a TypeError where an address of the packet is none.
 */
export function traverse(host: Host, packet: Packet, answers: readonly Answer[] = []): Traversal {
  return new Traversing(host, packet, answers).run();
}

/** How the walk through one table ends. */
type Passed =
  | { readonly kind: 'passed'; readonly choice: AddressChoice | null }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

class Traversing {
  private readonly events: Event[] = [];
  private host: Host;
  private readonly answers: readonly Answer[];
  private readonly family: Family;
  private readonly ruleset: Ruleset | undefined;
  private readonly isTracking: boolean;
  private packet: Packet;
  private connections: readonly Connection[];
  private tracked: Tracked | null = null;
  /** The packet is the last of its connection, whose entry is gone. */
  private isForgotten = false;
  private wasTracked = false;
  private isUntracked = false;
  /** The zones that a CT rule chose; the first such rule of the way decides (xt_ct_target). */
  private zones: Zones | null = null;
  private socket: Owner | 'control socket' | null;
  /** What TPROXY handed the packet to. */
  private assigned: Socket | null | undefined;
  private readonly isLocal: boolean;
  private isReturning = false;
  /** The route that the packet leaves by: what changes behind OUTPUT does not move it. */
  private way: Decision | null = null;
  /** What of the last choice of NAT the kernel draws by lot. */
  private lot: string | null = null;

  constructor(host: Host, packet: Packet, answers: readonly Answer[]) {
    this.host = withLoopback(host);
    this.answers = answers;
    this.packet = packet;
    this.family = familyOf(packet.destination);
    this.ruleset = host.rulesets[this.family];
    this.isTracking = trackingRule(host, this.family) !== null;
    this.connections = host.connections ?? [];
    this.isLocal = !('interface' in packet.from);
    this.socket =
      'uid' in packet.from
        ? packet.from
        : 'kernel' in packet.from && packet.from.kernel === 'control socket'
          ? 'control socket'
          : null;
    addressValue(packet.source);
    addressValue(packet.destination);
  }

  run(): Traversal {
    const { from } = this.packet;
    const outcome = 'interface' in from ? this.receive(from.interface) : this.send();
    const hook = this.events.at(-1)?.hook ?? ('interface' in from ? 'PREROUTING' : 'OUTPUT');
    this.events.push({ kind: 'outcome', hook, outcome, packet: this.packet });
    const { sets } = this.host;
    return {
      events: this.events,
      outcome,
      connections: this.connections,
      ...(sets === undefined ? {} : { sets }),
    };
  }

  /** From a local socket: OUTPUT and POSTROUTING, and over lo back in. */
  private send(): Outcome {
    const first = this.lookUp({});
    if (first.kind === 'unreachable') return { kind: 'dropped', because: first.because };
    this.way = first;
    let out = deviceOf(first);
    this.push({ kind: 'route', hook: 'OUTPUT', out, because: first.because });
    // The hook keeps the device that it was entered with, also for the tables behind a new route (ip_local_out).
    const devices: Devices = { out };
    this.push({ kind: 'hook', hook: 'OUTPUT', ...devices });
    const raw = this.ask('raw', 'OUTPUT', devices);
    if (raw !== null) return raw;
    this.track('OUTPUT');
    const before = this.packet;
    const mangle = this.ask('mangle', 'OUTPUT', devices);
    if (mangle !== null) return mangle;
    if (steersElsewhere(this.family, before, this.packet)) {
      const next = this.routeAgain('mangle changed what the route hangs on');
      if (typeof next !== 'string') return next;
      out = next;
    }
    const nat = this.askNat('OUTPUT', devices);
    if (nat !== null) return nat;
    if (
      this.tracked !== null &&
      rewrites(this.tracked.connection, 'destination', this.tracked.direction) &&
      before.destination !== this.packet.destination
    ) {
      const next = this.routeAgain('the destination was rewritten');
      if (typeof next !== 'string') return next;
      out = next;
    }
    const rest =
      this.ask('filter', 'OUTPUT', devices) ??
      this.ask('security', 'OUTPUT', devices) ??
      this.postrouting({ out });
    if (rest !== null) return rest;
    return out === 'lo' ? this.loopBack() : this.sent(out);
  }

  private lookUp(devices: Devices): Decision {
    const { source, destination, mark, boundTo } = this.packet;
    const out = devices.in === undefined ? boundTo : undefined;
    const decision = route(this.host, {
      family: this.family,
      source,
      destination,
      mark: mark ?? 0,
      ...(devices.in === undefined ? {} : { in: devices.in }),
      ...(out === undefined ? {} : { out }),
    });
    // __mkroute_output: a loopback source does not leave by a link.
    const leaves = decision.kind === 'unicast' && decision.dev !== 'lo' && devices.in === undefined;
    if (
      leaves &&
      this.family === 'v4' &&
      source.startsWith('127.') &&
      !this.allows('route_localnet', decision.dev)
    )
      return {
        kind: 'unreachable',
        because: `the loopback address ${source} does not leave by ${decision.dev}`,
      };
    return decision;
  }

  /** ip_route_me_harder: the device, or the outcome where no route is left. */
  private routeAgain(reason: string): string | Outcome {
    const decision = this.lookUp({});
    if (decision.kind === 'unreachable') return { kind: 'dropped', because: decision.because };
    this.way = decision;
    const out = deviceOf(decision);
    this.push({ kind: 'route', hook: 'OUTPUT', out, because: `${reason}: ${decision.because}` });
    return out;
  }

  /** A packet that is sent on still has the interface that it came in by (ip_output, indev). */
  private postrouting(devices: Devices): Outcome | null {
    this.push({ kind: 'hook', hook: 'POSTROUTING', ...devices });
    return (
      this.ask('mangle', 'POSTROUTING', devices) ?? this.askNat('POSTROUTING', devices) ?? this.confirm()
    );
  }

  private sent(out: string): Outcome {
    const { way } = this;
    return {
      kind: 'sent',
      interface: out,
      ...(way?.kind === 'unicast' && way.via !== undefined ? { via: way.via } : {}),
    };
  }

  /** The packet comes in again over lo: with its mark and its conntrack entry, without its socket. */
  private loopBack(): Outcome {
    this.socket = null;
    this.isReturning = true;
    this.packet = { ...this.packet, from: { interface: 'lo' } };
    // Without an entry conntrack looks at it afresh; an untracked packet stays untracked (nf_conntrack_in).
    if (this.tracked === null && !this.isUntracked) {
      this.wasTracked = false;
      this.zones = null;
    }
    const before = this.packet.destination;
    const ended = this.prerouting({ in: 'lo' });
    if (ended !== null) return ended;
    // The route that the packet left with still holds, unless its destination was rewritten on the way in.
    return before === this.packet.destination ? this.input({ in: 'lo' }) : this.routeIn({ in: 'lo' });
  }

  private receive(device: string): Outcome {
    const devices = { in: device };
    const { source, destination } = this.packet;
    // ip6_rcv_core throws these away before any hook; IPv4 does so when it routes them.
    if (this.family === 'v6' && device !== 'lo' && (source === '::1' || destination === '::1')) {
      return { kind: 'dropped', because: `::1 does not come in over ${device}` };
    }
    return this.prerouting(devices) ?? this.routeIn(devices);
  }

  private prerouting(devices: { readonly in: string }): Outcome | null {
    this.push({ kind: 'hook', hook: 'PREROUTING', ...devices });
    const raw = this.ask('raw', 'PREROUTING', devices);
    if (raw !== null) return raw;
    this.track('PREROUTING');
    return this.ask('mangle', 'PREROUTING', devices) ?? this.askNat('PREROUTING', devices);
  }

  private routeIn(devices: { readonly in: string }): Outcome {
    const martian = this.martian(devices.in);
    if (martian !== null) return { kind: 'dropped', because: martian };
    const decision = this.lookUp(devices);
    if (decision.kind === 'unreachable') return { kind: 'dropped', because: decision.because };
    const backwards = this.comesFromElsewhere(devices.in);
    if (backwards !== null) return { kind: 'dropped', because: backwards };
    this.push({
      kind: 'route',
      hook: 'PREROUTING',
      out: decision.kind === 'local' ? null : decision.dev,
      because: decision.because,
    });
    return decision.kind === 'local' ? this.input(devices) : this.forward(devices.in, decision);
  }

  /** Addresses that IPv4 does not take from a link (fib_validate_source, ip_route_input_slow). */
  private martian(device: string): string | null {
    if (this.family === 'v6') return null;
    const { source, destination } = this.packet;
    if (!this.allows('route_localnet', device)) {
      if (destination.startsWith('127.')) return `a martian: ${destination} does not come in over ${device}`;
      if (device !== 'lo' && source.startsWith('127.'))
        return `a martian: ${source} does not come from ${device}`;
    }
    // Over lo too: a packet comes here from there only when its destination was rewritten and it lost its route.
    if (this.isOwn(source, device) && !this.allows('accept_local', device)) {
      return `a martian: ${source} is this host's own address and came in over ${device}`;
    }
    return null;
  }

  /**
   * fib_validate_source: an address of an interface. All that the local table has counts only where the routes are
   * looked up in full: rp_filter, or rules or local routes of one's own, ask for that.
   */
  private isOwn(address: string, device: string): boolean {
    const { interfaces, rules = [], routes = [] } = this.host;
    const isOfV4 = (text = '') => !text.includes(':');
    const isFull =
      this.setting('rp_filter', device) > 0 ||
      rules.some(({ from, to }) => isOfV4(from) && isOfV4(to)) ||
      routes.some(({ type, destination }) => type === 'local' && isOfV4(destination));
    if (isFull) return isLocal(this.host, address);
    return interfaces.some(({ addresses }) => addresses.some((own) => own.split('/')[0] === address));
  }

  private allows(name: string, device: string): boolean {
    return this.setting(name, device) > 0;
  }

  /** The greater of what is set for all interfaces and for this one. */
  private setting(name: string, device: string): number {
    const value = (scope: string) => this.host.sysctls?.[`net.ipv4.conf.${scope}.${name}`] ?? 0;
    return Math.max(value('all'), value(device));
  }

  /** rp_filter: 1 asks that the way back is the way in, 2 that there is a way back. */
  private comesFromElsewhere(device: string): string | null {
    const mode = this.family === 'v4' ? this.setting('rp_filter', device) : 0;
    if (mode === 0 || device === 'lo') return null;
    const { source, destination } = this.packet;
    const back = route(this.host, {
      family: this.family,
      source: destination,
      destination: source,
      mark: 0,
      in: device,
    });
    if (back.kind === 'unicast' && (mode === 2 || back.dev === device)) return null;
    return `rp_filter is ${mode}, and ${back.kind === 'unicast' ? `the way back to ${source} is by ${back.dev}` : `there is no way back to ${source}`}`;
  }

  private forward(device: string, decision: Decision & { readonly kind: 'unicast' }): Outcome {
    // ip_forward: what TPROXY handed to a socket is not sent on.
    if (this.assigned !== undefined) {
      return {
        kind: 'dropped',
        because: `TPROXY handed it to a socket, but the route leads out by ${decision.dev}: a routing rule has to make it local`,
      };
    }
    const name = this.family === 'v4' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
    if (this.host.sysctls?.[name] !== 1) {
      return {
        kind: 'dropped',
        because: `${this.packet.destination} is not this host's, and ${name} is off`,
      };
    }
    const { ttl } = this.packet;
    if (ttl !== undefined) {
      if (ttl <= 1)
        return {
          kind: 'rejected',
          with: this.family === 'v4' ? 'icmp-ttl-exceeded' : 'icmp6-time-exceeded',
          because: `its TTL of ${ttl} ends here`,
        };
      this.packet = { ...this.packet, ttl: ttl - 1 };
    }
    const devices = { in: device, out: decision.dev };
    this.push({ kind: 'hook', hook: 'FORWARD', ...devices });
    const ended =
      this.ask('mangle', 'FORWARD', devices) ??
      this.ask('filter', 'FORWARD', devices) ??
      this.ask('security', 'FORWARD', devices) ??
      this.postrouting(devices);
    if (ended !== null) return ended;
    return {
      kind: 'sent',
      interface: decision.dev,
      ...(decision.via === undefined ? {} : { via: decision.via }),
    };
  }

  private input(devices: { readonly in: string }): Outcome {
    this.push({ kind: 'hook', hook: 'INPUT', ...devices });
    const security = () => this.ask('security', 'INPUT', devices);
    const nat = () => this.askNat('INPUT', devices);
    // The kernel's priorities are 50 and 100 (NF_IP_PRI_SECURITY, NF_IP_PRI_NAT_SRC); iptables-nft writes 150.
    const [first, second] = this.host.backend === 'nft' ? [nat, security] : [security, nat];
    const ended =
      this.ask('mangle', 'INPUT', devices) ??
      this.ask('filter', 'INPUT', devices) ??
      first() ??
      second() ??
      this.confirm();
    return ended ?? this.deliver();
  }

  private deliver(): Outcome {
    if (this.assigned !== undefined) return { kind: 'delivered', socket: this.assigned };
    const { sockets } = this.host;
    if (sockets === undefined || !hasPorts(this.packet.protocol)) return { kind: 'delivered', socket: null };
    const socket = socketFor(sockets, this.packet);
    if (socket !== null) return { kind: 'delivered', socket };
    const { protocol, destination, destinationPort } = this.packet;
    return {
      kind: 'refused',
      because: `no ${protocol} socket listens on ${printEndpoint(destination, destinationPort)}`,
    };
  }

  private track(hook: Hook): void {
    if (!this.isTracking || this.wasTracked) return;
    this.wasTracked = true;
    if (this.isUntracked) {
      this.push({
        kind: 'conntrack',
        hook,
        state: 'UNTRACKED',
        direction: null,
        because: 'the raw table took it out of tracking',
      });
      return;
    }
    const found = track(this.connections, this.packet, this.zones ?? noZones);
    if (found.kind !== 'tracked') {
      this.isUntracked = found.kind === 'UNTRACKED';
      this.push({ kind: 'conntrack', hook, state: found.kind, direction: null, because: found.because });
      return;
    }
    this.tracked = found.tracked;
    const { connection, direction, state, confirmed } = this.tracked;
    this.isForgotten = confirmed && found.forgets !== undefined;
    if (found.forgets !== undefined) this.connections = forget(this.connections, found.forgets);
    this.keep(connection);
    const because = confirmed
      ? `the ${direction} direction of ${printTuple(connection.original)}`
      : 'it opens a connection';
    this.push({ kind: 'conntrack', hook, state, direction, because });
  }

  /** Enters what has changed of a connection that conntrack has in its table. */
  private keep(connection: Connection): void {
    if (this.tracked?.confirmed === true && !this.isForgotten)
      this.connections = remember(this.connections, connection);
  }

  /** nf_conntrack_tcp_set_closing: a reset that REJECT sends ends the connection that it is about. */
  private close(): void {
    const { tcp } = this.tracked?.connection ?? {};
    if (this.tracked === null || tcp === undefined) return;
    this.keep({ ...this.tracked.connection, tcp: { ...tcp, state: 'CLOSE' } });
  }

  /** The end of POSTROUTING and of INPUT: conntrack keeps the connection from here on. */
  private confirm(): Outcome | null {
    if (this.tracked === null || this.tracked.confirmed) return null;
    const { connection } = this.tracked;
    // __nf_conntrack_confirm: where nat does not choose other ports, two entries may come to have one tuple
    const { original, reply } = connection;
    if ([original, reply].some((tuple) => isTaken(this.connections, connection, tuple)))
      return {
        kind: 'dropped',
        because: `conntrack has ${printTuple(reply)} in another connection already`,
      };
    this.tracked = { ...this.tracked, confirmed: true };
    this.connections = remember(this.connections, connection);
    return null;
  }

  /** nf_nat_inet_fn: the chains are asked for a new connection and each side once; the rewriting is for every packet. */
  private askNat(hook: Hook, devices: Devices): Outcome | null {
    const table = this.table('nat');
    if (table === undefined) return null;
    if (this.tracked?.state === 'RELATED' && this.packet.about !== undefined)
      return this.translateError(hook, table.table);
    const side = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'destination' : 'source';
    const skipped = this.whyNotAsked(side);
    if (skipped !== null) {
      if (table.chains.has(hook)) this.push({ kind: 'skip', hook, table: 'nat', because: skipped });
    } else {
      const passed = this.walk(table, hook, devices);
      if (passed.kind === 'ended') return passed.outcome;
      const open = this.decide(side, passed.choice);
      if (open !== null) return open;
    }
    if (this.tracked === null || !rewrites(this.tracked.connection, side, this.tracked.direction))
      return null;
    const before = this.packet;
    const after = rewrite(before, this.tracked.connection, side, this.tracked.direction);
    if (after[side] === before[side] && after[`${side}Port`] === before[`${side}Port`]) return null;
    this.packet = after;
    const because =
      this.tracked.direction === 'reply'
        ? `the reply to ${printTuple(this.tracked.connection.original)} is translated back`
        : this.lot === null
          ? 'nat decided so'
          : `nat decided so; ${this.lot}`;
    this.push({ kind: 'rewrite', hook, table: 'nat', before, because });
    return null;
  }

  /** nf_nat_icmp_reply_translation: an error is translated as the packet that it is about, and what it quotes too. */
  private translateError(hook: Hook, table: Table): Outcome | null {
    if (this.tracked === null) return null;
    const { connection, direction } = this.tracked;
    if (table.chains.some(({ name }) => name === hook)) {
      this.push({
        kind: 'skip',
        hook,
        table: 'nat',
        because: 'this is an error about a connection that is known',
      });
    }
    const side = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'destination' : 'source';
    const { about } = this.packet;
    if (about === undefined || !rewrites(connection, side, direction)) return null;
    const before = this.packet;
    const target = rewrite(before, connection, side, direction);
    const other = side === 'source' ? 'destination' : 'source';
    const port = target[`${side}Port`];
    this.packet = {
      ...before,
      [side]: target[side],
      about: { ...about, [other]: target[side], ...(port === undefined ? {} : { [`${other}Port`]: port }) },
    };
    this.push({
      kind: 'rewrite',
      hook,
      table: 'nat',
      before,
      because: `what is sent about ${printTuple(connection.original)} is translated back`,
    });
    return null;
  }

  private whyNotAsked(side: 'source' | 'destination'): string | null {
    if (!this.isTracking)
      return `no rule of this ${this.family === 'v4' ? 'IPv4' : 'IPv6'} ruleset switches connection tracking on`;
    if (this.isUntracked) return 'conntrack does not track this packet';
    if (this.tracked === null) return 'conntrack holds this packet for INVALID';
    if (this.tracked.direction === 'reply')
      return 'this is a reply: nat rules are asked for the first packet of a connection';
    if (this.tracked.state !== 'NEW')
      return 'the connection is established: nat rules are asked for its first packet';
    if (!this.tracked.decided[side]) return null;
    return 'from' in this.packet && 'interface' in this.packet.from && this.packet.from.interface === 'lo'
      ? `the packet came back over lo with its conntrack entry, whose ${side} was decided on the way out`
      : `conntrack knows the connection, and its ${side} is decided`;
  }

  /** Null, or the outcome where the kernel's choice is not to be known. */
  private decide(side: 'source' | 'destination', choice: AddressChoice | null): Outcome | null {
    if (this.tracked === null) return null;
    const chosen =
      choice === null
        ? chooseNothing(this.connections, this.tracked, side)
        : choose(this.connections, this.tracked, choice);
    if (chosen.kind === 'unknown') return { kind: 'cannot tell', because: chosen.because };
    if (chosen.kind === 'none left') return { kind: 'dropped', because: chosen.because };
    this.lot = chosen.lot ?? null;
    const { connection } = chosen;
    this.tracked = { ...this.tracked, connection, decided: { ...this.tracked.decided, [side]: true } };
    return null;
  }

  private ask(name: Exclude<TableName, 'nat'>, hook: Hook, devices: Devices): Outcome | null {
    const table = this.table(name);
    if (table === undefined) return null;
    const passed = this.walk(table, hook, devices);
    return passed.kind === 'ended' ? passed.outcome : null;
  }

  private table(name: TableName): IndexedTable | undefined {
    return this.ruleset === undefined ? undefined : indexOf(this.ruleset).tables.get(name);
  }

  /** From a built-in chain through its user chains to a verdict. */
  private walk({ table, chains, loops, rulesOf }: IndexedTable, hook: Hook, devices: Devices): Passed {
    const base = chains.get(hook);
    if (base === undefined) return { kind: 'passed', choice: null };
    let situation = this.situation(table.name, hook, devices);
    this.push({ kind: 'table', hook, table: table.name, chain: base.name });
    const callers: { readonly chain: Chain; readonly next: number }[] = [];
    let chain = base;
    let rules = rulesOf(chain);
    let at = 0;
    for (;;) {
      const known = rules[at];
      if (known === undefined) {
        const caller = callers.pop();
        // A chain that was entered by goto ends for its callers, and at last for the built-in one.
        if (chain !== base) {
          const to = (caller?.chain ?? base).name;
          this.push({ kind: 'return', hook, table: table.name, chain: chain.name, to });
        }
        if (caller === undefined) return this.policy(table, base, hook);
        chain = caller.chain;
        rules = rulesOf(chain);
        at = caller.next;
        continue;
      }
      at++;
      const action = this.test(table, chain, at, known, situation);
      if (action === null) continue;
      if ('kind' in action) return { kind: 'ended', outcome: action };
      situation = this.situation(table.name, hook, devices);
      const { verdict } = action;
      switch (verdict.kind) {
        case 'continue':
          continue;
        case 'accept':
          return { kind: 'passed', choice: action.nat ?? null };
        case 'drop':
          return {
            kind: 'ended',
            outcome: {
              kind: 'dropped',
              because: `${nameRule(table, chain, at)} drops it${action.because === undefined ? '' : `: ${action.because}`}`,
            },
          };
        case 'reject':
          if (verdict.with === 'tcp-reset') this.close();
          return {
            kind: 'ended',
            outcome: {
              kind: 'rejected',
              with: verdict.with,
              because: `${nameRule(table, chain, at)} rejects it`,
            },
          };
        case 'return': {
          const caller = callers.pop();
          if (caller === undefined) return this.policy(table, base, hook);
          chain = caller.chain;
          rules = rulesOf(chain);
          at = caller.next;
          continue;
        }
        default: {
          const next = chains.get(verdict.chain);
          const broken = this.brokenJump(
            table,
            chain,
            at,
            verdict.chain,
            next,
            callers,
            loops.has(known.rule),
          );
          if (broken !== null || next === undefined) return { kind: 'ended', outcome: broken as Outcome };
          if (verdict.kind === 'jump') callers.push({ chain, next: at });
          chain = next;
          rules = rulesOf(chain);
          at = 0;
        }
      }
    }
  }

  private brokenJump(
    table: Table,
    chain: Chain,
    at: number,
    name: string,
    next: Chain | undefined,
    callers: readonly { readonly chain: Chain }[],
    isLoop: boolean,
  ): Outcome | null {
    const rule = nameRule(table, chain, at);
    if (next === undefined) {
      return {
        kind: 'cannot tell',
        because: `${rule} jumps to chain ${name}, which table ${table.name} does not have`,
      };
    }
    if (isLoop) {
      const path = [...callers.map((caller) => caller.chain.name), chain.name, name];
      return {
        kind: 'cannot tell',
        because: `${rule} belongs to a loop of chains (${path.join(', ')}); the kernel refuses such rules`,
      };
    }
    if (callers.length + 1 > deepest) {
      return {
        kind: 'cannot tell',
        because: `${rule} jumps ${callers.length + 1} chains deep; the kernel takes at most ${deepest}`,
      };
    }
    return null;
  }

  private policy(table: Table, base: Chain, hook: Hook): Passed {
    const verdict: Verdict = { kind: base.policy === 'DROP' ? 'drop' : 'accept' };
    this.push({ kind: 'policy', hook, table: table.name, chain: base.name, verdict });
    return verdict.kind === 'accept'
      ? { kind: 'passed', choice: null }
      : {
          kind: 'ended',
          outcome: { kind: 'dropped', because: `the policy of ${table.name} ${base.name} drops it` },
        };
  }

  /** One rule: what it does where it matches, null where it does not, an outcome where that cannot be told. */
  private test(
    table: Table,
    chain: Chain,
    position: number,
    known: KnownRule,
    situation: Situation,
  ): Action | Outcome | null {
    const { hook } = situation;
    const { matched: told, because: reason, failed } = judge(known, situation);
    const { packet } = this;
    // nearly all rules of a large ruleset come this way: one object, and nothing else
    if (told === false && failed !== undefined) {
      const { name } = table;
      this.events.push({
        kind: 'rule',
        hook,
        table: name,
        chain: chain.name,
        position,
        matched: false,
        because: reason,
        failed,
        packet,
      });
      return null;
    }
    const at = { hook, table: table.name, chain: chain.name, position };
    const question: Question | null = told === null ? { ...at, condition: failed?.condition ?? '' } : null;
    const matched = question === null ? told : this.answerTo(question);
    if (question !== null && matched === null) {
      this.events.push({ kind: 'rule', ...at, matched, because: reason, ...(failed && { failed }), packet });
      return { kind: 'cannot tell', because: `${nameRule(table, chain, position)}: ${reason}`, question };
    }
    const because =
      question === null ? reason : `${reason}; taken as ${matched === true ? 'a match' : 'no match'}`;
    if (matched !== true) {
      this.events.push({ kind: 'rule', ...at, matched: false, because, ...(failed && { failed }), packet });
      return null;
    }
    const action = act(known.rule, situation);
    if (action.packet !== undefined) this.packet = action.packet;
    const why = action.because === undefined ? because : `${because}; ${action.because}`;
    this.push({ kind: 'rule', ...at, matched: true, because: why, verdict: action.verdict });
    if (action.unknown !== undefined) {
      return { kind: 'cannot tell', because: `${nameRule(table, chain, position)}: ${action.unknown}` };
    }
    if (!this.wasTracked && this.zones === null && !this.isUntracked) {
      if (action.untracked === true) this.isUntracked = true;
      else if (action.zones !== undefined)
        this.zones = { original: action.zones.original ?? 0, reply: action.zones.reply ?? 0 };
    }
    if (action.socket !== undefined) this.assigned = action.socket;
    if (action.sets !== undefined) this.host = { ...this.host, sets: action.sets };
    if (action.connectionMark !== undefined && this.tracked !== null) {
      const connection = { ...this.tracked.connection, mark: action.connectionMark };
      this.tracked = { ...this.tracked, connection };
      this.keep(connection);
    }
    return action;
  }

  private answerTo(question: Question): boolean | null {
    const { table, chain, position } = question;
    const answer = this.answers.find(
      (one) => one.table === table && one.chain === chain && one.position === position,
    );
    return answer?.matches ?? null;
  }

  private situation(table: TableName, hook: Hook, devices: Devices): Situation {
    const { tracked } = this;
    const isTemplate = this.zones !== null && !this.wasTracked;
    const entry = isTemplate ? this.template() : (tracked?.connection ?? null);
    const state = isTemplate ? 'NEW' : (tracked?.state ?? (this.wasTracked ? 'INVALID' : null));
    return {
      family: this.family,
      hook,
      table,
      ...devices,
      packet: this.packet,
      source: addressValue(this.packet.source),
      destination: addressValue(this.packet.destination),
      isLocal: this.isLocal,
      isReturning: this.isReturning,
      state: this.isUntracked ? 'UNTRACKED' : state,
      direction: isTemplate ? 'original' : (tracked?.direction ?? null),
      connection: entry,
      isConfirmed: isTemplate || (tracked?.confirmed ?? false),
      socket: this.socket,
      ...(this.assigned ? { assigned: this.assigned } : {}),
      host: this.host,
    };
  }

  /** Between a CT rule and conntrack itself the packet carries an empty entry that only knows its zone (xt_ct_tg_check). */
  private template(): Connection {
    const nowhere = this.family === 'v4' ? '0.0.0.0' : '::';
    const tuple = { protocol: '0', source: nowhere, destination: nowhere };
    return { original: tuple, reply: tuple, seenReply: false, mark: 0, zone: this.zones?.original ?? 0 };
  }

  private push(event: WithoutPacket<Event>): void {
    this.events.push({ ...event, packet: this.packet } as Event);
  }
}

type WithoutPacket<E> = E extends unknown ? Omit<E, 'packet'> : never;

function act({ target }: Rule, situation: Situation): Action {
  if (target === null) return { verdict: { kind: 'continue' } };
  if (target.kind === 'chain')
    return { verdict: { kind: target.goto ? 'goto' : 'jump', chain: target.chain } };
  const extension = knownTarget(target.name, situation.family)?.extension;
  if (extension === undefined) {
    return { verdict: { kind: 'continue' }, unknown: `Sidetrack does not know the target ${target.name}` };
  }
  const { tables, hooks } = extension;
  if (tables?.includes(situation.table) === false || hooks?.includes(situation.hook) === false) {
    const where = [...(tables ?? []), ...(hooks ?? [])].join(', ');
    return { verdict: { kind: 'continue' }, unknown: `the kernel takes ${target.name} only in ${where}` };
  }
  return extension.act(target.options, situation);
}

function deviceOf(decision: Exclude<Decision, { readonly kind: 'unreachable' }>): string {
  return decision.kind === 'local' ? 'lo' : decision.dev;
}

/** ipt_mangle_out and ip6t_mangle_out look the route up again when one of these changed. */
function steersElsewhere(family: Family, before: Packet, after: Packet): boolean {
  return (
    before.source !== after.source ||
    before.destination !== after.destination ||
    (before.mark ?? 0) !== (after.mark ?? 0) ||
    (before.tos ?? 0) !== (after.tos ?? 0) ||
    (family === 'v6' && (before.ttl ?? 64) !== (after.ttl ?? 64))
  );
}

function nameRule(table: Table, chain: Chain, position: number): string {
  return `${table.name} ${chain.name} ${position}`;
}
