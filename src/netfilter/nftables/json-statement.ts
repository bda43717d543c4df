/** Statements as libnftables-json(5) has them, written as `nft list ruleset` writes them. */
import {
  constantText,
  counterText,
  expressionText,
  isList,
  isObject,
  type Json,
  type JsonObject,
  jsonList,
  jsonQuoted,
  jsonWords,
  mapText,
  objectOf,
  onlyEntry,
  operandText,
  spellingsOf,
  timeText,
  UnknownPart,
  verdictText,
  wordOf,
} from './json-expression.ts';
import type { NftFamily } from './model.ts';

/** One statement of a rule in a table of this family. */
export function statementText(statement: Json, family: NftFamily): string {
  // What nft has no JSON for, it tells as it lists it.
  if (typeof statement === 'string' && isWhole(statement)) return statement;
  const verdict = verdictText(statement);
  if (verdict !== null) return verdict;
  const [name, inside] = onlyEntry(statement);
  switch (name) {
    case 'match':
      return matchText(objectOf(inside));
    case 'vmap':
      return `${expressionText(objectOf(inside).key)} vmap ${mapText(objectOf(inside))}`;
    case 'counter':
      return counterText(inside);
    case 'mangle': {
      const { key, value } = objectOf(inside);
      return `${expressionText(key)} set ${operandText(value, spellingsOf(key))}`;
    }
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return natText(name, isObject(inside) ? inside : {});
    case 'tproxy':
      return natText(name, objectOf(inside));
    case 'notrack':
      return 'notrack';
    case 'reject':
      return rejectText(inside, family);
    case 'log':
      return logText(isObject(inside) ? inside : {});
    case 'limit':
    case 'quota':
    case 'synproxy':
      if (inside === null) return name;
      if (typeof inside === 'string') return `${name} name ${jsonQuoted(inside)}`;
      if (isObject(inside) && isObject(inside.map)) return `${name} name ${objectMapText(inside.map)}`;
      if (name === 'synproxy') return ['synproxy', ...synproxyWords(objectOf(inside))].join(' ');
      return `${name} ${name === 'limit' ? limitText(objectOf(inside)) : quotaText(objectOf(inside))}`;
    case 'ct helper':
    case 'ct timeout':
    case 'ct expectation':
      return `${name} set ${isObject(inside) && isObject(inside.map) ? objectMapText(inside.map) : jsonQuoted(inside)}`;
    case 'secmark':
      return `meta secmark set ${jsonQuoted(inside)}`;
    case 'ct count': {
      const { val, inv } = objectOf(inside);
      return `ct count ${inv === true ? 'over ' : ''}${wordOf(val)}`;
    }
    case 'set':
    case 'map':
      return updateText(objectOf(inside));
    case 'meter': {
      const { name: meter, size, key, stmt } = objectOf(inside);
      const of = typeof size === 'number' ? ` size ${size}` : '';
      const words = updatedWords(key, stmt === undefined ? [] : isList(stmt) ? stmt : [stmt]);
      return `meter ${wordOf(meter)}${of} { ${words.join(' ')} }`;
    }
    case 'reset':
      return `reset ${expressionText(inside)}`;
    case 'last':
      return 'last';
    case 'xt': {
      const { type, name: extension } = objectOf(inside);
      return `xt ${wordOf(type)} ${jsonQuoted(extension)}`;
    }
    case 'dup':
    case 'fwd': {
      const { addr, dev, family: of } = objectOf(inside);
      const device = dev === undefined ? undefined : operandText(dev, ['quoted']);
      if (addr === undefined) return `${name} to ${device}`;
      const to = `${name}${of === undefined ? '' : ` ${wordOf(of)}`} to ${operandText(addr, ['plain'])}`;
      return device === undefined ? to : `${to} device ${device}`;
    }
    case 'queue': {
      const { num, flags } = isObject(inside) ? inside : {};
      const words = flags === undefined ? '' : ` flags ${jsonWords(flags).join(',')}`;
      return `queue${words}${num === undefined ? '' : ` to ${operandText(num, ['plain'])}`}`;
    }
    case 'flow': {
      const { op, flowtable } = objectOf(inside);
      return `flow ${wordOf(op)} ${wordOf(flowtable)}`;
    }
    default:
      throw new UnknownPart(statement);
  }
}

/** That its braces go in pairs, and nothing in it ends a rule: lines end only in a chain that stands in it. */
function isWhole(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === '{') depth++;
    if (letter === '}' && --depth < 0) return false;
    if (letter === '\n' && depth === 0) return false;
  }
  return depth === 0 && text !== '' && !/[;#\\\r]/.test(text);
}

function matchText({ left, op, right }: JsonObject): string {
  const spellings = spellingsOf(left);
  const [name, inside] = onlyEntry(left);
  // of flags `in` looks for one of them, and `==` compares them all
  const isImplied = op === 'in' || (op === '==' && !isFlags(left));
  const operator = isImplied ? '' : `${wordOf(op)} `;
  // Bits with names are written with the mask behind them: tcp flags syn / syn,ack
  if (name === '&' && (op === '==' || op === '!=')) {
    const [flags, mask] = jsonList(inside);
    if (isFlags(flags) && (isList(mask) || typeof mask === 'string') && right !== 0)
      return `${expressionText(flags)} ${op === '!=' ? '!= ' : ''}${constantText(right, spellings)} / ${constantText(mask, spellings)}`;
  }
  // that an option is there at all: its first byte is asked for
  if (
    typeof right === 'boolean' &&
    isObject(inside) &&
    inside.base !== undefined &&
    inside.name === undefined
  )
    return `${name} ${wordOf(inside.base)} ${operator}${operandText(right, spellings)}`;
  const isBinary = ['&', '|', '^', '<<', '>>'].includes(name);
  const written = isBinary && operator === '' ? '== ' : operator;
  return `${expressionText(left)} ${written}${operandText(right, spellings)}`;
}

function isFlags(json: Json | undefined): boolean {
  if (!isObject(json)) return false;
  const { payload, ct } = json;
  if (isObject(payload)) return payload.field === 'flags';
  return isObject(ct) && (ct.key === 'state' || ct.key === 'status');
}

function natText(action: string, nat: JsonObject): string {
  const { family, addr, port, flags, type_flags: types } = nat;
  const forms = jsonWords(types);
  if (forms.some((one) => !['prefix', 'concat', 'interval'].includes(one))) throw new UnknownPart(types);
  const form = forms.includes('prefix') ? ['prefix'] : forms.includes('concat') ? ['addr . port'] : [];
  const to = targetText(addr, port);
  const shown = jsonWords(flags).filter((flag) => flag !== 'netmap');
  return [
    action,
    ...(family === undefined ? [] : [wordOf(family)]),
    ...form,
    ...(to === '' ? [] : [`to ${to}`]),
    ...(shown.length === 0 ? [] : [shown.join(',')]),
  ].join(' ');
}

function targetText(addr: Json | undefined, port: Json | undefined): string {
  const behind = port === undefined ? '' : `:${operandText(port, ['plain'])}`;
  if (addr === undefined) return behind;
  const bracketed = (text: string) => (behind !== '' && text.includes(':') ? `[${text}]` : text);
  if (typeof addr === 'string') return bracketed(addr) + behind;
  if (isObject(addr) && addr.range !== undefined)
    return jsonList(addr.range).map(wordOf).map(bracketed).join('-') + behind;
  return operandText(addr, ['plain']) + behind;
}

/** What is usual is left out. Source: reject_stmt_print in src/statement.c. */
function rejectText(reject: Json, family: NftFamily): string {
  if (reject === null) return 'reject';
  const { type, expr } = objectOf(reject);
  if (type === undefined) return 'reject';
  if (expr === undefined) return `reject with ${wordOf(type)}`;
  const isUsual = type === 'icmpx' || family === 'ip' || family === 'ip6';
  return isUsual && expr === 'port-unreachable' ? 'reject' : `reject with ${wordOf(type)} ${wordOf(expr)}`;
}

function logText(log: JsonObject): string {
  const words = ['log'];
  if (log.prefix !== undefined) words.push(`prefix ${jsonQuoted(log.prefix)}`);
  for (const name of ['group', 'snaplen', 'queue-threshold', 'level'])
    if (log[name] !== undefined) words.push(`${name} ${wordOf(log[name])}`);
  const flags = jsonWords(log.flags);
  const ofTcp = flags.filter((flag) => flag.startsWith('tcp ')).map((flag) => flag.slice(4));
  if (ofTcp.length > 0) words.push(`flags tcp ${ofTcp.join(',')}`);
  for (const flag of flags) if (!flag.startsWith('tcp ')) words.push(`flags ${flag}`);
  return words.join(' ');
}

/** `rate over 10/second burst 10 packets`: five packets are usual, and no bytes. */
export function limitText({ rate, per, inv, burst, rate_unit: unit, burst_unit: of }: JsonObject): string {
  const over = inv === true ? 'over ' : '';
  if (unit === undefined || unit === 'packets') {
    const more = burst === undefined || burst === 5 || burst === 0 ? '' : ` burst ${wordOf(burst)} packets`;
    return `rate ${over}${wordOf(rate)}/${wordOf(per)}${more}`;
  }
  const more = burst === undefined || burst === 0 ? '' : ` burst ${wordOf(burst)} ${wordOf(of ?? 'bytes')}`;
  return `rate ${over}${wordOf(rate)} ${wordOf(unit)}/${wordOf(per)}${more}`;
}

function quotaText({ val, val_unit: unit, used, used_unit: usedUnit, inv }: JsonObject): string {
  const more = used === undefined ? '' : ` used ${wordOf(used)} ${wordOf(usedUnit ?? 'bytes')}`;
  return `${inv === true ? 'over ' : ''}${wordOf(val)} ${wordOf(unit ?? 'bytes')}${more}`;
}

export function synproxyWords({ mss, wscale, flags }: JsonObject): readonly string[] {
  return [
    ...(mss === undefined ? [] : [`mss ${wordOf(mss)}`]),
    ...(wscale === undefined ? [] : [`wscale ${wordOf(wscale)}`]),
    ...(flags === undefined ? [] : [jsonWords(flags).join(' ')]),
  ];
}

/** `update @seen { ip saddr timeout 30s limit rate 5/second }` */
function updateText({ op, elem, data, set, map, stmt }: JsonObject): string {
  const words = updatedWords(elem, stmt === undefined ? [] : jsonList(stmt));
  if (data !== undefined) words.push(`: ${operandText(data, ['plain'])}`);
  return `${wordOf(op)} ${wordOf(set ?? map)} { ${words.join(' ')} }`;
}

function updatedWords(elem: Json | undefined, statements: readonly Json[]): string[] {
  const inner = isObject(elem) && isObject(elem.elem) ? elem.elem : undefined;
  const words = [expressionText(inner === undefined ? elem : inner.val)];
  if (inner?.timeout !== undefined) words.push(`timeout ${timeText(Number(inner.timeout))}`);
  if (inner?.comment !== undefined) words.push(`comment ${jsonQuoted(inner.comment)}`);
  return [...words, ...statements.map((one) => statementText(one, 'inet'))];
}

function objectMapText(map: JsonObject): string {
  return `${expressionText(map.key)} map ${mapText(map, ['quoted'])}`;
}
