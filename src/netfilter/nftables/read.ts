/**
 * Reads what `nft list ruleset` prints, and scripts of commands as `nft -f` takes them: what the kernel has after them,
 * where it had nothing before.
 */
import {
  demand,
  demandName,
  demandWord,
  peek,
  peekText,
  restOfStatement,
  skipEnds,
  takeWord,
  Unexpected,
} from './cursor.ts';
import { chainIn, finished, type TableDraft, tableIn, tableKey } from './draft.ts';
import type { NftRuleset } from './model.ts';
import type { NftProblem } from './problem.ts';
import { readElements } from './read-expression.ts';
import {
  attempt,
  type NftReading,
  namedObjectKinds,
  readChain,
  readFamily,
  readObject,
  readRuleIn,
  readSet,
  readTable,
} from './read-table.ts';
import { type NftToken, readTokens } from './tokens.ts';

export interface ParsedNft {
  readonly ruleset: NftRuleset;
  readonly problems: readonly NftProblem[];
}

/** The longest text that is read, in UTF-16 units. */
const longestNft = 50_000_000;

/**
 * Reads an nft text. Never throws: what cannot be read is a problem with its place, and a rule of which a part was not
 * understood keeps that part as it stands.
 */
export function parseNft(text: string): ParsedNft {
  if (text.length > longestNft) {
    const problem: NftProblem = {
      code: 'text too long',
      length: text.length,
      most: longestNft,
      line: 1,
      column: 1,
      text: '',
    };
    return { ruleset: { tables: [] }, problems: [problem] };
  }
  const lines = text.split('\n');
  const problems: NftProblem[] = [];
  const tokens = withDefinitions(readTokens(text), lines, problems);
  const reading: NftReading = {
    text,
    tokens,
    at: 0,
    depth: 0,
    anonymous: [],
    chainNumber: 0,
    nested: 0,
    brackets: 0,
    draft: new Map(),
    problems,
    lines,
  };
  for (;;) {
    skipEnds(reading);
    if (peek(reading) === undefined) break;
    const from = reading.at;
    attempt(reading, () => readCommand(reading));
    // A command goes on at least by one word, whatever stood there.
    if (reading.at === from) reading.at++;
  }
  return { ruleset: finished(reading.draft), problems };
}

/** `define x = 80`, and `$x` where it is used. */
function withDefinitions(
  tokens: readonly NftToken[],
  lines: readonly string[],
  problems: NftProblem[],
): readonly NftToken[] {
  if (!tokens.some(({ text }) => text === 'define' || text === '$' || text === 'include')) return tokens;
  const values = new Map<string, readonly NftToken[]>();
  const result: NftToken[] = [];
  const isFirst = (at: number) =>
    at === 0 || tokens[at - 1]?.kind === 'end of line' || tokens[at - 1]?.text === ';';
  const end = (at: number) => {
    let to = at;
    let depth = 0;
    for (; to < tokens.length; to++) {
      const { text = '', kind } = tokens[to] ?? {};
      if (kind === 'sign' && text === '{') depth++;
      if (kind === 'sign' && text === '}') depth--;
      if (depth <= 0 && (kind === 'end of line' || (kind === 'sign' && text === ';'))) break;
    }
    return to;
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as NftToken;
    if (
      (token.text === 'define' || token.text === 'redefine') &&
      isFirst(at) &&
      tokens[at + 2]?.text === '='
    ) {
      const to = end(at + 3);
      values.set(tokens[at + 1]?.text ?? '', tokens.slice(at + 3, to));
      at = to - 1;
    } else if (token.text === 'include' && isFirst(at)) {
      problems.push({ code: 'include', file: tokens[at + 1]?.text ?? '', ...placeOf(token, lines) });
      at = end(at) - 1;
    } else if (token.text === '$' && token.kind === 'sign' && tokens[at + 1]?.kind === 'word') {
      const used = tokens[at + 1] as NftToken;
      const value = values.get(used.text);
      if (value === undefined) {
        problems.push({ code: 'variable unknown', name: used.text, ...placeOf(token, lines) });
        result.push(token);
        continue;
      }
      // What it stands for stands where it is used.
      for (const part of value)
        result.push({ ...part, line: token.line, column: token.column, joined: false });
      at++;
    } else {
      result.push(token);
    }
  }
  return result;
}

function placeOf({ line, column }: NftToken, lines: readonly string[]) {
  return { line, column, text: lines[line - 1] ?? '' };
}

const adding: ReadonlySet<string> = new Set(['add', 'create']);
const takingAway: ReadonlySet<string> = new Set(['delete', 'destroy']);

function readCommand(c: NftReading): void {
  const token = peek(c) as NftToken;
  const verb = peekText(c);
  if (
    verb === '*' ||
    /^:/.test(verb) ||
    (verb.startsWith('-') && verb.length === 2) ||
    /^ip6?tables/.test(verb)
  ) {
    const isRules = /^(?:\*|-[ANIPF]\b|:|ip6?tables)/.test((c.lines[token.line - 1] ?? '').trim());
    if (isRules) {
      c.problems.push({ code: 'rules of iptables', ...placeOf(token, c.lines) });
      restOfStatement(c);
      return;
    }
  }
  if (verb === 'nft') c.at++;
  const command = peekText(c);
  if (command === 'table') {
    c.at++;
    readTable(c);
  } else if (adding.has(command)) {
    c.at++;
    readAdded(c, false);
  } else if (command === 'insert' || command === 'replace') {
    c.at++;
    readAdded(c, command === 'insert', command === 'replace');
  } else if (takingAway.has(command)) {
    c.at++;
    readTakenAway(c);
  } else if (command === 'flush') {
    c.at++;
    readFlush(c);
  } else {
    throw new Unexpected(['table', 'add', 'insert', 'delete', 'flush'], token);
  }
}

/** `add rule inet t c …`, `add chain …`, behind the verb. */
function readAdded(c: NftReading, isInserted: boolean, isReplaced = false): void {
  const what = demandWord(c, ['table', 'chain', 'rule', 'set', 'map', 'element']);
  if (what === 'table') {
    readTable(c);
    return;
  }
  const table = readOwner(c);
  switch (what) {
    case 'chain':
      return readChain(c, table);
    case 'rule':
      return readAddedRule(c, table, isInserted, isReplaced);
    case 'set':
    case 'map':
      return readSet(c, table, what);
    case 'element': {
      const setName = demandName(c, 'name of a set');
      demand(c, '{');
      const elements = readElements(c);
      const set = table.sets.get(setName);
      if (set === undefined) throw new Unexpected('set that was made', peek(c, -1));
      for (const element of elements) set.elements.push(element);
      return;
    }
    case 'flowtable':
      return readObject(c, table.flowtables, what);
    case 'ct':
      return readObject(c, table.objects, `ct ${demandWord(c, ['helper', 'timeout', 'expectation'])}`);
    default:
      if (namedObjectKinds.has(what)) return readObject(c, table.objects, what);
      throw new Unexpected(['table', 'chain', 'rule', 'set', 'map', 'element'], peek(c, -1));
  }
}

/** The table in which something is put: one that was made before, or is made by being named. */
function readOwner(c: NftReading): TableDraft {
  const family = readFamily(c);
  return tableIn(c.draft, family, demandName(c, 'name of a table'));
}

function readAddedRule(c: NftReading, table: TableDraft, isInserted: boolean, isReplaced: boolean): void {
  const chain = chainIn(table, demandName(c, 'name of a chain'));
  const { rules } = chain;
  let at = isInserted ? 0 : rules.length;
  if (takeWord(c, 'index')) {
    const index = Number(demandWord(c, 'number'));
    if (!(index >= 0 && index < Math.max(1, rules.length)))
      throw new Unexpected('index of a rule', peek(c, -1));
    at = isInserted || rules.length === 0 ? index : index + 1;
  } else if (takeWord(c, 'position') || takeWord(c, 'handle')) {
    const handle = Number(demandWord(c, 'handle'));
    const found = rules.findIndex((rule) => rule.handle === handle);
    if (found < 0) throw new Unexpected('handle of a rule', peek(c, -1));
    at = isInserted || isReplaced ? found : found + 1;
  }
  rules.splice(at, isReplaced ? 1 : 0, readRuleIn(c, table));
}

function readTakenAway(c: NftReading): void {
  const what = demandWord(c, ['table', 'chain', 'rule', 'set', 'element']);
  if (what === 'table') {
    const family = readFamily(c);
    const tableName = demandName(c, 'name of a table');
    c.draft.delete(tableKey(family, tableName));
    return;
  }
  const table = readOwner(c);
  const owned = demandName(c, 'name');
  if (what === 'chain') {
    table.chains.delete(owned);
  } else if (what === 'set' || what === 'map') {
    table.sets.delete(owned);
  } else if (what === 'rule') {
    demand(c, 'handle');
    const handle = Number(demandWord(c, 'handle'));
    const { rules } = chainIn(table, owned);
    const at = rules.findIndex((rule) => rule.handle === handle);
    if (at < 0) throw new Unexpected('handle of a rule', peek(c, -1));
    rules.splice(at, 1);
  } else {
    throw new Unexpected(['table', 'chain', 'rule', 'set'], peek(c, -1));
  }
}

/** `flush ruleset`, `flush table inet t`, `flush chain …`: the rules go, chains and sets stay. */
function readFlush(c: NftReading): void {
  const what = demandWord(c, ['ruleset', 'table', 'chain', 'set']);
  if (what === 'ruleset') {
    restOfStatement(c);
    c.draft.clear();
    return;
  }
  const table = readOwner(c);
  if (what === 'table') {
    for (const chain of table.chains.values()) chain.rules = [];
    return;
  }
  const owned = demandName(c, 'name');
  if (what === 'chain') chainIn(table, owned).rules = [];
  else if (what === 'set' || what === 'map') {
    const set = table.sets.get(owned);
    if (set !== undefined) set.elements = [];
  } else throw new Unexpected(['ruleset', 'table', 'chain', 'set'], peek(c, -1));
}
