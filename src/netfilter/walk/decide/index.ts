/**
 * How a packet ends, without why: for many packets at once. `traverse` explains, and is what this is held to: the outcome
 * is the same.
 */
import type { Event, Outcome } from '../../model/event.ts';
import type { Host } from '../../model/host.ts';
import type { Packet } from '../../model/packet.ts';
import type { Hook, TableName } from '../../model/ruleset.ts';
import type { HookEntry } from '../hook-entry.ts';
import type { Passed } from '../passed.ts';
import { type HookState, Skb } from '../skb.ts';
import { untouched } from '../table-walk.ts';
import { traverse, walk } from '../traverse.ts';
import { DecidingWalk } from './deciding-walk.ts';
import { type Numbers, packetNumbers } from './numbers.ts';
import { programOf, type RulesetProgram } from './program.ts';

export interface Decided {
  readonly outcome: Outcome;
  /** As it is at its end. */
  readonly packet: Packet;
}

/** The outcome of `traverse` for the same packet, found faster. */
export function decide(host: Host, packet: Packet): Decided {
  const skb = new DecidingSkb(host, packet);
  const outcome = walk(skb);
  // How long a walk was is counted by what was asked of it, which is not known here.
  const isTooLong = 'reason' in outcome && outcome.reason.code === 'too many events';
  return { outcome: isTooLong ? traverse(host, packet).outcome : outcome, packet: skb.packet };
}

/** Counts, and keeps nothing. */
class Unkept {
  length = 0;

  push(): number {
    return ++this.length;
  }

  at(): undefined {
    return undefined;
  }

  *[Symbol.iterator](): Generator<Event> {}
}

class DecidingSkb extends Skb {
  override readonly events = new Unkept() as unknown as Event[];
  private seen: { readonly packet: Packet; readonly numbers: Numbers } | null = null;

  private readonly program: RulesetProgram | null;

  constructor(host: Host, packet: Packet) {
    super(host, packet, []);
    const ruleset = host.rulesets[this.family];
    this.program = ruleset === undefined ? null : programOf(ruleset);
  }

  override pass(name: TableName, at: HookState): Passed {
    const program = this.program?.tables.get(name);
    const base = program?.base(at.hook) ?? null;
    return program === undefined || base === null
      ? untouched
      : new DecidingWalk(this, this.numbers(), program, base, at).passed();
  }

  /** But the tables that have nothing to say there. */
  override asked(order: readonly HookEntry[], hook: Hook): readonly HookEntry[] {
    const { host, program } = this;
    if (program === null || host.rulesets.nft !== undefined) return order;
    const { tables, orders } = program;
    const made = orders.get(order);
    if (made !== undefined) return made;
    const fresh = order.filter(({ asks }) => asks.kind !== 'table' || tables.get(asks.table)?.base(hook));
    orders.set(order, fresh);
    return fresh;
  }

  override come(): void {
    this.events.length++;
  }

  override push(): void {
    this.events.length++;
  }

  /** What of the packet is a number, as it is by now. */
  private numbers(): Numbers {
    const { packet, family } = this;
    const seen =
      this.seen?.packet === packet ? this.seen : { packet, numbers: packetNumbers(packet, family) };
    this.seen = seen;
    return seen.numbers;
  }
}
