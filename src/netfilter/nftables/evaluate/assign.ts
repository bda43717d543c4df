/** Statements that write something: `meta mark set …`, `ct mark set …`, `ip ttl set …`, `tcp option maxseg size set …`. */
import type { Action } from '../../iptables/extension.ts';
import type { Packet } from '../../model/packet.ts';
import type { NftExpression } from '../model.ts';
import type { NftDatum } from '../reason.ts';
import { printDatum } from './datatype.ts';
import type { Done } from './done.ts';
import { look, type Operand, valueIn } from './expression.ts';
import type { NftView } from './looked.ts';

const goesOn: Done = { kind: 'goes on' };
const breaks: Done = { kind: 'breaks' };
const unknown: Done = { kind: 'unknown' };

export function assign(target: NftExpression, value: Operand, view: NftView): Done {
  const found = valueIn(value, view, [typeOf(target)]);
  if (found.kind === 'absent') return breaks;
  if (target.kind === 'extension header') return setOption(target.words, found, view);
  // the packet has to have the header
  if (target.kind === 'payload' && look(target, view).kind === 'absent') return breaks;
  if (isUnwalked(target)) return goesOn;
  if (found.kind === 'unknown') return unknown;
  const datum = found.data[0];
  if (datum === undefined) return unknown;
  const does = assigned(target, datum, view);
  return does === null ? unknown : { kind: 'goes on', does };
}

const unwalked: Readonly<Record<'meta' | 'ct' | 'payload', ReadonlySet<string>>> = {
  meta: new Set(['priority', 'nftrace', 'secmark', 'rtclassid', 'broute']),
  ct: new Set(['label', 'event', 'helper', 'timeout', 'expectation', 'secmark']),
  payload: new Set([
    'id',
    'checksum',
    'frag-off',
    'flowlabel',
    'sequence',
    'ackseq',
    'window',
    'urgptr',
    'vtag',
  ]),
};

/** What no rule or route of the engine looks at: whatever is written there, the packet goes the same way. */
function isUnwalked(target: NftExpression): boolean {
  if (target.kind === 'meta' || target.kind === 'ct') return unwalked[target.kind].has(target.key);
  return target.kind === 'payload' && unwalked.payload.has(target.field);
}

/**
 * nft_exthdr_tcp_set_eval: a packet without the option goes on, one of another protocol ends the rule; the greatest size
 * of a segment is only made smaller.
 */
function setOption(
  [protocol, , option, field]: readonly string[],
  found: ReturnType<typeof valueIn>,
  { situation }: NftView,
): Done {
  const { packet } = situation;
  if (protocol !== 'tcp') return unknown;
  if (packet.protocol !== 'tcp') return breaks;
  const { mss, ...others } = packet;
  if (option !== 'maxseg' || field !== 'size' || typeof mss !== 'number') return goesOn;
  const size = found.kind === 'told' ? found.data[0]?.value : undefined;
  if (typeof size !== 'bigint') return { kind: 'goes on', does: { packet: others } };
  return { kind: 'goes on', does: { packet: { ...packet, mss: Math.min(mss, Number(size)) } } };
}

function typeOf(target: NftExpression): NftDatum['type'] {
  if (target.kind === 'meta' || target.kind === 'ct') return target.key === 'mark' ? 'mark' : 'integer';
  if (target.kind !== 'payload') return 'integer';
  switch (target.field) {
    case 'saddr':
    case 'daddr':
      return target.protocol === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
    case 'sport':
    case 'dport':
      return 'inet_service';
    case 'dscp':
    case 'ecn':
      return target.field;
    default:
      return 'integer';
  }
}

type Does = Pick<Action, 'packet' | 'connectionMark' | 'zones' | 'tracksAgain'>;

function assigned(target: NftExpression, datum: NftDatum, view: NftView): Does | null {
  const { situation } = view;
  const { packet } = situation;
  const number = Number(datum.value);
  if (target.kind === 'meta') return target.key === 'mark' ? { packet: { ...packet, mark: number } } : null;
  if (target.kind === 'ct') return ofConnection(target, number);
  if (target.kind !== 'payload') return null;
  const changed = inHeader(target.field, number, datum, packet, packet.tos ?? 0);
  return changed === null ? null : { packet: { ...packet, ...changed } };
}

function ofConnection(
  { key, direction }: Extract<NftExpression, { readonly kind: 'ct' }>,
  number: number,
): Does | null {
  if (key === 'mark') return { connectionMark: number };
  if (key !== 'zone') return null;
  if (direction === undefined) return { zones: { original: number, reply: number }, tracksAgain: true };
  return { zones: { [direction]: number }, tracksAgain: true };
}

function inHeader(
  field: string,
  number: number,
  datum: NftDatum,
  packet: Packet,
  tos: number,
): Partial<Packet> | null {
  switch (field) {
    case 'saddr':
      return { source: printDatum(datum) };
    case 'daddr':
      return { destination: printDatum(datum) };
    case 'sport':
      return packet.sourcePort === undefined ? null : { sourcePort: number };
    case 'dport':
      return packet.destinationPort === undefined ? null : { destinationPort: number };
    case 'ttl':
    case 'hoplimit':
      return { ttl: number };
    case 'dscp':
      return { tos: (number << 2) | (tos & 3) };
    case 'ecn':
      return { tos: (tos & ~3) | number };
    default:
      return null;
  }
}
