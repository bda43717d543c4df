/**
 * Fields of headers. nft puts before each what it needs: the family, the protocol, the kind of link; a packet without
 * them ends the rule. Source: payload_gen_dependency in src/payload.c of nftables.
 */
import { tosOf } from '../../iptables/matches/tos.ts';
import { ttlOf } from '../../iptables/matches/ttl.ts';
import type { Situation } from '../../iptables/situation.ts';
import { icmpOf } from '../../kernel/conntrack.ts';
import type { Packet, TcpFlag } from '../../model/packet.ts';
import { hasPorts, protocolNumber } from '../../model/protocol.ts';
import { addressDatum, symbol } from './datatype.ts';
import { absent, type Looked, looked, toldIf, untold } from './looked.ts';

export function lookAtPayload(protocol: string, field: string, situation: Situation): Looked {
  const { family, packet } = situation;
  switch (protocol) {
    case 'ip':
      return family === 'v4' ? ofIp(field, situation) : absent;
    case 'ip6':
      return family === 'v6' ? ofIp6(field, situation) : absent;
    case 'tcp':
      return isOf(packet, 'tcp') ? ofTcp(field, packet) : absent;
    case 'th':
      return hasPorts(packet.protocol) ? port(field, packet) : untold;
    case 'udp':
    case 'sctp':
    case 'udplite':
    case 'dccp':
      return isOf(packet, protocol) ? port(field, packet) : absent;
    case 'icmp':
      return isOf(packet, 'icmp') ? ofIcmp(field, packet, 'icmp') : absent;
    case 'icmpv6':
      return isOf(packet, 'ipv6-icmp') ? ofIcmp(field, packet, 'icmpv6') : absent;
    case 'ether':
      return ofEther(field, situation);
    case 'arp':
    case 'vlan':
      return absent;
    default:
      return isOf(packet, protocol === 'comp' ? '108' : protocol) ? untold : absent;
  }
}

function isOf(packet: Packet, protocol: string): boolean {
  return protocolNumber(packet.protocol) === protocolNumber(protocol);
}

function ofIp(field: string, situation: Situation): Looked {
  const { packet } = situation;
  switch (field) {
    case 'saddr':
      return { kind: 'told', data: [addressDatum(packet.source)] };
    case 'daddr':
      return { kind: 'told', data: [addressDatum(packet.destination)] };
    case 'protocol':
      return toldIf('inet_proto', protocolNumber(packet.protocol));
    case 'ttl':
      return toldIf('integer', ttlOf(situation));
    case 'version':
      return looked('integer', 4);
    case 'length':
      return toldIf('integer', packet.length);
    default:
      return trafficClass(field, situation);
  }
}

function ofIp6(field: string, situation: Situation): Looked {
  const { packet } = situation;
  switch (field) {
    case 'saddr':
    case 'daddr':
      return ofIp(field, situation);
    case 'nexthdr':
      return toldIf('inet_proto', protocolNumber(packet.protocol));
    case 'hoplimit':
      return toldIf('integer', ttlOf(situation));
    case 'version':
      return looked('integer', 6);
    // without the header itself
    case 'length':
      return toldIf('integer', packet.length === undefined ? null : packet.length - 40);
    default:
      return trafficClass(field, situation);
  }
}

function trafficClass(field: string, situation: Situation): Looked {
  const tos = tosOf(situation);
  if (tos === null) return untold;
  if (field === 'dscp') return looked('dscp', tos >> 2);
  return field === 'ecn' ? looked('ecn', tos & 3) : untold;
}

function port(field: string, { sourcePort, destinationPort }: Packet): Looked {
  if (field === 'sport') return toldIf('inet_service', sourcePort);
  return field === 'dport' ? toldIf('inet_service', destinationPort) : untold;
}

function ofTcp(field: string, packet: Packet): Looked {
  if (field !== 'flags') return port(field, packet);
  const bits: Readonly<Record<TcpFlag, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 };
  return looked(
    'tcp_flag',
    (packet.flags ?? ['SYN']).reduce((all, flag) => all | bits[flag], 0),
  );
}

function ofIcmp(field: string, packet: Packet, protocol: 'icmp' | 'icmpv6'): Looked {
  const { type, code, id } = icmpOf(packet);
  switch (field) {
    case 'type':
      return looked(`${protocol}_type`, type);
    case 'code':
      return looked(`${protocol}_code`, code);
    case 'id': {
      const echoes = protocol === 'icmp' ? [0, 8] : [128, 129];
      return echoes.includes(type) ? looked('integer', id) : absent;
    }
    default:
      return untold;
  }
}

/**
 * Only links of type ether have such a header; what leaves this host has none yet, nor has the copy of what it sends to
 * many (dev_loopback_xmit).
 */
function ofEther(field: string, { packet, family, isReturning, ...devices }: Situation): Looked {
  if (devices.in === undefined || devices.in === 'lo' || isReturning) return absent;
  if (field === 'type') {
    return { kind: 'told', data: [symbol('ether_type', family === 'v4' ? 'ip' : 'ip6')] };
  }
  if (field !== 'saddr' || packet.mac === undefined) return untold;
  const value = packet.mac.split(':').reduce((all, byte) => all * 256n + BigInt(`0x${byte}`), 0n);
  return looked('ether_addr', value);
}

/** Where the fields stand that a packet tells: from which bit of its header on, and over how many. */
const layouts: Readonly<
  Record<string, readonly (readonly [protocol: string, field: string, at: number, length: number])[]>
> = {
  'nh v4': [
    ['ip', 'version', 0, 4],
    ['ip', 'dscp', 8, 6],
    ['ip', 'ecn', 14, 2],
    ['ip', 'length', 16, 16],
    ['ip', 'ttl', 64, 8],
    ['ip', 'protocol', 72, 8],
    ['ip', 'saddr', 96, 32],
    ['ip', 'daddr', 128, 32],
  ],
  'nh v6': [
    ['ip6', 'version', 0, 4],
    ['ip6', 'dscp', 4, 6],
    ['ip6', 'ecn', 10, 2],
    ['ip6', 'length', 32, 16],
    ['ip6', 'nexthdr', 48, 8],
    ['ip6', 'hoplimit', 56, 8],
    ['ip6', 'saddr', 64, 128],
    ['ip6', 'daddr', 192, 128],
  ],
  'th ports': [
    ['th', 'sport', 0, 16],
    ['th', 'dport', 16, 16],
    ['tcp', 'flags', 104, 8],
  ],
  'th icmp': [
    ['icmp', 'type', 0, 8],
    ['icmp', 'code', 8, 8],
    ['icmp', 'id', 32, 16],
  ],
  'th ipv6-icmp': [
    ['icmpv6', 'type', 0, 8],
    ['icmpv6', 'code', 8, 8],
    ['icmpv6', 'id', 32, 16],
  ],
};

/** `@th,16,16`: bits of a header, which are told where the fields that they belong to are. */
export function lookAtBits(
  { base, offset, length }: { readonly base: string; readonly offset: number; readonly length: number },
  situation: Situation,
): Looked {
  const { family, packet } = situation;
  const header = base === 'nh' ? family : hasPorts(packet.protocol) ? 'ports' : packet.protocol;
  let value = 0n;
  let told = 0;
  for (const [protocol, field, at, size] of layouts[`${base} ${header}`] ?? []) {
    const [from, to] = [Math.max(at, offset), Math.min(at + size, offset + length)];
    if (from >= to) continue;
    const found = lookAtPayload(protocol, field, situation);
    const whole = found.kind === 'told' ? found.data[0]?.value : undefined;
    if (typeof whole !== 'bigint') return untold;
    const part = BigInt.asUintN(to - from, whole >> BigInt(at + size - to));
    value |= part << BigInt(offset + length - to);
    told += to - from;
  }
  return told === length ? looked('integer', value) : untold;
}
