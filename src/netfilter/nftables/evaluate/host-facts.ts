/** What a rule asks of the host: its routes (`fib`, `rt`) and its sockets. */
import { limited, typeOfV4, typesOfV6 } from '../../iptables/matches/addrtype.ts';
import { takingSocket } from '../../iptables/matches/socket.ts';
import type { Situation } from '../../iptables/situation.ts';
import { route } from '../../kernel/routing.ts';
import { packetAddress } from '../../model/packet-address/index.ts';
import type { NftExpression } from '../model.ts';
import { symbol } from './datatype.ts';
import { absent, type Looked, looked, untold } from './looked.ts';

type Fib = Extract<NftExpression, { readonly kind: 'fib' }>;

/** net/ipv4/netfilter/nft_fib_ipv4.c and its IPv6 twin. */
export function lookAtFib({ keys, result }: Fib, situation: Situation): Looked {
  const { packet } = situation;
  const side = keys.includes('saddr') ? 'source' : 'destination';
  const device = keys.includes('iif') ? situation.in : keys.includes('oif') ? situation.out : undefined;
  if (result === 'type') return addressType(packet[side], situation, device);
  return outDevice(side, keys, situation, device);
}

function addressType(address: string, situation: Situation, device: string | undefined): Looked {
  const host = limited(situation.host, device);
  if (situation.family === 'v4')
    return { kind: 'told', data: [symbol('fib_addrtype', typeOfV4(host, address).toLowerCase())] };
  const types = typesOfV6(host, address);
  const found = (['MULTICAST', 'LOCAL', 'UNREACHABLE', 'UNSPEC', 'UNICAST'] as const).find((type) =>
    types.includes(type),
  );
  return { kind: 'told', data: [symbol('fib_addrtype', (found ?? 'UNICAST').toLowerCase())] };
}

/** Which interface a packet to that address would leave by; none where the way is another. */
function outDevice(
  side: 'source' | 'destination',
  keys: readonly string[],
  situation: Situation,
  device: string | undefined,
): Looked {
  const { packet, family, host } = situation;
  const type = 'iface_index';
  // nft_fib_can_skip: what came in over lo is not asked, nor what this host has sent to itself; TPROXY's socket knows
  // no device that it hears from
  if ((situation.in === 'lo' || situation.isReturning) && situation.assigned === undefined)
    return looked(type, situation.in ?? 'lo');
  const other = side === 'source' ? 'destination' : 'source';
  // nft_fib6_flowi_init: an address of a link is looked for on the link of the packet
  const link = device ?? (situation.hook === 'POSTROUTING' ? situation.out : situation.in);
  const address = packetAddress(packet[side]);
  // nft_fib4_eval: of who has no address yet, what goes to all of the link or to a group of it is of that link,
  // whichever side is asked
  if (
    family === 'v4' &&
    packetAddress(packet.source) === 0n &&
    isOfLinkAlone(packetAddress(packet.destination))
  )
    return looked(type, situation.in ?? situation.out ?? '');
  // addrconf_add_mroute: each link has a route to all groups
  if (family === 'v6' && link !== undefined && isLinkGroup(address))
    return looked(type, device === undefined || device === link ? link : '');
  const isOfLink = family === 'v6' && link !== undefined && address >> 118n === 0x3fan;
  const found = route(host, {
    ...(isOfLink ? { out: link } : {}),
    family,
    source: packet[other],
    destination: packet[side],
    mark: keys.includes('mark') ? (packet.mark ?? 0) : 0,
  });
  const out = found.kind === 'unicast' ? found.dev : null;
  return looked(type, out !== null && (device === undefined || device === out) ? out : '');
}

/** 255.255.255.255, 224.0.0.0/24 */
function isOfLinkAlone(address: bigint): boolean {
  return address === 0xffff_ffffn || address >> 8n === 0xe0_0000n;
}

/** ff02::/16, with any flags: for ipv6_addr_type these are addresses of a link, too. */
function isLinkGroup(address: bigint): boolean {
  return address >> 120n === 0xffn && ((address >> 112n) & 15n) === 2n;
}

/** net/netfilter/nft_socket.c */
export function lookAtSocket([key]: readonly string[], situation: Situation): Looked {
  if (situation.host.sockets === undefined) return untold;
  const socket = takingSocket(situation);
  if (socket === null) return absent;
  switch (key) {
    case 'transparent':
      return looked('boolean', socket.transparent === true ? 1 : 0);
    case 'wildcard':
      return looked('boolean', socket.address === '0.0.0.0' || socket.address === '::' ? 1 : 0);
    default:
      return untold;
  }
}
