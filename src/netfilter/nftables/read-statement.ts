/**
 * The statements of a rule, one after the other. One that is not understood is kept, with all that stands behind it.
 * Source: the grammar in src/parser_bison.y of nftables.
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
  textFrom,
  Unexpected,
} from './cursor.ts';
import type { NftComparison, NftExpression, NftRule, NftStatement, NftValue } from './model.ts';
import {
  readConstant,
  readExpression,
  readJoined,
  readOperand,
  readVerdict,
  startsExpression,
} from './read-expression.ts';

const comparisons: ReadonlyMap<string, NftComparison> = new Map([
  ['==', '=='],
  ['eq', '=='],
  ['!=', '!='],
  ['ne', '!='],
  ['<', '<'],
  ['lt', '<'],
  ['>', '>'],
  ['gt', '>'],
  ['<=', '<='],
  ['le', '<='],
  ['>=', '>='],
  ['ge', '>='],
  ['!', '!'],
]);

/** What was read of one rule, and the words at which the reader gave up, in it and in chains that stand in it. */
export interface RuleReading {
  readonly rule: NftRule;
  readonly unread: readonly Unexpected[];
}

/** Reads the statements up to the end of the rule. Never throws. */
export function readRule(c: Cursor): RuleReading {
  const line = peek(c)?.line;
  const statements: NftStatement[] = [];
  let comment: string | undefined;
  const unread: Unexpected[] = [];
  while (!isEnd(c)) {
    const from = c.at;
    const chains = c.anonymous.length;
    const known = unread.length;
    if (takeWord(c, 'comment')) {
      const text = peek(c);
      if (text?.kind === 'string' || text?.kind === 'word') {
        c.at++;
        comment = text.text;
        continue;
      }
      c.at = from;
    }
    try {
      statements.push(readStatement(c, unread));
    } catch (error) {
      if (!(error instanceof Unexpected)) throw error;
      unread.splice(known, unread.length, error);
      c.anonymous.length = chains;
      c.at = from;
      c.depth = 0;
      const text = restOfStatement(c);
      statements.push({ kind: 'kept', text });
      // A brace without its pair ends nothing here.
      if (c.at === from) c.at++;
    }
  }
  const handle = peek(c)?.kind === 'handle' ? Number(peek(c)?.text) : undefined;
  if (handle !== undefined) c.at++;
  return {
    rule: {
      statements,
      ...(comment === undefined ? {} : { comment }),
      ...(handle === undefined ? {} : { handle }),
      ...(line === undefined ? {} : { line }),
    },
    unread,
  };
}

function readStatement(c: Cursor, unread: Unexpected[]): NftStatement {
  const from = c.at;
  const text = peekText(c);
  if ((text === 'jump' || text === 'goto') && peekText(c, 1) === '{') return readAnonymous(c, text, unread);
  const verdict = readVerdict(c);
  if (verdict !== null) return { kind: 'verdict', verdict };
  const mapped = readObjectMap(c);
  if (mapped !== null) return mapped;
  switch (text) {
    case 'counter':
      return readCounter(c);
    case 'limit':
      return readLimit(c);
    case 'quota':
      return readQuota(c);
    case 'last':
      c.at++;
      if (takeWord(c, 'used')) demandWord(c, ['never', 'time']);
      return { kind: 'last', text: textFrom(c, from) };
    case 'reset':
      c.at++;
      return { kind: 'reset option', option: readWholeOption(c) };
    case 'meter':
      return readMeter(c);
    case 'log':
      return readLog(c);
    case 'reject':
      c.at++;
      return takeWord(c, 'with') ? { kind: 'reject', with: rejectWith(c) } : { kind: 'reject' };
    case 'masquerade':
    case 'redirect':
    case 'snat':
    case 'dnat':
      return readNat(c, text);
    case 'tproxy':
      return readTproxy(c);
    case 'notrack':
      c.at++;
      return { kind: 'notrack' };
    case 'dup':
      c.at++;
      if (takeWord(c, 'to')) readOperand(c);
      if (takeWord(c, 'device')) readOperand(c);
      return { kind: 'dup', text: textFrom(c, from) };
    case 'fwd':
    case 'queue':
    case 'synproxy':
    case 'flow':
      return { kind: text, text: restOfStatement(c, ['comment']) };
    case 'xt':
      c.at++;
      demandWord(c, ['match', 'target', 'watcher']);
      demandName(c, 'name');
      return { kind: 'xt', text: textFrom(c, from) };
    case 'add':
    case 'update':
    case 'delete':
      return readSetUpdate(c, text);
    case 'set':
      throw new Unexpected('statement', peek(c));
    case 'ct':
      if (peekText(c, 1) === 'count') {
        c.at += 2;
        takeWord(c, 'over');
        demandWord(c, 'number');
        return { kind: 'ct count', text: textFrom(c, from) };
      }
  }
  if (!startsExpression(c)) throw new Unexpected('statement', peek(c));
  return readMatch(c);
}

/** An expression, and what is asked of it: compared, set, looked up for a verdict. */
function readMatch(c: Cursor): NftStatement {
  const left = readExpression(c);
  if (takeWord(c, 'set')) return { kind: 'set', target: left, value: readOperand(c) };
  if (takeWord(c, 'vmap')) return { kind: 'vmap', key: left, map: readConstant(c) };
  const written = comparisons.get(peekText(c));
  if (written !== undefined) c.at++;
  const right = readConstant(c);
  const operator = written ?? '==';
  if (written === '==' && hasFlags(left) && right.kind !== 'set' && right.kind !== 'named set')
    return { kind: 'match', left, operator, right, isExact: true };
  // `tcp flags syn / fin,syn`
  if (takeWord(c, '/')) return { kind: 'match', left, operator, right, mask: readConstant(c) };
  return { kind: 'match', left, operator, right };
}

/** Types of bits (TYPE_BITMASK), of which a comparison without an operator looks for one. */
function hasFlags(left: NftExpression): boolean {
  if (left.kind === 'payload') return left.protocol === 'tcp' && left.field === 'flags';
  return left.kind === 'ct' && ['state', 'status', 'label', 'event'].includes(left.key);
}

function readCounter(c: Cursor): NftStatement {
  c.at++;
  if (takeWord(c, 'name')) return { kind: 'counter', name: demandName(c, 'name') };
  if (!takeWord(c, 'packets')) return { kind: 'counter' };
  const packets = bigint(c);
  demand(c, 'bytes');
  return { kind: 'counter', packets, bytes: bigint(c) };
}

/** `counter name`, `ct helper set`: the words before what an object is named by. */
const objectWords: readonly (readonly string[])[] = [
  ...['counter', 'limit', 'quota', 'synproxy'].map((kind) => [kind, 'name']),
  ...['helper', 'timeout', 'expectation'].map((kind) => ['ct', kind, 'set']),
];

/** `counter name tcp dport map { 80 : "web" }`; null where an object is named itself, or none is. */
function readObjectMap(c: Cursor): NftStatement | null {
  const words = objectWords.find((some) => some.every((word, at) => peekText(c, at) === word));
  if (words === undefined) return null;
  const from = c.at;
  c.at += words.length;
  const mapped = startsExpression(c) ? readExpression(c) : null;
  if (mapped?.kind === 'map')
    return { kind: 'object map', object: words.join(' '), key: mapped.key, map: mapped.map };
  c.at = from;
  return null;
}

/** `jump { … }`: its rules stand in a chain with a name of the kind that the kernel gives it (nf_tables_addchain). */
function readAnonymous(c: Cursor, kind: 'jump' | 'goto', unreadInside: Unexpected[]): NftStatement {
  if (c.nested >= mostNested) throw new Unexpected('name of a chain', peek(c, 1));
  c.nested++;
  try {
    return readChainInside(c, kind, unreadInside);
  } finally {
    c.nested--;
  }
}

/** How deep the kernel follows jumps: NFT_JUMP_STACK_SIZE. */
const mostNested = 16;

function readChainInside(c: Cursor, kind: 'jump' | 'goto', unreadInside: Unexpected[]): NftStatement {
  c.chainNumber++;
  const chain = { name: `__chain${c.chainNumber}`, rules: [] as NftRule[] };
  c.anonymous.push(chain);
  c.at += 2;
  for (;;) {
    skipEnds(c);
    if (peek(c) === undefined) throw new Unexpected(['}'], undefined);
    if (takeWord(c, '}')) return { kind: 'verdict', verdict: { kind, chain: chain.name } };
    const from = c.at;
    const { rule, unread } = readRule(c);
    unreadInside.push(...unread);
    chain.rules.push(rule);
    if (c.at === from) c.at++;
  }
}

/** `tcp option maxseg`, as a whole: what stands behind is the next statement. */
function readWholeOption(c: Cursor): NftExpression {
  demand(c, 'tcp');
  demand(c, 'option');
  return { kind: 'extension header', words: ['tcp', 'option', demandWord(c, 'option')] };
}

/** `meter seen size 1024 { ip saddr limit rate 10/second }` */
function readMeter(c: Cursor): NftStatement {
  c.at++;
  const set = demandName(c, 'name of a set');
  const size = takeWord(c, 'size') ? demandWord(c, 'number') : undefined;
  return { kind: 'set update', action: 'meter', set, ...(size && { size }), ...readUpdated(c) };
}

function bigint(c: Cursor): bigint {
  const text = demandWord(c, 'number');
  if (!/^\d{1,20}$/.test(text)) throw new Unexpected('number', peek(c, -1));
  return BigInt(text);
}

function readLimit(c: Cursor): NftStatement {
  const from = c.at;
  c.at++;
  if (takeWord(c, 'name')) {
    demandName(c, 'name');
    return { kind: 'limit', text: textFrom(c, from) };
  }
  demand(c, 'rate');
  takeWord(c, 'over') || takeWord(c, 'until');
  demandWord(c, 'rate');
  if (/^(?:k|m)?bytes\//.test(peekText(c))) c.at++;
  if (takeWord(c, 'burst')) {
    demandWord(c, 'number');
    demandWord(c, ['packets', 'bytes']);
  }
  return { kind: 'limit', text: textFrom(c, from) };
}

function readQuota(c: Cursor): NftStatement {
  const from = c.at;
  c.at++;
  if (takeWord(c, 'name')) {
    demandName(c, 'name');
    return { kind: 'quota', text: textFrom(c, from) };
  }
  takeWord(c, 'over') || takeWord(c, 'until');
  demandWord(c, 'amount');
  demandWord(c, ['bytes', 'kbytes', 'mbytes']);
  if (takeWord(c, 'used')) {
    demandWord(c, 'amount');
    demandWord(c, ['bytes', 'kbytes', 'mbytes']);
  }
  return { kind: 'quota', text: textFrom(c, from) };
}

const logWords: ReadonlySet<string> = new Set(['prefix', 'level', 'group', 'snaplen', 'queue-threshold']);

function readLog(c: Cursor): NftStatement {
  const from = c.at;
  c.at++;
  for (;;) {
    if (logWords.has(peekText(c))) {
      c.at++;
      demandName(c, 'value');
    } else if (takeWord(c, 'flags')) {
      if (takeWord(c, 'all') || takeWord(c, 'skuid') || takeWord(c, 'ether')) continue;
      demandWord(c, ['tcp', 'ip', 'skuid', 'ether', 'all']);
      if (peek(c)?.kind === 'word') {
        demandWord(c, ['sequence', 'options']);
        while (takeWord(c, ',')) demandWord(c, ['sequence', 'options']);
      }
    } else {
      return { kind: 'log', text: textFrom(c, from) };
    }
  }
}

/** `tcp reset`, `icmp port-unreachable`, `icmpx type no-route` */
function rejectWith(c: Cursor): string {
  const first = demandWord(c, ['icmp', 'icmpv6', 'icmpx', 'tcp reset']);
  const type = takeWord(c, 'type') ? ' type' : '';
  return `${first}${type} ${demandWord(c, 'type')}`;
}

const natFlags: ReadonlySet<string> = new Set(['random', 'fully-random', 'persistent']);

function readNat(c: Cursor, action: 'snat' | 'dnat' | 'masquerade' | 'redirect'): NftStatement {
  c.at++;
  const family = takeWord(c, 'ip') ? 'ip' : takeWord(c, 'ip6') ? 'ip6' : undefined;
  const form = readForm(c);
  // the grammar takes an address without the word, as people write it
  const isBare = (action === 'snat' || action === 'dnat') && !isEnd(c) && !natFlags.has(peekText(c));
  const target = takeWord(c, 'to') || isBare ? readTarget(c) : {};
  const flags: string[] = [];
  while (natFlags.has(peekText(c))) {
    flags.push(demandWord(c, 'flag'));
    if (!takeWord(c, ',')) break;
  }
  return {
    kind: 'nat',
    action,
    ...(family === undefined ? {} : { family }),
    ...(form === undefined ? {} : { form }),
    ...target,
    flags,
  };
}

function readForm(c: Cursor): string | undefined {
  if (takeWord(c, 'prefix')) return 'prefix';
  if (peekText(c) !== 'addr') return undefined;
  c.at++;
  demand(c, '.');
  demand(c, 'port');
  return 'addr . port';
}

type Operand = NftExpression | NftValue;

/** `10.0.0.1:8080`, `[fe80::1]:80`, `:8080`, `ip saddr map @m` */
function readTarget(c: Cursor): { address?: Operand; port?: Operand } {
  if (takeWord(c, ':')) return { port: readOperand(c) };
  let address: Operand;
  if (takeWord(c, '[')) {
    address = readConstant(c, true);
    demand(c, ']');
    // a range of addresses: [fe80::1]-[fe80::9]
    if (takeWord(c, '-')) {
      demand(c, '[');
      const end = readConstant(c, true);
      demand(c, ']');
      if (address.kind !== 'literal' || end.kind !== 'literal') throw new Unexpected('address', peek(c, -2));
      address = { kind: 'range', from: address.text, to: end.text };
    }
  } else {
    address = readOperand(c);
  }
  return takeWord(c, ':') ? { address, port: readOperand(c) } : { address };
}

function readTproxy(c: Cursor): NftStatement {
  c.at++;
  const family = takeWord(c, 'ip') ? 'ip' : takeWord(c, 'ip6') ? 'ip6' : undefined;
  demand(c, 'to');
  return { kind: 'tproxy', ...(family === undefined ? {} : { family }), ...readTarget(c) };
}

/** `update @seen { ip saddr timeout 30s }` */
function readSetUpdate(c: Cursor, action: 'add' | 'update' | 'delete'): NftStatement {
  c.at++;
  demand(c, '@');
  const set = demandName(c, 'name of a set');
  return { kind: 'set update', action, set, ...readUpdated(c) };
}

type Updated = Pick<Extract<NftStatement, { readonly kind: 'set update' }>, 'key' | 'rest' | 'data'>;

function readUpdated(c: Cursor): Updated {
  demand(c, '{');
  const key = readJoined(c);
  const from = c.at;
  while (peek(c) !== undefined && ![':', '}', '\n'].includes(peekText(c))) c.at++;
  const rest = textFrom(c, from);
  const data = takeWord(c, ':') ? readOperand(c) : undefined;
  demand(c, '}');
  return {
    key,
    ...(rest === '' ? {} : { rest }),
    ...(data === undefined ? {} : { data }),
  };
}
