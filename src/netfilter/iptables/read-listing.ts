/**
 * What `iptables -L` prints for people, read as a ruleset. It does not name its table, without -v it keeps the
 * interfaces back, and without -n names stand for numbers, of which some are no doubt: the answer says which.
 */
import { readPrefix } from '../model/address.ts';
import type { Problem } from '../model/problem.ts';
import type { Family, Ruleset, TableName } from '../model/ruleset.ts';
import { tableNames } from '../model/ruleset.ts';
import { onlyTableOf } from './catalogue.ts';
import { Line, type LineReading } from './line.ts';
import { type Columns, readColumns, readRow } from './listed/row.ts';
import { type OpenChain, OpenRuleset } from './open-ruleset.ts';
import { RuleReader } from './read-rule.ts';
import { readToolLine } from './tool-line.ts';
import { type Found, Unreadable } from './unreadable.ts';

/** What a listing tells of its rules. */
export interface ListingTells {
  /** `-v`: each rule's interfaces. Where they are not told, a rule may ask for more than can be seen. */
  readonly interfaces: boolean;
  /** As with `-n`: no name stands for an address, a port or a user of which the number is not known for sure. */
  readonly numbers: boolean;
}

/** One table's listing among the lines. */
export interface ListedTable {
  /** The first line, counted from 0, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly family: Family;
  /** Null where neither a command nor the chains and targets tell it. */
  readonly table: TableName | null;
  /** By what the table is known. */
  readonly by: 'caller' | 'command' | 'chains' | null;
  readonly tells: ListingTells;
}

export interface ParsedListing {
  readonly v4?: Ruleset;
  readonly v6?: Ruleset;
  readonly tables: readonly ListedTable[];
  /** What all of them tell. */
  readonly tells: ListingTells;
  /** In the order of the lines. */
  readonly problems: readonly Problem[];
  readonly lines: readonly LineReading[];
}

const chainLine =
  /^\s*Chain (\S+) \((?:policy (\S+)(?: (\d+)([KMGT]?) packets, (\d+)([KMGT]?) bytes)?|-?\d+ references|ERROR obtaining refs)\)\s*$/;

/** Whether a line is a heading of `iptables -L`: of a chain, or of its columns. */
export function isListingHeading(line: string): boolean {
  return line.length < 200 && (chainLine.test(line) || readColumns(line) !== null);
}

/** Which table has these chains and targets; null where several could. */
export function guessListedTable(lines: readonly (string | null)[]): TableName | null {
  const chains = new Set<string>();
  let hasRules = false;
  for (const line of lines) {
    if (line === null || line === '') continue;
    const chain = line.length < 200 ? chainLine.exec(line)?.[1] : undefined;
    if (chain !== undefined) chains.add(chain);
    else {
      for (const word of line.slice(0, 80).split(/\s+/, 5)) {
        const table = onlyTableOf(word);
        if (table !== undefined) return table;
      }
      hasRules ||= readColumns(line) === null && line.trim() !== '';
    }
  }
  const has = (...names: readonly string[]) => names.every((name) => chains.has(name));
  if (has('FORWARD', 'PREROUTING') || has('FORWARD', 'POSTROUTING')) return 'mangle';
  if (chains.has('FORWARD')) return 'filter';
  if (chains.has('POSTROUTING') && (chains.has('PREROUTING') || chains.has('OUTPUT'))) return 'nat';
  if (has('INPUT', 'PREROUTING')) return 'nat';
  if (has('INPUT', 'OUTPUT')) return 'filter';
  return has('PREROUTING', 'OUTPUT') && !hasRules ? 'raw' : null;
}

/** What iptables lists where it is asked for no table; or else the one that people ask for, of those that have the chains. */
function usualTable(lines: readonly (string | null)[]): TableName {
  const isElsewhere = lines.some((line) =>
    /^(?:PRE|POST)ROUTING$/.test(chainLine.exec(line?.slice(0, 200) ?? '')?.[1] ?? ''),
  );
  return isElsewhere ? 'nat' : 'filter';
}

/** A table's listing before its family and its table are known. */
interface Part {
  readonly from: number;
  to: number;
  readonly told: { readonly family: Family; readonly table: TableName } | null;
}

/** One ends where a command begins another, or where a chain comes again. */
function partsOf(lines: readonly (string | null)[]): readonly Part[] {
  const parts: Part[] = [{ from: 0, to: lines.length, told: null }];
  let chains = new Set<string>();
  let hasCommand = false;
  const begin = (from: number, told: Part['told']) => {
    (parts[parts.length - 1] as Part).to = from;
    parts.push({ from, to: lines.length, told });
    chains = new Set();
  };
  for (const [at, line] of lines.entries()) {
    if (line === null || line === '') continue;
    const tool = line.length < 400 ? readToolLine(line) : null;
    if (tool !== null) {
      const named = /(?:^|\s)(?:-\w*t\s*|--table[\s=])(\w+)/.exec(tool.rest)?.[1] ?? 'filter';
      const table = tableNames.find((name) => name === named);
      begin(at, table === undefined ? null : { family: tool.family, table });
      hasCommand = true;
      continue;
    }
    const chain = line.length < 200 ? chainLine.exec(line)?.[1] : undefined;
    if (chain === undefined) continue;
    if (chains.has(chain)) begin(at, null);
    chains.add(chain);
  }
  const [first] = parts;
  // what stands before the first command is of no listing
  return hasCommand && first?.to !== undefined && !lines.slice(first.from, first.to).some(isChain)
    ? parts.slice(1).map((part, index) => (index === 0 ? { ...part, from: 0 } : part))
    : parts;
}

function isChain(line: string | null): boolean {
  return line !== null && line.length < 200 && chainLine.test(line);
}

function familyOf(lines: readonly (string | null)[], from: number, to: number): Family | null {
  for (let at = from; at < to; at++) {
    for (const word of (lines[at] ?? '').slice(0, 400).split(/\s+/, 10)) {
      const read = /[.:]/.test(word) ? readPrefix(word.startsWith('!') ? word.slice(1) : word) : null;
      if (read !== null) return read.family;
    }
  }
  return null;
}

/**
 * Reads the listings of one table or of several. The family and the table are those that are given here, else those of
 * the command before them, else as addresses, chains and targets tell; a line that is null belongs to something else,
 * and keeps the numbers of the lines right.
 *
 * Never throws. A row that is not understood in full stays in its place, as a rule that was not read.
 */
export function readListing(
  lines: readonly (string | null)[],
  about: { readonly family?: Family; readonly table?: TableName } = {},
): ParsedListing {
  const tables: ListedTable[] = [];
  const readings: LineReading[] = lines.map(() => 'blank');
  const problems: Problem[] = [];
  const rulesets = new Map<Family, FamilyReader>();
  for (const { from, to, told } of partsOf(lines)) {
    const family = about.family ?? told?.family ?? familyOf(lines, from, to) ?? 'v4';
    const guess = guessListedTable(lines.slice(from, to));
    const table = about.table ?? told?.table ?? guess;
    const by =
      about.table !== undefined ? 'caller' : told !== null ? 'command' : guess === null ? null : 'chains';
    const reader = rulesets.get(family) ?? new FamilyReader(family);
    rulesets.set(family, reader);
    const tells = reader.part(lines, readings, { from, to, table });
    if (tells !== null) tables.push({ from, to, family, table, by, tells });
  }
  const found: { v4?: Ruleset; v6?: Ruleset } = {};
  for (const [family, reader] of rulesets) {
    const closed = reader.close();
    if (closed.ruleset.tables.length > 0) found[family] = closed.ruleset;
    for (const one of closed.problems) problems.push({ ...one, text: lines[one.line - 1] ?? '' });
  }
  return {
    ...found,
    tables,
    tells: {
      interfaces: tables.every(({ tells }) => tells.interfaces),
      numbers: tables.every(({ tells }) => tells.numbers),
    },
    problems: problems.sort((a, b) => a.line - b.line || a.column - b.column),
    lines: readings,
  };
}

/** Reads the rows of one family. */
class FamilyReader {
  private readonly family: Family;
  private readonly line = new Line();
  private readonly ruleset = new OpenRuleset(this.line);
  private readonly rules: RuleReader;
  private chain: OpenChain | null = null;
  private columns: Columns | null = null;
  private tells = { interfaces: true, numbers: true };

  constructor(family: Family) {
    this.family = family;
    this.rules = new RuleReader(family);
  }

  /** What the part tells; null for one without a chain. */
  part(
    lines: readonly (string | null)[],
    readings: LineReading[],
    { from, to, table }: { readonly from: number; readonly to: number; readonly table: TableName | null },
  ): ListingTells | null {
    this.chain = null;
    this.columns = null;
    this.tells = { interfaces: true, numbers: true };
    let hasChain = false;
    let isTold = table !== null;
    const read = table ?? usualTable(lines.slice(from, to));
    for (let at = from; at < to; at++) {
      this.line.number = at;
      this.line.next(lines[at] ?? null);
      const isHeading = isChain(lines[at] ?? null);
      if (isHeading && !hasChain) this.ruleset.openTable(read, 0, 0);
      if (isHeading && !isTold) {
        this.untold(read);
        isTold = true;
      }
      hasChain ||= isHeading;
      readings[at] = this.ruleset.attempt(() => this.readLine());
    }
    return hasChain ? this.tells : null;
  }

  close() {
    const tables = this.ruleset.close();
    const ruleset: Ruleset = { family: this.family, tables };
    return { ruleset, problems: this.ruleset.problems };
  }

  private untold(readAs: TableName): void {
    this.ruleset.problems.push({
      code: 'listed table unknown',
      readAs,
      line: this.line.number,
      column: 1,
    });
  }

  private readLine(): LineReading {
    const { text } = this.line;
    if (text.trim() === '') return 'blank';
    if (text.trimStart().startsWith('# ')) return 'comment';
    const named = text.length < 200 ? chainLine.exec(text) : null;
    if (named !== null) return this.heading(named);
    const columns = text.length < 200 ? readColumns(text) : null;
    if (columns !== null) {
      this.columns = columns;
      if (!columns.interfaces) this.tells.interfaces = false;
      return 'chain';
    }
    if (text.length < 400 && readToolLine(text) !== null) return 'command';
    return this.row(text);
  }

  private heading([, name = '', policy, packets, unit, bytes, otherUnit]: RegExpExecArray): LineReading {
    // its name is the second word of the line
    this.chain = this.ruleset.makeChain(name, 1);
    this.ruleset.setPolicy(this.chain, policy ?? '-', 3);
    if (packets !== undefined && bytes !== undefined && unit === '' && otherUnit === '')
      this.chain.counters = { packets: BigInt(packets), bytes: BigInt(bytes) };
    return 'chain';
  }

  private row(text: string): LineReading {
    const { chain, columns } = this;
    const row = chain === null || columns === null ? null : readRow(text, columns, this.family);
    if (chain === null || columns === null || row === null) {
      throw new Unreadable({
        code: 'listed row unknown',
        rest: null,
        column: text.length - text.trimStart().length + 1,
      });
    }
    const columnOf = (word: number) => (row.words[word]?.at ?? text.length) + 1;
    const read = this.rules.read(
      row.words.map(({ word }) => word),
      0,
      columnOf,
      { line: this.line.number, counters: row.counters },
    );
    const source = () => `-A ${chain.name} ${text.trim()}`;
    const isRead = row.unknown === null && read.isWhole;
    if (row.names === 'unknown' || (row.names === 'known' && !isRead)) this.tells.numbers = false;
    if (row.unknown === null || !read.isWhole) {
      this.ruleset.addRules(chain, read, source);
      return 'rule';
    }
    const rest = row.unknown.word;
    const unknown: Found = { code: 'listed row unknown', rest, column: row.unknown.at + 1 };
    const problems = [...read.problems, unknown];
    this.ruleset.addRules(chain, { ...read, isWhole: false, problems }, source);
    return 'rule';
  }
}
