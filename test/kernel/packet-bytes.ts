/** Writes packets, byte by byte, from the engine's description of one. */
import { isIPv6 } from 'node:net';
import type { Packet, TcpFlag } from '../../src/netfilter/model/packet.ts';
import { tcpFlag } from './header.ts';

/** What conntrack follows a TCP connection by. */
export interface Numbers {
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Tells a packet from its retransmission: IPv4's identification, and what other protocols have to spare. */
  readonly id: number;
}

const protocolNumbers: Readonly<Record<string, number>> = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  dccp: 33,
  'ipv6-icmp': 58,
  sctp: 132,
  udplite: 136,
};

export function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), tail === undefined ? [] : groups(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  const bytes = Buffer.alloc(16);
  for (const [index, group] of [...first, ...zeros, ...last].entries()) bytes.writeUInt16BE(group, index * 2);
  return bytes;
}

function checksum(...parts: readonly Buffer[]): number {
  const bytes = Buffer.concat(parts);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2)
    sum += at + 1 < bytes.length ? bytes.readUInt16BE(at) : bytes.readUInt8(at) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** The addresses, length and protocol that TCP, UDP and ICMPv6 take into their checksums. */
function pseudoHeader(packet: Packet, protocol: number, length: number): Buffer {
  const addresses = Buffer.concat([addressBytes(packet.source), addressBytes(packet.destination)]);
  const rest = isIPv6(packet.source) ? Buffer.alloc(8) : Buffer.alloc(4);
  if (isIPv6(packet.source)) {
    rest.writeUInt32BE(length, 0);
    rest.writeUInt8(protocol, 7);
  } else {
    rest.writeUInt8(protocol, 1);
    rest.writeUInt16BE(length, 2);
  }
  return Buffer.concat([addresses, rest]);
}

function tcpBytes(packet: Packet, numbers: Numbers): Buffer {
  const flags: readonly TcpFlag[] = packet.flags ?? ['SYN'];
  const names = { SYN: 'syn', ACK: 'ack', FIN: 'fin', RST: 'rst', URG: 'urg', PSH: 'psh' } as const;
  const bits = flags.reduce((sum, flag) => sum | tcpFlag[names[flag]], 0);
  const { mss } = packet;
  const bytes = Buffer.alloc(mss === undefined || mss === null ? 20 : 24);
  bytes.writeUInt16BE(packet.sourcePort ?? 0, 0);
  bytes.writeUInt16BE(packet.destinationPort ?? 0, 2);
  bytes.writeUInt32BE(numbers.sequence, 4);
  bytes.writeUInt32BE(flags.includes('ACK') ? numbers.acknowledgement : 0, 8);
  bytes.writeUInt8((bytes.length / 4) << 4, 12);
  bytes.writeUInt8(bits, 13);
  bytes.writeUInt16BE(0xffff, 14);
  // the urgent pointer, which nobody reads without URG
  if (!flags.includes('URG')) bytes.writeUInt16BE(numbers.id, 18);
  if (mss !== undefined && mss !== null) {
    bytes.writeUInt16BE(0x0204, 20);
    bytes.writeUInt16BE(mss, 22);
  }
  return bytes;
}

function udpBytes(packet: Packet, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(packet.sourcePort ?? 0, 0);
  bytes.writeUInt16BE(packet.destinationPort ?? 0, 2);
  bytes.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([bytes, payload]);
}

/** The chunk that opens an association: INIT. */
function sctpBytes(packet: Packet, { id }: Numbers): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt16BE(packet.sourcePort ?? 0, 0);
  bytes.writeUInt16BE(packet.destinationPort ?? 0, 2);
  bytes.writeUInt8(1, 12);
  bytes.writeUInt16BE(20, 14);
  bytes.writeUInt32BE(id, 16);
  bytes.writeUInt32BE(0xffff, 20);
  bytes.writeUInt32BE(0x00010001, 24);
  bytes.writeUInt32LE(crc32c(bytes), 8);
  return bytes;
}

function crc32c(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** The ports, where DCCP has them as well; the rest is not looked at. */
function portBytes(packet: Packet): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(packet.sourcePort ?? 0, 0);
  bytes.writeUInt16BE(packet.destinationPort ?? 0, 2);
  return bytes;
}

const isError = (protocol: string, type: number) =>
  protocol === 'icmp' ? [3, 4, 5, 11, 12].includes(type) : type < 128;

function icmpBytes(packet: Packet, numbers: Numbers): Buffer {
  const isV4 = packet.protocol === 'icmp';
  const icmp = packet.icmp ?? { type: isV4 ? 8 : 128, code: 0, id: 0 };
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(icmp.type, 0);
  bytes.writeUInt8(icmp.code, 1);
  if (isError(packet.protocol, icmp.type)) {
    if (packet.about === undefined) return bytes;
    const { id } = numbers;
    const quoted: Packet = { ...packet.about, from: packet.from };
    return Buffer.concat([bytes, packetBytes(quoted, { sequence: 1000, acknowledgement: 0, id })]);
  }
  bytes.writeUInt16BE(icmp.id, 4);
  bytes.writeUInt16BE(1, 6);
  return Buffer.concat([bytes, Buffer.alloc(12, numbers.id & 0xff)]);
}

const checksumAt: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2, 136: 6 };

function transportBytes(packet: Packet, numbers: Numbers, protocol: number, headerLength: number): Buffer {
  const payload = Buffer.from(`#${String(numbers.id).padStart(11, '0')}`);
  const bare =
    protocol === 6
      ? tcpBytes(packet, numbers)
      : protocol === 17 || protocol === 136
        ? udpBytes(packet, payload)
        : protocol === 1 || protocol === 58
          ? icmpBytes(packet, numbers)
          : protocol === 132
            ? sctpBytes(packet, numbers)
            : portBytes(packet);
  const missing = (packet.length ?? 0) - headerLength - bare.length;
  const bytes = missing > 0 ? Buffer.concat([bare, Buffer.alloc(missing)]) : bare;
  if (protocol === 17 || protocol === 136) bytes.writeUInt16BE(bytes.length, 4);
  const at = checksumAt[protocol];
  if (at !== undefined) {
    const sum =
      protocol === 1 ? checksum(bytes) : checksum(pseudoHeader(packet, protocol, bytes.length), bytes);
    bytes.writeUInt16BE(protocol === 17 && sum === 0 ? 0xffff : sum, at);
  }
  return bytes;
}

/** The packet from its IP header on. */
export function packetBytes(packet: Packet, numbers: Numbers): Buffer {
  const protocol = protocolNumbers[packet.protocol] ?? Number(packet.protocol);
  if (!Number.isInteger(protocol)) throw new Error(`cannot write a ${packet.protocol} packet`);
  const isV6 = isIPv6(packet.destination);
  const header = Buffer.alloc(isV6 ? 40 : 20);
  const transport = transportBytes(packet, numbers, protocol, header.length);
  const ttl = packet.ttl ?? 64;
  const tos = packet.tos ?? 0;
  if (isV6) {
    header.writeUInt32BE(((6 << 28) | (tos << 20)) >>> 0, 0);
    header.writeUInt16BE(transport.length, 4);
    header.writeUInt8(protocol, 6);
    header.writeUInt8(ttl, 7);
    addressBytes(packet.source).copy(header, 8);
    addressBytes(packet.destination).copy(header, 24);
  } else {
    header.writeUInt8(0x45, 0);
    header.writeUInt8(tos, 1);
    header.writeUInt16BE(20 + transport.length, 2);
    header.writeUInt16BE(numbers.id, 4);
    header.writeUInt16BE(0x4000, 6);
    header.writeUInt8(ttl, 8);
    header.writeUInt8(protocol, 9);
    addressBytes(packet.source).copy(header, 12);
    addressBytes(packet.destination).copy(header, 16);
    header.writeUInt16BE(checksum(header), 10);
  }
  return Buffer.concat([header, transport]);
}

/** An Ethernet frame around a packet. */
export function frameBytes(packet: Buffer, from: string, to: string): Buffer {
  const mac = (text: string) => Buffer.from(text.replaceAll(':', ''), 'hex');
  const type = Buffer.alloc(2);
  type.writeUInt16BE(packet.readUInt8(0) >> 4 === 6 ? 0x86dd : 0x0800, 0);
  return Buffer.concat([mac(to), mac(from), type, packet]);
}
