/**
 * Which packets come to a rule and match it, for every rule of a ruleset alone, chain by chain: of the host nothing is known,
 * neither its addresses nor its routes. And the rules that no packet matches, on whatever host.
 *
 * The answer errs on one side: a rule that is called unmatchable can match nothing, whatever the packet. Where conditions
 * hang together in a way that only the kernel knows, or the sets grow too large, a rule counts as alive.
 */
import {
  builtInChains,
  type Chain,
  findChain,
  type Hook,
  type Rule,
  type Ruleset,
  type TableName,
  targetExtensions,
} from '../../netfilter/index.ts';
import { type Box, everything, meet, none, subtract } from './packet-set.ts';
import { acceptedBy, type Interfaces, interfacesOf } from './rule-conditions.ts';

export interface ReachedRule {
  readonly table: TableName;
  readonly chain: string;
  readonly position: number;
  /** The packets that match it, as they enter their hook; empty for a rule that can match nothing. */
  readonly packets: readonly Box[];
  /** The hooks by which they come. */
  readonly hooks: readonly Hook[];
  /** The first positions in the same chain that take away what it would match. */
  readonly coveredBy: readonly number[];
}

/** More boxes than these are not told apart any more: the rest of a chain counts as reached by all. */
const mostBoxes = 256;
/** A walk over more rules than these is given up. */
const mostVisits = 200_000;
/** Boxes are not told apart any more once so many have been compared. */
const mostMeetings = 500_000;
/** Rules behind so many are not told what covers them. */
const mostCovering = 100_000;
/** More rules that cover one are not named. */
const mostCoveringOne = 8;

const terminal: ReadonlySet<string> = new Set(
  targetExtensions
    .map(({ name }) => name)
    .filter((name) =>
      /^(ACCEPT|DROP|REJECT|REDIRECT|DNAT|SNAT|MASQUERADE|NETMAP|TPROXY|QUEUE|NFQUEUE)$/.test(name),
    ),
);

/** Every rule of the chains that packets come to, in the order of the ruleset. Null where there are too many. */
export function reachedRules(ruleset: Ruleset): readonly ReachedRule[] | null {
  const walk = new Walk(ruleset);
  for (const table of ruleset.tables) {
    for (const hook of builtInChains[table.name]) {
      const chain = findChain(ruleset, table.name, hook);
      if (chain !== undefined) walk.chain(table.name, hook, chain, [entering(hook)], 0);
      if (walk.visits > mostVisits) return null;
    }
  }
  return walk.reached();
}

/** The rules that no packet can match. Null where there are too many rules to say. */
export function unmatchable(ruleset: Ruleset): readonly ReachedRule[] | null {
  return reachedRules(ruleset)?.filter(({ packets }) => packets.length === 0) ?? null;
}

function entering(hook: Hook): Box {
  const absent = [[none, none]] as const;
  switch (hook) {
    case 'OUTPUT':
      return new Map([['-i', absent]]);
    case 'PREROUTING':
    case 'INPUT':
      return new Map([
        ['-o', absent],
        ['uid', absent],
        ['gid', absent],
      ]);
    default:
      return everything;
  }
}

interface Visited {
  readonly packets: Box[];
  readonly hooks: Set<Hook>;
}

class Walk {
  visits = 0;
  private readonly ruleset: Ruleset;
  private readonly interfaces: Interfaces;
  private readonly visited = new Map<Rule, Visited>();
  private readonly known = new Map<Rule, ReturnType<typeof acceptedBy>>();
  private meetings = 0;
  private covered = 0;

  constructor(ruleset: Ruleset) {
    this.ruleset = ruleset;
    this.interfaces = interfacesOf(
      ruleset.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules)),
    );
  }

  /** Walks a chain with these packets and answers with those that leave it without a verdict. */
  chain(table: TableName, hook: Hook, chain: Chain, entering: readonly Box[], depth: number): readonly Box[] {
    let packets = entering;
    const returned: Box[] = [];
    // A loop is an error of the ruleset, which is said elsewhere.
    if (depth > 16) return [];
    for (const rule of chain.rules) {
      if (packets.length === 0) break;
      if (++this.visits > mostVisits) return [];
      const accepted = this.acceptedBy(rule);
      this.meetings += packets.length;
      if (this.meetings > mostMeetings && packets.length > 1) packets = [everything];
      const matched = accepted === undefined ? packets : accepted === null ? [] : both(packets, accepted);
      this.note(rule, hook, matched);
      if (accepted === undefined || accepted === null || matched.length === 0) continue;
      const { target } = rule;
      if (target === null) continue;
      if (target.kind === 'extension') {
        if (target.name === 'RETURN') returned.push(...matched);
        else if (!terminal.has(target.name)) continue;
        packets = without(packets, accepted);
        continue;
      }
      const called = findChain(this.ruleset, table, target.chain);
      if (called === undefined) continue;
      const back = this.chain(table, hook, called, matched, depth + 1);
      const rest = without(packets, accepted);
      if (target.goto) {
        returned.push(...back);
        packets = rest;
      } else packets = few([...rest, ...back]);
    }
    return few([...packets, ...returned]);
  }

  private acceptedBy(rule: Rule): ReturnType<typeof acceptedBy> {
    if (this.known.has(rule)) return this.known.get(rule);
    const accepted = acceptedBy(rule, this.interfaces);
    this.known.set(rule, accepted);
    return accepted;
  }

  private note(rule: Rule, hook: Hook, matched: readonly Box[]): void {
    const before = this.visited.get(rule) ?? { packets: [], hooks: new Set<Hook>() };
    if (matched.length > 0) {
      before.hooks.add(hook);
      if (before.packets.length < 8) before.packets.push(...matched.slice(0, 8));
    }
    this.visited.set(rule, before);
  }

  reached(): readonly ReachedRule[] {
    return this.ruleset.tables.flatMap(({ name, chains }) =>
      chains.flatMap((chain) =>
        chain.rules.map((rule, index): ReachedRule => {
          const seen = this.visited.get(rule);
          const packets = seen?.packets ?? [];
          return {
            table: name,
            chain: chain.name,
            position: index + 1,
            packets,
            hooks: [...(seen?.hooks ?? [])],
            coveredBy: packets.length > 0 ? [] : this.covering(chain, index),
          };
        }),
      ),
    );
  }

  private covering({ rules }: Chain, at: number): readonly number[] {
    const own = this.acceptedBy(rules[at] as Rule);
    if (own === undefined || own === null) return [];
    const found: number[] = [];
    for (let index = 0; index < at && found.length < mostCoveringOne; index++) {
      if (++this.covered > mostCovering) break;
      const rule = rules[index] as Rule;
      const accepted = isFinal(rule) ? this.acceptedBy(rule) : null;
      if (accepted !== null && accepted !== undefined && meet(own, accepted) !== null) found.push(index + 1);
    }
    return found;
  }
}

function isFinal({ target }: Rule): boolean {
  return (
    target !== null && (target.kind === 'chain' || target.name === 'RETURN' || terminal.has(target.name))
  );
}

function both(packets: readonly Box[], accepted: Box): readonly Box[] {
  return packets.flatMap((box) => {
    const met = meet(box, accepted);
    return met === null ? [] : [met];
  });
}

/** Leaves the packets as they are where cutting would make too many pieces: more is alive then, never less. */
function without(packets: readonly Box[], accepted: Box): readonly Box[] {
  if (packets.length > mostBoxes) return packets;
  return packets.flatMap((box) => subtract(box, accepted));
}

function few(packets: readonly Box[]): readonly Box[] {
  return packets.length > 4 * mostBoxes ? [everything] : packets;
}
