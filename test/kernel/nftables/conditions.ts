/** The conditions of random nft rules: a new one is one more entry. */
import type { Family, Hook } from '../../../src/netfilter/model/ruleset.ts';
import { peerMacs } from '../random-values.ts';
import { type Askable, ask, type NftEntry, type NftProtocol } from './place.ts';
import { apart, hosts, marks, portSpans, ports, portsApart, spans } from './values.ts';

const inward: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD'];
const outward: readonly Hook[] = ['OUTPUT', 'FORWARD', 'POSTROUTING'];

const addresses = (version: Family, left: string): Askable => ({
  left,
  one: hosts[version],
  apart: apart[version],
  spans: spans[version],
  named: version === 'v4' ? ['hosts4', 'nets4'] : ['hosts6', 'nets6'],
});

const portNumbers = (left: string): Askable => ({
  left,
  one: ports,
  apart: portsApart,
  spans: portSpans,
  named: ['web'],
  isNumber: true,
});

const ofIp = (version: Family): readonly NftEntry[] => {
  const ip = version === 'v4' ? 'ip' : 'ip6';
  const entry = (field: string, weight: number, rest: Omit<Askable, 'left'>): NftEntry => ({
    name: `${ip} ${field}`,
    weight,
    version,
    make: (draw) => ask(draw, { ...rest, left: `${ip} ${field}` }),
  });
  const [ttl, protocol, icmp] =
    version === 'v4' ? ['ttl', 'protocol', 'icmp'] : ['hoplimit', 'nexthdr', 'ipv6-icmp'];
  return [
    ...['saddr', 'daddr'].map((field) => entry(field, 3, addresses(version, ''))),
    { ...entry(protocol, 1, { one: ['tcp', 'udp', icmp, 'sctp'] }), slot: 'protocol' },
    entry(ttl, 1, { one: ['1', '64', '63', '65'], spans: ['1-63', '64-255'], isNumber: true }),
    entry('dscp', 0.7, { one: ['cs0', 'cs1', 'af11', '0x04'] }),
    entry('ecn', 0.5, { one: ['not-ect', 'ect0'] }),
    entry('length', 0.7, { one: ['40', '52', '60', '0'], spans: ['1-59', '20-40'], isNumber: true }),
    entry('version', 0.5, { one: version === 'v4' ? ['4', '6'] : ['6', '4'] }),
    {
      name: `${ip} daddr . dport`,
      weight: 0.8,
      version,
      protocol: ['tcp', 'udp'],
      make: (draw, { protocol: own }) => {
        const ends = version === 'v4' ? 'ends4' : 'ends6';
        const written = `{ ${hosts[version][0]} . 1-9000, ${hosts[version][1]} . 80, ${spans[version][1]} . 53 }`;
        const not = draw.chance(0.3) ? '!= ' : '';
        return `${ip} ${draw.pick(['saddr', 'daddr'])} . ${draw.pick([own, 'th'])} dport ${not}${draw.pick([`@${ends}`, written])}`;
      },
    },
    {
      name: `iifname . ${ip} saddr`,
      weight: 0.4,
      version,
      make: () => `iifname . ${ip} saddr { "lo" . ${hosts[version][0]}, "eth0" . ${hosts[version].at(-3)} }`,
    },
    ...(['original', 'reply'] as const).flatMap((side) =>
      ['saddr', 'daddr'].map(
        (field): NftEntry => ({
          name: `ct ${side} ${field}`,
          weight: 0.7,
          version,
          make: (draw) => ask(draw, addresses(version, `ct ${side} ${ip} ${field}`)),
        }),
      ),
    ),
  ];
};

const ofPorts = (protocol: NftProtocol, weight: number): readonly NftEntry[] =>
  ['sport', 'dport'].map((field) => ({
    name: `${protocol} ${field}`,
    weight: field === 'dport' ? weight : weight / 2,
    protocol: [protocol],
    make: (draw) => ask(draw, portNumbers(`${protocol} ${field}`)),
  }));

const ofIcmp = (protocol: 'icmp' | 'icmpv6', types: readonly string[]): readonly NftEntry[] => {
  const version = protocol === 'icmp' ? 'v4' : 'v6';
  const one = (field: string, rest: Omit<Askable, 'left'>): NftEntry => ({
    name: `${protocol} ${field}`,
    weight: 1,
    version,
    protocol: [protocol],
    make: (draw) => ask(draw, { ...rest, left: `${protocol} ${field}` }),
  });
  return [
    { ...one('type', { one: types }), slot: `${protocol} type` },
    one('code', { one: ['0', '3', '4'], spans: ['0-1'], isNumber: true }),
    // nft itself adds a condition on the type, and takes no other beside it.
    {
      ...one('id', { one: ['20001', '22000'], spans: ['20000-24000', '1-30000'], isNumber: true }),
      slot: `${protocol} type`,
    },
  ];
};

const flags: readonly string[] = [
  'tcp flags syn',
  'tcp flags == syn',
  'tcp flags != syn',
  'tcp flags & (syn | ack) == syn',
  'tcp flags & (fin | syn | rst | ack) != syn',
  'tcp flags ! ack',
  'tcp flags { syn, ack, syn | ack }',
  'tcp flags ack / syn,ack',
  'tcp flags != syn / syn,ack',
  'tcp flags fin,rst',
];

const ofConntrack: readonly NftEntry[] = [
  {
    name: 'ct state',
    weight: 3,
    make: (draw) =>
      draw.pick([
        'ct state new',
        'ct state established',
        'ct state != new',
        'ct state invalid',
        'ct state untracked',
        'ct state established,related',
        'ct state != established,related',
        'ct state { new, untracked }',
        'ct state != { established, related }',
        'ct state & (established | related) == 0',
      ]),
  },
  {
    name: 'ct status',
    weight: 1.5,
    make: (draw) =>
      draw.pick([
        'ct status dnat',
        'ct status snat',
        'ct status != dnat',
        'ct status seen-reply',
        'ct status & confirmed == 0',
        'ct status & (snat | dnat) != 0',
        'ct status assured',
      ]),
  },
  {
    name: 'ct direction',
    weight: 1,
    make: (draw) => `ct direction ${draw.pick(['', '!= '])}${draw.pick(['original', 'reply'])}`,
  },
  {
    name: 'ct mark',
    weight: 1.5,
    make: (draw) =>
      draw.chance(0.3)
        ? `ct mark & 0xff ${draw.pick(['==', '!=', '<', '>='])} ${draw.pick(marks)}`
        : ask(draw, { left: 'ct mark', one: marks, spans: ['0x1-0x200'], isNumber: true }),
  },
  {
    name: 'ct zone',
    weight: 1,
    make: (draw) =>
      ask(draw, {
        left: draw.pick(['ct zone', 'ct original zone', 'ct reply zone']),
        one: ['0', '1', '2'],
      }),
  },
  {
    name: 'ct l3proto',
    weight: 0.5,
    slot: 'nf',
    make: (draw, { version }) => {
      const [own, other] = version === 'v4' ? ['ipv4', 'ipv6'] : ['ipv6', 'ipv4'];
      return `ct l3proto ${draw.pick([own, `!= ${other}`, `!= ${own}`])}`;
    },
  },
  {
    name: 'ct protocol',
    weight: 0.7,
    slot: 'protocol',
    make: (draw) => ask(draw, { left: 'ct protocol', one: ['tcp', 'udp'] }),
  },
  ...(['original', 'reply'] as const).flatMap((side) =>
    ['proto-src', 'proto-dst'].map(
      (field): NftEntry => ({
        name: `ct ${side} ${field}`,
        weight: 0.6,
        protocol: ['tcp', 'udp'],
        needsProtocol: true,
        make: (draw) => ask(draw, portNumbers(`ct ${side} ${field}`)),
      }),
    ),
  ),
];

const names = ['"lo"', '"eth0"', '"eth1"'];

const ofMeta: readonly NftEntry[] = [
  ...['iifname', 'oifname'].map(
    (left): NftEntry => ({
      name: left,
      weight: 1.5,
      make: (draw) => ask(draw, { left, one: [...names, '"eth*"'], apart: names, named: ['links'] }),
    }),
  ),
  ...['iif', 'oif'].map(
    (left): NftEntry => ({ name: left, weight: 0.7, make: (draw) => ask(draw, { left, one: names }) }),
  ),
  // Behind `iiftype ether` nft asks the header of the link, and no more the packet, whether it is of IPv4 or of IPv6.
  ...(['ip', 'ip6', 'inet'] as const).flatMap((family) =>
    ['iiftype', 'oiftype'].map(
      (left): NftEntry => ({
        name: left,
        weight: 0.5,
        families: [family],
        make: (draw) =>
          `${left} ${draw.pick([...(family === 'inet' && left === 'iiftype' ? [] : ['ether']), '!= ether', '!= loopback'])}`,
      }),
    ),
  ),
  {
    name: 'meta l4proto',
    weight: 1.5,
    slot: 'protocol',
    make: (draw, { version }) => {
      const all = ['tcp', 'udp', version === 'v4' ? 'icmp' : 'ipv6-icmp', 'sctp'];
      const [one, two] = [draw.pick(all), draw.pick(all)];
      return `meta l4proto ${draw.pick([`!= ${one}`, one === two ? `!= ${one}` : `{ ${one}, ${two} }`])}`;
    },
  },
  {
    name: 'meta l4proto . th dport',
    weight: 0.7,
    slot: 'protocol',
    make: () => 'meta l4proto . th dport { tcp . 80, udp . 53, tcp . 15000-15010, udp . 8080 }',
  },
  {
    name: 'meta nfproto',
    weight: 0.7,
    families: ['inet'],
    slot: 'nf',
    make: (draw, { version }) =>
      draw.pick([
        `meta nfproto ${version === 'v4' ? 'ipv4' : 'ipv6'}`,
        `meta nfproto != ${version === 'v4' ? 'ipv6' : 'ipv4'}`,
      ]),
  },
  {
    name: 'meta protocol',
    weight: 0.7,
    families: ['inet'],
    slot: 'nf',
    make: (draw, { version }) =>
      draw.pick([
        `meta protocol ${version === 'v4' ? 'ip' : 'ip6'}`,
        `meta protocol != ${version === 'v4' ? 'ip6' : 'ip'}`,
      ]),
  },
  {
    name: 'meta mark',
    weight: 2,
    make: (draw) =>
      draw.chance(0.4)
        ? draw.pick([
            `meta mark & 0xff ${draw.pick(['==', '!='])} ${draw.pick(marks)}`,
            'meta mark | 0x10 == 0x10',
            'meta mark & 0x501 != 0x0',
            'meta mark ^ 0x1 != 0x0',
          ])
        : ask(draw, { left: 'meta mark', one: marks, spans: ['0x1-0x200', '0x100-0x539'], isNumber: true }),
  },
  ...(['skuid', 'skgid'] as const).map(
    (key): NftEntry => ({
      name: `meta ${key}`,
      weight: 1.5,
      make: (draw) =>
        ask(draw, {
          left: `meta ${key}`,
          one: ['1000', '1337', '0'],
          spans: ['1-1000', '1000-2000'],
          isNumber: true,
        }),
    }),
  ),
  {
    name: 'meta pkttype',
    weight: 0.7,
    make: (draw) => ask(draw, { left: 'meta pkttype', one: ['host', 'broadcast', 'multicast', 'other'] }),
  },
  {
    name: 'meta length',
    weight: 0.7,
    make: (draw) =>
      ask(draw, {
        left: 'meta length',
        one: ['40', '52', '60', '80'],
        spans: ['1-59', '60-1500'],
        isNumber: true,
      }),
  },
  {
    name: 'ether saddr',
    weight: 0.6,
    // Without the type behind it nft up to 1.0.6 moves the address past statements, to where a match of IP asks for the
    // type (payload_try_merge in rule.c; 1.0.7 "never merge across non-expression statements").
    make: (draw, { version }) =>
      `${ask(draw, { left: 'ether saddr', one: peerMacs })} ether type ${version === 'v4' ? 'ip' : 'ip6'}`,
  },
  {
    name: 'ether type',
    weight: 0.4,
    slot: 'nf',
    make: (_draw, { version }) => `ether type ${version === 'v4' ? 'ip' : 'ip6'}`,
  },
];

const types = ['local', 'unicast', 'broadcast', 'multicast', 'unspec'];

const ofHost: readonly NftEntry[] = [
  {
    name: 'fib type',
    weight: 2,
    make: (draw) => ask(draw, { left: `fib ${draw.pick(['daddr', 'saddr'])} type`, one: types }),
  },
  {
    name: 'fib . iif type',
    weight: 0.6,
    hooks: inward,
    make: (draw) => ask(draw, { left: `fib ${draw.pick(['daddr', 'saddr'])} . iif type`, one: types }),
  },
  {
    name: 'fib . oif type',
    weight: 0.6,
    hooks: outward,
    make: (draw) => ask(draw, { left: `fib ${draw.pick(['daddr', 'saddr'])} . oif type`, one: types }),
  },
  {
    name: 'fib oif',
    weight: 1.2,
    hooks: inward,
    make: (draw) => {
      const keys = draw.pick(['saddr', 'daddr', 'saddr . iif', 'daddr . mark', 'saddr . mark . iif']);
      const wanted = draw.pick([
        `oif ${draw.pick(['', '!= '])}${draw.pick(names)}`,
        `oifname ${draw.pick(['', '!= '])}${draw.pick(names)}`,
        'oif exists',
        'oif missing',
      ]);
      return `fib ${keys} ${wanted}`;
    },
  },
  {
    name: 'socket',
    weight: 6,
    isCrafted: true,
    hooks: ['PREROUTING', 'INPUT'],
    make: (draw) =>
      draw.pick([
        'socket transparent 1',
        'socket transparent 0',
        'socket wildcard 1',
        'socket wildcard 0',
        'socket mark 0x0',
        'socket mark != 0x0',
      ]),
  },
];

export const conditions: readonly NftEntry[] = [
  ...ofIp('v4'),
  ...ofIp('v6'),
  ...ofPorts('tcp', 3),
  ...ofPorts('udp', 2),
  ...ofPorts('sctp', 0.8),
  {
    name: 'th dport',
    weight: 1.5,
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    make: (draw) => ask(draw, portNumbers(`th ${draw.pick(['dport', 'dport', 'sport'])}`)),
  },
  {
    name: '@nh',
    weight: 1.2,
    make: (draw, { version }) =>
      draw.pick(
        version === 'v4'
          ? ['@nh,72,8 6', '@nh,72,8 != 17', '@nh,0,4 4', '@nh,96,8 10', '@nh,128,16 0x0af4', '@nh,64,8 > 1']
          : ['@nh,48,8 6', '@nh,48,8 != 17', '@nh,0,4 6', '@nh,64,16 0xfd00', '@nh,192,8 { 0xfd, 0xfe }'],
      ),
  },
  {
    name: '@th',
    weight: 1.5,
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    make: (draw) =>
      draw.pick([
        '@th,16,16 80',
        '@th,16,16 { 53, 80, 15001 }',
        '@th,0,16 > 1024',
        '@th,16,8 0',
        '@th,24,8 != 80',
      ]),
  },
  { name: 'tcp flags', weight: 2.5, protocol: ['tcp'], make: (draw) => draw.pick(flags) },
  ...ofIcmp('icmp', ['echo-request', 'echo-reply', 'destination-unreachable', 'timestamp-request']),
  ...ofIcmp('icmpv6', ['echo-request', 'echo-reply', 'destination-unreachable']),
  ...ofMeta,
  ...ofConntrack,
  ...ofHost,
];

/** What the reader has to say. */
const reader = (name: string, ...written: readonly string[]): NftEntry => ({
  name,
  weight: written.length,
  asksReader: true,
  make: (draw) => draw.pick(written),
});

/** A rule has one, as its last condition. */
export const questions: readonly NftEntry[] = [
  reader('numgen', 'numgen inc mod 2 == 0', 'numgen random mod 3 != 0', 'numgen inc mod 2 offset 4 == 5'),
  { ...reader('jhash', 'jhash ip saddr mod 2 == 0', 'jhash ip saddr . ip daddr mod 3 != 1'), version: 'v4' },
  reader('symhash', 'symhash mod 2 == 0'),
  reader('meta time', 'meta time > "2020-01-01 00:00:00"', 'meta day "Monday"', 'meta hour "00:00"-"11:00"'),
  reader('meta random', 'meta random > 100000'),
  reader('ct expiration', 'ct expiration > 10s'),
  reader('ct helper', 'ct helper "ftp"'),
  reader('ct bytes', 'ct bytes > 10', 'ct packets < 100', 'ct avgpkt > 1'),
  reader('meta cgroup', 'meta cgroup 0', 'meta cgroup != 5'),
  { ...reader('rt', 'rt classid 0', 'rt mtu > 100', 'rt ipsec missing'), hooks: outward },
  { ...reader('rt nexthop', 'rt ip nexthop 10.244.1.1'), version: 'v4', hooks: outward },
  reader('limit', 'limit rate 20/second', 'limit rate over 20/second', 'limit rate 5000/second'),
  reader('quota', 'quota 500 bytes', 'quota over 500 bytes', 'quota until 90 mbytes'),
  reader('ct count', 'ct count 3', 'ct count over 3', 'ct count over 60'),
  { ...reader('ip id', 'ip id > 100', 'ip checksum != 0'), version: 'v4' },
];
