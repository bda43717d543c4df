/** Prints a ruleset as `nft list ruleset` does. */
import type {
  NftBase,
  NftChain,
  NftElement,
  NftExpression,
  NftObject,
  NftRule,
  NftRuleset,
  NftSet,
  NftStatement,
  NftTable,
  NftValue,
  NftVerdict,
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
    ...chains.map((chain) => printChain(chain, handles)),
  ];
  const opening = `table ${family} ${name} {${handleOf(table, handles)}\n`;
  // nft parts a comment from what follows by nothing, flags by an empty line
  const lines = head.map((line) => `${line}\n`).join('');
  const gap = flags !== undefined && parts.length > 0 ? '\n' : '';
  return `${opening}${lines}${gap}${parts.join('\n')}}\n`;
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
function printNamedElements({ elements, type }: NftSet): string {
  const onLine = elementsOnLine(type);
  let text = '';
  for (const [at, element] of elements.entries()) {
    if (at > 0) text += at % onLine === 0 ? ',\n\t\t\t     ' : ', ';
    text += printElement(element);
  }
  return `{ ${text} }`;
}

const five =
  /^(?:nf_proto|integer|arp_op|inet_proto|inet_service|tcp_flag|dccp_pkttype|mark|iface_index|classid|uid|gid|ct_dir)$/;
const fiveOf =
  /^(?:(?:tcp|udp|th|sctp|dccp|udplite) [sd]port|meta (?:l4proto|mark|skuid|skgid|length|nfproto|cpu)|ip (?:protocol|ttl|length|id|version)|ip6 (?:nexthdr|hoplimit|length)|ct (?:mark|zone|direction|protocol)|iif|oif|tcp flags|vlan id)$/;
const two = /^(?:ipv4_addr|ct_state|ct_status|pkt_type)$/;
const twoOf =
  /^(?:ip [sd]addr|ct (?:original|reply) ip [sd]addr|ct state|ct status|meta pkttype|arp [sd]addr ip)$/;

function elementsOnLine(type: string): number {
  if (five.test(type) || fiveOf.test(type)) return 5;
  return two.test(type) || twoOf.test(type) ? 2 : 1;
}

export function printBase({ type, hook, devices, priorityText, policy, hasPolicy }: NftBase): string {
  const device = devices === undefined ? '' : ` ${devices}`;
  return `type ${type} hook ${hook}${device} priority ${priorityText};${hasPolicy ? ` policy ${policy};` : ''}`;
}

function printChain(chain: NftChain, handles: boolean): string {
  const lines = [
    ...(chain.comment === undefined ? [] : [`comment ${quote(chain.comment)}`]),
    ...(chain.base === undefined ? [] : [printBase(chain.base)]),
    ...(chain.flags === undefined ? [] : [`flags ${chain.flags}`]),
    ...chain.rules.map((rule) => printNftRule(rule) + handleOf(rule, handles)),
  ];
  return `\tchain ${chain.name} {${handleOf(chain, handles)}\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
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
    case 'tproxy':
      return `tproxy${statement.family === undefined ? '' : ` ${statement.family}`} to ${printTarget(statement)}`;
    case 'notrack':
      return 'notrack';
    case 'reject':
      return statement.with === undefined ? 'reject' : `reject with ${statement.with}`;
    case 'set update': {
      const { action, set, key, rest, data } = statement;
      const words = [printExpression(key), ...(rest === undefined ? [] : [rest])];
      const mapped = data === undefined ? words : [...words, ':', printOperand(data)];
      return `${action} @${set} { ${mapped.join(' ')} }`;
    }
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
      const operand = right.kind === 'list' ? `(${right.texts.join(' | ')})` : printOperand(right);
      return `${printExpression(left)} ${operator} ${operand}`;
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
