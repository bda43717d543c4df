/**
 * Matches that depend on rate, chance, the clock, or on what a packet carries: each is a question to the reader,
 * and both answers can be walked. What they are written like is known, so that they are read and printed.
 */

import type { Family, Option } from '../../model/ruleset.ts';
import {
  type MatchExtension,
  type MatchOptionForm,
  matchOption,
  type Settle,
  type ValueKind,
  withDefault,
} from '../extension.ts';
import { hexNumber, nothing, oneWord, printPlain, quotedText, readNumber, verbatim } from '../values.ts';

type Kind = ValueKind<never>;

function asked(
  name: string,
  purpose: string,
  question: string,
  options: readonly (readonly [name: string, value: unknown, aliases?: readonly string[]])[],
  more: Partial<MatchExtension> = {},
): MatchExtension {
  return {
    name,
    purpose,
    asks: question,
    findFirst: () => ({ holds: null, found: question }),
    options: options.map(
      ([option, value, aliases]): MatchOptionForm =>
        matchOption<never>({
          name: option,
          ...(aliases === undefined ? {} : { aliases }),
          negatable: true,
          value: value as Kind,
          subject: name,
          find: () => ({ holds: null, found: question }),
        }),
    ),
    ...more,
  };
}

/** `5/second` is printed as `5/sec`. */
const rate = oneWord<string>(
  'a rate such as 5/sec',
  (text) => {
    const read = /^(\d+(?:[kmg]?b)?)(?:\/([a-z]+))?$/i.exec(text);
    if (read === null) return null;
    const [, amount, unit = 'second'] = read;
    if (/b$/i.test(amount ?? '')) return `${amount}/s`;
    const names = ['second', 'minute', 'hour', 'day'];
    const full = names.find((one) => one.startsWith(unit.toLowerCase()));
    return full === undefined
      ? null
      : `${amount}/${{ second: 'sec', minute: 'min', hour: 'hour', day: 'day' }[full]}`;
  },
  (text) => text,
);

const limitSettle: Settle = (options) =>
  withDefault(options, '--limit', '3/hour').filter(
    ({ name, value }) => name !== '--limit-burst' || value !== '5',
  );

export const limit = asked(
  'limit',
  'At most so many packets in a span of time.',
  'it depends on how many packets came before',
  [
    ['--limit', rate],
    ['--limit-burst', verbatim],
  ],
  { settle: limitSettle },
);

const hashlimitSettle: Settle = (options) => {
  const isBytes = options.some(({ name, value }) => /upto|above/.test(name) && String(value).endsWith('b/s'));
  return isBytes ? options : withDefault(options, '--hashlimit-burst', '5');
};

export const hashlimit = asked(
  'hashlimit',
  'At most so many packets in a span of time, for each address or port.',
  'it depends on how many packets came before',
  [
    ['--hashlimit-upto', rate, ['--hashlimit']],
    ['--hashlimit-above', rate],
    ['--hashlimit-burst', verbatim],
    ['--hashlimit-mode', verbatim],
    ['--hashlimit-name', verbatim],
    ['--hashlimit-htable-size', verbatim],
    ['--hashlimit-htable-max', verbatim],
    ['--hashlimit-htable-gcinterval', verbatim],
    ['--hashlimit-htable-expire', verbatim],
    ['--hashlimit-srcmask', verbatim],
    ['--hashlimit-dstmask', verbatim],
    ['--hashlimit-rate-match', nothing],
    ['--hashlimit-rate-interval', verbatim],
  ],
  { settle: hashlimitSettle },
);

/** The kernel keeps 31 bits of it. */
const probability = oneWord<number>(
  'a number from 0 to 1',
  (text) => (/^\d*\.?\d+$/.test(text) && Number(text) <= 1 ? Math.round(Number(text) * 0x80000000) : null),
  (number) => (number / 0x80000000).toFixed(11),
);

export const statistic = asked(
  'statistic',
  'A share of the packets, by chance or by counting.',
  'it depends on chance, or on how many packets came before',
  [
    ['--mode', verbatim],
    ['--probability', probability],
    ['--every', verbatim],
    ['--packet', verbatim],
  ],
);

function fullMask(family: Family): string {
  return family === 'v4' ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
}

const recentSettle: Settle = (options, family) => {
  const named = withDefault(withDefault(options, '--name', 'DEFAULT'), '--mask', fullMask(family));
  return named.some(({ name }) => name === '--rdest') ? named : withDefault(named, '--rsource', null);
};

export const recent = asked(
  'recent',
  'Whether the address was seen before, and when.',
  'it depends on the packets that came before',
  [
    ['--set', nothing],
    ['--rcheck', nothing],
    ['--update', nothing],
    ['--remove', nothing],
    ['--seconds', verbatim],
    ['--reap', nothing],
    ['--hitcount', verbatim],
    ['--rttl', nothing],
    ['--name', verbatim],
    ['--mask', verbatim],
    ['--rsource', nothing],
    ['--rdest', nothing],
  ],
  { settle: recentSettle },
);

const timeOfDay = oneWord<string>(
  'a time such as 08:00',
  (text) => {
    const read = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text);
    return read === null ? null : `${read[1]?.padStart(2, '0')}:${read[2]}:${read[3] ?? '00'}`;
  },
  (text) => text,
);
const date = oneWord<string>(
  'a date such as 2024-01-01 or 2024-01-01T08:00:00',
  (text) => {
    const read = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?)?$/.exec(text);
    return read === null ? null : `${read[1]}T${read[2] ?? '00:00'}${read[3] ?? ':00'}`;
  },
  (text) => text,
);

export const time = asked(
  'time',
  'The time of day, the weekday or the date.',
  'it depends on the clock',
  [
    ['--timestart', timeOfDay],
    ['--timestop', timeOfDay],
    ['--monthdays', verbatim],
    ['--weekdays', verbatim],
    ['--datestart', date],
    ['--datestop', date],
    ['--kerneltz', nothing],
    ['--contiguous', nothing],
    ['--utc', nothing],
  ],
  {
    settle: (options) =>
      withDefault(
        options.filter(({ name }) => name !== '--utc'),
        '--datestop',
        '2038-01-19T03:14:07',
      ),
  },
);

export const quota = asked(
  'quota',
  'Until so many bytes have passed.',
  'it depends on how many bytes came before',
  [['--quota', verbatim]],
);

const connlimitSettle: Settle = (options, family) => {
  const masked = withDefault(options, '--connlimit-mask', family === 'v4' ? '32' : '128');
  return masked.some(({ name }) => name === '--connlimit-daddr')
    ? masked
    : withDefault(masked, '--connlimit-saddr', null);
};

export const connlimit = asked(
  'connlimit',
  'How many connections an address has.',
  'it depends on how many connections there are',
  [
    ['--connlimit-upto', verbatim],
    ['--connlimit-above', verbatim],
    ['--connlimit-mask', verbatim],
    ['--connlimit-saddr', nothing],
    ['--connlimit-daddr', nothing],
  ],
  { needsConntrack: true, settle: connlimitSettle },
);

export const connbytes = asked(
  'connbytes',
  'How much a connection has carried.',
  'it depends on what the connection has carried',
  [
    ['--connbytes', verbatim],
    ['--connbytes-mode', verbatim],
    ['--connbytes-dir', verbatim],
  ],
  { needsConntrack: true },
);

export const helper = asked(
  'helper',
  'The helper that follows the connection.',
  'the helper of the connection was not told',
  [['--helper', verbatim]],
  {
    needsConntrack: true,
  },
);

export const u32 = asked('u32', 'Any four bytes of the packet.', 'the bytes of the packet were not told', [
  ['--u32', quotedText],
]);

export const bpf = asked('bpf', 'A program that reads the packet.', 'the bytes of the packet were not told', [
  ['--bytecode', quotedText],
  ['--object-pinned', verbatim],
]);

export const string = asked('string', 'A text in the packet.', 'what the packet carries was not told', [
  ['--string', quotedText],
  ['--hex-string', quotedText],
  ['--algo', verbatim],
  ['--from', verbatim],
  ['--to', verbatim],
  ['--icase', nothing],
]);

export const cpu = asked(
  'cpu',
  'The processor that handles the packet.',
  'which processor handles the packet was not told',
  [['--cpu', verbatim]],
);

/** `1`, or `1/3` with a mask. */
const maskedGroup = oneWord<string>(
  'a group, or a group and a mask such as 0x1/0x3',
  (text) => {
    const parts = text.split('/').map((part) => readNumber(part, 0xffffffff));
    if (parts.length > 2 || parts.some((part) => part === null)) return null;
    return parts.map((part) => `0x${(part ?? 0).toString(16)}`).join('/');
  },
  (text) => text,
);

export const devgroup = asked(
  'devgroup',
  'The group of the interface.',
  'the groups of the interfaces were not told',
  [
    ['--src-group', maskedGroup],
    ['--dst-group', maskedGroup],
  ],
);

export const policy = asked(
  'policy',
  'The IPsec policy of the packet.',
  'the IPsec policy of the packet was not told',
  [
    ['--dir', verbatim],
    ['--pol', verbatim],
    ['--strict', nothing],
    ['--reqid', verbatim],
    ['--spi', verbatim],
    ['--proto', verbatim],
    ['--mode', verbatim],
    ['--tunnel-dst', verbatim],
    ['--tunnel-src', verbatim],
    ['--next', nothing],
  ],
);

export const cgroup = asked(
  'cgroup',
  'The control group of the process.',
  'the control group of the process was not told',
  [
    ['--path', verbatim],
    ['--cgroup', verbatim],
  ],
);

export const realm = asked(
  'realm',
  'The realm of the route.',
  'the realm of the route was not told',
  [['--realm', hexNumber(0xffffffff)]],
  {
    family: 'v4',
  },
);

export const esp = asked(
  'esp',
  'The SPI of an ESP packet.',
  'the SPI of the packet was not told',
  [['--espspi', verbatim]],
  {
    impliedBy: ['esp'],
  },
);

export const ah = asked(
  'ah',
  'The SPI of an AH packet.',
  'the SPI of the packet was not told',
  [['--ahspi', verbatim]],
  {
    impliedBy: ['ah'],
  },
);

export const connlabel = asked(
  'connlabel',
  'A label of the connection.',
  'the labels of the connection were not told',
  [
    ['--label', quotedText],
    ['--set', nothing],
  ],
  { needsConntrack: true },
);

export const cluster = asked(
  'cluster',
  'A share of the connections, by their hash.',
  'it depends on the hash of the connection',
  [
    ['--cluster-local-nodemask', hexNumber(0xffffffff, 8)],
    ['--cluster-local-node', verbatim],
    ['--cluster-total-nodes', verbatim],
    ['--cluster-hash-seed', hexNumber(0xffffffff, 8)],
  ],
  {
    needsConntrack: true,
    settle: (options) =>
      options.map(
        (option): Option =>
          option.name === '--cluster-local-node'
            ? { ...option, name: '--cluster-local-nodemask', value: 2 ** (Number(option.value) - 1) }
            : option,
      ),
  },
);

export const frag = asked(
  'frag',
  'The fragment header of IPv6.',
  'the extension headers of the packet were not told',
  [
    ['--fragid', verbatim],
    ['--fraglen', verbatim],
    ['--fragres', nothing],
    ['--fragfirst', nothing],
    ['--fragmore', nothing],
    ['--fraglast', nothing],
  ],
  { family: 'v6' },
);

export const rt = asked(
  'rt',
  'The routing header of IPv6.',
  'the extension headers of the packet were not told',
  [
    ['--rt-type', verbatim],
    ['--rt-segsleft', verbatim],
    ['--rt-len', verbatim],
    ['--rt-0-res', nothing],
  ],
  { family: 'v6' },
);

const headerNames: Readonly<Record<string, string>> = {
  hop: 'hop-by-hop',
  dst: 'ipv6-opts',
  route: 'ipv6-route',
  frag: 'ipv6-frag',
  auth: 'ah',
  none: 'ipv6-nonxt',
  prot: 'protocol',
};
const headers = oneWord<string>(
  'a list of extension headers',
  (text) =>
    text
      .split(',')
      .map((name) => headerNames[name] ?? name)
      .join(','),
  printPlain,
);

export const ipv6header = asked(
  'ipv6header',
  'The extension headers of IPv6.',
  'the extension headers of the packet were not told',
  [
    ['--header', headers],
    ['--soft', nothing],
  ],
  { family: 'v6' },
);

export const eui64 = asked(
  'eui64',
  'An address made from the hardware address.',
  'the hardware address of the packet was not told',
  [],
  {
    family: 'v6',
  },
);

export const nfacct = asked('nfacct', 'An accounting object.', 'the accounting object was not told', [
  // libxt_nfacct prints two blanks
  [
    '--nfacct-name',
    { ...verbatim, print: (name: string, family: Family) => ` ${verbatim.print(name, family)}` },
  ],
]);

export const ipvs = asked(
  'ipvs',
  'A connection of the IP virtual server.',
  'what the virtual server keeps was not told',
  [
    ['--ipvs', nothing],
    ['--vproto', verbatim],
    ['--vaddr', verbatim],
    ['--vport', verbatim],
    ['--vdir', verbatim],
    ['--vmethod', verbatim],
    ['--vportctl', verbatim],
  ],
);
