/**
 * A paste that may hold the rules of both families: `iptables-save` and `ip6tables-save` one after the other, or
 * the commands of both.
 */

import type { Problem } from '../model/problem.ts';
import type { Family, Ruleset } from '../model/ruleset.ts';
import { spokenFamily } from './family.ts';
import type { LineReading } from './line.ts';
import { parseLines, refuseLongText } from './read-ruleset.ts';
import { readGenerated, readToolLine } from './tool-line.ts';

export interface ParsedDumps {
  readonly v4?: Ruleset;
  readonly v6?: Ruleset;
  /** In the order of the lines of the whole text. */
  readonly problems: readonly Problem[];
  readonly lines: readonly LineReading[];
}

/**
 * Reads the rules of one family or of both. The family of a table is told by the tool named before it, else by the
 * addresses in it, else by a table that comes a second time.
 */
export function parseDumps(text: string): ParsedDumps {
  const tooLong = refuseLongText(text.length);
  return tooLong === null ? readLines(text.split('\n')) : { problems: [tooLong], lines: ['unread'] };
}

/** The same of the lines of a text. */
export function parseDumpLines(lines: readonly string[]): ParsedDumps {
  const tooLong = refuseLongText(lines.reduce((length, line) => length + line.length + 1, 0));
  return tooLong === null ? readLines(lines) : { problems: [tooLong], lines: ['unread'] };
}

function readLines(lines: readonly string[]): ParsedDumps {
  const families = familiesOf(lines);
  const parsed = (family: Family) =>
    families.includes(family)
      ? parseLines(
          lines.map((line, at) => (families[at] === family ? line : null)),
          family,
        )
      : null;
  const v4 = parsed('v4');
  const v6 = parsed('v6');
  const readings = lines.map((_, at) => (families[at] === 'v6' ? v6 : v4)?.lines[at] ?? 'blank');
  return {
    ...(v4 === null ? {} : { v4: v4.ruleset }),
    ...(v6 === null ? {} : { v6: v6.ruleset }),
    problems: [...(v4?.problems ?? []), ...(v6?.problems ?? [])].sort(
      (a, b) => a.line - b.line || a.column - b.column,
    ),
    lines: readings,
  };
}

/** From one mark to the next: a tool's name, a table's line, a command. */
interface Block {
  readonly from: number;
  to: number;
  /** Named by a tool; `isSure` where the tool wrote these very lines, and did not just run before them. */
  readonly told: Family | null;
  readonly isSure: boolean;
  readonly table: string | null;
}

function familiesOf(lines: readonly string[]): readonly Family[] {
  const blocks: Block[] = [{ from: 0, to: lines.length, told: null, isSure: false, table: null }];
  let told: Family | null = null;
  let isSure = false;
  const begin = (from: number, table: string | null) => {
    (blocks[blocks.length - 1] as Block).to = from;
    blocks.push({ from, to: lines.length, told, isSure, table });
  };
  for (const [at, line] of lines.entries()) {
    const generated = readGenerated(line);
    const tool = generated === null ? readToolLine(line) : null;
    if (generated !== null) {
      told = generated.family;
      isSure = true;
      begin(at, null);
    } else if (tool !== null) {
      told = tool.family;
      isSure = tool.job === 'command';
      begin(at, null);
      // A command speaks for its own line alone.
      if (isSure) {
        told = null;
        begin(at + 1, null);
      }
    } else if (/^\s*\*/.test(line)) begin(at, line.trim().slice(1).trim());
  }
  const spoken = blocks.map(({ from, to, told, isSure }) =>
    isSure && told !== null ? null : spokenFamily(lines.slice(from, to).join('\n')),
  );
  const isWrong = wronglyTold(blocks, spoken);
  const families: Family[] = [];
  const seen: Record<Family, Set<string>> = { v4: new Set(), v6: new Set() };
  let before: Family | null = null;
  for (const [index, block] of blocks.entries()) {
    const family: Family =
      (block.isSure ? block.told : null) ??
      spoken[index] ??
      secondTime(block, seen) ??
      (isWrong[index] ? null : block.told) ??
      before ??
      'v4';
    if (block.table !== null) seen[family].add(block.table);
    if (block.told !== null || block.table !== null) before = family;
    for (let at = block.from; at < block.to; at++) families.push(family);
  }
  return families;
}

/** Whether the tool that was run before a block is not its own: one of the tables behind it speaks of the other family. */
function wronglyTold(blocks: readonly Block[], spoken: readonly (Family | null)[]): readonly boolean[] {
  const runs: number[] = [];
  const wrong = new Set<number>();
  for (const [at, { told, isSure, table }] of blocks.entries()) {
    // A block without a table begins at a tool, and the tables behind it are of its run.
    const run = table !== null && told === blocks[at - 1]?.told ? (runs[at - 1] ?? at) : at;
    runs.push(run);
    const speaks = spoken[at] ?? told;
    if (told !== null && !isSure && speaks !== told) wrong.add(run);
  }
  return runs.map((run) => wrong.has(run));
}

/** Tables come once in a dump: one that was there already is the other family's. */
function secondTime({ table }: Block, seen: Readonly<Record<Family, ReadonlySet<string>>>): Family | null {
  if (table === null || !seen.v4.has(table)) return null;
  return seen.v6.has(table) ? null : 'v6';
}
