/**
 * A ruleset from its text: what `iptables-save` prints, with and without counters; the `iptables -t nat -A …`
 * commands; and the `-N/-A/-I` form that `iptables-restore` takes and Istio's own tools write.
 */
import type { MatchExtension, OptionForm, TargetExtension } from './extension.ts';
import { matchExtensions } from './matches/index.ts';
import { protocolName } from './protocol.ts';
import {
  builtInChains,
  type Chain,
  type Counters,
  type Family,
  type Match,
  type Option,
  type Problem,
  type Rule,
  type Ruleset,
  type TableName,
  type Target,
  tableNames,
} from './ruleset.ts';
import { nearest } from './spelling.ts';
import { targetExtensions } from './targets/index.ts';
import { readWords, type Word } from './words.ts';

export interface ParsedRuleset {
  readonly ruleset: Ruleset;
  /** In the order of the lines. */
  readonly problems: readonly Problem[];
}

/** The longest text that is read; a larger one is refused whole. */
export const longestText = 32 * 1024 * 1024;

/**
 * Reads a ruleset of one family. The family is `family`, or else the one whose addresses are in the text.
 *
 * Never throws. What cannot be read is a problem with its line and column; a rule that cannot be read in full
 * stays in its chain with its text (`unread`), so that the others keep their positions.
 */
export function parseRuleset(text: string, family: Family = guessFamily(text)): ParsedRuleset {
  if (text.length > longestText) {
    return {
      ruleset: { family, tables: [] },
      problems: [
        {
          line: 1,
          column: 1,
          found: `a text of ${Math.ceil(text.length / 1024 / 1024)} MB`,
          expected: `at most ${longestText / 1024 / 1024} MB`,
          mend: 'Cut it down to the tables in question: iptables-save -t nat',
          text: '',
        },
      ],
    };
  }
  return new Reading(family).read(text);
}

/** IPv6 where a condition names an IPv6 address, or a line an IPv6 tool. */
export function guessFamily(text: string): Family {
  return /\bip6tables\b|\s(-s|-d|--source|--destination|--to-destination|--to-source)\s+\S*:\S*:|icmp6|ipv6-icmp/.test(
    text,
  )
    ? 'v6'
    : 'v4';
}

interface OpenChain {
  readonly name: string;
  policy: 'ACCEPT' | 'DROP' | null;
  counters: Counters | undefined;
  readonly rules: OpenRule[];
  /** Where it was first named without having been made; null once it has been. */
  namedAt: { readonly line: number; readonly column: number } | null;
}

/** A target that is no extension known here: a chain, which may still come, or an unknown target. */
interface Jump {
  readonly word: Word;
  readonly goto: boolean;
  /** An unknown target's own. */
  readonly options: Option[];
}

interface OpenRule {
  readonly rule: Rule;
  readonly jump: (Jump & { readonly line: number }) | null;
}

/** A problem before it is known in which line it is. */
type Found = Omit<Problem, 'line' | 'text'>;

/** A line that cannot be read, thrown and caught inside this file. */
class Unreadable extends Error {
  readonly problem: Found;
  constructor(problem: Found) {
    super(problem.found);
    this.problem = problem;
  }
}

class Reading {
  private readonly tables = new Map<TableName, Map<string, OpenChain>>();
  private readonly problems: Omit<Problem, 'text'>[] = [];
  private readonly family: Family;
  private table: TableName = 'filter';
  private line = 0;

  constructor(family: Family) {
    this.family = family;
  }

  read(text: string): ParsedRuleset {
    const lines = text.split('\n');
    for (const line of lines) {
      this.line++;
      try {
        this.readLine(line);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        this.problems.push({ line: this.line, ...error.problem });
      }
    }
    const tables = tableNames.flatMap((name) => {
      const chains = this.tables.get(name);
      return chains === undefined
        ? []
        : [{ name, chains: [...chains.values()].map((one) => this.close(name, one)) }];
    });
    this.problems.sort((a, b) => a.line - b.line || a.column - b.column);
    return {
      ruleset: { family: this.family, tables: inOrderOf([...this.tables.keys()], tables) },
      problems: this.problems.map((one) => ({ ...one, text: lines[one.line - 1] ?? '' })),
    };
  }

  private readLine(line: string): void {
    const words = readWords(line);
    const first = words[0];
    if (first === undefined || first.text.startsWith('#')) return;
    if (first.text.startsWith('*')) return this.readTableLine(words, first);
    if (first.text.startsWith(':')) return this.readChainLine(words, first);
    if (first.text === 'COMMIT') return;
    if (/^ip6?tables(-legacy|-nft)?$/.test(first.text))
      return this.readCommand(line, words.slice(1), undefined);
    const counters = readCounters(first.text);
    if (counters !== null) return this.readCommand(line, words.slice(1), counters);
    if (first.text.startsWith('-')) return this.readCommand(line, words, undefined);
    // Tools print the commands that they ran between the rules.
    if (/^(sudo|ip6?tables(-legacy|-nft)?-(save|restore))$/.test(first.text)) {
      return first.text === 'sudo' ? this.readLine(line.replace(/^(\s*)sudo/, '$1    ')) : undefined;
    }
    throw new Unreadable({
      column: first.column,
      found: quote(line.trim()),
      expected:
        'a line of iptables-save, such as "*nat", ":OUTPUT ACCEPT [0:0]", "-A OUTPUT -j ISTIO_OUTPUT" or "COMMIT"',
      mend: 'Remove the line, or put a # before it.',
    });
  }

  private readTableLine(words: readonly Word[], first: Word): void {
    const name =
      first.text === '*' ? words[1] : { ...first, text: first.text.slice(1), column: first.column + 1 };
    this.openTable(name ?? { ...first, text: '' });
  }

  private openTable(word: Word): Map<string, OpenChain> {
    const name = tableNames.find((one) => one === word.text);
    if (name === undefined) {
      throw new Unreadable({
        column: word.column,
        found: `table ${quote(word.text)}`,
        expected: `one of the tables of Linux: ${tableNames.join(', ')}`,
        mend: `${suggest(word.text, tableNames)}The rules behind it are read as if they were in table ${this.table}.`,
      });
    }
    this.table = name;
    const chains = this.tables.get(name) ?? new Map<string, OpenChain>();
    this.tables.set(name, chains);
    return chains;
  }

  private chains(): Map<string, OpenChain> {
    return this.openTable({ text: this.table, column: 1, quoted: false });
  }

  /** `:ISTIO_OUTPUT - [0:0]` */
  private readChainLine(words: readonly Word[], first: Word): void {
    const detached = first.text === ':';
    const name = detached ? words[1] : { ...first, text: first.text.slice(1), column: first.column + 1 };
    const [policy, counts] = words.slice(detached ? 2 : 1);
    const chain = this.makeChain(name ?? { ...first, text: '' });
    if (policy === undefined) {
      throw new Unreadable({
        column: first.column + first.text.length,
        found: 'the end of the line',
        expected: 'a policy (ACCEPT or DROP for a built-in chain, - for another)',
        mend: `Write ":${chain.name} ${chain.policy ?? '-'} [0:0]".`,
      });
    }
    this.setPolicy(chain, policy);
    const counters = counts === undefined ? null : readCounters(counts.text);
    if (counters !== null) chain.counters = counters;
    else if (counts !== undefined) {
      throw new Unreadable({
        column: counts.column,
        found: quote(counts.text),
        expected: 'counters such as [0:0]',
        mend: 'Write [packets:bytes], or leave them out.',
      });
    }
  }

  private makeChain(word: Word): OpenChain {
    if (word.text === '' || word.text.length > 28 || word.text.startsWith('-') || word.text.startsWith('!')) {
      throw new Unreadable({
        column: word.column,
        found: word.text === '' ? 'no chain name' : `chain name ${quote(word.text)}`,
        expected: 'a chain name of 1 to 28 characters that does not begin with - or !',
        mend: 'Rename the chain; the kernel takes no other.',
      });
    }
    const chain = this.chain(word);
    chain.namedAt = null;
    return chain;
  }

  /** The chain of this name in the open table, made now if it is not there. */
  private chain(word: Word): OpenChain {
    const chains = this.chains();
    const found = chains.get(word.text);
    if (found !== undefined) return found;
    const builtIn = (builtInChains[this.table] as readonly string[]).includes(word.text);
    const chain: OpenChain = {
      name: word.text,
      policy: builtIn ? 'ACCEPT' : null,
      counters: undefined,
      rules: [],
      namedAt: builtIn ? null : { line: this.line, column: word.column },
    };
    chains.set(word.text, chain);
    return chain;
  }

  private setPolicy(chain: OpenChain, word: Word): void {
    const builtIn = (builtInChains[this.table] as readonly string[]).includes(chain.name);
    if (builtIn && (word.text === 'ACCEPT' || word.text === 'DROP')) chain.policy = word.text;
    else if (!(word.text === '-' && !builtIn)) {
      throw new Unreadable({
        column: word.column,
        found: `policy ${quote(word.text)} for chain ${quote(chain.name)}`,
        expected: builtIn ? 'ACCEPT or DROP' : '-, because only built-in chains have a policy',
        mend: `Write ":${chain.name} ${builtIn ? 'ACCEPT' : '-'} [0:0]".`,
      });
    }
  }

  /** `-t nat -A OUTPUT …`, `-N X`, `-P INPUT DROP`, `-I PREROUTING 1 …`. Waiting flags (`-w`) are passed over. */
  private readCommand(line: string, words: readonly Word[], counters: Counters | undefined): void {
    const rest = [...words];
    let command: Word | undefined;
    let chain: Word | undefined;
    let at: number | undefined;
    const kept: Word[] = [];
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      if ((word.text === '-t' || word.text === '--table') && kept.every((one) => one.text !== '-j')) {
        this.openTable(rest.shift() ?? { ...word, text: '' });
      } else if (/^(-w|--wait|-W|--wait-interval)$/.test(word.text)) {
        if (/^\d+$/.test(rest[0]?.text ?? '')) rest.shift();
      } else if (command === undefined && isCommand(word.text)) {
        command = word;
        chain = rest.shift();
        if (isInsert(word.text) && /^\d+$/.test(rest[0]?.text ?? '')) at = Number(rest.shift()?.text);
      } else kept.push(word);
    }
    if (command === undefined || chain === undefined) {
      throw new Unreadable({
        column: words[0]?.column ?? 1,
        found: quote(line.trim()),
        expected: 'a command with a chain: -A, -I, -N or -P',
        mend: 'Write "-A CHAIN conditions -j TARGET".',
      });
    }
    if (/^(-N|--new-chain)$/.test(command.text)) this.makeChain(chain);
    else if (/^(-P|--policy)$/.test(command.text))
      this.setPolicy(this.chain(chain), kept[0] ?? { ...chain, text: '' });
    else
      this.addRules(line, this.chain(chain), kept, counters, at ?? (isInsert(command.text) ? 1 : undefined));
  }

  private addRules(
    line: string,
    chain: OpenChain,
    words: readonly Word[],
    counters: Counters | undefined,
    at: number | undefined,
  ): void {
    const read = new RuleReading(this.family, words, line).read();
    this.problems.push(...read.problems.map((problem) => ({ line: this.line, ...problem })));
    const rules = read.rules.map(
      (rule): OpenRule => ({
        rule: { ...rule, ...(counters === undefined ? {} : { counters }), line: this.line },
        jump: read.jump === null ? null : { ...read.jump, line: this.line },
      }),
    );
    if (at !== undefined && (at < 1 || at > chain.rules.length + 1)) {
      this.problems.push({
        line: this.line,
        column: 1,
        found: `position ${at} in chain ${quote(chain.name)}, which has ${count(chain.rules.length, 'rule')}`,
        expected: `a position from 1 to ${chain.rules.length + 1}`,
        mend: 'The rule was put at the end.',
      });
    }
    chain.rules.splice(Math.min((at ?? chain.rules.length + 1) - 1, chain.rules.length), 0, ...rules);
  }

  /** Jumps are looked up once all chains are known. */
  private close(table: TableName, open: OpenChain): Chain {
    if (open.namedAt !== null) {
      this.problems.push({
        ...open.namedAt,
        found: `a rule for chain ${quote(open.name)}, which table ${table} does not have`,
        expected: 'the chain to be made before its first rule',
        mend: `Add ":${open.name} - [0:0]" below "*${table}"; here the chain was made.`,
      });
    }
    const rules = open.rules.map(({ rule, jump }) =>
      jump === null ? rule : this.resolve(table, rule, jump),
    );
    return {
      name: open.name,
      policy: open.policy,
      ...(open.counters === undefined ? {} : { counters: open.counters }),
      rules,
    };
  }

  private resolve(
    table: TableName,
    rule: Rule,
    { word, line, goto, options }: NonNullable<OpenRule['jump']>,
  ): Rule {
    const chains = this.tables.get(table);
    if (chains?.has(word.text) === true && options.length === 0) {
      return { ...rule, target: { kind: 'chain', chain: word.text, goto } };
    }
    const names = [...(chains?.keys() ?? []), ...targetExtensions.map(({ name }) => name)];
    this.problems.push({
      line,
      column: word.column,
      found: `target ${quote(word.text)}`,
      expected: `a chain of table ${table}, or a target that Sidetrack knows`,
      mend: `${suggest(word.text, names)}The rule is kept; where it matches, the engine cannot tell what follows.`,
    });
    return { ...rule, target: { kind: 'extension', name: word.text, options } };
  }
}

/** One rule's words behind its chain. */
class RuleReading {
  private readonly family: Family;
  private readonly words: readonly Word[];
  private readonly line: string;
  private readonly problems: Found[] = [];
  private readonly addresses = new Map<string, Option[]>();
  private readonly matches: { extension: MatchExtension | null; name: string; options: Option[] }[] = [];
  private target: { extension: TargetExtension; options: Option[] } | null = null;
  private jump: Jump | null = null;
  private at = 0;

  constructor(family: Family, words: readonly Word[], line: string) {
    this.family = family;
    this.words = words;
    this.line = line;
  }

  read(): {
    readonly rules: readonly Rule[];
    readonly problems: readonly Found[];
    readonly jump: Jump | null;
  } {
    let isWhole = true;
    try {
      while (this.at < this.words.length) this.readOption();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      isWhole = false;
      this.problems.push(error.problem);
    }
    const target: Target | null =
      this.target === null
        ? null
        : { kind: 'extension', name: this.target.extension.name, options: this.target.options };
    const rules = this.eachAddress().map(
      (addresses): Rule => ({
        matches: this.printedMatches(addresses),
        target,
        ...(isWhole ? {} : { unread: this.line.trim() }),
      }),
    );
    return { rules, problems: this.problems, jump: isWhole ? this.jump : null };
  }

  /** `-s a,b` is two rules, as iptables makes of it. */
  private eachAddress(): readonly (readonly Option[])[] {
    return [...this.addresses.values()].reduce<readonly (readonly Option[])[]>(
      (rules, alternatives) => rules.flatMap((rule) => alternatives.map((option) => [...rule, option])),
      [[]],
    );
  }

  private printedMatches(addresses: readonly Option[]): readonly Match[] {
    const order = ipExtension.options.map(({ name }) => name);
    const head = this.matches.find(({ extension }) => extension === ipExtension)?.options ?? [];
    const options = [...addresses, ...head].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    const rest = this.matches.filter(({ extension }) => extension !== ipExtension);
    return [
      ...(options.length === 0 ? [] : [{ extension: 'ip', options }]),
      ...rest.map(({ name, options }) => ({ extension: name, options })),
    ];
  }

  private readOption(): void {
    const negated = this.take('!');
    const word = this.words[this.at];
    if (word === undefined) {
      throw this.unreadable(
        this.line.length + 1,
        'the end of the line',
        'an option behind "!"',
        'Remove the "!", or write what it negates.',
      );
    }
    this.at++;
    if (word.text === '-m' || word.text === '--match')
      return this.openMatch(this.word(word, 'the name of a match'));
    if (word.text === '-j' || word.text === '--jump')
      return this.openTarget(this.word(word, 'a target'), false);
    if (word.text === '-g' || word.text === '--goto')
      return this.openTarget(this.word(word, 'a chain'), true);
    if (word.text === '-c' || word.text === '--set-counters') {
      this.at += 2;
      return;
    }
    const last = this.matches.at(-1);
    if (last?.extension === null && !ipExtension.options.some((form) => answersTo(form, word.text))) {
      last.options.push({ name: word.text, negated, value: this.unknownValue() });
      return;
    }
    if (this.readTargetOption(word, negated) || this.readMatchOption(word, negated)) return;
    if (this.jump !== null && word.text.startsWith('--')) {
      this.jump.options.push({ name: word.text, negated, value: this.unknownValue() });
      return;
    }
    const known = [
      ...ipExtension.options,
      ...this.matches.flatMap(({ extension }) => extension?.options ?? []),
    ];
    throw this.unreadable(
      word.column,
      quote(word.text),
      'an option of iptables, or of a match or target named before it',
      `${suggest(
        word.text,
        known.map(({ name }) => name),
      )}${this.hint(word.text)}The rule is kept as text.`,
    );
  }

  private hint(name: string): string {
    const owners = matchExtensions.filter(({ options }) => options.some((form) => answersTo(form, name)));
    const first = owners[0];
    return first === undefined
      ? ''
      : `Put "${first.impliedBy === undefined ? `-m ${first.name}` : `-p ${first.impliedBy[0]}`}" before it. `;
  }

  private openMatch(word: Word): void {
    const extension = matchExtensions.find(
      ({ name, family }) => name === word.text && name !== 'ip' && (family ?? this.family) === this.family,
    );
    this.matches.push({ extension: extension ?? null, name: word.text, options: [] });
    if (extension === undefined) {
      const names = matchExtensions.map(({ name }) => name).filter((name) => name !== 'ip');
      this.problems.push({
        column: word.column,
        found: `match ${quote(word.text)}`,
        expected: `a match that Sidetrack knows: ${names.join(', ')}`,
        mend: `${suggest(word.text, names)}The rule is kept; whether it matches, the engine cannot tell.`,
      });
    }
  }

  private openTarget(word: Word, goto: boolean): void {
    const extension = goto
      ? undefined
      : targetExtensions.find(
          ({ name, family }) => name === word.text && (family ?? this.family) === this.family,
        );
    if (extension === undefined) {
      this.jump = { word, goto, options: [] };
    } else this.target = { extension, options: [] };
  }

  private readTargetOption(word: Word, negated: boolean): boolean {
    const form = this.target?.extension.options.find((one) => answersTo(one, word.text));
    if (form === undefined || this.target === null) return false;
    this.target.options.push(this.readValue(form, word, negated));
    return true;
  }

  private readMatchOption(word: Word, negated: boolean): boolean {
    const base = ipExtension.options.find((one) => answersTo(one, word.text));
    if (base !== undefined) {
      if (base.name === '-s' || base.name === '-d') this.readAddresses(base, word, negated);
      else this.optionsOf(ipExtension).push(this.readValue(base, word, negated));
      return true;
    }
    for (const { extension, options } of [...this.matches].reverse()) {
      const form = extension?.options.find((one) => answersTo(one, word.text));
      if (form === undefined) continue;
      options.push(this.readValue(form, word, negated));
      return true;
    }
    const implied = this.implied();
    const form = implied?.options.find((one) => answersTo(one, word.text));
    if (implied === undefined || form === undefined) return false;
    this.optionsOf(implied).push(this.readValue(form, word, negated));
    return true;
  }

  /** `-p tcp --dport 80` is `-p tcp -m tcp --dport 80`. */
  private implied(): MatchExtension | undefined {
    const head = this.matches.find(({ extension }) => extension === ipExtension);
    const protocol = head?.options.find(({ name, negated }) => name === '-p' && !negated);
    if (protocol === undefined) return undefined;
    const name = protocolName(protocol.value as number);
    return matchExtensions.find(
      ({ impliedBy, family }) =>
        impliedBy?.includes(name) === true && (family ?? this.family) === this.family,
    );
  }

  private optionsOf(extension: MatchExtension): Option[] {
    const open = this.matches.find((one) => one.extension === extension);
    if (open !== undefined) return open.options;
    const made = { extension, name: extension.name, options: [] };
    this.matches.push(made);
    return made.options;
  }

  private readAddresses(form: OptionForm, word: Word, negatedBefore: boolean): void {
    const negated = negatedBefore || this.take('!');
    const value = this.word(word, form.value.expected);
    if (negated && value.text.includes(',')) {
      throw this.unreadable(
        value.column,
        quote(value.text),
        'one address behind "!"',
        'Write a rule for each address.',
      );
    }
    const options = value.text.split(',').map((part): Option => {
      const read = form.value.read([part], this.family);
      if (read === null) throw this.badValue(form, word, { ...value, text: part });
      return { name: form.name, negated, value: read };
    });
    this.addresses.set(form.name, options);
  }

  private readValue(form: OptionForm, word: Word, negatedBefore: boolean): Option {
    const negated = negatedBefore || (form.value.words > 0 && this.take('!'));
    if (negated && !form.negatable) {
      throw this.unreadable(
        word.column,
        `"!" with ${word.text}`,
        `${word.text} without "!"`,
        'Remove the "!"; iptables does not take it here.',
      );
    }
    if (form.value.words === 0) return { name: form.name, negated, value: null };
    const values = Array.from({ length: form.value.words }, () => this.word(word, form.value.expected));
    const read = form.value.read(
      values.map(({ text }) => text),
      this.family,
    );
    if (read === null) throw this.badValue(form, word, values[0] as Word);
    return { name: form.name, negated, value: read };
  }

  private badValue(form: OptionForm, option: Word, value: Word): Unreadable {
    return this.unreadable(
      value.column,
      `${quote(value.text)} for ${option.text}`,
      form.value.expected,
      /[:.]/.test(value.text) && (form.name === '-s' || form.name === '-d')
        ? `This is read as an ${this.family === 'v4' ? 'IPv4' : 'IPv6'} ruleset; put the other family's rules apart.`
        : 'The rule is kept as text.',
    );
  }

  /** The words of an option of an extension that is not known: up to what begins the next one. */
  private unknownValue(): string {
    const values: string[] = [];
    for (let word = this.words[this.at]; word !== undefined; word = this.words[this.at]) {
      if (!word.quoted && (word.text === '!' || /^--?[a-zA-Z]/.test(word.text))) break;
      values.push(word.quoted || word.text === '' ? `"${word.text.replace(/["\\]/g, '\\$&')}"` : word.text);
      this.at++;
    }
    return values.join(' ');
  }

  private take(text: string): boolean {
    const is = this.words[this.at]?.text === text;
    if (is) this.at++;
    return is;
  }

  private word(option: Word, expected: string): Word {
    const word = this.words[this.at];
    if (word === undefined) {
      throw this.unreadable(
        option.column + option.text.length,
        `nothing behind ${option.text}`,
        expected,
        'Complete the line; it may have been cut off.',
      );
    }
    this.at++;
    return word;
  }

  private unreadable(column: number, found: string, expected: string, mend: string): Unreadable {
    return new Unreadable({ column, found, expected, mend });
  }
}

const ipExtension = matchExtensions.find(({ name }) => name === 'ip') as MatchExtension;

function answersTo(form: OptionForm, name: string): boolean {
  return form.name === name || form.aliases?.includes(name) === true;
}

function isCommand(text: string): boolean {
  return isInsert(text) || /^(-A|--append|-N|--new-chain|-P|--policy)$/.test(text);
}

function isInsert(text: string): boolean {
  return text === '-I' || text === '--insert';
}

function readCounters(text: string): Counters | null {
  const read = /^\[(\d{1,20}):(\d{1,20})\]$/.exec(text);
  return read === null ? null : { packets: BigInt(read[1] as string), bytes: BigInt(read[2] as string) };
}

function inOrderOf(names: readonly TableName[], tables: Ruleset['tables']): Ruleset['tables'] {
  return names.flatMap((name) => tables.find((table) => table.name === name) ?? []);
}

function suggest(text: string, names: readonly string[]): string {
  const name = nearest(text, names);
  return name === null ? '' : `Did you mean ${quote(name)}? `;
}

function quote(text: string): string {
  return `"${text.length > 120 ? `${text.slice(0, 119)}…` : text}"`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
