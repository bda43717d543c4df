/** What dnat, snat, redirect, masquerade and tproxy ask for. Source: net/netfilter/nft_nat.c, nft_redir.c, nft_masq.c. */
import { masqueradeAddress } from '../../iptables/targets/MASQUERADE.ts';
import { redirectAddress } from '../../iptables/targets/REDIRECT.ts';
import { handedTo } from '../../iptables/targets/TPROXY.ts';
import type { AddressChoice } from '../../kernel/nat.ts';
import { type Interval, maskOf } from '../../model/address.ts';
import type { NftStatement, NftValue } from '../model.ts';
import type { NftDatum } from '../reason.ts';
import { readDatum } from './datatype.ts';
import type { Done } from './done.ts';
import { isConstant, look, lookUpIn, type Operand, valueIn } from './expression.ts';
import type { NftView } from './looked.ts';

type Nat = Extract<NftStatement, { readonly kind: 'nat' }>;
type Tproxy = Extract<NftStatement, { readonly kind: 'tproxy' }>;

const unknown: Done = { kind: 'unknown' };
const ends: Done = { kind: 'breaks' };

export function translate(nat: Nat, view: NftView): Done {
  const { action, family, flags } = nat;
  const { situation } = view;
  // nft_nat_inet_eval: one that is for the other family does nothing, and the rule goes on; but before it the rule
  // reads what it translates to, which packets of the other family may not have
  if (family !== undefined && (family === 'ip') !== (situation.family === 'v4'))
    return [nat.address, nat.port].some((operand) => isAbsent(operand, view)) ? ends : { kind: 'goes on' };
  const target = targetOf(nat, view);
  if ('kind' in target) return target;
  const { ports } = target;
  let { addresses } = target;
  if (action === 'redirect') {
    const own = redirectAddress(situation);
    if (own === null)
      return {
        kind: 'verdict',
        verdict: { kind: 'drop' },
        reason: { code: 'no address to redirect to', interface: situation.in },
      };
    addresses = [own, own];
  }
  if (action === 'masquerade') {
    if (situation.packet.source === '0.0.0.0') return { kind: 'verdict', verdict: { kind: 'accept' } };
    const own = masqueradeAddress(situation);
    if (own === null)
      return {
        kind: 'verdict',
        verdict: { kind: 'drop' },
        reason: { code: 'no address to send from', interface: situation.out },
      };
    addresses = [own, own];
  }
  const side = action === 'dnat' || action === 'redirect' ? 'destination' : 'source';
  const isNetwork = nat.form === 'prefix';
  const choice: AddressChoice = {
    side,
    ...(addresses === undefined || isNetwork ? {} : { addresses }),
    ...(isNetwork && target.network !== undefined ? { network: target.network } : {}),
    ...(ports === undefined ? {} : { ports }),
    ...(flags.some((flag) => flag !== 'persistent') ? { isRandom: true } : {}),
  };
  return { kind: 'verdict', verdict: { kind: 'accept' }, nat: choice };
}

function isAbsent(operand: Operand | undefined, view: NftView): boolean {
  if (operand === undefined || isConstant(operand)) return false;
  return look(operand.kind === 'map' ? operand.key : operand, view).kind === 'absent';
}

interface Target {
  readonly addresses?: Interval;
  readonly ports?: readonly [first: number, last: number];
  readonly network?: { readonly address: bigint; readonly mask: bigint };
}

function targetOf({ address, port }: Nat, view: NftView): Target | Done {
  const type = view.situation.family === 'v4' ? 'ipv4_addr' : 'ipv6_addr';
  let target: Target = {};
  if (address !== undefined) {
    const found = spansOf(address, view, [type, 'inet_service']);
    if ('kind' in found) return found;
    const [addresses, ports] = found.spans;
    if (addresses === undefined) return unknown;
    target = {
      addresses,
      ...(ports === undefined ? {} : { ports: [Number(ports[0]), Number(ports[1])] }),
      ...(found.network === undefined ? {} : { network: found.network }),
    };
  }
  if (port !== undefined) {
    const found = spansOf(port, view, ['inet_service']);
    if ('kind' in found) return found;
    const [ports] = found.spans;
    if (ports === undefined) return unknown;
    target = { ...target, ports: [Number(ports[0]), Number(ports[1])] };
  }
  return target;
}

interface Spans {
  readonly spans: readonly Interval[];
  readonly network?: Target['network'];
}

/** From where to where an operand goes, of each of its parts. */
function spansOf(operand: Operand, view: NftView, types: readonly NftDatum['type'][]): Spans | Done {
  if (!isConstant(operand) && operand.kind === 'map') {
    const found = lookUpIn(operand, view);
    if ('kind' in found) return found.kind === 'absent' ? ends : unknown;
    return spansOf(found.data, view, types);
  }
  if (!isConstant(operand)) {
    const found = valueIn(operand, view, types);
    if (found.kind !== 'told') return found.kind === 'absent' ? ends : unknown;
    const spans = found.data.map(({ value }): Interval | null =>
      typeof value === 'bigint' ? [value, value] : null,
    );
    return spans.includes(null) ? unknown : { spans: spans as Interval[] };
  }
  const parts = operand.kind === 'concat' ? operand.parts : [operand];
  const spans = parts.map((part, at) => spanOf(part, types[at] ?? 'integer'));
  if (spans.includes(null)) return unknown;
  const [first] = parts;
  const network = first?.kind === 'prefix' ? networkOf(first, types[0]) : undefined;
  return { spans: spans as Interval[], ...(network === undefined ? {} : { network }) };
}

function networkOf(
  { address, length }: NftValue & { readonly kind: 'prefix' },
  type: NftDatum['type'] | undefined,
): Target['network'] {
  if (type !== 'ipv4_addr' && type !== 'ipv6_addr') return undefined;
  const value = readDatum(type, address)?.value;
  const mask = maskOf(type === 'ipv4_addr' ? 'v4' : 'v6', length);
  return typeof value === 'bigint' ? { address: value & mask, mask } : undefined;
}

function spanOf(value: NftValue, type: NftDatum['type']): Interval | null {
  const read = (text: string) => {
    const found = readDatum(type, text)?.value;
    return typeof found === 'bigint' ? found : null;
  };
  if (value.kind === 'literal') {
    const one = read(value.text);
    return one === null ? null : [one, one];
  }
  if (value.kind === 'range') {
    const [from, to] = [read(value.from), read(value.to)];
    return from === null || to === null ? null : [from, to];
  }
  const network = value.kind === 'prefix' ? networkOf(value, type) : undefined;
  if (network === undefined) return null;
  const all = maskOf(type === 'ipv4_addr' ? 'v4' : 'v6', type === 'ipv4_addr' ? 32 : 128);
  return [network.address, network.address | (all ^ network.mask)];
}

/** nft_tproxy_eval: without a transparent socket the rule ends, and the packet goes on. */
export function handOver({ family, address, port }: Tproxy, view: NftView): Done {
  const { situation } = view;
  if (family !== undefined && (family === 'ip') !== (situation.family === 'v4')) return ends;
  if (!['tcp', 'udp'].includes(situation.packet.protocol)) return ends;
  const one = (operand: Operand | undefined, type: NftDatum['type']) => {
    if (operand === undefined) return 0n;
    const found = valueIn(operand, view, [type]);
    const value = found.kind === 'told' ? found.data[0]?.value : undefined;
    return typeof value === 'bigint' ? value : null;
  };
  const at = one(address, situation.family === 'v4' ? 'ipv4_addr' : 'ipv6_addr');
  const number = one(port, 'inet_service');
  if (at === null || number === null) return unknown;
  const { socket, reason } = handedTo(at, Number(number), situation);
  return socket === undefined
    ? { kind: 'breaks', effect: reason }
    : { kind: 'goes on', effect: reason, does: { socket } };
}
