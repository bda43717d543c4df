/**
 * Matches that depend on rate, chance, the clock, or on what a packet carries: each is a question to the reader,
 * and both answers can be walked. What they are written like is known, so that they are read and printed.
 */

import type { QuestionField } from '../../model/rule-reason.ts';
import type { Family, Option } from '../../model/ruleset.ts';
import {
  type MatchExtension,
  type MatchOptionForm,
  type Settle,
  type ValueKind,
  withDefault,
} from '../extension.ts';
import { notTold } from '../situation.ts';
import { hexNumber, nothing, oneWord, printPlain, quotedText, readNumber, verbatim } from '../values.ts';

function question(
  name: string,
  field: QuestionField,
  options: readonly (readonly [name: string, value: unknown, aliases?: readonly string[]])[],
  more: Partial<MatchExtension> = {},
): MatchExtension {
  return {
    name,
    asks: field,
    testFirst: () => ({ code: 'not told', field, found: null, wanted: null, negated: false }),
    options: options.map(
      ([option, value, aliases]): MatchOptionForm => ({
        name: option,
        ...(aliases === undefined ? {} : { aliases }),
        negatable: true,
        value: value as ValueKind<unknown>,
        field,
        test: () => () => notTold,
      }),
    ),
    ...more,
  };
}

const units = [
  ['second', 'sec'],
  ['minute', 'min'],
  ['hour', 'hour'],
  ['day', 'day'],
] as const;

/** `5/second` is printed as `5/sec`. */
const rate = oneWord<string>(
  'rate',
  (text) => {
    const read = /^(\d+(?:[kmg]?b)?)(?:\/([a-z]+))?$/i.exec(text);
    if (read === null) return null;
    const [, amount, unit = 'second'] = read;
    if (/b$/i.test(amount ?? '')) return `${amount}/s`;
    const full = units.find(([name]) => name.startsWith(unit.toLowerCase()));
    return full === undefined ? null : `${amount}/${full[1]}`;
  },
  (text) => text,
);

const limitSettle: Settle = (options) =>
  withDefault(options, '--limit', '3/hour').filter(
    ({ name, value }) => name !== '--limit-burst' || value !== '5',
  );

export const limit = question(
  'limit',
  'packetRate',
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

export const hashlimit = question(
  'hashlimit',
  'packetRate',
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
  'probability',
  (text) =>
    /^(?:\d+|\d*\.\d+)$/.test(text) && Number(text) <= 1 ? Math.round(Number(text) * 0x80000000) : null,
  (number) => (number / 0x80000000).toFixed(11),
);

export const statistic = question('statistic', 'chance', [
  ['--mode', verbatim],
  ['--probability', probability],
  ['--every', verbatim],
  ['--packet', verbatim],
]);

function fullMask(family: Family): string {
  return family === 'v4' ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
}

const recentSettle: Settle = (options, family) => {
  const named = withDefault(withDefault(options, '--name', 'DEFAULT'), '--mask', fullMask(family));
  return named.some(({ name }) => name === '--rdest') ? named : withDefault(named, '--rsource', null);
};

export const recent = question(
  'recent',
  'seenBefore',
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
  'time of day',
  (text) => {
    const read = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text);
    return read === null ? null : `${read[1]?.padStart(2, '0')}:${read[2]}:${read[3] ?? '00'}`;
  },
  (text) => text,
);
const date = oneWord<string>(
  'date',
  (text) => {
    const read = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?)?$/.exec(text);
    return read === null ? null : `${read[1]}T${read[2] ?? '00:00'}${read[3] ?? ':00'}`;
  },
  (text) => text,
);

export const time = question(
  'time',
  'clock',
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

export const quota = question('quota', 'bytesBefore', [['--quota', verbatim]]);

const connlimitSettle: Settle = (options, family) => {
  const masked = withDefault(options, '--connlimit-mask', family === 'v4' ? '32' : '128');
  return masked.some(({ name }) => name === '--connlimit-daddr')
    ? masked
    : withDefault(masked, '--connlimit-saddr', null);
};

export const connlimit = question(
  'connlimit',
  'connectionCount',
  [
    ['--connlimit-upto', verbatim],
    ['--connlimit-above', verbatim],
    ['--connlimit-mask', verbatim],
    ['--connlimit-saddr', nothing],
    ['--connlimit-daddr', nothing],
  ],
  { needsConntrack: true, settle: connlimitSettle },
);

export const connbytes = question(
  'connbytes',
  'carried',
  [
    ['--connbytes', verbatim],
    ['--connbytes-mode', verbatim],
    ['--connbytes-dir', verbatim],
  ],
  { needsConntrack: true },
);

export const helper = question('helper', 'helper', [['--helper', verbatim]], {
  needsConntrack: true,
});

export const u32 = question('u32', 'bytes', [['--u32', quotedText]]);

export const bpf = question('bpf', 'bytes', [
  ['--bytecode', quotedText],
  ['--object-pinned', verbatim],
]);

export const string = question('string', 'content', [
  ['--string', quotedText],
  ['--hex-string', quotedText],
  ['--algo', verbatim],
  ['--from', verbatim],
  ['--to', verbatim],
  ['--icase', nothing],
]);

export const cpu = question('cpu', 'processor', [['--cpu', verbatim]]);

/** `1`, or `1/3` with a mask. */
const maskedGroup = oneWord<string>(
  'group',
  (text) => {
    const parts = text.split('/').map((part) => readNumber(part, 0xffffffff));
    if (parts.length > 2 || parts.some((part) => part === null)) return null;
    return parts.map((part) => `0x${(part ?? 0).toString(16)}`).join('/');
  },
  (text) => text,
);

export const devgroup = question('devgroup', 'interfaceGroup', [
  ['--src-group', maskedGroup],
  ['--dst-group', maskedGroup],
]);

export const policy = question('policy', 'ipsecPolicy', [
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
]);

export const cgroup = question('cgroup', 'controlGroup', [
  ['--path', verbatim],
  ['--cgroup', verbatim],
]);

export const realm = question('realm', 'realm', [['--realm', hexNumber(0xffffffff)]], {
  family: 'v4',
});

export const esp = question('esp', 'spi', [['--espspi', verbatim]], {
  impliedBy: ['esp'],
});

export const ah = question('ah', 'spi', [['--ahspi', verbatim]], {
  impliedBy: ['ah'],
});

export const connlabel = question(
  'connlabel',
  'connectionLabel',
  [
    ['--label', quotedText],
    ['--set', nothing],
  ],
  { needsConntrack: true },
);

export const cluster = question(
  'cluster',
  'connectionHash',
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

export const frag = question(
  'frag',
  'extensionHeaders',
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

export const rt = question(
  'rt',
  'extensionHeaders',
  [
    ['--rt-type', verbatim],
    ['--rt-segsleft', verbatim],
    ['--rt-len', verbatim],
    ['--rt-0-res', nothing],
  ],
  { family: 'v6' },
);

const headerNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    hop: 'hop-by-hop',
    dst: 'ipv6-opts',
    route: 'ipv6-route',
    frag: 'ipv6-frag',
    auth: 'ah',
    none: 'ipv6-nonxt',
    prot: 'protocol',
  }),
);
const headers = oneWord<string>(
  'extension headers',
  (text) =>
    text
      .split(',')
      .map((name) => headerNames.get(name) ?? name)
      .join(','),
  printPlain,
);

export const ipv6header = question(
  'ipv6header',
  'extensionHeaders',
  [
    ['--header', headers],
    ['--soft', nothing],
  ],
  { family: 'v6' },
);

export const eui64 = question('eui64', 'linkAddress', [], {
  family: 'v6',
});

export const nfacct = question('nfacct', 'accounting', [
  // libxt_nfacct prints two blanks
  [
    '--nfacct-name',
    { ...verbatim, print: (name: string, family: Family) => ` ${verbatim.print(name, family)}` },
  ],
]);

export const ipvs = question('ipvs', 'virtualServer', [
  ['--ipvs', nothing],
  ['--vproto', verbatim],
  ['--vaddr', verbatim],
  ['--vport', verbatim],
  ['--vdir', verbatim],
  ['--vmethod', verbatim],
  ['--vportctl', verbatim],
]);
