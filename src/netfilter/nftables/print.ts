/** Prints a ruleset as `nft list ruleset` does. */
import {
  type NftBase,
  type NftChain,
  type NftElement,
  type NftExpression,
  type NftObject,
  type NftRule,
  type NftRuleset,
  type NftSet,
  type NftStatement,
  type NftTable,
  type NftValue,
  type NftVerdict,
  operatorStrengths,
} from './model.ts';

export interface NftPrinting {
  /** As `nft -a` does. */
  readonly handles?: boolean;
}

/** Reading what this prints gives the same ruleset; of what the kernel's own `nft` prints it is the very text. */
export function printNft({ tables }: NftRuleset, { handles = false }: NftPrinting = {}): string {
  return tables.map((table) => printTable(table, handles)).join('');
}

function printTable(table: NftTable, handles: boolean): string {
  const { family, name, comment, flags, objects, sets, flowtables, chains } = table;
  const head = [
    ...(comment === undefined ? [] : [`\tcomment ${quote(comment)}`]),
    ...(flags === undefined ? [] : [`\tflags ${flags.join(',')}`]),
  ];
  const parts = [
    ...objects.map((object) => printObject(object, handles)),
    ...sets.map((set) => printSet(set, handles)),
    ...flowtables.map((flowtable) => printObject(flowtable, handles)),
    ...chains
      .filter(({ isAnonymous }) => isAnonymous !== true)
      .map((chain) => printChain(chain, chains, handles)),
  ];
  const opening = `table ${family} ${name} {${remarkOf(table, handles)}\n`;
  // nft parts a comment from what follows by nothing, flags by an empty line
  const lines = head.map((line) => `${line}\n`).join('');
  const gap = flags !== undefined && parts.length > 0 ? '\n' : '';
  return `${opening}${lines}${gap}${parts.join('\n')}}\n`;
}

/** Source: table_print in src/rule.c of nftables. */
function remarkOf({ handle, owner }: NftTable, handles: boolean): string {
  const words = [
    ...(handles && handle !== undefined ? [`handle ${handle}`] : []),
    ...(owner === undefined ? [] : [`progname ${owner}`]),
  ];
  return words.length === 0 ? '' : ` # ${words.join(' ')}`;
}

function handleOf({ handle }: { readonly handle?: number }, handles: boolean): string {
  return handles && handle !== undefined ? ` # handle ${handle}` : '';
}

function printObject(object: NftObject, handles: boolean): string {
  const lines = object.lines.map((line) => `\t\t${line}\n`).join('');
  return `\t${object.kind} ${object.name} {${handleOf(object, handles)}\n${lines}\t}\n`;
}

function printSet(set: NftSet, handles: boolean): string {
  const type = `${set.isTypeof ? 'typeof' : 'type'} ${set.type}${set.data === undefined ? '' : ` : ${set.data}`}`;
  const lines = [type, ...set.properties].map((line) => `\t\t${line}\n`).join('');
  const elements = set.elements.length === 0 ? '' : `\t\telements = ${printNamedElements(set)}\n`;
  return `\t${set.kind} ${set.name} {${handleOf(set, handles)}\n${lines}${elements}\t}\n`;
}

/** How many elements stand on a line hangs on their type. Source: calculate_delim in src/expression.c of nftables. */
function printNamedElements(set: NftSet): string {
  const { elements } = set;
  const onLine = elementsOnLine(set);
  let text = '';
  for (const [at, element] of elements.entries()) {
    if (at > 0) text += at % onLine === 0 ? ',\n\t\t\t     ' : ', ';
    text += printElement(element);
  }
  return `{ ${text} }`;
}

const five =
  /^(?:nf_proto|integer|arp_op|inet_proto|inet_service|tcp_flag|dccp_pkttype|mark|iface_index|classid|uid|gid|ct_dir)$/;
const two = /^(?:ipv4_addr|ct_state|ct_status|pkt_type)$/;
/** Behind `typeof`: expressions of types that have two on a line, and one. Those of numbers, the others, have five. */
const twoOf =
  /^(?:ip [sd]addr|ct (?:original|reply) ip [sd]addr|ct state|ct status|meta pkttype|arp [sd]addr ip|rt ip nexthop)$/;
const oneOf =
  / \. |(?:name|ifgroup|kind|addr|ether|nexthop|dscp|ecn|code|ct label|event|helper|expiration|cgroupv2.*)$|^(?:(?:icmp|icmpv6|igmp|ether|vlan|fib .*) type|arp ptype|meta (?:protocol|.*type|time|hour|day)|[io]iftype|exthdr .*)$/;

function elementsOnLine({ type, isTypeof }: NftSet): number {
  if (isTypeof) return twoOf.test(type) ? 2 : oneOf.test(type) ? 1 : 5;
  return five.test(type) ? 5 : two.test(type) ? 2 : 1;
}

export function printBase({ type, hook, devices, priorityText, policy, hasPolicy }: NftBase): string {
  const device = devices === undefined ? '' : ` ${devices}`;
  return `type ${type} hook ${hook}${device} priority ${priorityText};${hasPolicy ? ` policy ${policy};` : ''}`;
}

function printChain(chain: NftChain, chains: readonly NftChain[], handles: boolean): string {
  const lines = [
    ...(chain.comment === undefined ? [] : [`comment ${quote(chain.comment)}`]),
    ...(chain.base === undefined ? [] : [printBase(chain.base)]),
    ...(chain.flags === undefined ? [] : [`flags ${chain.flags}`]),
    ...chain.rules.map((rule) => printWhole(rule, chains, handles, '\t\t')),
  ];
  return `\tchain ${chain.name} {${handleOf(chain, handles)}\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

/** A rule with the chain that stands in it. Source: verdict_expr_print in src/datatype.c of nftables. */
function printWhole(rule: NftRule, chains: readonly NftChain[], handles: boolean, indent: string): string {
  const last = rule.statements.at(-1);
  const verdict = last?.kind === 'verdict' && 'chain' in last.verdict ? last.verdict : null;
  const inner =
    verdict === null
      ? undefined
      : chains.find(({ name, isAnonymous }) => isAnonymous === true && name === verdict.chain);
  if (verdict === null || inner === undefined) return printNftRule(rule) + handleOf(rule, handles);
  const before = rule.statements.slice(0, -1).map((statement) => `${printStatement(statement)} `);
  const lines = inner.rules.map((one) => `${indent}\t${printWhole(one, chains, handles, `${indent}\t`)}\n`);
  const comment = rule.comment === undefined ? '' : ` comment ${quote(rule.comment)}`;
  return `${before.join('')}${verdict.kind} {\n${lines.join('')}${indent}}${comment}${handleOf(rule, handles)}`;
}

/** `tcp dport 22 accept comment "web"` */
export function printNftRule({ statements, comment }: NftRule): string {
  const parts = statements.map(printStatement);
  return [...parts, ...(comment === undefined ? [] : [`comment ${quote(comment)}`])].join(' ');
}

function quote(text: string): string {
  return `"${text}"`;
}

export function printStatement(statement: NftStatement): string {
  switch (statement.kind) {
    case 'match': {
      const { left, operator, right, mask, isExact } = statement;
      const isPlain = operator === '==' && left.kind !== 'binary' && isExact !== true;
      const masked = mask === undefined ? '' : ` / ${printValue(mask)}`;
      return `${printExpression(left)} ${isPlain ? '' : `${operator} `}${printValue(right)}${masked}`;
    }
    case 'verdict':
      return printVerdict(statement.verdict);
    case 'vmap':
      return `${printExpression(statement.key)} vmap ${printValue(statement.map)}`;
    case 'counter': {
      const { name, packets, bytes } = statement;
      if (name !== undefined) return `counter name ${quote(name)}`;
      return packets === undefined ? 'counter' : `counter packets ${packets} bytes ${bytes ?? 0n}`;
    }
    case 'set':
      return `${printExpression(statement.target)} set ${printOperand(statement.value)}`;
    case 'nat': {
      const { action, family, form, flags } = statement;
      const to = printTarget(statement);
      return [
        action,
        ...(family === undefined ? [] : [family]),
        ...(form === undefined ? [] : [form]),
        ...(to === '' ? [] : [`to ${to}`]),
        ...(flags.length === 0 ? [] : [flags.join(',')]),
      ].join(' ');
    }
    case 'tproxy': {
      const { family, address, port } = statement;
      // an IPv6 address stands in brackets, with a port and without (tproxy_stmt_print)
      const isBare = port === undefined && address?.kind === 'literal' && address.text.includes(':');
      const to = isBare ? `[${address.text}]` : printTarget(statement);
      return `tproxy${family === undefined ? '' : ` ${family}`} to ${to}`;
    }
    case 'notrack':
      return 'notrack';
    case 'reject':
      return statement.with === undefined ? 'reject' : `reject with ${statement.with}`;
    case 'set update': {
      const { action, set, key, rest, data } = statement;
      const words = [printExpression(key), ...(rest === undefined ? [] : [rest])];
      const mapped = data === undefined ? words : [...words, ':', printOperand(data)];
      const { size } = statement;
      const name = action === 'meter' ? set : `@${set}`;
      return `${action} ${name}${size === undefined ? '' : ` size ${size}`} { ${mapped.join(' ')} }`;
    }
    case 'object map':
      return `${statement.object} ${printExpression(statement.key)} map ${printValue(statement.map)}`;
    case 'reset option':
      return `reset ${printExpression(statement.option)}`;
    default:
      return statement.text;
  }
}

function printTarget({
  address,
  port,
}: {
  readonly address?: NftExpression | NftValue;
  readonly port?: NftExpression | NftValue;
}): string {
  const to = port === undefined ? '' : `:${printOperand(port)}`;
  if (address === undefined) return to;
  // An IPv6 address before a port stands in brackets.
  if (port !== undefined && address.kind === 'literal' && address.text.includes(':'))
    return `[${address.text}]${to}`;
  if (port !== undefined && address.kind === 'range' && address.from.includes(':'))
    return `[${address.from}]-[${address.to}]${to}`;
  return printOperand(address) + to;
}

export function printVerdict(verdict: NftVerdict): string {
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}

const kindsOfValues: ReadonlySet<string> = new Set([
  'literal',
  'prefix',
  'range',
  'list',
  'set',
  'named set',
  'any',
]);

function printOperand(operand: NftExpression | NftValue): string {
  if (operand.kind === 'concat') return operand.parts.map(printOperand).join(' . ');
  return kindsOfValues.has(operand.kind)
    ? printValue(operand as NftValue)
    : printExpression(operand as NftExpression);
}

/** What nft writes without the word meta. */
const bare: ReadonlySet<string> = new Set(['iif', 'iifname', 'iifgroup', 'oif', 'oifname', 'oifgroup']);

export function printExpression(expression: NftExpression): string {
  switch (expression.kind) {
    case 'meta':
      return bare.has(expression.key) ? expression.key : `meta ${expression.key}`;
    case 'ct':
      return ['ct', expression.direction, expression.family, expression.key].filter(Boolean).join(' ');
    case 'payload':
      return `${expression.protocol} ${expression.field}`;
    case 'raw':
      return `@${expression.base},${expression.offset},${expression.length}`;
    case 'extension header':
    case 'ipsec':
    case 'osf':
      return expression.words.join(' ');
    case 'inner':
      return `${expression.tunnel} ${printExpression(expression.of)}`;
    case 'fib':
      return `fib ${expression.keys.join(' . ')} ${expression.result}`;
    case 'rt':
      return `rt ${expression.words.join(' ')}`;
    case 'socket':
      return `socket ${expression.words.join(' ')}`;
    case 'numgen':
      return `numgen ${expression.mode} mod ${expression.modulus}${offset(expression.offset)}`;
    case 'hash': {
      const { of, modulus, seed } = expression;
      const head = of === undefined ? 'symhash' : `jhash ${printExpression(of)}`;
      return `${head} mod ${modulus}${seed === undefined ? '' : ` seed ${seed}`}${offset(expression.offset)}`;
    }
    case 'binary': {
      const { left, operator, right } = expression;
      // binop_arg_print of src/expression.c: parentheses stand around what holds less
      const around = (text: string, of: NftExpression | NftValue) =>
        of.kind === 'binary' && operatorStrengths[of.operator] < operatorStrengths[operator]
          ? `(${text})`
          : text;
      const operand =
        right.kind === 'list' ? `(${right.texts.join(' | ')})` : around(printOperand(right), right);
      return `${around(printExpression(left), left)} ${operator} ${operand}`;
    }
    case 'concat':
      return expression.parts.map(printOperand).join(' . ');
    case 'map':
      return `${printExpression(expression.key)} map ${printValue(expression.map)}`;
  }
}

function offset(text: string | undefined): string {
  return text === undefined ? '' : ` offset ${text}`;
}

export function printValue(value: NftValue): string {
  switch (value.kind) {
    case 'literal':
      return value.quoted ? quote(value.text) : value.text;
    case 'prefix':
      return `${value.address}/${value.length}`;
    case 'range':
      return value.quoted ? `${quote(value.from)}-${quote(value.to)}` : `${value.from}-${value.to}`;
    case 'list':
      return value.texts.join(value.bars ? ' | ' : ',');
    case 'concat':
      return value.parts.map(printValue).join(' . ');
    case 'set':
      return `{ ${value.elements.map(printElement).join(', ')} }`;
    case 'named set':
      return `@${value.name}`;
    case 'any':
      return '*';
  }
}

function printElement({ key, data, state, comment }: NftElement): string {
  const parts = [
    printValue(key),
    ...(state === undefined ? [] : [state]),
    ...(comment === undefined ? [] : [`comment ${quote(comment)}`]),
  ];
  if (data === undefined) return parts.join(' ');
  return `${parts.join(' ')} : ${isVerdict(data) ? printVerdict(data) : printValue(data)}`;
}

const verdictKinds: ReadonlySet<string> = new Set(['accept', 'drop', 'continue', 'return', 'jump', 'goto']);

export function isVerdict(data: NftValue | NftVerdict): data is NftVerdict {
  return verdictKinds.has(data.kind);
}
