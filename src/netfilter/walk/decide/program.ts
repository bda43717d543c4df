/**
 * A table as numbers, so that what a packet is asked lies close together: a dump has tens of thousands of rules, and most
 * of the time of a packet would go by with waiting for memory. A chain is put in when the first packet comes to it.
 */
import { knownTarget } from '../../iptables/catalogue.ts';
import type { Action } from '../../iptables/extension.ts';
import type { Interval } from '../../model/address.ts';
import type { Chain, Family, Hook, Rule, Ruleset, TableName } from '../../model/ruleset.ts';
import { type KnownRule, knownRule } from '../evaluate.ts';
import type { HookEntry } from '../hook-entry.ts';
import { type IndexedTable, indexOf } from '../ruleset-index.ts';
import { type NumericCondition, numericConditions } from './conditions.ts';
import { type Numbers, numberedFields } from './numbers.ts';

/** Behind the last rule of every chain. */
export const noRule = 0x7fffffff;

/** What a rule does that matches, where that is not a jump to the chain of that number. */
export const does = { nothing: -1, returns: -2, accepts: -3, other: -4 } as const;

/** A chain by the numbers of its rules, which are counted through the table. */
export interface NumberedChain {
  readonly chain: Chain;
  readonly first: number;
  readonly end: number;
  readonly index: ChainIndex | null;
}

/**
 * Which rules of a long chain a packet may match, by the field that most of them ask for one value of. A rule that is
 * left out asks for another value, and fails whatever else it asks.
 */
interface ChainIndex {
  readonly place: number;
  /** The first rule that asks for the value; the next one that does is `next` of that. */
  readonly heads: ReadonlyMap<number, number>;
  /** Those that have to be asked of every packet. */
  readonly others: Int32Array;
}

/** A rule of which the numbers do not decide all. */
export class OtherRule implements KnownRule {
  readonly rule: Rule;
  /** They decide whether it matches. */
  readonly isWhole: boolean;
  /** What its target does to every packet, where its hooks are; null: that depends on the packet. */
  readonly action: ConstantAction | null;
  private readonly family: Family;
  private explained: KnownRule | null = null;

  constructor(rule: Rule, isWhole: boolean, action: ConstantAction | null, family: Family) {
    this.rule = rule;
    this.isWhole = isWhole;
    this.action = action;
    this.family = family;
  }

  get matches(): KnownRule['matches'] {
    return this.known().matches;
  }

  get first(): KnownRule['first'] {
    return this.known().first;
  }

  private known(): KnownRule {
    this.explained ??= knownRule(this.rule, this.family);
    return this.explained;
  }
}

type ConstantAction = Action & { readonly hooks?: readonly Hook[] };

/** Shorter chains are asked rule by rule. */
const shortest = 8;

export class TableProgram {
  readonly table: IndexedTable;
  private readonly family: Family;
  private readonly numberOf: ReadonlyMap<string, number>;
  private readonly chains: (NumberedChain | undefined)[] = [];
  private readonly bases = new Map<Hook, NumberedChain | null>();
  private readonly others: (OtherRule | undefined)[] = [];
  private count = 0;
  /** Of each rule: what it does, and the next that asks its chain's index for the same value. */
  private does = new Int32Array(64);
  private next = new Int32Array(64);
  /** Of each rule where its conditions begin; four numbers for each of them. */
  private from = new Int32Array(65);
  private conditions = new Uint32Array(512);

  constructor(table: IndexedTable, family: Family) {
    this.table = table;
    this.family = family;
    this.numberOf = new Map(table.table.chains.map(({ name }, number) => [name, number]));
  }

  /** Of a chain that the table has. */
  chainNamed(name: string): NumberedChain {
    return this.chain(this.numberOf.get(name) as number);
  }

  chain(number: number): NumberedChain {
    return this.chains[number] ?? this.enter(number);
  }

  doneBy(rule: number): number {
    return this.does[rule] as number;
  }

  nextLike(rule: number): number {
    return this.next[rule] as number;
  }

  /** The chain of a hook; null where a packet comes out of it as it came in. */
  base(hook: Hook): NumberedChain | null {
    const made = this.bases.get(hook);
    if (made !== undefined) return made;
    const chain = this.table.chains.get(hook);
    const isIdle = chain === undefined || (chain.rules.length === 0 && chain.policy !== 'DROP');
    const base = isIdle ? null : this.chainNamed(hook);
    this.bases.set(hook, base);
    return base;
  }

  /** False where the numbers of a packet are not as the rule asks. */
  mayMatch(rule: number, numbers: Numbers): boolean {
    const { conditions } = this;
    const end = this.from[rule + 1] as number;
    for (let at = this.from[rule] as number; at < end; at += 4) {
      const number = numbers[conditions[at] as number] as number;
      const isWithin = number >= (conditions[at + 1] as number) && number <= (conditions[at + 2] as number);
      if (isWithin === (conditions[at + 3] === 1)) return false;
    }
    return true;
  }

  /** A rule of that chain. */
  other({ chain, first }: NumberedChain, number: number): OtherRule {
    const made = this.others[number];
    if (made !== undefined) return made;
    const rule = chain.rules[number - first] as Rule;
    const { isWhole } = numericConditions(rule, this.family);
    const fresh = new OtherRule(rule, isWhole, this.constantAction(rule), this.family);
    this.others[number] = fresh;
    return fresh;
  }

  private constantAction({ target }: Rule): ConstantAction | null {
    if (target === null) return { verdict: { kind: 'continue' } };
    if (target.kind === 'chain')
      return { verdict: { kind: target.goto ? 'goto' : 'jump', chain: target.chain } };
    const taken = knownTarget(target.name, this.family)?.extension;
    // one that does not take the situation does the same in each
    if (taken === undefined || taken.act.length > 1) return null;
    const action = taken.act(target.options, undefined as never);
    const isInPlace = taken.tables?.includes(this.table.table.name) !== false;
    if (!isInPlace || action.unknown !== undefined) return null;
    const { hooks } = taken;
    return { ...near(action), ...(hooks === undefined ? {} : { hooks }) };
  }

  private enter(number: number): NumberedChain {
    const chain = this.table.table.chains[number] as Chain;
    const first = this.count;
    const numeric = chain.rules.map((rule) => this.add(rule));
    const made = { chain, first, end: this.count, index: this.indexed(first, numeric) };
    this.chains[number] = made;
    return made;
  }

  private add(rule: Rule): readonly NumericCondition[] {
    const { numeric, isWhole } = numericConditions(rule, this.family);
    const number = this.count++;
    const from = this.from[number] as number;
    const end = from + 4 * numeric.length;
    while (this.count > this.does.length) {
      this.does = longer(this.does);
      this.next = longer(this.next);
    }
    if (this.count >= this.from.length) this.from = longer(this.from);
    while (end > this.conditions.length) this.conditions = longer(this.conditions);
    this.conditions.set(numeric.flat(), from);
    this.from[this.count] = end;
    this.does[number] = isWhole ? this.whatIsDone(rule) : does.other;
    return numeric;
  }

  private whatIsDone(rule: Rule): number {
    const { target } = rule;
    if (target === null) return does.nothing;
    if (target.kind === 'extension')
      return target.name === 'RETURN' ? does.returns : target.name === 'ACCEPT' ? does.accepts : does.other;
    const isPlain = !target.goto && !this.table.loops.has(rule);
    return (isPlain ? this.numberOf.get(target.chain) : undefined) ?? does.other;
  }

  private indexed(first: number, rules: readonly (readonly NumericCondition[])[]): ChainIndex | null {
    if (rules.length < shortest) return null;
    const fields = ['destination', 'source', 'destinationPort'] as const;
    const values = fields.map((field) => {
      const place = numberedFields.indexOf(field);
      const asked = rules.map((conditions) => valueAskedFor(place, conditions));
      return { place, asked, others: asked.filter((value) => value === null).length };
    });
    const best = values.reduce((one, other) => (other.others < one.others ? other : one));
    // it would spare little
    if (best.others * 2 > rules.length) return null;
    const heads = new Map<number, number>();
    const others: number[] = [];
    for (let at = rules.length - 1; at >= 0; at--) {
      const value = best.asked[at];
      if (value === null || value === undefined) others.unshift(first + at);
      else {
        this.next[first + at] = heads.get(value) ?? noRule;
        heads.set(value, first + at);
      }
    }
    return { place: best.place, heads, others: Int32Array.from(others) };
  }
}

const accept = { kind: 'accept' } as const;

/** Its parts made anew, one after the other, so that they lie side by side. */
function near(action: Action): Action {
  const { nat, verdict } = action;
  if (nat === undefined) return action;
  const { addresses, ports } = nat;
  return {
    ...action,
    verdict: verdict.kind === 'accept' ? accept : verdict,
    nat: {
      ...nat,
      ...(addresses === undefined ? {} : { addresses: nearInterval(addresses) }),
      ...(ports === undefined ? {} : { ports: [ports[0], ports[1]] }),
    },
  };
}

/** Of one address the same number twice: they are compared at a glance. */
function nearInterval([first, last]: Interval): Interval {
  const again = BigInt(String(first));
  return [again, first === last ? again : BigInt(String(last))];
}

function longer<Numbers extends Int32Array | Uint32Array>(numbers: Numbers): Numbers {
  const made = new (numbers.constructor as new (length: number) => Numbers)(2 * numbers.length);
  made.set(numbers);
  return made;
}

/** The one value that a rule asks for; null where it takes several, or all but some. */
function valueAskedFor(place: number, conditions: readonly NumericCondition[]): number | null {
  const found = conditions.find(
    ([field, first, last, isNegated]) => field === place && first === last && isNegated === 0,
  );
  return found?.[1] ?? null;
}

export interface RulesetProgram {
  readonly tables: ReadonlyMap<TableName, TableProgram>;
  /** By a hook's list, where no nft is: what it has but for the tables that have nothing to say; put in by who asks. */
  readonly orders: Map<readonly HookEntry[], readonly HookEntry[]>;
}

const programs = new WeakMap<Ruleset, RulesetProgram>();

/** Made once for each ruleset. */
export function programOf(ruleset: Ruleset): RulesetProgram {
  const made = programs.get(ruleset);
  if (made !== undefined) return made;
  const { tables } = indexOf(ruleset);
  const fresh = {
    tables: new Map([...tables].map(([name, table]) => [name, new TableProgram(table, ruleset.family)])),
    orders: new Map(),
  };
  programs.set(ruleset, fresh);
  return fresh;
}
