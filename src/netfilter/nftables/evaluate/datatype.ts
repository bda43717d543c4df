/**
 * What a value of nft is: its type, how a constant of the type is written, and how a value is printed.
 * Source: src/datatype.c, src/ct.c, src/meta.c, src/proto.c of nftables.
 */

import { dscpClasses } from '../../iptables/matches/tos.ts';
import { familyOf, printAddress, readAddress } from '../../model/address.ts';
import { protocolName, protocolNumber } from '../../model/protocol.ts';
import type { NftDatum } from '../reason.ts';

/** Types whose values are names, or numbers without a name of their own. */
const symbols = {
  ct_state: { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 },
  ct_status: {
    expected: 1,
    'seen-reply': 2,
    assured: 4,
    confirmed: 8,
    snat: 16,
    dnat: 32,
    dying: 512,
  },
  ct_dir: { original: 0, reply: 1 },
  pkt_type: { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 },
  nf_proto: { ipv4: 2, ipv6: 10 },
  ether_type: { ip: 0x0800, arp: 0x0806, ip6: 0x86dd, vlan: 0x8100, '8021q': 0x8100, '8021ad': 0x88a8 },
  iface_type: { ether: 1, ppp: 512, ipip: 768, ip6ip: 769, loopback: 772, sit: 776, ipgre: 778 },
  tcp_flag: { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 },
  icmp_type: {
    'echo-reply': 0,
    'destination-unreachable': 3,
    'source-quench': 4,
    redirect: 5,
    'echo-request': 8,
    'router-advertisement': 9,
    'router-solicitation': 10,
    'time-exceeded': 11,
    'parameter-problem': 12,
    'timestamp-request': 13,
    'timestamp-reply': 14,
    'info-request': 15,
    'info-reply': 16,
    'address-mask-request': 17,
    'address-mask-reply': 18,
  },
  icmpv6_type: {
    'destination-unreachable': 1,
    'packet-too-big': 2,
    'time-exceeded': 3,
    'parameter-problem': 4,
    'echo-request': 128,
    'echo-reply': 129,
    'mld-listener-query': 130,
    'mld-listener-report': 131,
    'mld-listener-done': 132,
    'mld-listener-reduction': 132,
    'nd-router-solicit': 133,
    'nd-router-advert': 134,
    'nd-neighbor-solicit': 135,
    'nd-neighbor-advert': 136,
    'nd-redirect': 137,
    'router-renumbering': 138,
    'ind-neighbor-solicit': 141,
    'ind-neighbor-advert': 142,
    'mld2-listener-report': 143,
  },
  icmp_code: {
    'net-unreachable': 0,
    'host-unreachable': 1,
    'prot-unreachable': 2,
    'port-unreachable': 3,
    'frag-needed': 4,
    'net-prohibited': 9,
    'host-prohibited': 10,
    'admin-prohibited': 13,
  },
  icmpv6_code: {
    'no-route': 0,
    'admin-prohibited': 1,
    'addr-unreachable': 3,
    'port-unreachable': 4,
    'policy-fail': 5,
    'reject-route': 6,
  },
  ecn: { 'not-ect': 0, ect1: 1, ect0: 2, ce: 3 },
  boolean: { missing: 0, exists: 1 },
  fib_addrtype: {
    unspec: 0,
    unicast: 1,
    local: 2,
    broadcast: 3,
    anycast: 4,
    multicast: 5,
    blackhole: 6,
    unreachable: 7,
    prohibit: 8,
  },
  /** Of those in /etc/services the ones that people write; nft itself lists numbers. */
  inet_service: {
    'ftp-data': 20,
    ftp: 21,
    ssh: 22,
    telnet: 23,
    smtp: 25,
    domain: 53,
    bootps: 67,
    bootpc: 68,
    tftp: 69,
    http: 80,
    kerberos: 88,
    pop3: 110,
    sunrpc: 111,
    ntp: 123,
    imap2: 143,
    snmp: 161,
    ldap: 389,
    https: 443,
    submission: 587,
    ldaps: 636,
    imaps: 993,
    pop3s: 995,
    mysql: 3306,
    postgresql: 5432,
  },
  owner: { root: 0 },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number>>>>;

type SymbolType = keyof typeof symbols;

const tables = new Map<string, ReadonlyMap<string, number>>(
  Object.entries(symbols).map(([name, table]) => [name, new Map(Object.entries(table))]),
);

/** Types whose bits are flags: a plain comparison asks whether one of them is set. */
const flagTypes: ReadonlySet<NftDatum['type']> = new Set(['ct_state', 'ct_status', 'tcp_flag']);

export function isFlags({ type }: NftDatum): boolean {
  return flagTypes.has(type);
}

/** A constant in the place of a value of this type; null where it is none that is known. */
export function readDatum(type: NftDatum['type'], text: string): NftDatum | null {
  const value = readOf(type, text);
  return value === null ? null : { type, value };
}

function readOf(type: NftDatum['type'], text: string): bigint | string | null {
  switch (type) {
    case 'ifname':
      return text.endsWith('\\*') ? `${text.slice(0, -2)}*` : text;
    case 'iface_index':
      return text;
    case 'ipv4_addr':
    case 'ipv6_addr': {
      const read = readAddress(text);
      const isOf = read !== null && (read.family === 'v4') === (type === 'ipv4_addr');
      return isOf ? read.value : null;
    }
    case 'ether_addr':
      return /^[\da-f]{1,2}(?::[\da-f]{1,2}){5}$/i.test(text)
        ? text.split(':').reduce((value, byte) => value * 256n + BigInt(`0x${byte}`), 0n)
        : null;
    case 'inet_proto': {
      const number = protocolNumber(text);
      return number === null ? null : BigInt(number);
    }
    case 'dscp': {
      const known = dscpClasses.get(text.toUpperCase());
      return known === undefined ? readNumber(text) : BigInt(known);
    }
    default: {
      const known = tables.get(type)?.get(text);
      return known === undefined ? readNumber(text) : BigInt(known);
    }
  }
}

function readNumber(text: string): bigint | null {
  return /^(?:\d+|0x[\da-f]+)$/i.test(text) ? BigInt(text) : null;
}

/** `10.0.0.1`, `tcp`, `new`, `0x539`, as nft would write it. */
export function printDatum({ type, value }: NftDatum): string {
  if (typeof value === 'string') return value;
  switch (type) {
    case 'ipv4_addr':
      return printAddress('v4', value);
    case 'ipv6_addr':
      return printAddress('v6', value);
    case 'ether_addr':
      return value.toString(16).padStart(12, '0').match(/../g)?.join(':') ?? '';
    case 'inet_proto':
      return protocolName(Number(value));
    case 'mark':
      return `0x${value.toString(16)}`;
    case 'inet_service':
    case 'owner':
      return String(value);
    default:
      return printSymbol(type, value);
  }
}

function printSymbol(type: NftDatum['type'], value: bigint): string {
  const names = [...(tables.get(type) ?? [])];
  const exact = names.find(([, number]) => BigInt(number) === value);
  if (exact !== undefined) return exact[0];
  if (!flagTypes.has(type)) return String(value);
  const set = names.filter(([, number]) => (value & BigInt(number)) !== 0n).map(([name]) => name);
  return set.length === 0 ? 'none' : set.join(',');
}

/** The number of a name that is known to be one. */
export function symbol(type: SymbolType, name: string): NftDatum {
  return { type, value: BigInt(tables.get(type)?.get(name) ?? 0) };
}

export function addressDatum(address: string): NftDatum {
  const type = familyOf(address) === 'v4' ? 'ipv4_addr' : 'ipv6_addr';
  return { type, value: readAddress(address)?.value ?? 0n };
}
