/**
 * What `iptables -L` prints of each match, from the `_print` functions in iptables' `extensions/`. Of some it prints
 * less than there is: no `!` of a quota, no name of a hashlimit. They are not in this list, and a rule that has one is
 * not read. Of eui64 alone iptables-nft prints nothing at all, and no reader of it can know.
 */
import { protocolName } from '../../model/protocol.ts';
import { bare, bitNames, inverted, option, type Phrase, phrase, valued, type Words } from './phrase.ts';

const ports: readonly Phrase[] = ['tcp', 'udp', 'sctp', 'dccp'].flatMap((match) => [
  phrase(match, match, () => []),
  phrase(match, String.raw`spts?:(!?)(\S+)`, inverted('--sport'), true),
  phrase(match, String.raw`dpts?:(!?)(\S+)`, inverted('--dport'), true),
]);

const tcpFlags = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

/** `0x17`, and without -n `FIN,SYN,RST,ACK` */
function flagList(text: string): string | null {
  if (!text.startsWith('0x')) return text;
  const names = bitNames(Number(text), tcpFlags);
  if (names === null) return null;
  return names.length === 0 ? 'NONE' : names.join(',');
}

const tcpFlagWords: Words = ([, not, mask = '', flags = '']) => {
  const [first, second] = [flagList(mask), flagList(flags)];
  return first === null || second === null ? null : option(not, '--tcp-flags', first, second);
};

function icmp(match: string, name: string, type: string): readonly Phrase[] {
  return [
    phrase(match, String.raw`${name} ?(!?)type (\d+)(?: code (\d+))?`, ([, not, number = '', code]) =>
      option(not, type, code === undefined ? number : `${number}/${code}`),
    ),
    phrase(match, String.raw`${name} (!?)([a-zA-Z][\w-]+)`, inverted(type)),
  ];
}

/** `! ctstate NEW`, `ctstate NEW` */
const conntrack: readonly Phrase[] = [
  'ctstate',
  'ctproto',
  'ctorigsrc',
  'ctorigdst',
  'ctreplsrc',
  'ctrepldst',
  'ctorigsrcport',
  'ctorigdstport',
  'ctreplsrcport',
  'ctrepldstport',
  'ctstatus',
  'ctexpire',
  'ctdir',
].map((name) => phrase('conntrack', String.raw`(! )?${name} (\S+)`, inverted(`--${name}`)));

const recent: readonly Phrase[] = [
  ...Object.entries({ SET: '--set', CHECK: '--rcheck', UPDATE: '--update', REMOVE: '--remove' }).map(
    ([said, name]) => phrase('recent', `(! )?recent: ${said}`, bare(name)),
  ),
  ...Object.entries({
    seconds: '--seconds',
    hit_count: '--hitcount',
    name: '--name',
    mask: '--mask',
  }).map(([said, name]) => phrase('recent', String.raw`${said}: (\S+)`, valued(name), true)),
  ...Object.entries({
    reap: '--reap',
    'TTL-Match': '--rttl',
    'side: source': '--rsource',
    'side: dest': '--rdest',
  }).map(([said, name]) => phrase('recent', said, () => [name], true)),
];

const clock = String.raw`\d\d:\d\d:\d\d`;
const inUtc = String.raw`(?: from \S+ to \S+)?(?: on \S+){0,2}(?: starting from \S+ \S+)?(?: until date \S+ \S+)? UTC`;
const time: readonly Phrase[] = [
  phrase('time', `TIME(?=${inUtc})`, () => []),
  phrase('time', `TIME(?!${inUtc})`, () => ['--kerneltz']),
  phrase(
    'time',
    `from (${clock}) to (${clock})`,
    ([, from = '', to = '']) => ['--timestart', from, '--timestop', to],
    true,
  ),
  phrase(
    'time',
    String.raw`on (\d\S*)`,
    ([, days = '']) => ['--monthdays', days.replace(/[a-z]/g, '')],
    true,
  ),
  phrase('time', String.raw`on ([A-Z]\S*)`, valued('--weekdays'), true),
  phrase('time', `starting from (\\S+) (${clock})`, ([, day, at]) => ['--datestart', `${day}T${at}`], true),
  phrase('time', `until date (\\S+) (${clock})`, ([, day, at]) => ['--datestop', `${day}T${at}`], true),
  phrase('time', 'UTC', () => [], true),
  phrase('time', 'contiguous', () => ['--contiguous'], true),
];

const policy: readonly Phrase[] = [
  phrase('policy', 'policy match dir (in|out) pol (none|ipsec)', ([, dir = '', pol = '']) => [
    '--dir',
    dir,
    '--pol',
    pol,
  ]),
  phrase('policy', 'strict', () => ['--strict'], true),
  // the first element has no --next before it
  phrase('policy', String.raw`\[0\]`, () => [], true),
  phrase('policy', String.raw`\[\d+\]`, () => ['--next'], true),
  phrase(
    'policy',
    String.raw`(! )?proto (\S+)`,
    ([, not, protocol = '']) =>
      option(not?.trim(), '--proto', /^\d+$/.test(protocol) ? protocolName(Number(protocol)) : protocol),
    true,
  ),
  ...['reqid', 'spi', 'mode', 'tunnel-dst', 'tunnel-src'].map((name) =>
    phrase('policy', String.raw`(! )?${name} (\S+)`, inverted(`--${name}`), true),
  ),
];

const countedInSet = ['packets', 'bytes'].flatMap((what) =>
  ['eq', 'lt', 'gt'].map((how) =>
    phrase('set', String.raw`(! )?${what}-${how} (\d+)`, inverted(`--${what}-${how}`), true),
  ),
);

const extensionHeaders = [
  'protocol',
  'ipv6-nonxt',
  'esp',
  'ah',
  'ipv6-frag',
  'ipv6-route',
  'ipv6-opts',
  'hop-by-hop',
];

/** `flags:0x80`, and without -n `flags:hop-by-hop` */
const headerWords: Words = ([, not, flags = '']) => {
  const names = flags.startsWith('0x') ? bitNames(Number(flags), extensionHeaders) : [flags];
  return names === null || names.length === 0 ? null : option(not, '--header', names.toReversed().join(','));
};

export const matchPhrases: readonly Phrase[] = [
  ...ports,
  phrase('tcp', String.raw`option=(!?)(\d+)`, inverted('--tcp-option'), true),
  phrase('tcp', String.raw`flags:(!?)([^\s/]+)/(\S+)`, tcpFlagWords, true),
  phrase('owner', String.raw`(! )?owner UID match (\S+)`, inverted('--uid-owner')),
  phrase('owner', String.raw`(! )?owner GID match (\S+)`, inverted('--gid-owner')),
  phrase('owner', '(! )?owner socket exists', bare('--socket-exists')),
  phrase('owner', 'incl\\. suppl\\. groups', () => ['--suppl-groups'], true),
  ...conntrack,
  phrase('state', String.raw`(! )?state (\S+)`, inverted('--state')),
  // in capitals until 1.4.1
  ...['mark', 'MARK'].map((said) =>
    phrase('mark', String.raw`${said} match +(! *)?(\S+)`, inverted('--mark')),
  ),
  ...['connmark', 'CONNMARK'].map((said) =>
    phrase('connmark', String.raw`${said} match +(! *)?(\S+)`, inverted('--mark')),
  ),
  phrase('multiport', String.raw`multiport (sports|dports|ports) +(!?)(\S+)`, ([, which, not, list = '']) =>
    option(not, `--${which}`, list),
  ),
  phrase('addrtype', 'ADDRTYPE match', () => []),
  phrase('addrtype', 'src-type (!?)([A-Z,]+)', inverted('--src-type'), true),
  phrase('addrtype', 'dst-type (!?)([A-Z,]+)', inverted('--dst-type'), true),
  phrase('addrtype', 'limit-in', () => ['--limit-iface-in'], true),
  phrase('addrtype', 'limit-out', () => ['--limit-iface-out'], true),
  phrase(
    'set',
    String.raw`(! )?match-set (\S+) ((?:src|dst)(?:,(?:src|dst))*)`,
    ([, not, name = '', flags = '']) => option(not?.trim(), '--match-set', name, flags),
  ),
  phrase('set', 'return-nomatch', () => ['--return-nomatch'], true),
  phrase('set', '! update-counters', () => ['!', '--update-counters'], true),
  phrase('set', '! update-subcounters', () => ['!', '--update-subcounters'], true),
  ...countedInSet,
  phrase('limit', String.raw`limit: avg (\S+) burst (\d+)`, ([, rate = '', burst = '']) => [
    '--limit',
    rate,
    '--limit-burst',
    burst,
  ]),
  phrase('statistic', String.raw`statistic mode random (! )?probability (\S+)`, ([, not, share = '']) => [
    '--mode',
    'random',
    ...option(not?.trim(), '--probability', share),
  ]),
  phrase(
    'statistic',
    String.raw`statistic mode nth (! )?every (\d+)(?: packet (\d+))?`,
    ([, not, every = '', packet]) => [
      '--mode',
      'nth',
      ...option(not?.trim(), '--every', every),
      '--packet',
      packet ?? '0',
    ],
  ),
  ...icmp('icmp', 'icmp', '--icmp-type'),
  ...icmp('icmp6', 'ipv6-icmp', '--icmpv6-type'),
  phrase('socket', 'socket', () => []),
  ...['--transparent', '--nowildcard', '--restore-skmark'].map((name) =>
    phrase('socket', name, () => [name], true),
  ),
  phrase('rpfilter', 'rpfilter', () => []),
  ...['loose', 'validmark', 'accept-local', 'invert'].map((name) =>
    phrase('rpfilter', name, () => [`--${name}`], true),
  ),
  phrase('physdev', 'PHYSDEV match', () => []),
  ...['in', 'out'].map((way) =>
    phrase('physdev', String.raw`(! )?--physdev-${way} (\S+)`, inverted(`--physdev-${way}`), true),
  ),
  ...['in', 'out', 'bridged'].map((way) =>
    phrase('physdev', `(! )?--physdev-is-${way}`, bare(`--physdev-is-${way}`), true),
  ),
  phrase('iprange', String.raw`source IP range (! )?(\S+)`, inverted('--src-range')),
  phrase('iprange', String.raw`destination IP range (! )?(\S+)`, inverted('--dst-range')),
  phrase('length', String.raw`length (!?)(\d\S*)`, inverted('--length')),
  ...['TTL', 'HL'].flatMap((said) =>
    Object.entries({ '==': 'eq', '!=': 'eq', '<': 'lt', '>': 'gt' }).map(([sign, name]) =>
      phrase(said.toLowerCase(), String.raw`${said} match ${said} ${sign} (\d+)`, ([, value = '']) =>
        option(sign === '!=' ? '!' : '', `--${said.toLowerCase()}-${name}`, value),
      ),
    ),
  ),
  phrase('tcpmss', String.raw`tcpmss match (!?)(\S+)`, inverted('--mss')),
  phrase('mac', 'MAC (! ?)?([0-9A-Fa-f:]{17})', inverted('--mac-source')),
  phrase('pkttype', 'PKTTYPE (!?)= ([a-z]+)', inverted('--pkt-type')),
  phrase('dscp', String.raw`DSCP match (!?)(\S+)`, inverted('--dscp')),
  phrase('tos', String.raw`tos match ?(!?)(\S+)`, inverted('--tos')),
  phrase('ecn', 'ECN match', () => []),
  phrase('ecn', '(!?)CWR', bare('--ecn-tcp-cwr'), true),
  phrase('ecn', '(!?)ECE', bare('--ecn-tcp-ece'), true),
  phrase('ecn', String.raw`(!?)ECT=(\d)`, inverted('--ecn-ip-ect'), true),
  ...recent,
  ...time,
  phrase(
    'connlimit',
    String.raw`#conn (src|dst)/(\d+) (>|<=) (\d+)`,
    ([, side, mask = '', sign, count = '']) => [
      sign === '>' ? '--connlimit-above' : '--connlimit-upto',
      count,
      '--connlimit-mask',
      mask,
      side === 'src' ? '--connlimit-saddr' : '--connlimit-daddr',
    ],
  ),
  phrase(
    'connbytes',
    String.raw`(! )?connbytes (\S+) connbytes mode (\w+) connbytes direction (\w+)`,
    ([, not, range = '', mode = '', direction = '']) => [
      ...option(not?.trim(), '--connbytes', range),
      '--connbytes-mode',
      mode,
      '--connbytes-dir',
      direction,
    ],
  ),
  phrase('helper', String.raw`helper match (! )?"([^"\s]*)"`, inverted('--helper')),
  phrase('u32', 'u32 (! ?)?"([^"]*)"', inverted('--u32')),
  phrase('bpf', String.raw`match bpf pinned (\S+)`, valued('--object-pinned')),
  // between bars it is a text in hexadecimal form or one with bars
  phrase(
    'string',
    String.raw`STRING match (!? ?)"([^"\\|]*)" ALGO name (\w+)`,
    ([, not, text = '', algorithm = '']) => [...option(not?.trim(), '--string', text), '--algo', algorithm],
  ),
  phrase('string', String.raw`FROM (\d+)`, valued('--from'), true),
  phrase('string', String.raw`TO (\d+)`, valued('--to'), true),
  phrase('string', 'ICASE', () => ['--icase'], true),
  phrase('cpu', String.raw`cpu (! )?(\d+)`, inverted('--cpu')),
  phrase('devgroup', String.raw`(! )?src-group (\S+)`, inverted('--src-group')),
  phrase('devgroup', String.raw`(! )?dst-group (\S+)`, inverted('--dst-group')),
  ...policy,
  // digits alone are a class or a path
  phrase('cgroup', String.raw`cgroup (! )?(\S*[^\s\d!]\S*)`, inverted('--path')),
  phrase('realm', String.raw`realm (! ?)?(\S+)`, inverted('--realm')),
  phrase('esp', String.raw`esp spis?:(!?)(\S+)`, inverted('--espspi')),
  phrase('ah', String.raw`ah spis?:(!?)(\S+)`, inverted('--ahspi')),
  phrase('connlabel', String.raw`connlabel (! )?(\d+)`, inverted('--label')),
  phrase('connlabel', 'set', () => ['--set'], true),
  phrase(
    'cluster',
    String.raw`cluster (!?)node_mask=(\S+) total_nodes=(\d+) hash_seed=(\S+)`,
    ([, not, mask = '', nodes = '', seed = '']) => [
      ...option(not, '--cluster-local-nodemask', mask),
      '--cluster-total-nodes',
      nodes,
      '--cluster-hash-seed',
      seed,
    ],
  ),
  phrase('frag', 'frag', () => []),
  phrase('frag', String.raw`ids?:(!?)(\S+)`, inverted('--fragid'), true),
  phrase('frag', String.raw`length:(!?)(\S+)`, inverted('--fraglen'), true),
  ...Object.entries({
    reserved: '--fragres',
    first: '--fragfirst',
    more: '--fragmore',
    last: '--fraglast',
  }).map(([said, name]) => phrase('frag', said, () => [name], true)),
  phrase('rt', 'rt', () => []),
  phrase('rt', String.raw`type:(!?)(\S+)`, inverted('--rt-type'), true),
  phrase('rt', String.raw`segslefts?:(!?)(\S+)`, inverted('--rt-segsleft'), true),
  phrase('rt', String.raw`length:(!?)(\S+)`, inverted('--rt-len'), true),
  phrase('rt', 'reserved', () => ['--rt-0-res'], true),
  phrase('ipv6header', String.raw`ipv6header flags:(!?)(\S+)`, headerWords),
  phrase('ipv6header', 'soft', () => ['--soft'], true),
  phrase('eui64', 'eui64', () => []),
  phrase('nfacct', String.raw`nfacct-name +([^\s"]+)`, valued('--nfacct-name')),
];
