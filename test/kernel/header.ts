/** Reads a packet's network and transport headers. */

export interface Header {
  readonly family: 'v4' | 'v6';
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly ttl: number;
  readonly tos: number;
  /** With all headers. */
  readonly length: number;
  /** The flag byte of TCP. */
  readonly flags?: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  /**
   * What stays the same whatever NAT does to the packet, and differs from one packet to the next: TCP's sequence
   * numbers, flags and urgent pointer, or the first bytes that the others carry, without checksums and addresses.
   */
  readonly fingerprint: string;
}

export const tcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

const protocols: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  58: 'ipv6-icmp',
  132: 'sctp',
  136: 'udplite',
};

function addressV4(bytes: Buffer): string {
  return [...bytes].join('.');
}

/** RFC 5952: lower case, the first longest run of zero groups folded. */
export function addressV6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  let start = -1;
  let length = 1;
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === '0') to++;
    if (to - from > length) {
      start = from;
      length = to - from;
    }
  }
  if (start < 0) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** A header from its network part and what follows it; null where it is neither IPv4 nor IPv6. */
export function headerOf(network: Buffer, transport: Buffer): Header | null {
  const version = (network[0] ?? 0) >> 4;
  if (version === 4 && network.length >= 20) {
    const id = network.readUInt16BE(4);
    return withTransport(transport, `${id}`, {
      family: 'v4',
      number: network.readUInt8(9),
      ttl: network.readUInt8(8),
      tos: network.readUInt8(1),
      length: network.readUInt16BE(2),
      source: addressV4(network.subarray(12, 16)),
      destination: addressV4(network.subarray(16, 20)),
    });
  }
  if (version === 6 && network.length >= 40)
    return withTransport(transport, '', {
      family: 'v6',
      number: network.readUInt8(6),
      ttl: network.readUInt8(7),
      tos: (network.readUInt16BE(0) >> 4) & 0xff,
      length: 40 + network.readUInt16BE(4),
      source: addressV6(network.subarray(8, 24)),
      destination: addressV6(network.subarray(24, 40)),
    });
  return null;
}

/** A header from a whole packet, as NFLOG hands it over. */
export function headerOfPacket(packet: Buffer): Header | null {
  const version = (packet[0] ?? 0) >> 4;
  const length = version === 4 ? ((packet[0] ?? 0) & 15) * 4 : 40;
  return headerOf(packet.subarray(0, length), packet.subarray(length));
}

interface Network {
  readonly family: 'v4' | 'v6';
  readonly number: number;
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly tos: number;
  readonly length: number;
}

function withTransport(transport: Buffer, id: string, network: Network): Header {
  const { number, ...rest } = network;
  const protocol = protocols[number] ?? String(number);
  const base = { ...rest, protocol };
  if (protocol === 'tcp' && transport.length >= 14) {
    const sequence = transport.readUInt32BE(4);
    const acknowledgement = transport.readUInt32BE(8);
    const flags = transport.readUInt8(13) & 0x3f;
    const urgent = transport.length < 20 ? 0 : transport.readUInt16BE(18);
    return {
      ...base,
      sourcePort: transport.readUInt16BE(0),
      destinationPort: transport.readUInt16BE(2),
      sequence,
      acknowledgement,
      flags,
      fingerprint: `tcp ${id} ${sequence} ${acknowledgement} ${flags} ${urgent}`,
    };
  }
  if ((protocol === 'udp' || protocol === 'udplite') && transport.length >= 8)
    return {
      ...base,
      sourcePort: transport.readUInt16BE(0),
      destinationPort: transport.readUInt16BE(2),
      // nf_tables' trace carries 20 bytes of transport header: 12 bytes of what UDP carries
      fingerprint: `${protocol} ${transport.subarray(8, 20).toString('latin1')}`,
    };
  const ports =
    (protocol === 'sctp' || protocol === 'dccp') && transport.length >= 4
      ? { sourcePort: transport.readUInt16BE(0), destinationPort: transport.readUInt16BE(2) }
      : {};
  const carried = protocol === 'sctp' ? transport.subarray(12, 20) : transport.subarray(4, 16);
  return { ...base, ...ports, fingerprint: `${protocol} ${id} ${carried.toString('hex')}` };
}
