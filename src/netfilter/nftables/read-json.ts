/**
 * Reads what `nft -j list ruleset` prints. It is written as `nft -a list ruleset` would write it, and read from there: so
 * one ruleset is the same data in whichever way it was told. JSON of nft before 1.0.7 leaves out the comments of tables
 * and chains, the flag `dynamic`, and what stands behind `typeof`.
 */
import { deepestNesting } from './cursor.ts';
import { isObject, type Json, type JsonObject, UnknownPart, wordOf } from './json-expression.ts';
import { chainLines, commentLine, entryOf, objectKinds, objectLines } from './json-object.ts';
import { statementText } from './json-statement.ts';
import { type NftFamily, type NftRule, type NftStatement, nftFamilies } from './model.ts';
import type { NftProblem } from './problem.ts';
import { type ParsedNft, parseNft } from './read.ts';

/** Whether a text is JSON of nft, and not a listing or a script. */
export function isNftJson(text: string): boolean {
  return /^\s*\{\s*"nftables"\s*:/.test(text);
}

/** Never throws: what cannot be read is a problem with its place, and a rule keeps what is not known of it. */
export function parseNftJson(text: string): ParsedNft {
  const entries = readEntries(text);
  const tables = new Map<string, TableText>();
  const problems: NftProblem[] = [];
  const unknown = (at: number, part: Json | undefined) =>
    problems.push({
      code: 'JSON part unknown',
      part: JSON.stringify(part ?? entries.parsed[at]),
      ...entries.placeOf(at),
    });

  for (const [at, json] of entries.parsed.entries()) {
    if (json === undefined) {
      problems.push({ code: 'JSON unreadable', ...entries.placeOf(at) });
      continue;
    }
    try {
      readEntry(tables, json, at, unknown);
    } catch (error) {
      if (!(error instanceof UnknownPart)) throw error;
      unknown(at, error.part);
    }
  }
  if (!entries.isWhole) problems.push({ code: 'JSON unreadable', ...endOf(text) });

  const { listing, entryOfLine, kept } = written(tables);
  const read = parseNft(listing);
  for (const problem of read.problems)
    problems.push({ ...problem, ...entries.placeOf(entryOfLine.get(problem.line) ?? 0), text: problem.text });
  const withKept = (rule: NftRule): NftRule => {
    const text = kept.get(rule.line ?? 0);
    if (text === undefined) return rule;
    const last: NftStatement = { kind: 'kept', text };
    return { ...rule, statements: [...rule.statements.slice(0, -1), last] };
  };
  const ruleset = {
    tables: read.ruleset.tables.map((table) => ({
      ...table,
      chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.map(withKept) })),
    })),
  };
  return { ruleset: kept.size === 0 ? read.ruleset : ruleset, problems };
}

interface RuleText {
  readonly line: string;
  readonly entry: number;
  readonly kept?: string;
}

interface BlockText {
  readonly head: string;
  readonly lines: readonly string[];
  readonly entry: number;
  readonly rules: RuleText[];
}

interface TableText {
  head: string;
  lines: readonly string[];
  readonly blocks: BlockText[];
  readonly chains: Map<string, BlockText>;
}

function readEntry(
  tables: Map<string, TableText>,
  json: Json,
  at: number,
  unknown: (at: number, part: Json | undefined) => void,
): void {
  const [kind, object] = entryOf(json);
  if (kind === 'metainfo') return;
  const family = nftFamilies.find((name) => name === object.family);
  if (family === undefined) throw new UnknownPart(json);
  const handle = object.handle === undefined ? '' : ` # handle ${wordOf(object.handle)}`;
  if (kind === 'table') {
    const table = tableIn(tables, family, object.name);
    table.head += handle;
    table.lines = [...commentLine(object), ...tableFlags(object)];
    return;
  }
  const table = tableIn(tables, family, object.table);
  if (kind === 'rule') {
    const { line, kept } = ruleText(object, family, (part) => unknown(at, part));
    const rule = { line: `${line}${handle}`, entry: at };
    chainIn(table, wordOf(object.chain), at).rules.push(kept === undefined ? rule : { ...rule, kept });
  } else if (kind === 'chain') {
    const name = wordOf(object.name);
    const lines = chainLines(object, family);
    const rules = table.chains.get(name)?.rules ?? [];
    table.chains.set(name, { head: `chain ${name} {${handle}`, lines, entry: at, rules });
  } else if (objectKinds.has(kind)) {
    const head = `${kind} ${wordOf(object.name)} {${handle}`;
    table.blocks.push({ head, lines: objectLines(kind, object, family), entry: at, rules: [] });
  } else {
    throw new UnknownPart(json);
  }
}

function tableIn(tables: Map<string, TableText>, family: NftFamily, name: Json | undefined): TableText {
  const key = `${family} ${wordOf(name)}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = { head: `table ${key} {`, lines: [], blocks: [], chains: new Map() };
  tables.set(key, table);
  return table;
}

function chainIn(table: TableText, name: string, entry: number): BlockText {
  const known = table.chains.get(name);
  if (known !== undefined) return known;
  const chain = { head: `chain ${name} {`, lines: [], entry, rules: [] };
  table.chains.set(name, chain);
  return chain;
}

/** nft 1.0.6 prints the name of the table in place of its flags, of which `dormant` is the usual one. */
function tableFlags({ flags, name }: JsonObject): readonly string[] {
  if (flags === undefined) return [];
  const words = (Array.isArray(flags) ? flags : [flags]).map(wordOf);
  return [`flags ${words.map((word) => (word === name ? 'dormant' : word)).join(',')}`];
}

/** Up to the first statement that is not known, in whose place stands one that is put back afterwards. */
function ruleText(
  { expr, comment }: JsonObject,
  family: NftFamily,
  unknown: (part: Json | undefined) => void,
): { line: string; kept?: string } {
  const words: string[] = [];
  const behind = commentLine({ comment });
  if (!Array.isArray(expr)) throw new UnknownPart(expr);
  for (const [at, statement] of expr.entries()) {
    try {
      words.push(statementText(statement, family));
    } catch (error) {
      if (!(error instanceof UnknownPart)) throw error;
      unknown(statement);
      const kept = expr
        .slice(at)
        .map((one) => JSON.stringify(one))
        .join(' ');
      return { line: [...words, 'continue', ...behind].join(' '), kept };
    }
  }
  return { line: [...words, ...behind].join(' ') };
}

/** The listing, which entry each of its lines is from, and what is put back into the rules of some. */
function written(tables: ReadonlyMap<string, TableText>) {
  const lines: string[] = [];
  const entryOfLine = new Map<number, number>();
  const kept = new Map<number, string>();
  const put = (line: string, entry?: number) => {
    lines.push(line);
    if (entry !== undefined) entryOfLine.set(lines.length, entry);
  };
  for (const table of tables.values()) {
    put(table.head);
    for (const line of table.lines) put(`\t${line}`);
    for (const [at, block] of [...table.blocks, ...table.chains.values()].entries()) {
      // As nft parts them, so that a rule has the number of its line there.
      if (at > 0 || table.lines.some((line) => line.startsWith('flags'))) put('');
      put(`\t${block.head}`, block.entry);
      for (const line of block.lines) put(`\t\t${line}`, block.entry);
      for (const rule of block.rules) {
        put(`\t\t${rule.line}`, rule.entry);
        if (rule.kept !== undefined) kept.set(lines.length, rule.kept);
      }
      put('\t}');
    }
    put('}');
  }
  return { listing: lines.map((line) => `${line}\n`).join(''), entryOfLine, kept };
}

interface Entries {
  /** undefined for one that is no JSON. */
  readonly parsed: readonly (Json | undefined)[];
  readonly isWhole: boolean;
  placeOf(at: number): { line: number; column: number; text: string };
}

/** The entries of the list; of a text that breaks off, those that are whole. */
function readEntries(text: string): Entries {
  let found: readonly (readonly [from: number, to: number])[] | undefined;
  const ranges = () => {
    found ??= rangesOf(text);
    return found;
  };
  const lineStarts = () => [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  let starts: readonly number[] | undefined;
  const placeOf = (at: number) => {
    starts ??= lineStarts();
    const [from, to] = ranges()[at] ?? [0, 0];
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= from) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: from - (starts[low] as number) + 1, text: text.slice(from, to) };
  };
  if (isTooDeep(text)) return { parsed: [undefined], isWhole: true, placeOf };
  const whole = parsed(text);
  if (isObject(whole) && Array.isArray(whole.nftables))
    return { parsed: whole.nftables, isWhole: true, placeOf };
  return { parsed: ranges().map(([from, to]) => parsed(text.slice(from, to))), isWhole: false, placeOf };
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (isQuoted && letter === '\\') at++;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (letter === '{' || letter === '[') {
      if (++depth > deepestNesting) return true;
    } else if (letter === '}' || letter === ']') depth--;
  }
  return false;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where each entry of the first list stands: what its commas part that are in no braces and no quotes. */
function rangesOf(text: string): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  let depth = 0;
  let from = -1;
  let isQuoted = false;
  for (let at = text.indexOf('[') + 1; at > 0 && at < text.length; at++) {
    const letter = text[at] as string;
    if (isQuoted) {
      if (letter === '\\') at++;
      else if (letter === '"') isQuoted = false;
      continue;
    }
    if (depth === 0 && (letter === ',' || letter === ']')) {
      if (from >= 0) found.push([from, at]);
      from = -1;
      if (letter === ']') return found;
      continue;
    }
    if (from < 0 && !/\s/.test(letter)) from = at;
    if (letter === '"') isQuoted = true;
    else if (letter === '{' || letter === '[') depth++;
    else if (letter === '}' || letter === ']') depth--;
  }
  if (from >= 0) found.push([from, text.length]);
  return found;
}

function endOf(text: string) {
  const line = text.split('\n').length;
  const last = text.slice(text.lastIndexOf('\n') + 1);
  return { line, column: last.length + 1, text: last.slice(-80) };
}
