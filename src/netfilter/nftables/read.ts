/**
 * Reads what `nft list ruleset` prints, and scripts of commands as `nft -f` takes them: what the kernel has after them,
 * where it had nothing before.
 */
import {
  type Cursor,
  demand,
  demandName,
  demandWord,
  isEnd,
  peek,
  peekText,
  restOfStatement,
  skipEnds,
  takeWord,
  Unexpected,
} from './cursor.ts';
import { chainIn, type Draft, finished, type TableDraft, tableIn, tableKey } from './draft.ts';
import {
  type NftBase,
  type NftChainType,
  type NftFamily,
  type NftHook,
  type NftObject,
  type NftRuleset,
  type NftSet,
  nftChainTypes,
  nftFamilies,
  nftHooks,
} from './model.ts';
import { readPriority } from './priority.ts';
import type { NftProblem } from './problem.ts';
import { readElements } from './read-expression.ts';
import { readRule } from './read-statement.ts';
import { type NftToken, readTokens } from './tokens.ts';

export interface ParsedNft {
  readonly ruleset: NftRuleset;
  readonly problems: readonly NftProblem[];
}

/** The longest text that is read, in UTF-16 units. */
const longestNft = 50_000_000;

interface Reading extends Cursor {
  readonly draft: Draft;
  readonly problems: NftProblem[];
  readonly lines: readonly string[];
}

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
  const reading: Reading = { text, tokens, at: 0, depth: 0, draft: new Map(), problems, lines };
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

/** Runs a reader; where it gives up, the rest of the line is a problem. */
function attempt(c: Reading, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    c.depth = 0;
    report(c, error);
    restOfStatement(c);
  }
}

function report(c: Reading, { expected, token }: Unexpected): void {
  const at = token ?? c.tokens.at(-1);
  const line = at?.line ?? 1;
  c.problems.push({
    code: 'unexpected word',
    found: token === undefined ? '' : token.kind === 'end of line' ? '' : token.text,
    expected,
    line,
    column: at?.column ?? 1,
    text: c.lines[line - 1] ?? '',
  });
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

function readCommand(c: Reading): void {
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

function readFamily(c: Reading): NftFamily {
  const text = peekText(c);
  if (!(nftFamilies as readonly string[]).includes(text)) return 'ip';
  c.at++;
  return text as NftFamily;
}

/** `table inet t {`, behind the word table. */
function readTable(c: Reading): TableDraft {
  const family = readFamily(c);
  const table = tableIn(c.draft, family, demandName(c, 'name of a table'));
  if (takeWord(c, '{')) readBlock(c, table, () => readTableLine(c, table));
  return table;
}

/** Lines between braces, each by itself; the braces' own comment is a handle. */
function readBlock(c: Reading, owner: { handle?: number }, readLine: () => void): void {
  const token = peek(c);
  if (token?.kind === 'handle') {
    owner.handle = Number(token.text);
    c.at++;
  }
  for (;;) {
    skipEnds(c);
    if (peek(c) === undefined) {
      report(c, new Unexpected(['}'], undefined));
      return;
    }
    if (takeWord(c, '}')) return;
    const from = c.at;
    attempt(c, readLine);
    if (peek(c)?.kind === 'handle') c.at++;
    if (c.at === from) c.at++;
  }
}

const objectKinds: ReadonlySet<string> = new Set([
  'counter',
  'quota',
  'limit',
  'secmark',
  'synproxy',
  'tunnel',
]);

function readTableLine(c: Reading, table: TableDraft): void {
  const first = peekText(c);
  if (first === 'comment') {
    c.at++;
    table.comment = demandName(c, 'comment');
  } else if (first === 'flags') {
    c.at++;
    table.flags = restOfStatement(c)
      .split(',')
      .map((flag) => flag.trim());
  } else if (first === 'chain') {
    c.at++;
    readChain(c, table);
  } else if (first === 'set' || first === 'map' || first === 'meter') {
    c.at++;
    readSet(c, table, first);
  } else if (first === 'flowtable') {
    c.at++;
    readObject(c, table.flowtables, 'flowtable');
  } else if (first === 'ct') {
    c.at++;
    readObject(c, table.objects, `ct ${demandWord(c, ['helper', 'timeout', 'expectation'])}`);
  } else if (objectKinds.has(first)) {
    c.at++;
    readObject(c, table.objects, first);
  } else {
    throw new Unexpected(['chain', 'set', 'map', 'a named object'], peek(c));
  }
}

/** A named object, its lines as they stand. */
function readObject(c: Reading, objects: NftObject[], kind: string): void {
  const objectName = demandName(c, 'name');
  const owner: { handle?: number } = {};
  const lines: string[] = [];
  if (takeWord(c, '{')) readBlock(c, owner, () => void lines.push(restOfStatement(c)));
  else if (!isEnd(c)) lines.push(restOfStatement(c));
  objects.push({ kind, name: objectName, lines, ...owner });
}

function readChain(c: Reading, table: TableDraft): void {
  const chain = chainIn(table, demandName(c, 'name of a chain'));
  if (!takeWord(c, '{')) return;
  readBlock(c, chain, () => {
    const first = peekText(c);
    if (first === 'type' && (nftChainTypes as readonly string[]).includes(peekText(c, 1))) {
      chain.base = readBase(c, table.family);
    } else if (first === 'policy' && chain.base !== undefined) {
      c.at++;
      chain.base = { ...chain.base, policy: readPolicy(c), hasPolicy: true };
    } else if (first === 'comment') {
      c.at++;
      chain.comment = demandName(c, 'comment');
    } else if (
      first === 'flags' &&
      peek(c, 1)?.text !== undefined &&
      /^(?:offload|binding)$/.test(peekText(c, 1))
    ) {
      c.at++;
      chain.flags = restOfStatement(c);
    } else {
      const { rule, unread } = readRule(c);
      if (unread !== undefined) report(c, unread);
      chain.rules.push(rule);
    }
  });
}

function readPolicy(c: Reading): 'accept' | 'drop' {
  if (takeWord(c, 'accept')) return 'accept';
  if (takeWord(c, 'drop')) return 'drop';
  throw new Unexpected(['accept', 'drop'], peek(c));
}

/** `type nat hook prerouting priority dstnat; policy accept;` up to the end of its line. */
function readBase(c: Reading, family: NftFamily): NftBase {
  demand(c, 'type');
  const type = demandWord(c, ['filter', 'nat', 'route']) as NftChainType;
  demand(c, 'hook');
  const hook = demandWord(c, nftHooks);
  if (!(nftHooks as readonly string[]).includes(hook)) throw new Unexpected(nftHooks, peek(c, -1));
  const devices = peekText(c) === 'priority' ? '' : restOfStatement(c, ['priority']);
  demand(c, 'priority');
  const priorityToken = peek(c);
  const priorityText = restOfStatement(c).replace(/\s+/g, ' ');
  const priority = readPriority(priorityText, family);
  if (priority === null) throw new Unexpected('priority', priorityToken);
  // A policy stands behind a semicolon, on the same line or the next.
  while (takeWord(c, ';')) {}
  const hasPolicy = takeWord(c, 'policy');
  const policy = hasPolicy ? readPolicy(c) : 'accept';
  return {
    type,
    hook: hook as NftHook,
    priority,
    priorityText,
    policy,
    hasPolicy,
    ...(devices === '' ? {} : { devices }),
  };
}

function readSet(c: Reading, table: TableDraft, kind: NftSet['kind']): void {
  const setName = demandName(c, 'name of a set');
  const owner: { handle?: number } = {};
  const properties: string[] = [];
  let type = '';
  let isTypeof = false;
  let data: string | undefined;
  let elements: NftSet['elements'] = [];
  demand(c, '{');
  readBlock(c, owner, () => {
    const first = peekText(c);
    if (first === 'type' || first === 'typeof') {
      c.at++;
      isTypeof = first === 'typeof';
      const [key = '', value] = restOfStatement(c).replace(/\s+/g, ' ').split(' : ');
      type = key;
      data = value;
    } else if (first === 'elements') {
      c.at++;
      demand(c, '=');
      demand(c, '{');
      elements = readElements(c);
    } else {
      properties.push(restOfStatement(c));
    }
  });
  table.sets.set(setName, {
    kind,
    name: setName,
    type,
    isTypeof,
    ...(data === undefined ? {} : { data }),
    properties,
    elements: [...elements],
    ...owner,
  });
}

/** `add rule inet t c …`, `add chain …`, behind the verb. */
function readAdded(c: Reading, isInserted: boolean, isReplaced = false): void {
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
      if (objectKinds.has(what)) return readObject(c, table.objects, what);
      throw new Unexpected(['table', 'chain', 'rule', 'set', 'map', 'element'], peek(c, -1));
  }
}

/** The table in which something is put: one that was made before, or is made by being named. */
function readOwner(c: Reading): TableDraft {
  const family = readFamily(c);
  return tableIn(c.draft, family, demandName(c, 'name of a table'));
}

function readAddedRule(c: Reading, table: TableDraft, isInserted: boolean, isReplaced: boolean): void {
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
  const { rule, unread } = readRule(c);
  if (unread !== undefined) report(c, unread);
  rules.splice(at, isReplaced ? 1 : 0, rule);
}

function readTakenAway(c: Reading): void {
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
function readFlush(c: Reading): void {
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
