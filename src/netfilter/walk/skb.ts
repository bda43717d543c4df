/**
 * A packet under way, with all that the kernel carries along with it (struct sk_buff): its conntrack entry, its
 * socket, its route; and what has happened to it so far.
 */
import type { Action } from '../iptables/extension.ts';
import type { Situation } from '../iptables/situation.ts';
import { withLoopback } from '../kernel/routing.ts';
import { familyOf } from '../model/address.ts';
import type { Answer, Event } from '../model/event.ts';
import type { Host, Socket } from '../model/host.ts';
import type { Owner, Packet } from '../model/packet.ts';
import { packetAddress } from '../model/packet-address/index.ts';
import type { Family, Hook, TableName, TableRef } from '../model/ruleset.ts';
import type { NftTable } from '../nftables/model.ts';
import type { HookEntry } from './hook-entry.ts';
import type { Way } from './output-route.ts';
import type { Passed } from './passed.ts';
import { type IndexedTable, indexOf } from './ruleset-index.ts';
import type { HookState, WithoutPacket } from './step.ts';
import { TableWalk, untouched } from './table-walk.ts';
import { Tracking } from './tracking.ts';

export type { HookState, StepEnd } from './step.ts';

export class Skb {
  readonly events: Event[] = [];
  readonly family: Family;
  readonly tracking: Tracking;
  /** What a reader has said about rules that depend on what was not told. */
  readonly answers: readonly Answer[];
  /** As it is by now: a target may change the members of its sets. */
  host: Host;
  packet: Packet;
  /** The route that it leaves by: what changes behind OUTPUT does not move it. */
  way: Way | null = null;
  /** What TPROXY handed the packet to; undefined where it did not. */
  assigned: Socket | null | undefined;
  /** What it left, or none that a rule may see. */
  socket: Owner | 'control socket' | null;
  /** The destination that it came with, whatever became of it. */
  readonly arrived: string;
  private readonly isLocal: boolean;
  /** It came back in over lo. */
  isReturning = false;

  /** Throws a TypeError where an address of the packet is none. */
  constructor(host: Host, packet: Packet, answers: readonly Answer[]) {
    this.answers = answers;
    this.host = withLoopback(host);
    this.packet = packet;
    this.arrived = packet.destination;
    this.family = familyOf(packet.destination);
    this.tracking = new Tracking(host, this.family);
    const { from } = packet;
    this.isLocal = !('interface' in from);
    this.socket =
      'uid' in from ? from : 'kernel' in from && from.kernel === 'control socket' ? from.kernel : null;
    packetAddress(packet.source);
    packetAddress(packet.destination);
  }

  /** The packet comes in again, over lo: with its mark and its conntrack entry, without its socket. */
  comesBack(device: string): void {
    this.socket = null;
    this.isReturning = true;
    this.packet = { ...this.packet, from: { interface: device } };
    this.tracking.comesBack(device);
  }

  table(name: TableName): IndexedTable | undefined {
    const ruleset = this.host.rulesets[this.family];
    return ruleset === undefined ? undefined : indexOf(ruleset).tables.get(name);
  }

  /** The packet comes to a table; one that the ruleset does not have, or not at this hook, changes nothing. */
  pass(name: TableName, at: HookState): Passed {
    const indexed = this.table(name);
    const base = indexed?.chains.get(at.hook);
    return indexed && base ? new TableWalk(this, indexed, base, at).passed() : untouched;
  }

  /** What of a hook's list is asked. */
  asked(order: readonly HookEntry[], _hook: Hook): readonly HookEntry[] {
    return order;
  }

  come(at: HookState): void {
    this.push({ kind: 'hook', ...at });
  }

  /** What a rule of a table sees at a hook. */
  situation(table: TableRef, at: HookState): Situation {
    const { packet, assigned } = this;
    return {
      ...at,
      ...this.tracking.seen(),
      family: this.family,
      table,
      packet,
      source: packetAddress(packet.source),
      destination: packetAddress(packet.destination),
      isLocal: this.isLocal,
      isReturning: this.isReturning,
      socket: this.socket,
      ...(assigned ? { assigned } : {}),
      host: this.host,
    };
  }

  /** What a target of a matched rule does, but for its verdict and what it chooses for NAT. */
  heed(action: Action): void {
    this.tracking.heed(action);
    if (action.socket !== undefined) this.assigned = action.socket;
    if (action.sets !== undefined) this.host = { ...this.host, sets: action.sets };
  }

  /** A rule of nft put something into a set of its table, or took it out. */
  changeTable(table: NftTable): void {
    const { rulesets } = this.host;
    const tables = (rulesets.nft?.tables ?? []).map((one) =>
      one.family === table.family && one.name === table.name ? table : one,
    );
    this.host = { ...this.host, rulesets: { ...rulesets, nft: { tables } } };
  }

  push(event: WithoutPacket<Event>): void {
    this.events.push({ ...event, packet: this.packet } as Event);
  }
}
