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
  const tooLong = refuseLongText(text);
  if (tooLong !== null) return { problems: [tooLong], lines: ['unread'] };
  const lines = text.split('\n');
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
  const spoken = blocks.map(({ from, to }) => spokenFamily(lines.slice(from, to).join('\n')));
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

/** The tool that was run before these tables is not theirs: one of them speaks of the other family. */
function wronglyTold(blocks: readonly Block[], spoken: readonly (Family | null)[]): readonly boolean[] {
  const wrong: boolean[] = [];
  for (let from = 0; from < blocks.length; ) {
    const [first] = blocks.slice(from, from + 1) as [Block];
    let to = from + 1;
    while (to < blocks.length && blocks[to]?.told === first.told && blocks[to]?.table !== null) to++;
    const other = first.told === 'v6' ? 'v4' : 'v6';
    const isWrong = !first.isSure && first.told !== null && spoken.slice(from, to).includes(other);
    for (; from < to; from++) wrong.push(isWrong);
  }
  return wrong;
}

/** Tables come once in a dump: one that was there already is the other family's. */
function secondTime({ table }: Block, seen: Readonly<Record<Family, ReadonlySet<string>>>): Family | null {
  if (table === null || !seen.v4.has(table)) return null;
  return seen.v6.has(table) ? null : 'v6';
}
