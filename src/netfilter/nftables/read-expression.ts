/**
 * Expressions and constants of a rule: what is read of a packet, and what it is compared with.
 * Source: the grammar in src/parser_bison.y of nftables.
 */
import {
  type Cursor,
  deepestNesting,
  demand,
  demandName,
  demandWord,
  peek,
  peekText,
  takeWord,
  Unexpected,
} from './cursor.ts';
import { isField } from './fields.ts';
import {
  type NftElement,
  type NftExpression,
  type NftOperator,
  type NftTunnel,
  type NftValue,
  type NftVerdict,
  nftTunnels,
  operatorStrengths,
} from './model.ts';

/** Keys of `meta` that are written without the word. */
const barelyMeta: ReadonlySet<string> = new Set(
  'mark iif iifname iiftype iifgroup oif oifname oiftype oifgroup skuid skgid nftrace rtclassid pkttype cpu cgroup ibrname obrname'.split(
    ' ',
  ),
);

const operatorWords: ReadonlyMap<string, NftOperator> = new Map([
  ['&', '&'],
  ['and', '&'],
  ['|', '|'],
  ['or', '|'],
  ['^', '^'],
  ['xor', '^'],
  ['<<', '<<'],
  ['lshift', '<<'],
  ['>>', '>>'],
  ['rshift', '>>'],
]);

const extensionHeaders: ReadonlySet<string> = new Set([
  'exthdr',
  'hbh',
  'rt',
  'rt0',
  'rt2',
  'rt4',
  'frag',
  'dst',
  'mh',
  'srh',
]);

/** Whether an expression starts here; null where the word belongs to none. */
export function startsExpression(c: Cursor): boolean {
  const text = peekText(c);
  const next = peekText(c, 1);
  if (barelyMeta.has(text)) return true;
  switch (text) {
    case 'meta':
    case 'ct':
    case 'fib':
    case 'rt':
    case 'socket':
    case 'numgen':
    case 'jhash':
    case 'symhash':
    case 'ipsec':
    case 'osf':
      return true;
    case '(': {
      // Parentheses also hold flags: (syn | ack).
      const before = c.at;
      while (peekText(c) === '(' && c.at - before <= deepestNesting) c.at++;
      const isExpression = peekText(c) !== '(' && startsExpression(c);
      c.at = before;
      return isExpression;
    }
    case '@':
      return peekText(c, 2) === ',';
    case 'exthdr':
    case 'hbh':
    case 'frag':
    case 'dst':
    case 'mh':
    case 'srh':
      return true;
    case 'vxlan':
    case 'geneve':
    case 'gre':
    case 'gretap':
      return isField(text, next) || isField(next, peekText(c, 2));
    default:
      return isField(text, next) || isOption(text, next);
  }
}

/** `tcp option maxseg size`, `sctp chunk init`. */
function isOption(text: string, next: string): boolean {
  return next === 'option' ? ['tcp', 'ip', 'dccp'].includes(text) : next === 'chunk' && text === 'sctp';
}

/** `ip saddr . tcp dport map @m`: terms, joined, and looked up. */
export function readExpression(c: Cursor): NftExpression {
  const key = readJoined(c);
  if (!takeWord(c, 'map')) return key;
  return { kind: 'map', key, map: readConstant(c) };
}

/** An expression where one starts, else a constant. */
export function readOperand(c: Cursor): NftExpression | NftValue {
  if (startsExpression(c)) return readExpression(c);
  const value = readConstant(c);
  const operator = operatorWords.get(peekText(c));
  if (operator === undefined) return value;
  throw new Unexpected('expression', peek(c));
}

/** Operators that hold at least as tightly as `least`; of equal ones the first holds first. */
function readTerm(c: Cursor, least = 1): NftExpression {
  let left = readPrimary(c);
  for (;;) {
    const operator = operatorWords.get(peekText(c));
    if (operator === undefined || operatorStrengths[operator] < least) return left;
    c.at++;
    const right = startsExpression(c) ? readTerm(c, operatorStrengths[operator] + 1) : readConstant(c, true);
    left = { kind: 'binary', operator, left, right };
  }
}

function readPrimary(c: Cursor): NftExpression {
  const token = peek(c);
  const text = peekText(c);
  if (takeWord(c, '(')) {
    if (c.brackets >= deepestNesting) throw new Unexpected('value', token);
    c.brackets++;
    try {
      const inner = readExpression(c);
      demand(c, ')');
      return inner;
    } finally {
      c.brackets--;
    }
  }
  if (barelyMeta.has(text)) {
    c.at++;
    return { kind: 'meta', key: text };
  }
  if (isField(text, peekText(c, 1))) {
    c.at += 2;
    const field = c.tokens[c.at - 1]?.text ?? '';
    // `arp saddr ip`: of which of its two addresses
    const more = text === 'arp' && /^[sd]addr$/.test(field) ? ` ${demandWord(c, ['ip', 'ether'])}` : '';
    return { kind: 'payload', protocol: text, field: field + more };
  }
  if (isTunnel(text) && isField(peekText(c, 1), peekText(c, 2))) {
    c.at++;
    return { kind: 'inner', tunnel: text, of: readPrimary(c) };
  }
  if (isOption(text, peekText(c, 1))) {
    c.at += 2;
    return {
      kind: 'extension header',
      words: [text, c.tokens[c.at - 1]?.text ?? '', ...readOption(c)],
    };
  }
  if (extensionHeaders.has(text) && text !== 'rt') {
    c.at++;
    const word = demandWord(c, ['header', 'field']);
    return { kind: 'extension header', words: [text, word + readIndex(c)] };
  }
  c.at++;
  switch (text) {
    case 'meta':
      return { kind: 'meta', key: demandWord(c, 'key of meta') };
    case 'ct':
      return readCt(c);
    case '@':
      return readRaw(c);
    case 'fib':
      return readFib(c);
    case 'rt':
      return { kind: 'rt', words: readWordsOf(c, ['ip', 'ip6']) };
    case 'socket':
      return readSocket(c);
    case 'numgen':
      return readNumgen(c);
    case 'ipsec':
      return { kind: 'ipsec', words: ['ipsec', ...readIpsec(c)] };
    case 'osf': {
      const ttl = takeWord(c, 'ttl') ? ['ttl', demandWord(c, ['loose', 'skip'])] : [];
      return { kind: 'osf', words: ['osf', ...ttl, demandWord(c, ['name', 'version'])] };
    }
    case 'symhash':
      return { kind: 'hash', ...readModulus(c) };
    case 'jhash': {
      const of = readJoined(c);
      return { kind: 'hash', of, ...readModulus(c) };
    }
    default:
      c.at--;
      throw new Unexpected('expression', token);
  }
}

/** Terms joined by dots, and nothing behind: what is hashed, what is looked up. */
export function readJoined(c: Cursor): NftExpression {
  const first = readTerm(c);
  const parts: (NftExpression | NftValue)[] = [first];
  while (takeWord(c, '.')) parts.push(startsExpression(c) ? readTerm(c) : readConstant(c));
  return parts.length === 1 ? first : { kind: 'concat', parts };
}

/** `srh sid[1]` */
function readIndex(c: Cursor): string {
  if (peekText(c) !== '[' || peek(c)?.joined !== true) return '';
  c.at++;
  const index = number(c);
  demand(c, ']');
  return `[${index}]`;
}

function isTunnel(text: string): text is NftTunnel {
  return (nftTunnels as readonly string[]).includes(text);
}

/** `maxseg size`, `maxseg` where it is asked whether it is there, `@255,8,8`. */
function readOption(c: Cursor): readonly string[] {
  if (takeWord(c, '@')) {
    const numbers = [number(c)];
    while (takeWord(c, ',')) numbers.push(number(c));
    return [`@${numbers.join(',')}`];
  }
  const option = demandWord(c, 'option');
  // with -n that it is there is a 1
  const isField = /^[a-z]/.test(peekText(c)) && !['exists', 'missing', 'set'].includes(peekText(c));
  return peek(c)?.kind === 'word' && isField ? [option, demandWord(c, 'field')] : [option];
}

function readWordsOf(c: Cursor, before: readonly string[]): readonly string[] {
  const first = demandWord(c, 'key');
  return before.includes(first) ? [first, demandWord(c, 'key')] : [first];
}

/** `in reqid`, `out spnum 1 ip daddr` */
function readIpsec(c: Cursor): readonly string[] {
  const direction = demandWord(c, ['in', 'out']);
  const number = takeWord(c, 'spnum') ? ['spnum', demandWord(c, 'number')] : [];
  const first = demandWord(c, ['reqid', 'spi', 'ip', 'ip6']);
  const address = first === 'ip' || first === 'ip6' ? [demandWord(c, ['saddr', 'daddr'])] : [];
  return [direction, ...number, first, ...address];
}

function readCt(c: Cursor): NftExpression {
  const direction = takeWord(c, 'original') ? 'original' : takeWord(c, 'reply') ? 'reply' : undefined;
  const isAddress = (text: string) => text === 'saddr' || text === 'daddr';
  const family =
    isAddress(peekText(c, 1)) && takeWord(c, 'ip')
      ? 'ip'
      : isAddress(peekText(c, 1)) && takeWord(c, 'ip6')
        ? 'ip6'
        : undefined;
  const key = demandWord(c, 'key of ct');
  return {
    kind: 'ct',
    key,
    ...(direction === undefined ? {} : { direction }),
    ...(family === undefined ? {} : { family }),
  };
}

function readRaw(c: Cursor): NftExpression {
  const base = demandWord(c, ['ll', 'nh', 'th', 'ih']);
  demand(c, ',');
  const offset = number(c);
  demand(c, ',');
  return { kind: 'raw', base, offset, length: number(c) };
}

function readFib(c: Cursor): NftExpression {
  const keys = [demandWord(c, ['saddr', 'daddr'])];
  while (takeWord(c, '.')) keys.push(demandWord(c, ['mark', 'iif', 'oif']));
  return { kind: 'fib', keys, result: demandWord(c, ['oif', 'oifname', 'type']) };
}

function readSocket(c: Cursor): NftExpression {
  const first = demandWord(c, ['transparent', 'mark', 'wildcard', 'cgroupv2']);
  return {
    kind: 'socket',
    words: takeWord(c, 'level') ? [first, 'level', demandWord(c, 'number')] : [first],
  };
}

function readNumgen(c: Cursor): NftExpression {
  const mode = demandWord(c, ['inc', 'random']);
  if (mode !== 'inc' && mode !== 'random') throw new Unexpected(['inc', 'random'], peek(c, -1));
  demand(c, 'mod');
  const modulus = demandWord(c, 'number');
  return {
    kind: 'numgen',
    mode,
    modulus,
    ...(takeWord(c, 'offset') ? { offset: demandWord(c, 'number') } : {}),
  };
}

function readModulus(c: Cursor): { modulus: string; seed?: string; offset?: string } {
  demand(c, 'mod');
  const modulus = demandWord(c, 'number');
  const seed = takeWord(c, 'seed') ? demandWord(c, 'number') : undefined;
  const offset = takeWord(c, 'offset') ? demandWord(c, 'number') : undefined;
  return {
    modulus,
    ...(seed === undefined ? {} : { seed }),
    ...(offset === undefined ? {} : { offset }),
  };
}

function number(c: Cursor): number {
  const text = demandWord(c, 'number');
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Unexpected('number', peek(c, -1));
  return value;
}

/** A constant: literal, prefix, range, list, set, named set. `single`: without what a dot or comma would add. */
export function readConstant(c: Cursor, single = false): NftValue {
  if (takeWord(c, '{')) return { kind: 'set', elements: readElements(c) };
  if (takeWord(c, '@')) return { kind: 'named set', name: demandName(c, 'name of a set') };
  if (takeWord(c, '(')) {
    const texts = [literalText(c)];
    while (takeWord(c, '|') || takeWord(c, 'or') || takeWord(c, ',')) texts.push(literalText(c));
    demand(c, ')');
    return { kind: 'list', texts };
  }
  const first = readLiteral(c);
  if (single) return first;
  if (peekText(c) === ',' && peek(c)?.joined === true && first.kind === 'literal' && c.depth === 0) {
    const texts = [first.text];
    while (peekText(c) === ',') {
      c.at++;
      texts.push(literalText(c));
    }
    return { kind: 'list', texts };
  }
  if (peekText(c) === '|' && first.kind === 'literal') {
    const texts = [first.text];
    while (takeWord(c, '|')) texts.push(literalText(c));
    return { kind: 'list', texts, bars: true };
  }
  if (peekText(c) !== '.') return first;
  const parts: NftValue[] = [first];
  while (takeWord(c, '.')) parts.push(readLiteral(c));
  return { kind: 'concat', parts };
}

function literalText(c: Cursor): string {
  return demandWord(c, 'value');
}

const numeric = /^(?:[0-9]|[0-9a-fA-F]*:)/;

function readLiteral(c: Cursor): NftValue {
  const token = peek(c);
  if (token?.kind === 'string') {
    c.at++;
    const dash = peek(c);
    const end = peek(c, 1);
    if (dash?.text === '-' && dash.joined && end?.kind === 'string') {
      c.at += 2;
      return { kind: 'range', from: token.text, to: end.text, quoted: true };
    }
    return { kind: 'literal', text: token.text, quoted: true };
  }
  const text = demandWord(c, 'value');
  if (text === '*') return { kind: 'any' };
  // `1:2`, a class of traffic control
  const colon = peek(c);
  if (colon?.text === ':' && colon.joined && peek(c, 1)?.joined === true && /^[0-9a-f]{1,4}$/.test(text)) {
    c.at++;
    return { kind: 'literal', text: `${text}:${demandWord(c, 'number')}` };
  }
  const slash = text.includes('/') ? /^(.+)\/(\d{1,3})$/.exec(text) : null;
  if (slash !== null && numeric.test(text) && !(slash[1] as string).includes('-'))
    return { kind: 'prefix', address: slash[1] as string, length: Number(slash[2]) };
  const dash = numeric.test(text) ? text.indexOf('-') : -1;
  if (dash > 0 && numeric.test(text.slice(dash + 1)))
    return { kind: 'range', from: text.slice(0, dash), to: text.slice(dash + 1) };
  return { kind: 'literal', text };
}

/** The elements of a set, map or verdict map, behind the opening brace; the closing one is taken. */
export function readElements(c: Cursor): readonly NftElement[] {
  const elements: NftElement[] = [];
  if (c.depth >= deepestNesting) throw new Unexpected('value', peek(c, -1));
  c.depth += 1;
  try {
    for (;;) {
      while (peek(c)?.kind === 'end of line') c.at++;
      if (takeWord(c, '}')) return elements;
      elements.push(readElement(c));
      while (peek(c)?.kind === 'end of line') c.at++;
      if (peek(c) === undefined) throw new Unexpected([',', '}'], undefined);
      if (!takeWord(c, ',') && peekText(c) !== '}') throw new Unexpected([',', '}'], peek(c));
    }
  } finally {
    c.depth -= 1;
  }
}

const stateWords: ReadonlySet<string> = new Set([
  'timeout',
  'expires',
  'counter',
  'limit',
  'quota',
  'last',
  'ct',
]);

function readElement(c: Cursor): NftElement {
  const key = readConstant(c);
  const state = readState(c);
  const comment = takeWord(c, 'comment') ? demandName(c, 'comment') : undefined;
  const more = {
    ...(state === undefined ? {} : { state }),
    ...(comment === undefined ? {} : { comment }),
  };
  if (!takeWord(c, ':')) return { key, ...more };
  while (peek(c)?.kind === 'end of line') c.at++;
  const data = readVerdict(c) ?? readConstant(c);
  return { key, data, ...more };
}

function readState(c: Cursor): string | undefined {
  if (!stateWords.has(peekText(c))) return undefined;
  const from = c.at;
  while (
    peek(c) !== undefined &&
    ![',', ':', '}', 'comment', '\n'].includes(peekText(c)) &&
    peek(c)?.kind !== 'handle'
  )
    c.at++;
  return c.text.slice(c.tokens[from]?.start, c.tokens[c.at - 1]?.end);
}

/** `accept`, `jump other`; null where none stands. */
export function readVerdict(c: Cursor): NftVerdict | null {
  const text = peekText(c);
  switch (text) {
    case 'accept':
    case 'drop':
    case 'continue':
    case 'return':
      c.at++;
      return { kind: text };
    case 'jump':
    case 'goto':
      c.at++;
      return { kind: text, chain: demandName(c, 'name of a chain') };
    default:
      return null;
  }
}
