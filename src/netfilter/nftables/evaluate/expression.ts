/** What an expression reads, and what a constant in its place is. */
import type { Situation } from '../../iptables/situation.ts';
import { protocolNumber } from '../../model/protocol.ts';
import type { NftExpression, NftTunnel, NftValue } from '../model.ts';
import { isVerdict } from '../print.ts';
import type { NftDatum } from '../reason.ts';
import { lookAtCt } from './ct.ts';
import { readDatum } from './datatype.ts';
import { lookAtFib, lookAtSocket } from './host-facts.ts';
import { absent, type Looked, looked, type NftView, notKnown, untold } from './looked.ts';
import { lookAtMeta } from './meta.ts';
import { lookAtBits, lookAtPayload } from './payload.ts';
import { elementsOf, lookUp } from './sets.ts';

export type Operand = NftExpression | NftValue;
type Types = readonly NftDatum['type'][];

const constants: ReadonlySet<Operand['kind']> = new Set([
  'literal',
  'prefix',
  'range',
  'list',
  'set',
  'named set',
  'any',
]);

export function isConstant(operand: Operand): operand is NftValue {
  return operand.kind === 'concat'
    ? operand.parts.every((part) => constants.has(part.kind))
    : constants.has(operand.kind);
}

/** Reads an expression; `wanted` are the types of what a map in it answers with. */
export function look(expression: NftExpression, view: NftView, wanted: Types = ['integer']): Looked {
  const { situation } = view;
  switch (expression.kind) {
    case 'meta':
      return lookAtMeta(expression.key, situation);
    case 'ct':
      return lookAtCt(expression, situation);
    case 'payload':
      return lookAtPayload(expression.protocol, expression.field, situation);
    case 'fib':
      return lookAtFib(expression, situation);
    case 'socket':
      return lookAtSocket(expression.words, situation);
    case 'extension header':
      return lookAtOption(expression.words, view);
    case 'inner':
      return lookInside(expression.tunnel, situation);
    case 'numgen':
      return { kind: 'unknown', unknown: expression.mode === 'inc' ? 'packets before' : 'chance' };
    case 'hash':
      return { kind: 'unknown', unknown: 'a hash of the packet' };
    case 'binary':
      return combine(expression, view);
    case 'concat':
      return join(expression.parts, view);
    case 'map': {
      const found = lookUpIn(expression, view);
      return 'kind' in found ? found : constant(found.data, wanted);
    }
    case 'raw':
      return lookAtBits(expression, situation);
    case 'rt':
    case 'ipsec':
    case 'osf':
      return untold;
  }
}

/** What a map answers with for the packet's value, as it stands there. */
export function lookUpIn(
  { key, map }: { readonly key: NftExpression; readonly map: NftValue },
  view: NftView,
): Exclude<Looked, { readonly kind: 'told' }> | { readonly data: NftValue } {
  const found = look(key, view);
  if (found.kind !== 'told') return found;
  const elements = elementsOf(map, view.table);
  const element = elements === null ? undefined : lookUp(elements, found.data);
  if (element === null) return { kind: 'absent' };
  if (element?.data === undefined || isVerdict(element.data))
    return { kind: 'unknown', unknown: 'not known' };
  return { data: element.data };
}

/** An expression's value, or a constant's in its place. */
export function valueIn(operand: Operand, view: NftView, wanted: Types): Looked {
  return isConstant(operand) ? constant(operand, wanted) : look(operand, view, wanted);
}

function constant(value: NftValue, wanted: Types): Looked {
  const parts = value.kind === 'concat' ? value.parts : [value];
  const data: NftDatum[] = [];
  for (const [at, part] of parts.entries()) {
    const read = single(part, wanted[at] ?? 'integer');
    if (read === null) return notKnown;
    data.push(read);
  }
  return { kind: 'told', data };
}

/** Flags in a list stand for all their bits. */
export function single(value: NftValue, type: NftDatum['type']): NftDatum | null {
  if (value.kind === 'literal') return readDatum(type, value.text);
  if (value.kind !== 'list') return null;
  let bits = 0n;
  for (const text of value.texts) {
    const read = readDatum(type, text);
    if (typeof read?.value !== 'bigint') return null;
    bits |= read.value;
  }
  return { type, value: bits };
}

function join(parts: readonly Operand[], view: NftView): Looked {
  const data: NftDatum[] = [];
  let open: Looked | null = null;
  for (const part of parts) {
    const found = isConstant(part) ? notKnown : look(part, view);
    if (found.kind === 'absent') return absent;
    if (found.kind === 'told') data.push(...found.data);
    else open ??= found;
  }
  return open ?? { kind: 'told', data };
}

/** nft_inner.c: a packet without a tunnel's header has nothing inside. */
function lookInside(tunnel: NftTunnel, { packet }: Situation): Looked {
  const outer = tunnel === 'gre' || tunnel === 'gretap' ? 'gre' : 'udp';
  return protocolNumber(packet.protocol) === protocolNumber(outer) ? untold : absent;
}

const widths: Partial<Record<NftDatum['type'], bigint>> = { ipv4_addr: 32n, ipv6_addr: 128n, mark: 32n };

function combine(
  { operator, left, right }: Extract<NftExpression, { readonly kind: 'binary' }>,
  view: NftView,
): Looked {
  const first = look(left, view);
  if (first.kind !== 'told') return first;
  const [datum] = first.data;
  if (datum === undefined || typeof datum.value !== 'bigint') return notKnown;
  const isShift = operator === '<<' || operator === '>>';
  const second = valueIn(right, view, [isShift ? 'integer' : datum.type]);
  if (second.kind !== 'told') return second;
  const other = second.data[0]?.value;
  if (typeof other !== 'bigint') return notKnown;
  const { type, value } = datum;
  switch (operator) {
    case '&':
      return looked(type, value & other);
    case '|':
      return looked(type, value | other);
    case '^':
      return looked(type, value ^ other);
    case '<<':
      return looked(type, BigInt.asUintN(Number(widths[type] ?? 32n), value << other));
    case '>>':
      return looked(type, value >> other);
  }
}

/** `tcp option maxseg size`: the one option that a packet may tell of. */
function lookAtOption([protocol, , option, field]: readonly string[], { situation }: NftView): Looked {
  const { packet } = situation;
  if (protocol !== 'tcp') return untold;
  if (packet.protocol !== 'tcp') return absent;
  if (option !== 'maxseg' || packet.mss === undefined) return untold;
  if (field === undefined) return looked('boolean', packet.mss === null ? 0 : 1);
  return packet.mss === null ? absent : looked('integer', packet.mss);
}
