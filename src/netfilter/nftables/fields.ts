/**
 * The headers and their fields that nft knows by name. Source: src/proto.c of nftables.
 */

const fieldsOf: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    ether: 'daddr saddr type',
    vlan: 'id dei pcp type',
    arp: 'htype ptype hlen plen operation saddr daddr',
    ip: 'version hdrlength dscp ecn length id frag-off ttl protocol checksum saddr daddr',
    ip6: 'version dscp ecn flowlabel length nexthdr hoplimit saddr daddr',
    icmp: 'type code checksum id sequence gateway mtu',
    igmp: 'type checksum mrt group',
    icmpv6: 'type code checksum parameter-problem packet-too-big id sequence max-delay taddr daddr mtu',
    tcp: 'sport dport sequence ackseq doff reserved flags window checksum urgptr',
    udp: 'sport dport length checksum',
    udplite: 'sport dport checksum',
    sctp: 'sport dport vtag checksum',
    dccp: 'sport dport type',
    th: 'sport dport',
    ah: 'nexthdr hdrlength reserved spi sequence',
    esp: 'spi sequence',
    comp: 'nexthdr flags cpi',
    gre: 'flags version protocol',
    geneve: 'vni type',
    vxlan: 'flags vni',
  }).map(([protocol, fields]) => [protocol, new Set(fields.split(' '))]),
);

export function isField(protocol: string, field: string): boolean {
  return fieldsOf.get(protocol)?.has(field) === true;
}

/** All headers with their fields, for who has to go through them. */
export function allFields(): readonly (readonly [protocol: string, field: string])[] {
  return [...fieldsOf].flatMap(([protocol, fields]) =>
    [...fields].flatMap((field) =>
      // an ARP packet has two senders: `arp saddr ip`
      (protocol === 'arp' && field.endsWith('addr') ? [`${field} ip`, `${field} ether`] : [field]).map(
        (name) => [protocol, name] as const,
      ),
    ),
  );
}
