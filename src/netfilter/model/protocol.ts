/**
 * Protocol names and numbers, as `iptables-save` prints them.
 */
const numbers = {
  ip: 0,
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  eigrp: 88,
  ospf: 89,
  ipip: 94,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  'mobility-header': 135,
  udplite: 136,
} as const;

const aliases: ReadonlyMap<string, string> = new Map(
  Object.entries({
    icmpv6: 'ipv6-icmp',
    icmp6: 'ipv6-icmp',
    'ipv6-mh': 'mobility-header',
    mh: 'mobility-header',
  }),
);

const known: ReadonlyMap<string, number> = new Map(Object.entries(numbers));
const names = new Map<number, string>(Object.entries(numbers).map(([name, number]) => [number, name]));

/** The number of a protocol by its name or number, or null. */
export function protocolNumber(text: string): number | null {
  const name = text.toLowerCase();
  const number = known.get(aliases.get(name) ?? name);
  if (number !== undefined) return number;
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : null;
}

export function protocolName(number: number): string {
  return names.get(number) ?? String(number);
}

const withPorts = ['tcp', 'udp', 'sctp', 'dccp', 'udplite'];

/** Whether the protocol's header has ports where TCP has them. */
export function hasPorts(protocol: string): boolean {
  return withPorts.includes(protocol);
}
