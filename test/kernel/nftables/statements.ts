/** What random nft rules do: in their middle, and at their end. A new statement is one more entry. */
import type { Family, Hook } from '../../../src/netfilter/model/ruleset.ts';
import { values } from '../random-values.ts';
import type { NftEntry, NftPlace } from './place.ts';
import { hosts, marks } from './values.ts';

const isRaw = ({ callers }: NftPlace) => callers.every(({ priority }) => priority < -200);
const tracks: readonly Hook[] = ['PREROUTING', 'OUTPUT'];
const filter = ['filter', 'route'] as const;

const digit = (version: Family) => (version === 'v4' ? '4' : '6');
const ip = (version: Family) => (version === 'v4' ? 'ip' : 'ip6');

/** What can be told of a packet and of nobody else: others of its batch change the same set. */
const ends = (version: Family) =>
  `${ip(version)} saddr . th sport . ${ip(version)} daddr . th dport` as const;

const onSeen = (action: 'add' | 'update' | 'delete'): NftEntry => ({
  name: `${action} @set`,
  weight: action === 'add' ? 1.5 : 0.8,
  protocol: ['tcp', 'udp'],
  needsProtocol: true,
  slot: 'seen',
  make: (_draw, { version }) => `${action} @seen${digit(version)} { ${ends(version)} }`,
});

export const effects: readonly NftEntry[] = [
  { name: 'counter', weight: 1.5, make: (draw) => draw.pick(['counter', 'counter name "seen"']) },
  { name: 'log', weight: 0.7, make: (draw) => draw.pick(['log', 'log prefix "seen "', 'log level debug']) },
  {
    name: 'meta mark set',
    weight: 4,
    make: (draw) =>
      `meta mark set ${draw.pick([
        draw.pick(marks),
        draw.pick(marks),
        'meta mark | 0x10',
        'meta mark & 0xff',
        'meta mark ^ 0x1',
        'ct mark',
        'ct mark | 0x100',
      ])}`,
  },
  {
    name: 'meta mark set map',
    weight: 1,
    protocol: ['tcp', 'udp'],
    make: (draw, { protocol }) => {
      const key = `${protocol} ${draw.pick(['dport', 'dport', 'sport'])}`;
      return `meta mark set ${key} map ${draw.pick(['@marks', '{ 80 : 0x1, 53 : 0x539, 15000-15010 : 0x100 }'])}`;
    },
  },
  {
    name: 'ct mark set',
    weight: 2.5,
    make: (draw) =>
      `ct mark set ${draw.pick([draw.pick(marks), 'meta mark', 'ct mark | 0x10', 'meta mark | 0x1', 'ct mark & 0xff'])}`,
  },
  {
    name: 'ct zone set',
    weight: 22,
    hooks: tracks,
    types: filter,
    applies: isRaw,
    make: (draw) => `ct ${draw.pick(['', '', 'original ', 'reply '])}zone set ${draw.pick(['1', '2', '0'])}`,
  },
  { name: 'notrack', weight: 2.5, hooks: tracks, types: filter, make: () => 'notrack' },
  { name: 'meta priority set', weight: 0.6, make: () => 'meta priority set 1:2' },
  { name: 'meta nftrace set', weight: 0.6, make: () => 'meta nftrace set 1' },
  {
    name: 'ip ttl set',
    weight: 0.7,
    types: filter,
    make: (draw, { version }) =>
      `${version === 'v4' ? 'ip ttl' : 'ip6 hoplimit'} set ${draw.pick(['65', '63'])}`,
  },
  {
    name: 'ip dscp set',
    weight: 0.7,
    types: filter,
    make: (draw, { version }) => `${ip(version)} dscp set ${draw.pick(['cs1', 'af11', 'cs0'])}`,
  },
  {
    name: 'tcp option set',
    weight: 1.2,
    types: filter,
    protocol: ['tcp'],
    make: (draw, { callers }) => {
      const leaves = callers.every(({ hook }) => ['FORWARD', 'OUTPUT', 'POSTROUTING'].includes(hook));
      return `tcp option maxseg size set ${draw.pick(leaves ? ['rt mtu', '1000'] : ['1000', '1360'])}`;
    },
  },
  {
    name: 'reset option',
    weight: 1,
    types: filter,
    protocol: ['tcp'],
    make: () => 'reset tcp option maxseg',
  },
  {
    name: 'object map',
    weight: 1.2,
    protocol: ['tcp', 'udp'],
    make: (draw, { protocol }) =>
      `counter name ${protocol} ${draw.pick(['dport', 'dport', 'sport'])} map { 80 : "seen", 53 : "seen", 15001-15010 : "seen" }`,
  },
  onSeen('add'),
  onSeen('update'),
  onSeen('delete'),
  {
    name: 'in a changed set',
    weight: 2,
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    slot: 'seen',
    make: (draw, { version }) => `${ends(version)} ${draw.pick(['', '', '!= '])}@seen${digit(version)}`,
  },
];

const answers = {
  v4: ['icmp host-unreachable', 'icmp admin-prohibited', 'icmp net-unreachable'],
  v6: ['icmpv6 no-route', 'icmpv6 admin-prohibited', 'icmpv6 port-unreachable'],
} as const;
const rejects: readonly Hook[] = ['INPUT', 'FORWARD', 'OUTPUT', 'PREROUTING'];
const translates: readonly Hook[] = ['PREROUTING', 'OUTPUT'];
const nat = ['nat'] as const;

const targets = (version: Family) => [
  values[version].pod,
  ...values[version].remote,
  ...values[version].behind,
];
const bracketed = (version: Family, address: string) => (version === 'v4' ? address : `[${address}]`);

const ofNat: readonly NftEntry[] = [
  {
    name: 'dnat',
    weight: 2.5,
    types: nat,
    hooks: translates,
    make: (draw, { version }) =>
      `dnat ${ip(version)} to ${draw.pick(targets(version))}${draw.pick(['', ' persistent'])}`,
  },
  {
    name: 'dnat to a port',
    weight: 2,
    types: nat,
    hooks: translates,
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    make: (draw, { version }) =>
      `dnat ${ip(version)} to ${bracketed(version, draw.pick(targets(version)))}:${draw.pick(['80', '8080', '15001'])}`,
  },
  {
    name: 'dnat to map',
    weight: 8,
    types: nat,
    hooks: translates,
    make: (draw, { version }) => {
      const [one, two, three] = hosts[version];
      const map = draw.pick([
        `@other${digit(version)}`,
        `{ ${hosts[version].at(-1)} : ${one}, ${two} : ${three} }`,
      ]);
      return `dnat ${ip(version)} to ${ip(version)} daddr map ${map}`;
    },
  },
  {
    name: 'dnat with a prefix',
    weight: 10,
    version: 'v4',
    types: nat,
    hooks: translates,
    // Of an address that it keeps, nft_nat_setup_netmap leaves twelve bytes to what was on the stack: whether the
    // connection then counts as translated (`ct status dnat`) hangs on how the kernel was built.
    make: () => 'ip daddr != 10.96.0.0/24 dnat ip prefix to 10.96.0.0/24',
  },
  {
    name: 'redirect',
    weight: 5,
    types: nat,
    hooks: translates,
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    make: (draw) => `redirect to :${draw.pick(['15001', '15006', '8080', '9999'])}`,
  },
  { name: 'redirect to itself', weight: 0.7, types: nat, hooks: translates, make: () => 'redirect' },
  {
    name: 'redirect to map',
    weight: 9,
    types: nat,
    hooks: translates,
    protocol: ['tcp'],
    needsProtocol: true,
    make: () => 'redirect to :tcp dport map { 80 : 15001, 8080 : 15006, 15020 : 80 }',
  },
  {
    name: 'snat',
    weight: 2,
    types: nat,
    hooks: ['INPUT', 'POSTROUTING'],
    make: (draw, { version }) => {
      const { pod, second, snat } = values[version];
      return `snat ${ip(version)} to ${draw.pick([pod, second, snat])}${draw.pick(['', '', ' persistent'])}`;
    },
  },
  {
    name: 'snat to map',
    weight: 8,
    types: nat,
    hooks: ['INPUT', 'POSTROUTING'],
    make: (_draw, { version }) => {
      const { pod, second, snat } = values[version];
      return `snat ${ip(version)} to ${ip(version)} saddr map { ${pod} : ${snat}, ${second} : ${pod} }`;
    },
  },
  { name: 'masquerade', weight: 4, types: nat, hooks: ['POSTROUTING'], make: () => 'masquerade' },
  {
    name: 'a range that most ports are in',
    weight: 5,
    types: nat,
    hooks: translates,
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    // a port that is in the range stays (get_unique_tuple); one that is not is drawn
    make: (draw, { version }) =>
      draw.pick([
        `dnat ${ip(version)} to ${bracketed(version, draw.pick(targets(version)))}:1-20000`,
        'redirect to :53-15090',
      ]),
  },
  {
    name: 'a range that most source ports are in',
    weight: 5,
    types: nat,
    hooks: ['POSTROUTING'],
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    make: (draw) =>
      draw.pick([
        'masquerade to :1024-65535',
        'masquerade to :1024-65535 persistent',
        'masquerade persistent',
      ]),
  },
  {
    name: 'a port of a range',
    weight: 58,
    isCrafted: true,
    types: nat,
    hooks: translates,
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    make: (draw, { version }) =>
      draw.pick([
        'redirect to :15001-15006',
        'redirect to :15001-15006 random',
        `dnat ${ip(version)} to ${bracketed(version, values[version].remote[0])}:80-90 fully-random`,
      ]),
  },
  {
    name: 'a source port of a range',
    weight: 22,
    isCrafted: true,
    types: nat,
    hooks: ['POSTROUTING'],
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    make: (draw) =>
      draw.pick([
        'masquerade to :30000-30010',
        'masquerade random',
        'masquerade to :1024-65535 fully-random',
      ]),
  },
];

export const endings: readonly NftEntry[] = [
  { name: 'accept', weight: 1.5, make: () => 'accept' },
  { name: 'drop', weight: 0.5, types: filter, make: () => 'drop' },
  { name: 'return', weight: 2, make: () => 'return' },
  { name: 'continue', weight: 1.2, make: () => 'continue' },
  {
    name: 'jump',
    weight: 6,
    applies: ({ below }) => below.length > 0,
    make: (draw, { below }) => `jump ${draw.pick(below)}`,
  },
  {
    name: 'goto',
    weight: 1.5,
    applies: ({ below }) => below.length > 0,
    make: (draw, { below }) => `goto ${draw.pick(below)}`,
  },
  {
    name: 'vmap',
    weight: 2.5,
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    make: (draw, { below, callers }) => {
      const to = below.length === 0 ? 'continue' : `${draw.pick(['jump', 'goto'])} ${draw.pick(below)}`;
      const other = callers.some(({ type }) => type === 'nat') ? 'accept' : draw.pick(['accept', 'drop']);
      return draw.pick([
        'th dport vmap @turns',
        `th dport vmap { 80 : ${to}, 8080 : return, 15000-15007 : continue, 15008 : ${other} }`,
        `meta l4proto . th dport vmap { tcp . 80 : ${to}, udp . 53 : return, tcp . 15000-15010 : continue }`,
      ]);
    },
  },
  {
    name: 'ct state vmap',
    weight: 1,
    make: (draw, { below }) => {
      const to = below.length === 0 ? 'return' : `jump ${draw.pick(below)}`;
      return `ct state vmap { new : ${to}, established : continue, invalid : return, untracked : accept }`;
    },
  },
  {
    name: 'iifname vmap',
    weight: 0.7,
    make: (draw, { below }) => {
      const to = below.length === 0 ? 'return' : `jump ${draw.pick(below)}`;
      return `${draw.pick(['iifname', 'oifname'])} vmap { "lo" : continue, "eth0" : ${to} }`;
    },
  },
  {
    name: 'reject with icmp',
    weight: 1,
    types: ['filter'],
    hooks: rejects,
    make: (draw, { version }) => `reject with ${draw.pick(answers[version])}`,
  },
  {
    name: 'reject with icmpx',
    weight: 0.5,
    types: ['filter'],
    hooks: rejects,
    families: ['inet'],
    make: (draw) =>
      draw.pick([
        'reject',
        ...['admin-prohibited', 'no-route', 'host-unreachable'].map((one) => `reject with icmpx ${one}`),
      ]),
  },
  {
    name: 'reject with tcp reset',
    weight: 0.8,
    types: ['filter'],
    hooks: rejects,
    protocol: ['tcp'],
    needsProtocol: true,
    make: () => 'reject with tcp reset',
  },
  {
    name: 'tproxy',
    weight: 42,
    isCrafted: true,
    types: ['filter'],
    hooks: ['PREROUTING'],
    protocol: ['tcp', 'udp'],
    needsProtocol: true,
    applies: ({ callers }) => callers.every(({ priority }) => priority > -200),
    make: (draw, { version, family, parts }) => {
      const port = draw.pick(['15008', '15008', '15001', '9999']);
      const to = draw.chance(0.2) ? bracketed(version, draw.pick(values[version].loopback)) : '';
      const isOfBoth =
        family === 'inet' && !/\b(?:ip6?|nfproto|l3proto|protocol|type)\b/.test(parts.join(' '));
      const of = isOfBoth && to === '' ? '' : `${ip(version)} `;
      const then = draw.pick(['', ' accept', ' meta mark set 0x539 accept', ' meta mark set 0x1']);
      return `tproxy ${of}to ${to}:${port}${then}`;
    },
  },
  { name: 'no verdict', weight: 2, make: () => '' },
  ...ofNat,
];
