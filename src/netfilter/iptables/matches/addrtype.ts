/**
 * `-m addrtype`: what an address is to this host (net/netfilter/xt_addrtype.c).
 *
 * IPv4 asks the local routing table; IPv6 looks at the address itself, and at the routes for LOCAL, ANYCAST and
 * UNREACHABLE.
 */

import { isLocal, route } from '../../kernel/routing.ts';
import { addressValue, readPrefix } from '../../model/address.ts';
import type { Host } from '../../model/host.ts';
import {
  type ConditionReason,
  type MatchExtension,
  type MatchOptionForm,
  matchOption,
  type Option,
} from '../extension.ts';
import type { Situation } from '../situation.ts';
import { listOf, nothing } from '../values.ts';

const types = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
] as const;
type AddressType = (typeof types)[number];

/** The host as far as the addresses of one interface go. */
export function limited(host: Host, device: string | undefined): Host {
  return device === undefined
    ? host
    : { ...host, interfaces: host.interfaces.filter(({ name }) => name === device) };
}

/** inet_dev_addr_type */
export function typeOfV4(host: Host, address: string): AddressType {
  const value = addressValue(address);
  if (value === 0xffffffffn || value >> 24n === 0n) return 'BROADCAST';
  if (value >> 28n === 14n) return 'MULTICAST';
  const isBroadcast = host.interfaces.some(({ addresses }) =>
    addresses.some((one) => {
      const prefix = readPrefix(one);
      if (prefix?.family !== 'v4' || prefix.mask === 0xffffffffn || one.startsWith('127.')) return false;
      return value === (prefix.address | (0xffffffffn ^ prefix.mask)) && (0xffffffffn ^ prefix.mask) > 1n;
    }),
  );
  if (isLocal(host, address)) return 'LOCAL';
  return isBroadcast ? 'BROADCAST' : 'UNICAST';
}

/** All that IPv6 finds: an address has several types at once. */
export function typesOfV6(host: Host, address: string): readonly AddressType[] {
  const value = addressValue(address);
  if (value === 0n) return ['UNSPEC'];
  if (value >> 120n === 0xffn) return ['MULTICAST'];
  const isMapped = value >> 32n === 0xffffn;
  const decision = route(host, { family: 'v6', source: '::', destination: address, mark: 0 });
  return [
    ...(isMapped ? [] : (['UNICAST'] as const)),
    ...(isLocal(host, address) ? (['LOCAL'] as const) : []),
    ...(decision.kind === 'unreachable' ? (['UNREACHABLE'] as const) : []),
  ];
}

function testType(
  wanted: readonly AddressType[],
  address: string,
  situation: Situation,
  device: string | undefined,
): { readonly holds: boolean; readonly found: readonly AddressType[] } {
  const host = limited(situation.host, device);
  if (situation.family === 'v4') {
    const type = typeOfV4(host, address);
    return { holds: wanted.includes(type), found: [type] };
  }
  const own = typesOfV6(host, address);
  // match_type6: MULTICAST, UNICAST and UNSPEC must each hold; of the routes' types, one.
  const isOf = (type: AddressType) => own.includes(type);
  const alone = (['MULTICAST', 'UNICAST', 'UNSPEC'] as const).filter((type) => wanted.includes(type));
  const routed = (['LOCAL', 'ANYCAST', 'UNREACHABLE'] as const).filter((type) => wanted.includes(type));
  const holds = alone.every(isOf) && (routed.length === 0 || routed.some(isOf));
  return { holds, found: own };
}

function typeOption(name: string, side: 'source' | 'destination'): MatchOptionForm {
  return matchOption<readonly AddressType[]>({
    name,
    negatable: true,
    value: listOf(types),
    field: `${side}Type`,
    test: (wanted) => (situation) => testType(wanted, situation.packet[side], situation, undefined),
  });
}

function limitOption(name: string): MatchOptionForm {
  return matchOption<null>({
    name,
    negatable: false,
    value: nothing,
    field: 'typeFlag',
    test: () => () => ({ holds: true, found: null }),
  });
}

/** With `--limit-iface-…` only the addresses of that interface count. */
function testLimited(options: readonly Option[], situation: Situation): ConditionReason | null {
  const limit = options.find(({ name }) => name.startsWith('--limit-iface'));
  if (limit === undefined) return null;
  const device = limit.name === '--limit-iface-in' ? situation.in : situation.out;
  for (const { name, negated, value } of options) {
    if (!name.endsWith('-type')) continue;
    const side = name === '--src-type' ? 'source' : 'destination';
    const wanted = value as readonly AddressType[];
    const { holds, found } = testType(wanted, situation.packet[side], situation, device);
    if (holds === negated) {
      const field = `${side}TypeByInterface` as const;
      return { code: 'fails', field, found: { types: found, interface: device }, wanted, negated };
    }
  }
  return { code: 'holds', field: 'typesByInterface', found: device ?? null, wanted: null, negated: false };
}

export const addrtype: MatchExtension = {
  name: 'addrtype',
  testFirst: testLimited,
  options: [
    typeOption('--src-type', 'source'),
    typeOption('--dst-type', 'destination'),
    limitOption('--limit-iface-in'),
    limitOption('--limit-iface-out'),
  ],
};
