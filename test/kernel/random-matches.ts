/**
 * The conditions that random rules are made of: a new match is one more entry. What hangs on time or chance
 * (limit, statistic, recent, time) has no place here.
 */
import type { Draw } from './draw.ts';
import { type Entry, not } from './random-place.ts';
import { peerMacs, ports, values } from './random-values.ts';

const portOrRange = (draw: Draw) => {
  const port = draw.pick(ports);
  return draw.chance(0.25) ? `${port}:${port + draw.between(0, 8000)}` : String(port);
};
const device = (draw: Draw) => draw.pick(['lo', 'eth0', 'eth+', 'lo', 'eth0', 'eth1', 'eth1']);
const several = <Thing>(draw: Draw, things: readonly Thing[]) => {
  const chosen = things.filter(() => draw.chance(0.4));
  return (chosen.length === 0 ? [draw.pick(things)] : chosen).join(',');
};
const mark = (draw: Draw) => draw.pick(['0x0', '0x1', '0x539', '0x1/0x1', '0x0/0xff', '0x500/0xf00']);

export const matches: readonly Entry[] = [
  {
    extension: 'ip',
    weight: 3,
    slot: 'source',
    make: (draw, { family }) => `${not(draw)}-s ${draw.pick(values[family].prefixes)}`,
  },
  {
    extension: 'ip',
    weight: 4,
    slot: 'destination',
    make: (draw, { family }) => `${not(draw)}-d ${draw.pick(values[family].prefixes)}`,
  },
  {
    extension: 'ip',
    weight: 2,
    slot: 'in',
    hooks: ['PREROUTING', 'INPUT', 'FORWARD'],
    make: (draw) => `${not(draw)}-i ${device(draw)}`,
  },
  {
    extension: 'ip',
    weight: 3,
    slot: 'out',
    hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'],
    make: (draw) => `${not(draw)}-o ${device(draw)}`,
  },
  {
    extension: 'tcp',
    weight: 3,
    slot: 'dport',
    protocol: ['tcp'],
    make: (draw) => `${not(draw)}--dport ${portOrRange(draw)}`,
  },
  {
    extension: 'udp',
    weight: 2,
    slot: 'dport',
    protocol: ['udp'],
    make: (draw) => `${not(draw)}--dport ${portOrRange(draw)}`,
  },
  {
    extension: 'tcp',
    weight: 1,
    slot: 'sport',
    protocol: ['tcp'],
    // no single port after a `!`: iptables-nft 1.8.9 makes of `! --sport 80 ! --dport 90` a rule that matches when
    // either differs, where legacy wants both to (one comparison of both ports as one number)
    make: (draw) =>
      draw.chance(0.3)
        ? '--sport 80'
        : `${not(draw)}--sport ${draw.pick(['1:65535', '20000:30000', '15001:40000'])}`,
  },
  {
    name: 'tcp-flags',
    extension: 'tcp',
    weight: 1,
    slot: 'flags',
    protocol: ['tcp'],
    make: (draw) =>
      draw.pick([
        '--syn',
        '! --syn',
        '--tcp-flags SYN,ACK SYN,ACK',
        '! --tcp-flags SYN,RST,ACK RST,ACK',
        '--tcp-flags ALL SYN',
      ]),
  },
  {
    extension: 'owner',
    weight: 3,
    slot: 'uid',
    hooks: ['OUTPUT', 'POSTROUTING'],
    make: (draw) => `${not(draw)}--uid-owner ${draw.pick(['1337', '1000', '0', '0-1000'])}`,
  },
  {
    extension: 'owner',
    weight: 3,
    slot: 'gid',
    hooks: ['OUTPUT', 'POSTROUTING'],
    make: (draw) => `${not(draw)}--gid-owner ${draw.pick(['1337', '1000', '1000-2000'])}`,
  },
  {
    name: 'socket-exists',
    extension: 'owner',
    weight: 0.5,
    hooks: ['OUTPUT', 'POSTROUTING'],
    make: (draw) => `${not(draw)}--socket-exists`,
  },
  { extension: 'comment', weight: 0.5, make: (draw) => `--comment ${draw.pick(['a', '"two words"'])}` },
  { extension: 'mark', weight: 2, make: (draw) => `${not(draw)}--mark ${mark(draw)}` },
  { extension: 'connmark', weight: 1, make: (draw) => `${not(draw)}--mark ${mark(draw)}` },
  {
    name: 'ctstate',
    extension: 'conntrack',
    weight: 2,
    make: (draw) =>
      `${not(draw)}--ctstate ${several(draw, ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'])}`,
  },
  {
    name: 'ctdir',
    extension: 'conntrack',
    weight: 0.5,
    make: (draw) => `--ctdir ${draw.pick(['ORIGINAL', 'REPLY'])}`,
  },
  {
    name: 'ctorigdst',
    extension: 'conntrack',
    weight: 0.5,
    make: (draw, { family }) => `${not(draw)}--ctorigdst ${draw.pick(values[family].prefixes)}`,
  },
  {
    extension: 'state',
    weight: 1,
    make: (draw) => `${not(draw)}--state ${several(draw, ['NEW', 'ESTABLISHED', 'INVALID', 'UNTRACKED'])}`,
  },
  {
    extension: 'multiport',
    weight: 2,
    protocol: ['tcp', 'udp'],
    make: (draw) => {
      const list = [...new Set([draw.pick(ports), draw.pick(ports), draw.pick(ports)])];
      const range = draw.chance(0.3) ? ',15000:15010' : '';
      return `${not(draw)}--${draw.pick(['dports', 'dports', 'ports', 'sports'])} ${list.join(',')}${range}`;
    },
  },
  {
    extension: 'iprange',
    weight: 1,
    make: (draw, { family }) => {
      const ranges = {
        v4: ['10.244.1.1-10.244.1.9', '127.0.0.2-127.0.0.9', '10.96.0.0-10.97.0.0'],
        v6: ['fd00:10:244:1::1-fd00:10:244:1::9', '::2-::9', 'fd00:10:96::-fd00:10:97::'],
      };
      return `${not(draw)}--${draw.pick(['src-range', 'dst-range'])} ${draw.pick(ranges[family])}`;
    },
  },
  {
    extension: 'addrtype',
    weight: 1.5,
    make: (draw, { family }) => {
      // IPv6 has no broadcast, and the kernel refuses the word
      const types = [
        'LOCAL',
        'UNICAST',
        'MULTICAST',
        'LOCAL,UNICAST',
        family === 'v4' ? 'BROADCAST' : 'ANYCAST',
      ];
      return `${not(draw)}--${draw.pick(['src-type', 'dst-type', 'dst-type'])} ${draw.pick(types)}`;
    },
  },
  {
    extension: 'length',
    weight: 0.5,
    make: (draw) => `${not(draw)}--length ${draw.pick(['40', '60', '0:50', '60:80', '80'])}`,
  },
  {
    extension: 'ttl',
    weight: 0.5,
    families: ['v4'],
    make: (draw) => `--${draw.pick(['ttl-eq', 'ttl-lt', 'ttl-gt'])} ${draw.pick([63, 64, 65])}`,
  },
  {
    extension: 'hl',
    weight: 0.5,
    families: ['v6'],
    make: (draw) => `--${draw.pick(['hl-eq', 'hl-lt', 'hl-gt'])} ${draw.pick([63, 64, 65])}`,
  },
  {
    extension: 'tos',
    weight: 0.5,
    make: (draw) => `${not(draw)}--tos ${draw.pick(['0x00/0xff', '0x10/0x3f'])}`,
  },
  { extension: 'dscp', weight: 0.5, make: (draw) => `${not(draw)}--dscp ${draw.pick(['0x00', '0x0a'])}` },
  {
    extension: 'mac',
    weight: 0.5,
    hooks: ['PREROUTING', 'INPUT', 'FORWARD'],
    make: (draw) => `${not(draw)}--mac-source ${draw.pick([...peerMacs, '02:00:00:00:00:99'])}`,
  },
  {
    extension: 'icmp',
    weight: 1.5,
    families: ['v4'],
    protocol: ['icmp'],
    make: (draw) => `${not(draw)}--icmp-type ${draw.pick(['0', '3', '3/3', '8', '11', '13', 'any'])}`,
  },
  {
    extension: 'icmp6',
    weight: 1.5,
    families: ['v6'],
    protocol: ['ipv6-icmp'],
    make: (draw) => `${not(draw)}--icmpv6-type ${draw.pick(['1', '1/4', '3', '128', '129'])}`,
  },
  {
    extension: 'sctp',
    weight: 0.5,
    protocol: ['sctp'],
    make: (draw) => `${not(draw)}--dport ${portOrRange(draw)}`,
  },
  {
    name: 'ctstatus',
    extension: 'conntrack',
    weight: 0.5,
    make: (draw) => `${not(draw)}--ctstatus ${several(draw, ['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'NONE'])}`,
  },
  {
    name: 'ctreply',
    extension: 'conntrack',
    weight: 0.5,
    make: (draw, { family }) =>
      `${not(draw)}--${draw.pick(['ctorigsrc', 'ctreplsrc', 'ctrepldst'])} ${draw.pick(values[family].prefixes)}`,
  },
  {
    name: 'ctport',
    extension: 'conntrack',
    weight: 0.5,
    make: (draw) => `${not(draw)}--${draw.pick(['ctorigdstport', 'ctreplsrcport'])} ${portOrRange(draw)}`,
  },
  {
    extension: 'set',
    weight: 2,
    make: (draw, { family }) => {
      const [name, flags] = draw.pick([
        ['ips', ['src', 'dst']],
        ['nets', ['src', 'dst', 'dst,src']],
        ['web', ['dst,dst', 'src,dst', 'src,src', 'dst']],
        ['links', ['src,src', 'dst,dst', 'dst,src']],
        ['list', ['dst', 'src', 'dst,dst']],
      ] as const);
      const reversed = name === 'nets' && draw.chance(0.2) ? ' --return-nomatch' : '';
      return `${not(draw)}--match-set ${name}${family} ${draw.pick<string>(flags)}${reversed}`;
    },
  },
  {
    name: 'ports',
    extension: 'set',
    weight: 0.5,
    make: (draw) => `${not(draw)}--match-set ports ${draw.pick(['src', 'dst'])}`,
  },
  {
    extension: 'socket',
    weight: 1,
    isCrafted: true,
    hooks: ['PREROUTING', 'INPUT'],
    tables: ['raw', 'mangle', 'filter'],
    make: (draw) => draw.pick(['', '--transparent', '--nowildcard', '--transparent --nowildcard']),
  },
];
