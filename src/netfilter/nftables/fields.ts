/**
 * The headers and their fields that nft knows by name. Source: src/proto.c of nftables.
 */

const fieldsOf: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    ether: 'daddr saddr type',
    vlan: 'id dei pcp type',
    arp: 'htype ptype hlen plen operation',
    ip: 'version hdrlength dscp ecn length id frag-off ttl protocol checksum saddr daddr',
    ip6: 'version dscp ecn flowlabel length nexthdr hoplimit saddr daddr',
    icmp: 'type code checksum id sequence gateway mtu',
    igmp: 'type checksum mrt group',
    icmpv6: 'type code checksum parameter-problem packet-too-big id sequence max-delay taddr daddr',
    tcp: 'sport dport sequence ackseq doff reserved flags window checksum urgptr',
    udp: 'sport dport length checksum',
    udplite: 'sport dport checksum',
    sctp: 'sport dport vtag checksum',
    dccp: 'sport dport type',
    th: 'sport dport',
    ah: 'nexthdr hdrlength reserved spi sequence',
    esp: 'spi sequence',
    comp: 'nexthdr flags cpi',
  }).map(([protocol, fields]) => [protocol, new Set(fields.split(' '))]),
);

export function isField(protocol: string, field: string): boolean {
  return fieldsOf.get(protocol)?.has(field) === true;
}

/** All headers with their fields, for who has to go through them. */
export function allFields(): readonly (readonly [protocol: string, field: string])[] {
  return [...fieldsOf].flatMap(([protocol, fields]) =>
    [...fields].map((field) => [protocol, field] as const),
  );
}
