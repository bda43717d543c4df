/** Tables as `nft list ruleset` prints them: what stands between their braces. */
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
import { chainIn, type Draft, type TableDraft, tableIn } from './draft.ts';
import {
  type NftBase,
  type NftChainType,
  type NftFamily,
  type NftHook,
  type NftObject,
  type NftRule,
  type NftSet,
  nftChainTypes,
  nftFamilies,
  nftHooks,
} from './model.ts';
import { readPriority } from './priority.ts';
import type { NftProblem } from './problem.ts';
import { readElements } from './read-expression.ts';
import { readRule } from './read-statement.ts';

/** A text under way, and what was read of it. */
export interface NftReading extends Cursor {
  readonly draft: Draft;
  readonly problems: NftProblem[];
  readonly lines: readonly string[];
}

/** Runs a reader; where it gives up, the rest of the line is a problem. */
export function attempt(c: NftReading, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    c.depth = 0;
    report(c, error);
    restOfStatement(c);
  }
}

export function report(c: NftReading, { expected, token }: Unexpected): void {
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

/** A rule of a table, which may have chains in it. */
export function readRuleIn(c: NftReading, table: TableDraft): NftRule {
  const { rule, unread } = readRule(c);
  for (const one of unread) report(c, one);
  for (const { name, rules } of c.anonymous.splice(0))
    Object.assign(chainIn(table, name), { rules, isAnonymous: true });
  return rule;
}

export function readFamily(c: NftReading): NftFamily {
  const text = peekText(c);
  if (!(nftFamilies as readonly string[]).includes(text)) return 'ip';
  c.at++;
  return text as NftFamily;
}

/** `table inet t {`, behind the word table. */
export function readTable(c: NftReading): TableDraft {
  const family = readFamily(c);
  const table = tableIn(c.draft, family, demandName(c, 'name of a table'));
  if (takeWord(c, '{')) readBlock(c, table, () => readTableLine(c, table));
  return table;
}

/** Lines between braces, each by itself; the braces' own comment is a handle. */
function readBlock(c: NftReading, owner: { handle?: number; owner?: string }, readLine: () => void): void {
  const token = peek(c);
  if (token?.kind === 'handle') {
    owner.handle = Number(token.text);
    c.at++;
  }
  const program = peek(c);
  if (program?.kind === 'owner') {
    owner.owner = program.text;
    c.at++;
  }
  for (;;) {
    skipEnds(c);
    if (peek(c) === undefined) {
      report(c, new Unexpected(['}'], undefined));
      return;
    }
    if (takeWord(c, '}')) return;
    // A handle with nothing before it on its line is nobody's.
    if (peek(c)?.kind === 'handle') {
      c.at++;
      continue;
    }
    const from = c.at;
    attempt(c, readLine);
    if (peek(c)?.kind === 'handle') c.at++;
    if (c.at === from) c.at++;
  }
}

export const namedObjectKinds: ReadonlySet<string> = new Set([
  'counter',
  'quota',
  'limit',
  'secmark',
  'synproxy',
  'tunnel',
]);

function readTableLine(c: NftReading, table: TableDraft): void {
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
  } else if (namedObjectKinds.has(first)) {
    c.at++;
    readObject(c, table.objects, first);
  } else {
    throw new Unexpected(['chain', 'set', 'map', 'a named object'], peek(c));
  }
}

/** A named object, its lines as they stand. */
export function readObject(c: NftReading, objects: NftObject[], kind: string): void {
  const objectName = demandName(c, 'name');
  const owner: { handle?: number } = {};
  const lines: string[] = [];
  if (takeWord(c, '{')) readBlock(c, owner, () => void lines.push(restOfStatement(c)));
  else if (!isEnd(c)) lines.push(restOfStatement(c));
  objects.push({ kind, name: objectName, lines, ...owner });
}

export function readChain(c: NftReading, table: TableDraft): void {
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
      chain.rules.push(readRuleIn(c, table));
    }
  });
}

function readPolicy(c: NftReading): 'accept' | 'drop' {
  if (takeWord(c, 'accept')) return 'accept';
  if (takeWord(c, 'drop')) return 'drop';
  throw new Unexpected(['accept', 'drop'], peek(c));
}

/** `type nat hook prerouting priority dstnat; policy accept;` up to the end of its line. */
function readBase(c: NftReading, family: NftFamily): NftBase {
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

export function readSet(c: NftReading, table: TableDraft, kind: NftSet['kind']): void {
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
      const from = c.at;
      const written = restOfStatement(c);
      const strange = c.tokens.slice(from, c.at).find(({ text }) => text === '{' || text === '=');
      if (strange !== undefined) throw new Unexpected('type', strange);
      const [key = '', value] = written.replace(/\s+/g, ' ').split(' : ');
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
