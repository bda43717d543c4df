/**
 * Expressions and constants as libnftables-json(5) has them, written as `nft list ruleset` writes them. JSON tells a mark
 * as a number and a name without quotes: what they are compared with says how nft writes them.
 */

import { operatorStrengths } from './model.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Thrown inside of the reader of JSON at a part that it does not know, and caught at its statement. */
export class UnknownPart extends Error {
  readonly part: Json | undefined;
  constructor(part: Json | undefined) {
    super('a part of JSON that is not known');
    this.part = part;
  }
}

/** How constants are written: `0x00000539`, `0x1`, `"eth0"`, `1h`, `0x05`, or as they are told. */
export type Spelling = 'mark' | 'bits' | 'quoted' | 'time' | 'dscp' | 'plain';

const ofType: ReadonlyMap<string, Spelling> = new Map([
  ['mark', 'mark'],
  ['ifname', 'quoted'],
  ['iface_index', 'quoted'],
  ['string', 'quoted'],
  ['day', 'quoted'],
  ['hour', 'quoted'],
  ['time', 'quoted'],
  ['cgroupsv2', 'quoted'],
  ['dscp', 'dscp'],
]);

/** How constants of a set's type are written: one for each part of `ipv4_addr . mark`. */
export function spellingsOfType(type: string): readonly Spelling[] {
  return type.split(' . ').map((part) => ofType.get(part) ?? 'plain');
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

/** The only key of `{ "meta": … }`, and what stands behind it. */
export function onlyEntry(json: Json | undefined): readonly [name: string, inside: Json] {
  if (!isObject(json)) throw new UnknownPart(json);
  const [entry, ...others] = Object.entries(json);
  if (entry === undefined || entry[1] === undefined || others.length > 0) throw new UnknownPart(json);
  return [entry[0], entry[1]];
}

/** A word or a number of a key, as text. None holds what would end a word or a block for who reads the text. */
export function wordOf(json: Json | undefined): string {
  if (typeof json === 'number') return String(json);
  if (typeof json === 'string' && json !== '' && !/["{};#\\\n\r]/.test(json)) return json;
  throw new UnknownPart(json);
}

/** A text in quotes, which has no way to hold one; `eth\\*` ends in a star that stands for itself. */
export function jsonQuoted(json: Json | undefined): string {
  if (typeof json !== 'string' || /["\n\r]|\\(?!\*)/.test(json)) throw new UnknownPart(json);
  return `"${json}"`;
}

export function objectOf(json: Json | undefined): JsonObject {
  if (isObject(json)) return json;
  throw new UnknownPart(json);
}

export function jsonList(json: Json | undefined): readonly Json[] {
  if (isList(json)) return json;
  throw new UnknownPart(json);
}

/** Words of a flag, of which JSON has one alone or a list. */
export function jsonWords(json: Json | undefined): readonly string[] {
  return json === undefined ? [] : isList(json) ? json.map(wordOf) : [wordOf(json)];
}

/** `1d2h`, of seconds. */
export function timeText(seconds: number): string {
  let rest = Math.trunc(seconds);
  let text = '';
  for (const [unit, length] of [['d', 86_400] as const, ['h', 3600] as const, ['m', 60] as const]) {
    if (rest >= length) text += `${Math.floor(rest / length)}${unit}`;
    rest %= length;
  }
  return rest > 0 || text === '' ? `${text}${rest}s` : text;
}

/** The keys of meta whose constants stand in quotes. */
const quotedMeta: ReadonlySet<string> = new Set(
  'iif iifname oif oifname sdif sdifname ibrname obrname iifkind oifkind iifgroup oifgroup rtclassid time hour day'.split(
    ' ',
  ),
);

/** How the constants that an expression is compared with are written, part by part. */
export function spellingsOf(expression: Json | undefined): readonly Spelling[] {
  if (!isObject(expression)) return ['plain'];
  const [name, inside] = onlyEntry(expression);
  const at = isObject(inside) ? inside : {};
  const key = at.key ?? '';
  switch (name) {
    case 'concat':
      return jsonList(inside).flatMap(spellingsOf);
    case 'meta':
      return [key === 'mark' ? 'mark' : quotedMeta.has(String(key)) ? 'quoted' : 'plain'];
    case 'ct':
      return [
        key === 'mark' ? 'mark' : key === 'helper' ? 'quoted' : key === 'expiration' ? 'time' : 'plain',
      ];
    case 'socket':
      return [key === 'mark' ? 'mark' : key === 'cgroupv2' ? 'quoted' : 'plain'];
    case 'osf':
      return ['quoted'];
    case 'rt':
      return [key === 'classid' ? 'quoted' : 'plain'];
    case 'fib':
      return [at.result === 'type' ? 'plain' : 'quoted'];
    case 'payload':
      return [at.base !== undefined ? 'bits' : at.field === 'dscp' ? 'dscp' : 'plain'];
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
      return spellingsOf(jsonList(inside)[0]);
    default:
      return ['plain'];
  }
}

const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;

/** A constant; `spellings` has one for each part of a concatenation. */
export function constantText(json: Json | undefined, spellings: readonly Spelling[]): string {
  const spelling = spellings[0] ?? 'plain';
  if (typeof json === 'boolean') return json ? 'exists' : 'missing';
  if (typeof json === 'number') {
    if (spelling === 'mark') return hex(json, 8);
    if (spelling === 'bits') return hex(json, 1);
    if (spelling === 'dscp') return hex(json, 2);
    return spelling === 'time' ? timeText(json) : String(json);
  }
  if (typeof json === 'string')
    return spelling === 'quoted' && !json.startsWith('@') && json !== '*' ? jsonQuoted(json) : wordOf(json);
  if (isList(json)) return json.map((one) => constantText(one, spellings)).join(',');
  const [name, inside] = onlyEntry(json);
  switch (name) {
    case 'prefix': {
      const { addr, len } = objectOf(inside);
      return `${constantText(addr, spellings)}/${wordOf(len)}`;
    }
    case 'range':
      return jsonList(inside)
        .map((end) => constantText(end, spellings))
        .join('-');
    case 'concat':
      return jsonList(inside)
        .map((part, at) => constantText(part, [spellings[at] ?? 'plain']))
        .join(' . ');
    case 'set':
      return setText(jsonList(inside), spellings, spellings);
    case 'elem':
      return elementText(objectOf(inside), spellings);
    case '|':
      return jsonList(inside)
        .map((one) => constantText(one, spellings))
        .join(' | ');
    default:
      throw new UnknownPart(json);
  }
}

/** `{ 80 : accept, 443 : jump web }`, or without what an element says. */
export function setText(
  elements: readonly Json[],
  keys: readonly Spelling[],
  data: readonly Spelling[],
): string {
  return `{ ${elements.map((element) => memberText(element, keys, data)).join(', ')} }`;
}

function memberText(element: Json, keys: readonly Spelling[], data: readonly Spelling[]): string {
  if (!isList(element)) return constantText(element, keys);
  const [key, value] = element;
  return `${constantText(key, keys)} : ${verdictText(value) ?? constantText(value, data)}`;
}

/** `1.2.3.4 counter packets 5 bytes 6 timeout 10s expires 9s comment "x"` */
function elementText(element: JsonObject, spellings: readonly Spelling[]): string {
  const { val, timeout, expires, comment, counter } = element;
  const words = [constantText(val, spellings)];
  if (counter !== undefined) words.push(counterText(counter));
  if (timeout !== undefined) words.push(`timeout ${timeText(Number(timeout))}`);
  if (expires !== undefined) words.push(`expires ${timeText(Number(expires))}`);
  if (comment !== undefined) words.push(`comment ${jsonQuoted(comment)}`);
  return words.join(' ');
}

export function counterText(counter: Json): string {
  if (counter === null) return 'counter';
  if (typeof counter === 'string') return `counter name ${jsonQuoted(counter)}`;
  const { packets, bytes, map } = objectOf(counter);
  if (isObject(map)) return `counter name ${expressionText(map.key)} map ${mapText(map, ['quoted'])}`;
  return `counter packets ${wordOf(packets)} bytes ${wordOf(bytes)}`;
}

/** `jump web`; null where it is no verdict. */
export function verdictText(json: Json | undefined): string | null {
  if (!isObject(json)) return null;
  const [name, inside] = onlyEntry(json);
  if (name === 'jump' || name === 'goto') return `${name} ${wordOf(objectOf(inside).target)}`;
  return ['accept', 'drop', 'continue', 'return'].includes(name) ? name : null;
}

/** What nft writes without the word meta. Source: meta_expr_print in src/meta.c. */
const bare: ReadonlySet<string> = new Set('iif iifname iifgroup oif oifname oifgroup'.split(' '));

const strengths: ReadonlyMap<string, number> = new Map(Object.entries(operatorStrengths));

export function expressionText(json: Json | undefined): string {
  const [name, inside] = onlyEntry(json);
  if (strengths.has(name)) return binaryText(name, jsonList(inside));
  if (name === 'concat') return jsonList(inside).map(partText).join(' . ');
  const at = objectOf(inside);
  switch (name) {
    case 'meta': {
      const key = wordOf(at.key);
      return bare.has(key) ? key : `meta ${key}`;
    }
    case 'ct':
      return joined('ct', at.dir, at.family, at.key);
    case 'payload':
      return at.base === undefined
        ? `${wordOf(at.protocol)} ${wordOf(at.field)}`
        : `@${wordOf(at.base)},${wordOf(at.offset)},${wordOf(at.len)}`;
    case 'exthdr':
      return at.field === undefined ? `exthdr ${wordOf(at.name)}` : joined(at.name, at.field);
    case 'tcp option':
    case 'ip option':
    case 'sctp chunk':
      if (at.name === undefined && at.len === 0) return `${name} ${wordOf(at.base)}`;
      return at.name === undefined
        ? `${name} @${wordOf(at.base)},${wordOf(at.offset)},${wordOf(at.len)}`
        : joined(name, at.name, at.field);
    case 'tunnel':
      return `${wordOf(at.tunnel)} ${wordOf(at.field)}`;
    case 'fib':
      return `fib ${jsonWords(at.flags).join(' . ')} ${wordOf(at.result)}`;
    case 'rt':
      return joined('rt', at.family, at.key);
    case 'socket':
      return joined('socket', at.key, ...(at.level === undefined ? [] : ['level', at.level]));
    case 'numgen':
      return `numgen ${wordOf(at.mode)} mod ${wordOf(at.mod)}${offsetText(at)}`;
    case 'symhash':
      return `symhash mod ${wordOf(at.mod)}${offsetText(at)}`;
    case 'jhash': {
      const seed = typeof at.seed === 'number' ? ` seed ${hex(at.seed, 1)}` : '';
      return `jhash ${expressionText(at.expr)} mod ${wordOf(at.mod)}${seed}${offsetText(at)}`;
    }
    case 'ipsec':
      return joined('ipsec', at.dir, ...(at.spnum ? ['spnum', at.spnum] : []), at.family, at.key);
    case 'osf':
      return joined('osf', ...(at.ttl === undefined ? [] : ['ttl', at.ttl]), at.key);
    case 'map':
      return `${expressionText(at.key)} map ${mapText(at)}`;
    default:
      throw new UnknownPart(json);
  }
}

/** What a map or a verdict map holds, or `@name`. What it gives is written as `data` says. */
export function mapText(map: JsonObject, data: readonly Spelling[] = ['plain']): string {
  if (typeof map.data === 'string') return wordOf(map.data);
  return setText(jsonList(objectOf(map.data).set), spellingsOf(map.key), data);
}

/** An expression where it is one, else a constant. */
export function operandText(json: Json | undefined, spellings: readonly Spelling[]): string {
  if (!isObject(json)) return constantText(json, spellings);
  const [name, inside] = onlyEntry(json);
  if (['prefix', 'range', 'set', 'elem'].includes(name)) return constantText(json, spellings);
  // Of a concatenation, the parts tell.
  if (name === 'concat' && jsonList(inside).every((part) => !isObject(part) || 'range' in part))
    return constantText(json, spellings);
  if (name === 'map')
    return `${expressionText(objectOf(inside).key)} map ${mapText(objectOf(inside), spellings)}`;
  return expressionText(json);
}

function partText(part: Json): string {
  return operandText(part, ['plain']);
}

function binaryText(operator: string, [first, ...others]: readonly Json[]): string {
  const spellings = spellingsOf(first);
  // A shift counts bits, and writes them as a number.
  const right = operator === '<<' || operator === '>>' ? (['plain'] as const) : spellings;
  const around = (text: string, json: Json | undefined) => {
    const inner = isObject(json) ? strengths.get(Object.keys(json)[0] ?? '') : undefined;
    return inner !== undefined && inner < (strengths.get(operator) ?? 0) ? `(${text})` : text;
  };
  const operand = (json: Json) =>
    isList(json)
      ? `(${json.map((one) => constantText(one, spellings)).join(' | ')})`
      : around(operandText(json, right), json);
  const left = isObject(first) ? around(expressionText(first), first) : constantText(first, spellings);
  return [left, ...others.map(operand)].join(` ${operator} `);
}

function offsetText({ offset }: JsonObject): string {
  return offset === undefined || offset === 0 ? '' : ` offset ${wordOf(offset)}`;
}

function joined(...words: readonly (Json | undefined)[]): string {
  return words
    .filter((word) => word !== undefined)
    .map(wordOf)
    .join(' ');
}
