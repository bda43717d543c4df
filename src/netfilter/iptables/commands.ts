/**
 * Commands, as a dump or a shell has them: `-A OUTPUT …`, `-t nat -D INPUT 3`, `-P FORWARD DROP`. They are carried out
 * on the ruleset that is being read, as iptables would on the kernel's.
 */
import type { Counters, Family } from '../model/ruleset.ts';
import { readWords } from '../text/shell-words/index.ts';
import type { Line, LineReading } from './line.ts';
import { type ChainPlace, type OpenChain, type OpenRuleset, placeIn } from './open-ruleset.ts';
import { type ReadRule, RuleReader } from './read-rule.ts';
import { RuleKeys } from './rule-keys.ts';

/** A command without its table. Places are numbers of words in the line. */
interface Command {
  /** In its short form: `-A`. */
  readonly name: string;
  readonly chain: string | null;
  readonly chainAt: number;
  /** What stands behind the chain. */
  readonly rest: readonly number[];
}

/** The part of a command that names its chain. */
interface Addressed extends Command {
  readonly chain: string;
}

export class CommandReader {
  private readonly family: Family;
  private readonly line: Line;
  private readonly ruleset: OpenRuleset;
  private readonly rules: RuleReader;
  private readonly keys: RuleKeys;

  constructor(family: Family, line: Line, ruleset: OpenRuleset) {
    this.family = family;
    this.line = line;
    this.ruleset = ruleset;
    this.rules = new RuleReader(family);
    this.keys = new RuleKeys(family);
  }

  /** Carries out the command that begins at a word of the line. Throws `Unreadable` where that cannot be done. */
  run(from: number, counters: Counters | undefined): LineReading {
    const { words } = this.line;
    // What iptables-save prints, which is nearly every line of a dump.
    if (words[from] === '-A' && words[from + 1] !== undefined && !words.includes('-t', from)) {
      return this.append(words[from + 1] as string, from + 1, counters);
    }
    const { command, wrongFamily } = this.takeCommand(from);
    if (wrongFamily) return 'command';
    if (command === null) {
      throw this.line.unreadable(from, { code: 'command missing' });
    }
    return this.carryOut(command, counters);
  }

  private append(name: string, chainAt: number, counters: Counters | undefined): LineReading {
    const { line, ruleset } = this;
    const chain = ruleset.chain(name, chainAt);
    const read = this.rules.read(line.words, chainAt + 1, line.column, { line: line.number, counters });
    ruleset.addRules(chain, read, () => line.text.trimStart().replace(/^\[\d+:\d+\]\s*/, ''));
    return 'rule';
  }

  private takeCommand(from: number): { readonly command: Command | null; readonly wrongFamily: boolean } {
    const { words } = this.line;
    let name: string | null = null;
    let chain: string | null = null;
    let chainAt = 0;
    let wrongFamily = false;
    const rest: number[] = [];
    let isOption = true;
    for (let at = from; at < words.length; at++) {
      const word = words[at] as string;
      if ((word === '-t' || word === '--table') && isOption) {
        at++;
        this.ruleset.openTable(words[at] ?? '', at, 0);
      } else if (/^(-w|--wait|-W|--wait-interval)$/.test(word) && isOption) {
        if (/^\d+$/.test(words[at + 1] ?? '')) at++;
      } else if ((word === '-4' || word === '-6' || word === '--ipv4' || word === '--ipv6') && isOption) {
        wrongFamily ||= word.endsWith('4') !== (this.family === 'v4');
      } else if (name === null && shortNames.has(word)) {
        name = shortNames.get(word) as string;
        const next = words[at + 1];
        if (next !== undefined && !next.startsWith('-')) {
          chain = next;
          chainAt = ++at;
        }
      } else {
        rest.push(at);
        if (word === '-j' || word === '--jump') isOption = false;
      }
    }
    return { command: name === null ? null : { name, chain, chainAt, rest }, wrongFamily };
  }

  private carryOut(command: Command, counters: Counters | undefined): LineReading {
    const { name, chain } = command;
    if (name === '-F') return this.flush(command);
    if (name === '-Z') return this.zero(command);
    if (name === '-X') return this.removeChains(command);
    if (chain === null) {
      throw this.line.unreadable(0, { code: 'command without chain', command: name });
    }
    const addressed = { ...command, chain };
    switch (name) {
      case '-A':
        return this.add(addressed, counters);
      case '-I':
        return this.insert(addressed, counters);
      case '-R':
        return this.replace(addressed, counters);
      case '-D':
        return this.remove(addressed);
      case '-N':
        this.ruleset.makeChain(chain, command.chainAt);
        return 'command';
      case '-P':
        return this.setPolicy(addressed);
      default:
        throw this.line.unreadable(0, { code: 'command without effect', command: name });
    }
  }

  /** The chain that a command names, or else every chain of the table. */
  private chainsOf({ chain, chainAt }: Command): readonly OpenChain[] {
    if (chain !== null) return [this.ruleset.existing(chain, chainAt)];
    const { chains } = this.ruleset.table;
    this.ruleset.pass(chains.size, 0);
    return [...chains.values()];
  }

  private flush(command: Command): LineReading {
    for (const chain of this.chainsOf(command)) {
      if (chain.rules.length === 0) continue;
      chain.rules = [];
      this.keys.emptied(chain);
    }
    return 'command';
  }

  private zero(command: Command): LineReading {
    for (const chain of this.chainsOf(command)) chain.counters = undefined;
    return 'command';
  }

  /** `-X` without a chain removes those that are empty; a chain that is named has to be. */
  private removeChains(command: Command): LineReading {
    for (const chain of this.chainsOf(command)) {
      const builtIn = chain.policy !== null;
      if (chain.rules.length === 0 && !builtIn) this.ruleset.table.chains.delete(chain.name);
      else if (command.chain !== null) {
        throw this.line.unreadable(command.chainAt, {
          code: builtIn ? 'chain built in' : 'chain not empty',
          chain: chain.name,
          rules: chain.rules.length,
        });
      }
    }
    return 'command';
  }

  private setPolicy({ chain: name, chainAt, rest }: Addressed): LineReading {
    const { words } = this.line;
    const at = rest[0] ?? words.length;
    const chain = this.ruleset.chain(name, chainAt);
    this.ruleset.setPolicy(chain, words[at] ?? '', at);
    chain.counters = this.countersBehind(rest) ?? chain.counters;
    return 'command';
  }

  /** `-c 5 300` behind a policy, as `iptables -v -S` prints it. */
  private countersBehind(rest: readonly number[]): Counters | undefined {
    const { words } = this.line;
    const at = rest.findIndex((one) => words[one] === '-c');
    if (at < 0) return undefined;
    return readCounters(`[${words[rest[at + 1] ?? -1]}:${words[rest[at + 2] ?? -1]}]`) ?? undefined;
  }

  private add({ chain, chainAt, rest }: Addressed, counters: Counters | undefined): LineReading {
    return this.addRules(this.ruleset.chain(chain, chainAt), rest, counters);
  }

  /** `-I PREROUTING 3 …`; without a number, at the top. */
  private insert({ chain: name, chainAt, rest }: Addressed, counters: Counters | undefined): LineReading {
    const number = this.numberAt(rest[0]);
    const chain = this.ruleset.chain(name, chainAt);
    const at = number ?? 1;
    if (at < 1 || at > chain.rules.length + 1) {
      this.ruleset.problems.push({
        code: 'position not there',
        line: this.line.number,
        column: 1,
        position: String(at),
        chain: chain.name,
        rules: chain.rules.length,
        inserts: true,
      });
    }
    return this.addRules(chain, number === null ? rest : rest.slice(1), counters, { at, drops: 0 });
  }

  private replace({ chain: name, chainAt, rest }: Addressed, counters: Counters | undefined): LineReading {
    const chain = this.ruleset.existing(name, chainAt);
    const at = this.position(chain, rest[0]);
    const read = this.readRest(rest.slice(1), counters);
    // "Replacement rule does not specify a unique address" (do_commandx in iptables.c).
    if (read.rules.length > 1) {
      throw this.line.unreadable(rest[1] ?? 0, { code: 'replaced by several', rules: read.rules.length });
    }
    return this.addRules(chain, rest.slice(1), counters, { at, drops: 1 });
  }

  /** `-D INPUT 3`, or the rule itself. */
  private remove({ chain: name, chainAt, rest }: Addressed): LineReading {
    const chain = this.ruleset.existing(name, chainAt);
    if (rest.length === 1 && this.numberAt(rest[0]) !== null) {
      this.removeAt(chain, this.position(chain, rest[0]) - 1);
      return 'command';
    }
    const read = this.readRest(rest, undefined);
    for (const wanted of read.rules) {
      this.ruleset.pass(1, chain.rules.length);
      const at = this.keys.find(chain, wanted);
      if (at < 0 || read.problems.length > 0) {
        throw this.line.unreadable(chainAt, { code: 'rule not there', chain: chain.name });
      }
      this.removeAt(chain, at);
    }
    return 'command';
  }

  /** Takes a rule away; places count from 0. */
  private removeAt(chain: OpenChain, at: number): void {
    this.ruleset.pass(1, chain.rules.length - at);
    chain.rules.splice(at, 1);
    this.keys.replaced(chain, at, 1, []);
  }

  private numberAt(word: number | undefined): number | null {
    const text = word === undefined ? '' : (this.line.words[word] ?? '');
    return /^\d+$/.test(text) ? Number(text) : null;
  }

  /** The number of a rule that is there. */
  private position({ name, rules }: OpenChain, word: number | undefined): number {
    const number = this.numberAt(word) ?? 0;
    if (number >= 1 && number <= rules.length) return number;
    const text = word === undefined ? '' : (this.line.words[word] ?? '');
    throw this.line.unreadable(word ?? this.line.words.length, {
      code: 'position not there',
      position: text,
      chain: name,
      rules: rules.length,
      inserts: false,
    });
  }

  private addRules(
    chain: OpenChain,
    rest: readonly number[],
    counters: Counters | undefined,
    place?: ChainPlace,
  ): LineReading {
    const read = this.readRest(rest, counters);
    const text = () => `-A ${chain.name}${this.textOf(rest)}`;
    if (place === undefined) {
      this.ruleset.addRules(chain, read, text);
      return 'rule';
    }
    // Of a list, one address after the other is inserted, each before the one before it.
    const rules = place.drops === 0 ? read.rules.toReversed() : read.rules;
    const at = placeIn(chain, place);
    this.ruleset.addRules(chain, { ...read, rules }, text, place);
    this.keys.replaced(chain, at, place.drops, rules);
    return 'rule';
  }

  private readRest(rest: readonly number[], counters: Counters | undefined): ReadRule {
    const { words, number, column } = this.line;
    return this.rules.read(
      rest.map((at) => words[at] as string),
      0,
      (at) => column(rest[at] ?? words.length),
      { line: number, counters },
    );
  }

  /** These words as they are written, each behind a blank. */
  private textOf(rest: readonly number[]): string {
    const { text } = this.line;
    const words = readWords(text);
    const parts = rest.map((at) => {
      const word = words[at];
      const next = words[at + 1];
      if (word === undefined) return '';
      // Blanks at the end may belong to a quote that is never closed.
      return next === undefined
        ? text.slice(word.column - 1)
        : text.slice(word.column - 1, next.column - 1).trim();
    });
    return parts.map((part) => ` ${part}`).join('');
  }
}

const shortNames: ReadonlyMap<string, string> = new Map(
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

const zero: Counters = { packets: 0n, bytes: 0n };

/** `[12:3400]`, or null where the text is none. */
export function readCounters(text: string): Counters | null {
  if (text === '[0:0]') return zero;
  const read = /^\[(\d{1,20}):(\d{1,20})\]$/.exec(text);
  return read === null ? null : { packets: BigInt(read[1] as string), bytes: BigInt(read[2] as string) };
}
