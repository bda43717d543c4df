/**
 * A ruleset while its text is read: tables and chains as they are named so far, and the jumps of which only the end
 * of the text shows whether there is such a chain.
 */
import { findLoops } from '../model/loops/index.ts';
import type { ProblemDetails } from '../model/problem.ts';
import {
  type Chain,
  type Counters,
  isBuiltIn,
  type Option,
  type Rule,
  type Table,
  type TableName,
  tableNames,
} from '../model/ruleset.ts';
import { nearest } from '../text/spelling/index.ts';
import { mostPassed } from './limits.ts';
import type { Line, LineReading } from './line.ts';
import type { Jump, ReadRule } from './read-rule.ts';
import { targetExtensions } from './targets/index.ts';
import { Unreadable } from './unreadable.ts';

export interface OpenChain {
  readonly name: string;
  policy: 'ACCEPT' | 'DROP' | null;
  counters: Counters | undefined;
  rules: OpenRule[];
  /** Where it was first named without having been made; null once it has been. */
  namedAt: { readonly line: number; readonly column: number } | null;
}

export type OpenRule = { -readonly [field in keyof Rule]: Rule[field] };

/** Where in a chain rules are put, and how many of those that are there they take the place of. */
export interface ChainPlace {
  readonly at: number;
  readonly drops: number;
}

/** A rule that goes to a name which was no chain yet, nor a target known here. */
interface Pending {
  readonly rule: OpenRule;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly options: readonly Option[];
}

interface OpenTable {
  readonly name: TableName;
  readonly chains: Map<string, OpenChain>;
  readonly pending: Pending[];
}

export class OpenRuleset {
  readonly problems: (ProblemDetails & { readonly line: number; readonly column: number })[] = [];
  private readonly line: Line;
  private readonly tables = new Map<TableName, OpenTable>();
  /** The table that the next line is about; it comes to be with its first chain. */
  private name: TableName = 'filter';
  private open: OpenTable | null = null;
  /** Names looked up for a suggestion; each costs the length of all names. */
  private suggestions = 50;
  private passed = 0;

  constructor(line: Line) {
    this.line = line;
  }

  /** What becomes of the line: where its reader finds that it cannot be read, that is a problem. */
  attempt(read: () => LineReading): LineReading {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.problems.push({ line: this.line.number, ...error.found });
      return 'unread';
    }
  }

  /** The table of this name, which is a part of a word of the line. */
  openTable(text: string, word: number, shift: number): void {
    const name = tableNames.find((one) => one === text);
    if (name !== undefined) {
      this.setTable(name);
      return;
    }
    // The rules behind it are most likely those of the table that was meant.
    const readAs = (nearest(text, tableNames) ?? this.name) as TableName;
    this.setTable(readAs);
    throw this.line.unreadable(
      word,
      {
        code: 'table unknown',
        table: text,
        meant: this.suggest(text, tableNames),
        readAs,
      },
      shift,
    );
  }

  /** A command without -t is about filter, whatever the one before it was about. */
  leaveTable(): void {
    this.name = 'filter';
    this.open = null;
  }

  private setTable(name: TableName): OpenTable {
    const table = this.tables.get(name) ?? { name, chains: new Map<string, OpenChain>(), pending: [] };
    this.tables.set(name, table);
    this.name = name;
    this.open = table;
    return table;
  }

  get table(): OpenTable {
    return this.open ?? this.setTable(this.name);
  }

  /** Makes the chain; one that is there, named by a rule or made before, stays as it is. */
  makeChain(name: string, word: number, shift = 0): OpenChain {
    const chain = this.table.chains.get(name) ?? this.newChain(name, word, shift);
    chain.namedAt = null;
    return chain;
  }

  /** The chain that a rule is for; if it is not there, it begins now, and is a problem unless it is made later. */
  chain(name: string, word: number): OpenChain {
    const { table } = this;
    const found = table.chains.get(name);
    if (found !== undefined) return found;
    const chain = this.newChain(name, word, 0);
    if (!isBuiltIn(table.name, name))
      chain.namedAt = { line: this.line.number, column: this.line.column(word) };
    return chain;
  }

  private newChain(name: string, word: number, shift: number): OpenChain {
    const { table } = this;
    // assert_valid_chain_name in iptables/xshared.c; XT_EXTENSION_MAXNAMELEN is 29 with the zero at the end.
    if (!/^[^-!\s"'\\][^\s"'\\]{0,27}$/.test(name)) {
      throw this.line.unreadable(word, { code: 'chain name not allowed', chain: name }, shift);
    }
    const chain: OpenChain = {
      name,
      policy: isBuiltIn(table.name, name) ? 'ACCEPT' : null,
      counters: undefined,
      rules: [],
      namedAt: null,
    };
    table.chains.set(name, chain);
    return chain;
  }

  /** A chain that is there already, or is there in every kernel. */
  existing(name: string, word: number): OpenChain {
    const { table } = this;
    const found = table.chains.get(name);
    if (found !== undefined) return found;
    if (isBuiltIn(table.name, name)) return this.chain(name, word);
    throw this.line.unreadable(word, {
      code: 'chain unknown',
      chain: name,
      table: table.name,
      meant: this.suggest(name, [...table.chains.keys()]),
    });
  }

  setPolicy(chain: OpenChain, policy: string, word: number): void {
    const builtIn = isBuiltIn(this.table.name, chain.name);
    if (builtIn && (policy === 'ACCEPT' || policy === 'DROP')) chain.policy = policy;
    else if (!(policy === '-' && !builtIn)) {
      throw this.line.unreadable(word, {
        code: 'policy not allowed',
        policy,
        chain: chain.name,
        isBuiltIn: builtIn,
      });
    }
  }

  /** Puts what was read of the line into a chain: at the end, or in its place. `source` is its text in `-A` form. */
  addRules(chain: OpenChain, read: ReadRule, source: () => string, place?: ChainPlace): void {
    for (const problem of read.problems) this.problems.push({ line: this.line.number, ...problem });
    for (const rule of read.rules as OpenRule[]) {
      if (!read.isWhole) rule.unread = source();
      if (read.jump !== null && this.isPending(read.jump)) {
        const { name, options } = read.jump;
        const { number: line } = this.line;
        this.table.pending.push({ rule, name, line, column: read.jump.column(), options });
      }
      if (place === undefined) chain.rules.push(rule);
    }
    if (place === undefined) return;
    const at = placeIn(chain, place);
    this.pass(1, chain.rules.length - at);
    chain.rules.splice(at, place.drops, ...read.rules);
  }

  /** Counts what a command goes past, of which the rules are moved or compared only. Throws where that comes to too much. */
  pass(chains: number, rules: number): void {
    this.passed += chains + rules / 16;
    if (this.passed > mostPassed) throw this.line.unreadable(0, { code: 'too many passed' });
  }

  /** Only a jump to a chain that is there is certain now. */
  private isPending({ name, options }: Jump): boolean {
    const { table } = this;
    return options.length > 0 || !table.chains.has(name) || isBuiltIn(table.name, name);
  }

  /** The tables as they are at the end of the text; what turns out only now is in the problems. */
  close(): readonly Table[] {
    return [...this.tables.values()].map((table) => ({ name: table.name, chains: this.closeTable(table) }));
  }

  private closeTable({ name: table, chains, pending }: OpenTable): readonly Chain[] {
    for (const open of chains.values()) {
      if (open.namedAt === null) continue;
      this.problems.push({
        code: 'chain used before it was made',
        ...open.namedAt,
        chain: open.name,
        table,
      });
    }
    for (const one of pending) this.resolve(table, chains, one);
    const closed = [...chains.values()].map(closeChain);
    for (const loop of findLoops(closed)) {
      this.problems.push({
        code: 'chains in a loop',
        line: loop.rule.line ?? 1,
        column: 1,
        from: loop.from,
        to: loop.to,
      });
    }
    return closed;
  }

  /** A name that is no chain even at the end is a target that is not known here. */
  private resolve(table: TableName, chains: ReadonlyMap<string, OpenChain>, pending: Pending): void {
    const { rule, name, line, column, options } = pending;
    const isBase = isBuiltIn(table, name);
    if (chains.has(name) && options.length === 0 && !isBase) return;
    // A goto is printed as one, and can be to a chain only: no target of that name is meant.
    const isGoto = rule.target?.kind === 'chain' && rule.target.goto;
    if (!isGoto) rule.target = { kind: 'extension', name, options };
    const names = () => [...chains.keys(), ...targetExtensions.map((one) => one.name)];
    this.problems.push({
      code: isBase ? 'jump to a built-in chain' : 'target unknown',
      line,
      column,
      target: name,
      table,
      meant: isBase ? null : this.suggest(name, names),
    });
  }

  private suggest(text: string, names: readonly string[] | (() => readonly string[])): string | null {
    if (this.suggestions-- <= 0) return null;
    return nearest(text, typeof names === 'function' ? names() : names);
  }
}

/** Where a chain has this place, from 0. */
export function placeIn({ rules }: OpenChain, { at }: ChainPlace): number {
  return Math.min(Math.max(at - 1, 0), rules.length);
}

function closeChain({ name, policy, counters, rules }: OpenChain): Chain {
  return counters === undefined ? { name, policy, rules } : { name, policy, counters, rules };
}
