/**
 * How a packet ends, without why: for many packets at once. `traverse` explains, and is what this is held to: the outcome
 * is the same.
 */
import { addressValue } from '../model/address.ts';
import type { Event, Outcome } from '../model/event.ts';
import type { Host } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';
import type { Chain, TableName } from '../model/ruleset.ts';
import { type ChainIndex, chainIndex, placesFor } from './chain-index.ts';
import type { KnownRule } from './evaluate.ts';
import type { IndexedTable } from './ruleset-index.ts';
import { Skb } from './skb.ts';
import { traverse, walk } from './traverse.ts';

export interface Decided {
  readonly outcome: Outcome;
  /** As it is at its end. */
  readonly packet: Packet;
}

/** The outcome of `traverse` for the same packet, found faster. */
export function decide(host: Host, packet: Packet): Decided {
  const skb = new DecidingSkb(host, packet);
  const outcome = skb.placed(walk(skb));
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

/** What is known of a chain, found once for all packets. */
interface KnownChain {
  readonly chain: Chain;
  readonly index: ChainIndex;
  readonly rules: readonly KnownRule[];
}

/** A chain as one packet meets it: only the rules that it may match. */
interface MetChain extends Chain {
  readonly met: readonly KnownRule[];
}

const known = new WeakMap<IndexedTable, ReadonlyMap<string, KnownChain>>();

class DecidingSkb extends Skb {
  override readonly events = new Unkept() as unknown as Event[];
  private readonly tables = new Map<TableName, IndexedTable>();
  /** By table and chain, which rules of it were asked. */
  private readonly places = new Map<string, readonly number[]>();

  constructor(host: Host, packet: Packet) {
    super(host, packet, []);
  }

  override table(name: TableName): IndexedTable | undefined {
    const made = this.tables.get(name);
    if (made !== undefined) return made;
    const indexed = super.table(name);
    if (indexed === undefined) return undefined;
    const long = longChains(indexed, this.family);
    const own = long.size === 0 ? indexed : this.deciding(indexed, long);
    this.tables.set(name, own);
    return own;
  }

  private deciding(indexed: IndexedTable, long: ReadonlyMap<string, KnownChain>): IndexedTable {
    const { chains, rulesOf, table } = indexed;
    const found = (name: string) => {
      const one = long.get(name);
      return one === undefined ? chains.get(name) : this.met(table.name, one);
    };
    return {
      ...indexed,
      chains: { get: found, has: (name) => chains.has(name) },
      rulesOf: (chain) => ('met' in chain ? (chain as MetChain).met : rulesOf(chain)),
    };
  }

  private met(table: TableName, { chain, index, rules }: KnownChain): MetChain {
    const places = placesFor(index, this.valueOfField(index.field));
    this.places.set(`${table} ${chain.name}`, places);
    // What is left out counts as asked: a walk that may be too long is put to the engine that explains.
    this.events.length += rules.length - places.length;
    return { ...chain, met: places.map((at) => rules[at] as KnownRule) };
  }

  private valueOfField(field: ChainIndex['field']): bigint | null {
    const value = this.packet[field];
    if (value === undefined) return null;
    return typeof value === 'number' ? BigInt(value) : addressValue(value);
  }

  /** With the positions that the rules have in their chains. */
  placed(outcome: Outcome): Outcome {
    if (!('reason' in outcome) || !('position' in outcome.reason)) return outcome;
    const { table, chain, position } = outcome.reason;
    const at = this.places.get(`${table} ${chain}`)?.[position - 1];
    if (at === undefined) return outcome;
    const reason = { ...outcome.reason, position: at + 1 };
    const question = 'question' in outcome && outcome.question !== undefined ? outcome.question : null;
    return {
      ...outcome,
      reason,
      ...(question === null ? {} : { question: { ...question, position: at + 1 } }),
    } as Outcome;
  }
}

function longChains(indexed: IndexedTable, family: DecidingSkb['family']): ReadonlyMap<string, KnownChain> {
  const made = known.get(indexed);
  if (made !== undefined) return made;
  const long = new Map<string, KnownChain>();
  for (const chain of indexed.table.chains) {
    const index = chainIndex(chain.rules, family);
    if (index !== null) long.set(chain.name, { chain, index, rules: indexed.rulesOf(chain) });
  }
  known.set(indexed, long);
  return long;
}
