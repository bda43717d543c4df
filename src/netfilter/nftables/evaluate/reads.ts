/**
 * What an expression of nft looks at, told by what tells first packets of connections apart, and the values that a
 * constant stands for: what `look` and `holdsFor` decide packet by packet, for all packets at once.
 */
import { type Interval, maskOf } from '../../model/address.ts';
import { hasPorts, protocolName, protocolNumber } from '../../model/protocol.ts';
import type { NftExpression, NftValue } from '../model.ts';
import type { NftDatum } from '../reason.ts';
import { readDatum } from './datatype.ts';
import { isConstant } from './expression.ts';

export type NftReadField =
  | 'protocol'
  | 'source'
  | 'destination'
  | 'sourcePort'
  | 'destinationPort'
  | 'uid'
  | 'gid'
  | 'mark';

export type NftRead =
  /** `original`: as conntrack's entry has it, whatever was written since. */
  | { readonly kind: 'field'; readonly field: NftReadField; readonly original?: true }
  /** Decided by an address and the host's routes. */
  | { readonly kind: 'judged'; readonly sides: readonly ('source' | 'destination')[] }
  | { readonly kind: 'socket' }
  /** The same for all packets that came the same way. */
  | { readonly kind: 'same' }
  | { readonly kind: 'not told apart' };

const same: NftRead = { kind: 'same' };
const notToldApart: NftRead = { kind: 'not told apart' };

/** Of one part: of several joined by dots each is asked. */
export function readOf(expression: NftExpression): NftRead {
  switch (expression.kind) {
    case 'meta':
      return ofMeta(expression.key);
    case 'payload':
      return ofHeader(expression.protocol, expression.field);
    case 'ct':
      return ofConntrack(expression);
    case 'fib':
      return { kind: 'judged', sides: sidesOf(expression) };
    case 'socket':
      return { kind: 'socket' };
    case 'binary': {
      const reads = [expression.left, expression.right].map((one) => (isConstant(one) ? same : readOf(one)));
      const apart = reads.filter(({ kind }) => kind !== 'same');
      const [only] = apart;
      if (only === undefined) return same;
      return apart.every((one) => one.kind === 'field' && one.field === 'mark') ? only : notToldApart;
    }
    // What nobody can tell is asked of the reader, for all packets alike.
    case 'numgen':
    case 'inner':
    case 'rt':
    case 'ipsec':
    case 'osf':
    case 'extension header':
    case 'hash':
      return same;
    // Bits may be those of a port or of an address.
    case 'raw':
    case 'map':
    case 'concat':
      return notToldApart;
  }
}

function ofMeta(key: string): NftRead {
  switch (key) {
    case 'l4proto':
      return { kind: 'field', field: 'protocol' };
    case 'mark':
      return { kind: 'field', field: 'mark' };
    case 'skuid':
      return { kind: 'field', field: 'uid' };
    case 'skgid':
      return { kind: 'field', field: 'gid' };
    case 'pkttype':
      return { kind: 'judged', sides: ['destination'] };
    default:
      return same;
  }
}

const portFields = { sport: 'sourcePort', dport: 'destinationPort' } as const;

function ofHeader(protocol: string, field: string): NftRead {
  if (protocol === 'ip' || protocol === 'ip6') {
    if (field === 'saddr') return { kind: 'field', field: 'source' };
    if (field === 'daddr') return { kind: 'field', field: 'destination' };
    return field === 'protocol' || field === 'nexthdr' ? { kind: 'field', field: 'protocol' } : same;
  }
  if (transports.has(protocol) && (field === 'sport' || field === 'dport'))
    return { kind: 'field', field: portFields[field] };
  return same;
}

const transports: ReadonlySet<string> = new Set(['tcp', 'udp', 'th', 'sctp', 'dccp', 'udplite']);

function ofConntrack({ key, direction }: Extract<NftExpression, { readonly kind: 'ct' }>): NftRead {
  const fields = {
    saddr: 'source',
    daddr: 'destination',
    'proto-src': 'sourcePort',
    'proto-dst': 'destinationPort',
  } as const;
  if (key === 'protocol') return { kind: 'field', field: 'protocol' };
  const field = Object.hasOwn(fields, key) ? fields[key as keyof typeof fields] : undefined;
  if (field === undefined) return same;
  return direction === 'reply' ? notToldApart : { kind: 'field', field, original: true };
}

/** nft_fib asks for the way to one address; the other one is its source. */
function sidesOf({ keys, result }: Extract<NftExpression, { readonly kind: 'fib' }>) {
  const side = keys.includes('saddr') ? ('source' as const) : ('destination' as const);
  return result === 'type' ? [side] : (['source', 'destination'] as const);
}

/** The protocols without which a packet has no such thing; null: any. */
export function protocolsFor(expression: NftExpression): readonly number[] | null {
  const name = expression.kind === 'payload' ? expression.protocol : protocolOfOption(expression);
  if (name === null || ['ip', 'ip6', 'ether', 'arp', 'vlan'].includes(name)) return null;
  if (name === 'th')
    return Array.from({ length: 256 }, (_, at) => at).filter((at) => hasPorts(protocolName(at)));
  const number = protocolNumber(name === 'icmpv6' ? 'ipv6-icmp' : name === 'comp' ? '108' : name);
  return number === null ? null : [number];
}

function protocolOfOption(expression: NftExpression): string | null {
  if (expression.kind === 'binary') return nameIn(expression.left);
  return expression.kind === 'extension header' && expression.words[0] === 'tcp' ? 'tcp' : null;
}

function nameIn(expression: NftExpression): string | null {
  return expression.kind === 'payload' ? expression.protocol : protocolOfOption(expression);
}

/** All values of a type for which a constant holds; null where that is no set of numbers that is known. */
export function constantIntervals(constant: NftValue, type: NftDatum['type']): readonly Interval[] | null {
  const read = (text: string): bigint | null => {
    const value = readDatum(type, text)?.value;
    return typeof value === 'bigint' ? value : null;
  };
  switch (constant.kind) {
    case 'literal': {
      const value = read(constant.text);
      return value === null ? null : [[value, value]];
    }
    case 'range': {
      const [from, to] = [read(constant.from), read(constant.to)];
      return from === null || to === null ? null : from <= to ? [[from, to]] : [];
    }
    case 'prefix': {
      const address = read(constant.address);
      const family = type === 'ipv4_addr' ? 'v4' : type === 'ipv6_addr' ? 'v6' : null;
      if (address === null || family === null) return null;
      const mask = maskOf(family, constant.length);
      const all = maskOf(family, family === 'v4' ? 32 : 128);
      const first = address & mask;
      return [[first, first | (all ^ mask)]];
    }
    default:
      return null;
  }
}
