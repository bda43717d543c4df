/**
 * A row of `iptables -L`, taken apart into the words that iptables-save has for it. What the columns are, the heading
 * says; iptables prints them in `print_rule_details` of xshared.c.
 */
import { readPrefix } from '../../model/address.ts';
import type { Counters, Family } from '../../model/ruleset.ts';
import { matchPhrases } from './matches.ts';
import type { Phrase, Placed } from './phrase.ts';
import { targetPhrases } from './targets.ts';

/** The columns that a heading names, beside those that are always there. */
export interface Columns {
  readonly numbers: boolean;
  readonly counters: boolean;
  readonly interfaces: boolean;
}

export interface Row {
  /** Conditions, matches and the target; as far as the row was understood. */
  readonly words: readonly Placed[];
  readonly counters?: Counters;
  /** What was not understood, and where it begins. */
  readonly unknown: Placed | null;
  /**
   * Names that stand for numbers: it was printed without -n. `known`: iptables itself has them for every address and
   * every interface, or each system has them for its own address.
   */
  readonly names: 'none' | 'known' | 'unknown';
}

const heading =
  /^\s*(num\s+)?(pkts\s+bytes\s+)?target\s+prot(?:\s+opt)?(\s+in\s+out)?\s+source\s+destination\s*$/;

/** The columns of a heading; null for any other line. */
export function readColumns(line: string): Columns | null {
  const found = heading.exec(line);
  if (found === null) return null;
  const [, numbers, counters, interfaces] = found;
  return {
    numbers: numbers !== undefined,
    counters: counters !== undefined,
    interfaces: interfaces !== undefined,
  };
}

/** The first words of a line, and where each begins. */
function firstWords(line: string, most: number): readonly Placed[] {
  const words: Placed[] = [];
  const each = /\S+/g;
  while (words.length < most) {
    const found = each.exec(line);
    if (found === null) break;
    words.push({ word: found[0], at: found.index });
  }
  return words;
}

const counted = /^\d{1,20}[KMGT]?$/;
const fragment = /^(--|-f|!f)$/;

function isAddress({ word }: Placed): boolean {
  const text = word.startsWith('!') ? word.slice(1) : word;
  return text === 'anywhere' || text === 'localhost' || readPrefix(text) !== null;
}

/** The words of the columns; null where they are not those of a row. */
interface Cells {
  readonly counters: readonly Placed[];
  readonly target: Placed | null;
  readonly protocol: Placed;
  readonly fragment: Placed | null;
  readonly interfaces: readonly Placed[];
  readonly addresses: readonly Placed[];
}

function cellsOf(line: string, columns: Columns): Cells | null {
  const all = firstWords(line, 10);
  let at = 0;
  if (columns.numbers && !/^\d+$/.test(all[at++]?.word ?? '')) return null;
  const counters = columns.counters ? all.slice(at, at + 2) : [];
  at += counters.length;
  if (columns.counters && !(counters.length === 2 && counters.every(({ word }) => counted.test(word))))
    return null;
  const isFragment = (word: Placed | undefined) => word !== undefined && fragment.test(word.word);
  const between = columns.interfaces ? 2 : 0;
  const rest = all.slice(at);
  // A rule without a target has nothing in that column, and older ip6tables nothing in the column of fragments.
  const withTarget = [1, 0].find((target) => isFragment(rest[target + 1]));
  const target =
    withTarget ??
    [1, 0].find((without) =>
      [0, 1].every((one) => {
        const cell = rest[without + 1 + between + one];
        return cell !== undefined && isAddress(cell);
      }),
    );
  if (target === undefined) return null;
  const protocol = rest[target];
  const from = target + (withTarget === undefined ? 1 : 2);
  const interfaces = rest.slice(from, from + between);
  const addresses = rest.slice(from + between, from + between + 2);
  if (protocol === undefined || addresses.length < 2) return null;
  return {
    counters,
    target: target === 1 ? (rest[0] as Placed) : null,
    protocol,
    fragment: withTarget === undefined ? null : (rest[target + 1] as Placed),
    interfaces,
    addresses,
  };
}

/** Longer than the kernel lets a rule be; a comment has at most 256 letters. */
const longestRow = 4096;

/** The row in the words of iptables-save; null for a line that is no row of these columns. */
export function readRow(line: string, columns: Columns, family: Family): Row | null {
  if (line.length > longestRow) return null;
  const cells = cellsOf(line, columns);
  if (cells === null) return null;
  const { target, addresses, interfaces } = cells;
  const words: Placed[] = [];
  const put = (cell: Placed, name: string, value?: string) => {
    const isNot = cell.word.startsWith('!');
    if (isNot) words.push({ word: '!', at: cell.at });
    words.push({ word: name, at: cell.at });
    if (value !== undefined) words.push({ word: value, at: cell.at });
  };
  const plain = ({ word }: Placed) => (word.startsWith('!') ? word.slice(1) : word);
  for (const [index, name] of ['-s', '-d'].entries()) {
    const cell = addresses[index] as Placed;
    const said = plain(cell);
    if (said !== 'anywhere')
      put(cell, name, said === 'localhost' ? (family === 'v4' ? '127.0.0.1' : '::1') : said);
  }
  for (const [index, name] of ['-i', '-o'].entries()) {
    const cell = interfaces[index];
    if (cell !== undefined && cell.word !== '*' && cell.word !== 'any') put(cell, name, plain(cell));
  }
  if (plain(cells.protocol) !== '0') put(cells.protocol, '-p', plain(cells.protocol));
  if (cells.fragment !== null && cells.fragment.word !== '--') put(cells.fragment, '-f');
  const last = addresses[1] as Placed;
  const behind = readBehind(line, last.at + last.word.length, target);
  words.push(...behind.words);
  const [packets, bytes] = cells.counters.map(({ word }) => word);
  // 12K is not a number that was counted
  const isExact = packets !== undefined && bytes !== undefined && /\d$/.test(packets) && /\d$/.test(bytes);
  return {
    words,
    ...(isExact ? { counters: { packets: BigInt(packets), bytes: BigInt(bytes) } } : {}),
    unknown: behind.unknown,
    names: addresses.some((cell) => !isAddress(cell))
      ? 'unknown'
      : interfaces.some(({ word }) => word === 'any') ||
          addresses.some((cell) => readPrefix(plain(cell)) === null)
        ? 'known'
        : 'none',
  };
}

/** The matches, and the target with its options, from what stands behind the columns. */
function readBehind(
  line: string,
  from: number,
  target: Placed | null,
): { readonly words: readonly Placed[]; readonly unknown: Placed | null } {
  const reading = new Behind(line, from);
  const goto = reading.take('[goto]');
  const jump = target === null ? [] : [{ ...target, word: goto ? '-g' : '-j' }, target];
  const options = reading.read(goto ? undefined : target?.word);
  if (options === null) return { words: [...reading.words, ...jump], unknown: reading.rest() };
  // iptables-nft lists NOTRACK under the name of the target that does it
  const named = jump.map((one, index) =>
    index === 1 && options[0] === 'NOTRACK' ? { ...one, word: 'NOTRACK' } : one,
  );
  const given = options[0] === 'NOTRACK' ? [] : options;
  return {
    words: [...reading.words, ...named, ...given.map((word) => ({ word, at: reading.at }))],
    unknown: null,
  };
}

class Behind {
  readonly words: Placed[] = [];
  at: number;
  private readonly line: string;
  private readonly end: number;
  private readonly lastRemark: number;
  /** The match whose options may follow, and those that it has. */
  private open: string | null = null;
  private given = new Set<string>();

  constructor(line: string, from: number) {
    this.line = line;
    this.at = from;
    this.end = line.trimEnd().length;
    this.lastRemark = line.lastIndexOf(' */');
    this.skip();
  }

  take(word: string): boolean {
    if (!this.line.startsWith(word, this.at)) return false;
    this.at += word.length;
    this.skip();
    return true;
  }

  rest(): Placed {
    return { word: this.line.slice(this.at, this.end), at: this.at };
  }

  /** Reads to the end; answers with the options of the target, or null where something is not known. */
  read(target: string | undefined): readonly string[] | null {
    const ends = target === undefined ? undefined : targetPhrases.get(target);
    for (;;) {
      const options = this.targetOptions(target, ends);
      if (options !== null) return options;
      if (!this.remark() && !this.match()) return null;
    }
  }

  private targetOptions(
    target: string | undefined,
    ends: ReturnType<typeof targetPhrases.get>,
  ): readonly string[] | null {
    if (target === 'CT' && this.line.slice(this.at, this.end) === 'NOTRACK') return ['NOTRACK'];
    if (ends === undefined) return this.at >= this.end ? [] : null;
    for (const { pattern, words } of ends) {
      pattern.lastIndex = this.at;
      const found = pattern.exec(this.line);
      const options = found === null ? null : words(found);
      if (options !== null) return options;
    }
    return null;
  }

  /** A comment stands between marks that it may hold itself: then nobody can tell where it ends. */
  private remark(): boolean {
    const { line, at } = this;
    if (!line.startsWith('/* ', at)) return false;
    const close = line.indexOf(' */', at + 2);
    if (close < 0) return false;
    const isLast = close === this.lastRemark;
    const next = line.slice(close + 3, close + 7).trimStart();
    if (!isLast && !next.startsWith('/*')) return false;
    const text = line.slice(at + 3, Math.max(close, at + 3));
    this.open = null;
    for (const word of ['-m', 'comment', '--comment', text]) this.words.push({ word, at });
    this.at = close + 3;
    this.skip();
    return true;
  }

  private match(): boolean {
    const { line, at } = this;
    const inside = (this.open === null ? undefined : insides.get(this.open)) ?? none;
    const start = line.startsWith('! ', at) ? at + 2 : at;
    const beginning = beginnings.get(line.slice(start, start + 2)) ?? none;
    return inside.some((one) => this.takePhrase(one)) || beginning.some((one) => this.takePhrase(one));
  }

  private takePhrase({ match, isInside, pattern, words }: Phrase): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.line);
    const options = found === null ? null : words(found);
    if (found === null || options === null) return false;
    const names = options.filter((word) => word.startsWith('--'));
    // A match that begins anew has no name twice; `tcp` and its like begin anew each time.
    const isMore = this.open === match && names.length > 0 && !names.some((name) => this.given.has(name));
    if (isInside && !isMore && names.length > 0) return false;
    if (!isInside && !isMore) {
      this.words.push({ word: '-m', at: this.at }, { word: match, at: this.at });
      this.open = match;
      this.given = new Set();
    }
    for (const name of names) this.given.add(name);
    // the elements of an IPsec policy have the same options each
    if (names.includes('--next')) this.given.clear();
    for (const word of options) this.words.push({ word, at: this.at });
    this.at += found[0].length;
    this.skip();
    return true;
  }

  private skip(): void {
    while (this.at < this.end && /\s/.test(this.line[this.at] as string)) this.at++;
  }
}

const insides = new Map<string, Phrase[]>();
const beginnings = new Map<string, Phrase[]>();
for (const one of matchPhrases) {
  const among = one.isInside ? insides : beginnings;
  // in the pattern's own brackets, and behind a `!` that may be there
  const key = one.isInside ? one.match : one.pattern.source.replace(/^\(\?:(\(! \)\?)?/, '').slice(0, 2);
  among.set(key, [...(among.get(key) ?? []), one]);
}
const none: readonly Phrase[] = [];
