/**
 * A ruleset from its text: what `iptables-save` and `iptables -S` print, with and without counters; the
 * `iptables -t nat -A …` commands; and the `-N/-A/-I` form that `iptables-restore` takes.
 */

import { findLoops } from '../model/loops.ts';
import {
  builtInChains,
  type Chain,
  type Counters,
  type Family,
  type Option,
  type Problem,
  type Rule,
  type Ruleset,
  type TableName,
  type Target,
  tableNames,
} from '../model/ruleset.ts';
import { readWords, splitWords } from '../text/shell-words.ts';
import { nearest } from '../text/spelling.ts';
import { guessFamily } from './family.ts';
import { printRule } from './print.ts';
import { RuleReader } from './read-rule.ts';
import { targetExtensions } from './targets/index.ts';
import { count, type Found, quote, Unreadable } from './unreadable.ts';

export interface ParsedRuleset {
  readonly ruleset: Ruleset;
  /** In the order of the lines. */
  readonly problems: readonly Problem[];
  /** What became of each line of the text, the first one first: none is passed over in silence. */
  readonly lines: readonly LineReading[];
}

/** `command`: carried out (`-P`, `-F`, `-D`), or a tool's own line; `unread`: it is in the problems. */
export type LineReading = 'blank' | 'comment' | 'table' | 'chain' | 'rule' | 'commit' | 'command' | 'unread';

/** The longest text that is read; a larger one is refused whole. */
export const longestText = 32 * 1024 * 1024;

/**
 * Reads a ruleset of one family. The family is `family`, or else the one whose addresses are in the text.
 *
 * Never throws. What cannot be read is a problem with its line and column; a rule that cannot be read in full
 * stays in its chain with its text (`unread`), so that the others keep their positions.
 */
export function parseRuleset(text: string, family?: Family): ParsedRuleset {
  const tooLong = refuseLongText(text);
  if (tooLong !== null)
    return { ruleset: { family: family ?? 'v4', tables: [] }, problems: [tooLong], lines: ['unread'] };
  return new Reading(family ?? guessFamily(text)).read(text.split('\n'));
}

export function refuseLongText(text: string): Problem | null {
  if (text.length <= longestText) return null;
  return {
    line: 1,
    column: 1,
    found: `a text of ${Math.ceil(text.length / 1024 / 1024)} MB`,
    expected: `at most ${longestText / 1024 / 1024} MB`,
    mend: 'Cut it down to the tables in question: iptables-save -t nat',
    text: '',
  };
}

/** Reads the lines of one family; the others are null and keep the numbers of the lines right. */
export function parseLines(lines: readonly (string | null)[], family: Family): ParsedRuleset {
  return new Reading(family).read(lines);
}

interface OpenChain {
  readonly name: string;
  policy: 'ACCEPT' | 'DROP' | null;
  counters: Counters | undefined;
  rules: OpenRule[];
  /** Where it was first named without having been made; null once it has been. */
  namedAt: { readonly line: number; readonly column: number } | null;
}

type OpenRule = { -readonly [field in keyof Rule]: Rule[field] };

/** A rule that goes to a name which was no chain yet, nor a target known here. */
interface Pending {
  readonly rule: OpenRule;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly options: readonly Option[];
}

interface OpenTable {
  readonly chains: Map<string, OpenChain>;
  readonly pending: Pending[];
}

/** One command: `-A OUTPUT …`, `-t nat -D INPUT 3`. `at` are places in the line's words. */
interface Command {
  readonly name: string;
  readonly chain: string | null;
  readonly chainAt: number;
  /** What stands behind the chain. */
  readonly rest: readonly number[];
}

class Reading {
  private readonly tables = new Map<TableName, OpenTable>();
  private readonly problems: Omit<Problem, 'text'>[] = [];
  private readonly family: Family;
  private readonly rules: RuleReader;
  private table: TableName = 'filter';
  private open: OpenTable | null = null;
  private line = 0;
  private text = '';
  private words: readonly string[] = [];
  /** Names looked up for a suggestion; each costs the length of all names. */
  private suggestions = 50;

  constructor(family: Family) {
    this.family = family;
    this.rules = new RuleReader(family);
  }

  read(lines: readonly (string | null)[]): ParsedRuleset {
    const readings: LineReading[] = [];
    for (const line of lines) {
      this.line++;
      if (line === null || line === '') {
        readings.push('blank');
        continue;
      }
      this.text = line;
      try {
        readings.push(this.readLine(line));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        this.problems.push({ line: this.line, ...error.found });
        readings.push('unread');
      }
    }
    const tables = [...this.tables].map(([name, table]) => ({ name, chains: this.close(name, table) }));
    const problems = this.problems.map((one) => ({ ...one, text: lines[one.line - 1] ?? '' }));
    problems.sort((a, b) => a.line - b.line || a.column - b.column);
    return { ruleset: { family: this.family, tables }, problems, lines: readings };
  }

  private readLine(line: string): LineReading {
    this.words = splitWords(line);
    const first = this.words[0];
    if (first === undefined) return 'blank';
    // A word in quotes begins no line of a dump, whatever is in it.
    const start = line.trimStart();
    switch (start.charCodeAt(0)) {
      case 35: // #
        return 'comment';
      case 42: // *
        this.readTableLine(first);
        return 'table';
      case 58: // :
        this.readChainLine(first);
        return 'chain';
      case 45: // -
        return this.readCommand(0, undefined);
      case 91: {
        const counters = readCounters(first);
        if (counters !== null) return this.readCommand(1, counters);
        break;
      }
    }
    if (first === 'COMMIT') return 'commit';
    const tool = this.words.findIndex((word) => word !== 'sudo' && word !== '$');
    const name = this.words[tool] ?? '';
    if (tool <= 2 && /^([\w./-]*\/)?ip6?tables(-legacy|-nft)?$/.test(name)) {
      // A command without -t is about filter, whatever the one before it was about.
      this.table = 'filter';
      this.open = null;
      return this.readCommand(tool + 1, undefined);
    }
    // Tools print the commands that they ran between the rules.
    if (tool <= 2 && /^([\w./-]*\/)?ip6?tables(-legacy|-nft)?-(save|restore)$/.test(name)) return 'command';
    throw this.unreadable(0, {
      found: quote(line.trim()),
      expected:
        'a line of iptables-save, such as "*nat", ":OUTPUT ACCEPT [0:0]", "-A OUTPUT -j ACCEPT" or "COMMIT"',
      mend: 'Remove the line, or put a # before it.',
    });
  }

  /** The column of a word, and one behind the line for words that it does not have. */
  private column(word: number): number {
    return readWords(this.text)[word]?.column ?? this.text.length + 1;
  }

  private unreadable(word: number, found: Omit<Found, 'column'>, shift = 0): Unreadable {
    return new Unreadable({ column: this.column(word) + shift, ...found });
  }

  private readTableLine(first: string): void {
    const detached = first === '*';
    this.openTable((detached ? this.words[1] : first.slice(1)) ?? '', detached ? 1 : 0, detached ? 0 : 1);
  }

  private openTable(text: string, word: number, shift: number): OpenTable {
    const name = tableNames.find((one) => one === text);
    if (name === undefined) {
      // The rules behind it are most likely those of the table that was meant.
      const meant = (nearest(text, tableNames) ?? this.table) as TableName;
      this.setTable(meant);
      throw this.unreadable(
        word,
        {
          found: `table ${quote(text)}`,
          expected: `one of the tables of Linux: ${tableNames.join(', ')}`,
          mend: `${this.suggest(text, tableNames)}The rules behind it are read as those of table ${meant}.`,
        },
        shift,
      );
    }
    return this.setTable(name);
  }

  private setTable(name: TableName): OpenTable {
    const table = this.tables.get(name) ?? { chains: new Map<string, OpenChain>(), pending: [] };
    this.tables.set(name, table);
    this.table = name;
    this.open = table;
    return table;
  }

  private current(): OpenTable {
    return this.open ?? this.setTable(this.table);
  }

  /** `:DOCKER - [0:0]` */
  private readChainLine(first: string): void {
    const at = first === ':' ? 1 : 0;
    const name = (at === 1 ? this.words[1] : first.slice(1)) ?? '';
    const policy = this.words[at + 1];
    const counts = this.words[at + 2];
    const chain = this.makeChain(name, at, at === 1 ? 0 : 1);
    if (policy === undefined) {
      throw this.unreadable(at + 1, {
        found: 'the end of the line',
        expected: 'a policy (ACCEPT or DROP for a built-in chain, - for another)',
        mend: `Write ":${chain.name} ${chain.policy ?? '-'} [0:0]".`,
      });
    }
    this.setPolicy(chain, policy, at + 1);
    if (counts === undefined) return;
    const counters = readCounters(counts);
    if (counters === null) {
      throw this.unreadable(at + 2, {
        found: quote(counts),
        expected: 'counters such as [0:0]',
        mend: 'Write [packets:bytes], or leave them out.',
      });
    }
    chain.counters = counters;
    if (this.words.length > at + 3) throw this.surplus(at + 3);
  }

  private surplus(word: number): Unreadable {
    return this.unreadable(word, {
      found: quote(this.words[word] ?? ''),
      expected: 'the end of the line',
      mend: 'Remove it; the rest of the line was read.',
    });
  }

  private makeChain(name: string, word: number, shift: number): OpenChain {
    const chain = this.chain(name, word, shift);
    chain.namedAt = null;
    return chain;
  }

  /** The chain of this name in the open table, made now if it is not there. */
  private chain(name: string, word: number, shift = 0): OpenChain {
    const { chains } = this.current();
    const found = chains.get(name);
    if (found !== undefined) return found;
    if (
      name === '' ||
      name.length > 28 ||
      name.startsWith('-') ||
      name.startsWith('!') ||
      /[\s"'\\]/.test(name)
    ) {
      throw this.unreadable(
        word,
        {
          found: name === '' ? 'no chain name' : `chain name ${quote(name)}`,
          expected:
            'a chain name of 1 to 28 characters, without blanks and quotes, that does not begin with - or !',
          mend: 'Rename the chain; the kernel takes no other.',
        },
        shift,
      );
    }
    const builtIn = isBuiltIn(this.table, name);
    const chain: OpenChain = {
      name,
      policy: builtIn ? 'ACCEPT' : null,
      counters: undefined,
      rules: [],
      namedAt: builtIn ? null : { line: this.line, column: this.column(word) },
    };
    chains.set(name, chain);
    return chain;
  }

  private setPolicy(chain: OpenChain, policy: string, word: number): void {
    const builtIn = isBuiltIn(this.table, chain.name);
    if (builtIn && (policy === 'ACCEPT' || policy === 'DROP')) chain.policy = policy;
    else if (!(policy === '-' && !builtIn)) {
      throw this.unreadable(word, {
        found: `policy ${quote(policy)} for chain ${quote(chain.name)}`,
        expected: builtIn ? 'ACCEPT or DROP' : '-, because only built-in chains have a policy',
        mend: `Write ":${chain.name} ${builtIn ? 'ACCEPT' : '-'} [0:0]".`,
      });
    }
  }

  /** `-t nat -A OUTPUT …`, `-N X`, `-P INPUT DROP`, `-I PREROUTING 1 …`, `-D INPUT 3`. */
  private readCommand(from: number, counters: Counters | undefined): LineReading {
    const { words } = this;
    // iptables-save's own form, which is nearly every line of a dump.
    if (words[from] === '-A' && words[from + 1] !== undefined && !words.includes('-t', from)) {
      return this.append(words[from + 1] as string, from + 1, from + 2, counters);
    }
    const { command, wrongFamily } = this.takeCommand(from);
    if (wrongFamily) return 'command';
    if (command === null) {
      throw this.unreadable(from, {
        found: quote(this.text.trim()),
        expected: 'a command with a chain: -A, -I, -N, -P, -D, -R, -F or -X',
        mend: 'Write "-A CHAIN conditions -j TARGET".',
      });
    }
    return this.carryOut(command, counters);
  }

  private takeCommand(from: number): { readonly command: Command | null; readonly wrongFamily: boolean } {
    const { words } = this;
    let name: string | null = null;
    let chain: string | null = null;
    let chainAt = 0;
    let wrongFamily = false;
    const rest: number[] = [];
    for (let at = from; at < words.length; at++) {
      const word = words[at] as string;
      const isOption = !rest.some((one) => words[one] === '-j' || words[one] === '--jump');
      if ((word === '-t' || word === '--table') && isOption) {
        at++;
        this.openTable(words[at] ?? '', at, 0);
      } else if (/^(-w|--wait|-W|--wait-interval)$/.test(word) && isOption) {
        if (/^\d+$/.test(words[at + 1] ?? '')) at++;
      } else if ((word === '-4' || word === '-6' || word === '--ipv4' || word === '--ipv6') && isOption) {
        wrongFamily ||= word.endsWith('4') !== (this.family === 'v4');
      } else if (name === null && commands.has(word)) {
        name = commands.get(word) as string;
        const next = words[at + 1];
        if (next !== undefined && !next.startsWith('-')) {
          chain = next;
          chainAt = ++at;
        }
      } else rest.push(at);
    }
    return { command: name === null ? null : { name, chain, chainAt, rest }, wrongFamily };
  }

  private carryOut(command: Command, counters: Counters | undefined): LineReading {
    const { name, chain, chainAt, rest } = command;
    const { chains } = this.current();
    if (name === '-F' || name === '-Z') {
      const which = chain === null ? [...chains.values()] : [this.existing(chain, chainAt)];
      for (const one of which) {
        if (name === '-F') one.rules = [];
        else one.counters = undefined;
      }
      return 'command';
    }
    if (name === '-X') {
      const which =
        chain === null
          ? [...chains.values()].filter((one) => one.policy === null)
          : [this.existing(chain, chainAt)];
      for (const one of which) {
        if (one.rules.length === 0 && one.policy === null) chains.delete(one.name);
        else if (chain !== null) {
          throw this.unreadable(chainAt, {
            found: `chain ${quote(chain)}, ${one.policy === null ? `which has ${count(one.rules.length, 'rule')}` : 'which is built in'}`,
            expected: 'an empty chain that is not built in',
            mend: `Empty it first: -F ${chain}`,
          });
        }
      }
      return 'command';
    }
    if (chain === null) {
      throw this.unreadable(0, {
        found: quote(this.text.trim()),
        expected: `a chain behind ${name}`,
        mend: `Write "${name} CHAIN …".`,
      });
    }
    switch (name) {
      case '-A':
        return this.addRules(chain, chainAt, rest, counters, undefined);
      case '-I': {
        const numbered = rest[0] !== undefined && /^\d+$/.test(this.words[rest[0]] ?? '');
        return this.addRules(chain, chainAt, numbered ? rest.slice(1) : rest, counters, {
          at: numbered ? Number(this.words[rest[0] as number]) : 1,
          drops: 0,
        });
      }
      case '-R':
        this.position(chain, chainAt, rest[0]);
        return this.addRules(chain, chainAt, rest.slice(1), counters, {
          at: Number(this.words[rest[0] as number]),
          drops: 1,
        });
      case '-D':
        return this.remove(chain, chainAt, rest);
      case '-N':
        this.makeChain(chain, chainAt, 0);
        return 'command';
      case '-P': {
        const at = rest[0] ?? this.words.length;
        const made = this.chain(chain, chainAt);
        this.setPolicy(made, this.words[at] ?? '', at);
        made.counters = this.countersBehind(rest) ?? made.counters;
        return 'command';
      }
      default:
        throw this.unreadable(0, {
          found: quote(this.text.trim()),
          expected:
            'a command that makes rules or chains, or takes them away: -A, -I, -N, -P, -D, -R, -F or -X',
          mend:
            name === '-C' || name === '-L' || name === '-S'
              ? `Remove the line; ${name} changes nothing.`
              : 'Write what the ruleset is in the end.',
        });
    }
  }

  /** `-c 5 300` behind a policy, as `iptables -v -S` prints it. */
  private countersBehind(rest: readonly number[]): Counters | undefined {
    const at = rest.findIndex((one) => this.words[one] === '-c');
    if (at < 0) return undefined;
    return readCounters(`[${this.words[rest[at + 1] ?? -1]}:${this.words[rest[at + 2] ?? -1]}]`) ?? undefined;
  }

  private existing(name: string, word: number): OpenChain {
    const { chains } = this.current();
    const found = chains.get(name);
    if (found !== undefined) return found;
    if (isBuiltIn(this.table, name)) return this.chain(name, word);
    throw this.unreadable(word, {
      found: `chain ${quote(name)}`,
      expected: `a chain of table ${this.table}`,
      mend: `${this.suggest(name, [...chains.keys()])}The line was passed over.`,
    });
  }

  /** The number of a rule that is there. */
  private position(name: string, chainAt: number, word: number | undefined): number {
    const { rules } = this.existing(name, chainAt);
    const text = word === undefined ? '' : (this.words[word] ?? '');
    const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= rules.length) return number;
    throw this.unreadable(word ?? this.words.length, {
      found: `position ${quote(text)} in chain ${quote(name)}, which has ${count(rules.length, 'rule')}`,
      expected: `the position of a rule that is there`,
      mend: 'The line was passed over.',
    });
  }

  /** `-D INPUT 3`, or the rule itself. */
  private remove(name: string, chainAt: number, rest: readonly number[]): LineReading {
    const chain = this.existing(name, chainAt);
    if (rest.length === 1 && /^\d+$/.test(this.words[rest[0] as number] ?? '')) {
      chain.rules.splice(this.position(name, chainAt, rest[0]) - 1, 1);
      return 'command';
    }
    const read = this.rules.read(this.wordsAt(rest), 0, (at) => this.column(rest[at] ?? this.words.length));
    const wanted = read.rules.map((rule) => this.textOf(rule, read.jump));
    for (const text of wanted) {
      const at = chain.rules.findIndex(
        (rule) => rule.unread === undefined && this.textOf(rule, this.pendingOf(rule)) === text,
      );
      if (at < 0 || read.problems.length > 0) {
        throw this.unreadable(chainAt, {
          found: `no such rule in chain ${quote(name)}`,
          expected: 'a rule that is there',
          mend: 'The line was passed over.',
        });
      }
      chain.rules.splice(at, 1);
    }
    return 'command';
  }

  private pendingOf(rule: OpenRule): { readonly name: string; readonly goto: boolean } | null {
    const pending = this.current().pending.find((one) => one.rule === rule);
    return pending === undefined ? null : { name: pending.name, goto: false };
  }

  private textOf(rule: Rule, jump: { readonly name: string; readonly goto: boolean } | null): string {
    const target: Target | null =
      jump === null ? rule.target : { kind: 'chain', chain: jump.name, goto: jump.goto };
    return printRule(this.family, { ...rule, target });
  }

  private wordsAt(places: readonly number[]): readonly string[] {
    return places.map((at) => this.words[at] as string);
  }

  private append(chain: string, chainAt: number, from: number, counters: Counters | undefined): LineReading {
    const open = this.chain(chain, chainAt);
    const read = this.rules.read(this.words, from, (at) => this.column(at));
    return this.keep(
      open,
      read,
      counters,
      () => this.text.trimStart().replace(/^\[\d+:\d+\]\s*/, ''),
      undefined,
    );
  }

  private addRules(
    chain: string,
    chainAt: number,
    rest: readonly number[],
    counters: Counters | undefined,
    place: { readonly at: number; readonly drops: number } | undefined,
  ): LineReading {
    const open = this.chain(chain, chainAt);
    if (place !== undefined && place.drops === 0 && (place.at < 1 || place.at > open.rules.length + 1)) {
      this.problems.push({
        line: this.line,
        column: 1,
        found: `position ${place.at} in chain ${quote(open.name)}, which has ${count(open.rules.length, 'rule')}`,
        expected: `a position from 1 to ${open.rules.length + 1}`,
        mend: 'The rule was put at the end.',
      });
    }
    const read = this.rules.read(this.wordsAt(rest), 0, (at) => this.column(rest[at] ?? this.words.length));
    // A rule that stays as text is printed behind the others of its chain, whatever command brought it here.
    const source = () => {
      const quotable = readWords(this.text);
      const parts = rest.map((at) => {
        const word = quotable[at];
        const next = quotable[at + 1];
        // blanks at the end may belong to a quote that is never closed
        if (next === undefined) return word === undefined ? '' : this.text.slice(word.column - 1);
        return word === undefined ? '' : this.text.slice(word.column - 1, next.column - 1).trim();
      });
      return ['-A', chain, ...parts].join(' ');
    };
    return this.keep(open, read, counters, source, place);
  }

  private keep(
    chain: OpenChain,
    read: ReturnType<RuleReader['read']>,
    counters: Counters | undefined,
    source: () => string,
    place: { readonly at: number; readonly drops: number } | undefined,
  ): LineReading {
    for (const problem of read.problems) this.problems.push({ line: this.line, ...problem });
    const counted = counters ?? read.counters;
    const made: OpenRule[] = [];
    for (const rule of read.rules as OpenRule[]) {
      if (counted !== undefined) rule.counters = counted;
      rule.line = this.line;
      if (!read.isWhole) rule.unread = source();
      if (read.jump !== null) this.aim(rule, read.jump);
      made.push(rule);
    }
    if (place === undefined) for (const rule of made) chain.rules.push(rule);
    else {
      const at = Math.min(Math.max(place.at - 1, 0), chain.rules.length);
      chain.rules.splice(at, place.drops, ...made);
    }
    return 'rule';
  }

  /** A jump to a chain that is there; another name waits until all chains are known. */
  private aim(rule: OpenRule, jump: NonNullable<ReturnType<RuleReader['read']>['jump']>): void {
    const { chains, pending } = this.current();
    rule.target = { kind: 'chain', chain: jump.name, goto: jump.goto };
    if (jump.options.length > 0 || !chains.has(jump.name) || isBuiltIn(this.table, jump.name)) {
      pending.push({ rule, name: jump.name, line: this.line, column: jump.column(), options: jump.options });
    }
  }

  private close(table: TableName, { chains, pending }: OpenTable): readonly Chain[] {
    for (const open of chains.values()) {
      if (open.namedAt === null) continue;
      this.problems.push({
        ...open.namedAt,
        found: `a rule for chain ${quote(open.name)}, which table ${table} does not have`,
        expected: 'the chain to be made before its first rule',
        mend: `Add ":${open.name} - [0:0]" below "*${table}"; here the chain was made.`,
      });
    }
    for (const one of pending) this.resolve(table, chains, one);
    const closed = [...chains.values()].map(
      (open): Chain => ({
        name: open.name,
        policy: open.policy,
        ...(open.counters === undefined ? {} : { counters: open.counters }),
        rules: open.rules,
      }),
    );
    for (const loop of findLoops(closed)) {
      this.problems.push({
        line: loop.rule.line ?? 1,
        column: 1,
        found: `a loop of chains: ${quote(loop.from)} comes back to itself by ${quote(loop.to)}`,
        expected: 'chains that do not lead back to themselves; the kernel refuses such rules',
        mend: `Take the jump to ${quote(loop.to)} out of chain ${quote(loop.from)}. Where it is met, the engine cannot tell.`,
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
      line,
      column,
      found: `target ${quote(name)}`,
      expected: isBase
        ? 'a chain that is not built in: the kernel takes no jump to a built-in one'
        : `a chain of table ${table}, or a target that Sidetrack knows`,
      mend: `${isBase ? '' : this.suggest(name, names)}The rule is kept; where it matches, the engine cannot tell what follows.`,
    });
  }

  private suggest(text: string, names: readonly string[] | (() => readonly string[])): string {
    if (this.suggestions-- <= 0) return '';
    const name = nearest(text, typeof names === 'function' ? names() : names);
    return name === null ? '' : `Did you mean ${quote(name)}? `;
  }
}

const commands: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '-A': ['--append'],
    '-I': ['--insert'],
    '-N': ['--new-chain', '--new'],
    '-P': ['--policy'],
    '-D': ['--delete'],
    '-R': ['--replace'],
    '-F': ['--flush'],
    '-X': ['--delete-chain'],
    '-Z': ['--zero'],
    '-E': ['--rename-chain'],
    '-C': ['--check'],
    '-L': ['--list'],
    '-S': ['--list-rules'],
  }).flatMap(([short, long]) => [short, ...long].map((one) => [one, short] as const)),
);

function isBuiltIn(table: TableName, chain: string): boolean {
  return (builtInChains[table] as readonly string[]).includes(chain);
}

function readCounters(text: string): Counters | null {
  if (text === '[0:0]') return zero;
  const read = /^\[(\d{1,20}):(\d{1,20})\]$/.exec(text);
  return read === null ? null : { packets: BigInt(read[1] as string), bytes: BigInt(read[2] as string) };
}

const zero: Counters = { packets: 0n, bytes: 0n };
