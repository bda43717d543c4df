/**
 * A ruleset from its text: what `iptables-save` and `iptables -S` print, with and without counters; the
 * `iptables -t nat -A …` commands; and the `-N/-A/-I` form that `iptables-restore` takes.
 */
import type { Problem } from '../model/problem.ts';
import type { Family, Ruleset } from '../model/ruleset.ts';
import { CommandReader, readCounters } from './commands.ts';
import { guessFamily } from './family.ts';
import { Line, type LineReading } from './line.ts';
import { OpenRuleset } from './open-ruleset.ts';
import { readToolName } from './tool-line.ts';

export interface ParsedRuleset {
  readonly ruleset: Ruleset;
  /** In the order of the lines. */
  readonly problems: readonly Problem[];
  /** What became of each line of the text, the first one first: none is passed over in silence. */
  readonly lines: readonly LineReading[];
}

/** The longest text that is read; a larger one is refused whole. */
export const longestText = 32 * 1024 * 1024;

/**
 * Reads a ruleset of one family. The family is `family`, or else the one whose addresses are in the text.
 *
 * Never throws. What cannot be read is a problem with its line and column; a rule that cannot be read in full
 * stays in its chain with its text (`unread`), so that the others keep their positions.
 */
export function parseRuleset(text: string, family?: Family): ParsedRuleset {
  const tooLong = refuseLongText(text.length);
  if (tooLong !== null)
    return { ruleset: { family: family ?? 'v4', tables: [] }, problems: [tooLong], lines: ['unread'] };
  return parseLines(text.split('\n'), family ?? guessFamily(text));
}

export function refuseLongText(length: number): Problem | null {
  if (length <= longestText) return null;
  return {
    code: 'text too long',
    line: 1,
    column: 1,
    length,
    most: longestText,
    text: '',
  };
}

/** Reads the lines of one family; the others are null and keep the numbers of the lines right. */
export function parseLines(lines: readonly (string | null)[], family: Family): ParsedRuleset {
  const reader = new LineReader(family);
  const readings = lines.map((line) => reader.read(line));
  const { tables, problems } = reader.close();
  return {
    ruleset: { family, tables },
    problems: problems
      .map((one) => ({ ...one, text: lines[one.line - 1] ?? '' }))
      .sort((a, b) => a.line - b.line || a.column - b.column),
    lines: readings,
  };
}

/** Tells what a line is, reads the lines of a dump, and passes commands on. */
class LineReader {
  private readonly line = new Line();
  private readonly ruleset = new OpenRuleset(this.line);
  private readonly commands: CommandReader;

  constructor(family: Family) {
    this.commands = new CommandReader(family, this.line, this.ruleset);
  }

  read(text: string | null): LineReading {
    this.line.next(text);
    return this.ruleset.attempt(() => this.readLine());
  }

  close() {
    return { tables: this.ruleset.close(), problems: this.ruleset.problems };
  }

  private readLine(): LineReading {
    const { words, text } = this.line;
    const first = words[0];
    if (first === undefined) return 'blank';
    // A word in quotes begins no line of a dump, whatever is in it.
    const written = text.trimStart();
    switch (written[0]) {
      case '#':
        return 'comment';
      case '*':
        return this.readTable(first);
      case ':':
        return this.readChain(first);
      case '-':
        return this.commands.run(0, undefined);
      case '[': {
        const counters = readCounters(first);
        if (counters !== null) return this.commands.run(1, counters);
        break;
      }
    }
    if (first === 'COMMIT') return 'commit';
    const at = words.findIndex((word) => word !== 'sudo' && word !== '$');
    const tool = at <= 2 ? readToolName(words[at] ?? '') : null;
    if (tool?.job === 'command') {
      this.ruleset.leaveTable();
      return this.commands.run(at + 1, undefined);
    }
    // Tools print the commands that they ran between the rules.
    if (tool !== null) return 'command';
    throw this.line.unreadable(0, { code: 'line unknown' });
  }

  /** `*nat` */
  private readTable(first: string): LineReading {
    if (first === '*') this.ruleset.openTable(this.line.words[1] ?? '', 1, 0);
    else this.ruleset.openTable(first.slice(1), 0, 1);
    return 'table';
  }

  /** `:DOCKER - [0:0]` */
  private readChain(first: string): LineReading {
    const { line, ruleset } = this;
    const { words } = line;
    const at = first === ':' ? 1 : 0;
    const name = (at === 1 ? words[1] : first.slice(1)) ?? '';
    const chain = ruleset.makeChain(name, at, at === 1 ? 0 : 1);
    const policy = words[at + 1];
    if (policy === undefined) {
      throw line.unreadable(at + 1, {
        code: 'line cut off',
        behind: { kind: 'chain', chain: chain.name, policy: chain.policy },
      });
    }
    ruleset.setPolicy(chain, policy, at + 1);
    const counts = words[at + 2];
    if (counts === undefined) return 'chain';
    const counters = readCounters(counts);
    if (counters === null) {
      throw line.unreadable(at + 2, {
        code: 'counters unreadable',
        counters: counts,
        option: null,
      });
    }
    chain.counters = counters;
    const more = words[at + 3];
    if (more !== undefined) {
      throw line.unreadable(at + 3, { code: 'line goes on', word: more });
    }
    return 'chain';
  }
}
