/** Targets that write down, count or copy, and leave the packet and its way as they are. */
import { type OptionForm, type TargetExtension, targetOption, type ValueKind } from '../extension.ts';
import { freeText, nothing, oneWord, readNumber, verbatim } from '../values.ts';

type Listed = readonly (readonly [name: string, value: unknown, aliases?: readonly string[]])[];

export function optionList(listed: Listed): readonly OptionForm[] {
  return listed.map(([name, value, aliases]) =>
    targetOption<never>({
      name,
      ...(aliases === undefined ? {} : { aliases }),
      negatable: false,
      value: value as ValueKind<never>,
    }),
  );
}

function onlooker(name: string, listed: Listed, more: Partial<TargetExtension> = {}): TargetExtension {
  return { name, options: optionList(listed), act: () => ({ verdict: { kind: 'continue' } }), ...more };
}

const levels = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'];
const levelAliases: ReadonlyMap<string, number> = new Map(Object.entries({ panic: 0, err: 3, warn: 4 }));
const logLevel = oneWord<number>(
  { levelOr: levels },
  (text) => (levels.includes(text) ? levels.indexOf(text) : (levelAliases.get(text) ?? readNumber(text, 7))),
  String,
);

export const LOG = onlooker(
  'LOG',
  [
    ['--log-prefix', freeText],
    ['--log-level', logLevel],
    ['--log-tcp-sequence', nothing],
    ['--log-tcp-options', nothing],
    ['--log-ip-options', nothing],
    ['--log-uid', nothing],
    ['--log-macdecode', nothing],
  ],
  // 4 is what the kernel takes without the option, and it is not printed.
  { settle: (options) => options.filter(({ name, value }) => name !== '--log-level' || value !== 4) },
);

export const NFLOG = onlooker('NFLOG', [
  ['--nflog-prefix', freeText],
  ['--nflog-group', verbatim],
  ['--nflog-range', verbatim],
  ['--nflog-size', verbatim],
  ['--nflog-threshold', verbatim],
]);

/** Only in raw for iptables-legacy; iptables-nft makes nft's own trace of it, which every table takes. */
export const TRACE = onlooker('TRACE', []);

export const AUDIT = onlooker('AUDIT', [['--type', verbatim]]);

export const TEE = onlooker('TEE', [
  ['--gateway', verbatim],
  ['--oif', verbatim],
]);

export const CLASSIFY = onlooker(
  'CLASSIFY',
  [
    [
      '--set-class',
      oneWord<string>(
        'traffic class',
        (text) => {
          const read = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(text);
          return read === null
            ? null
            : `${read[1]?.padStart(4, '0')}:${read[2]?.padStart(4, '0')}`.toLowerCase();
        },
        (text) => text,
      ),
    ],
  ],
  { hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'] },
);

export const CHECKSUM = onlooker('CHECKSUM', [['--checksum-fill', nothing]], { tables: ['mangle'] });

export const IDLETIMER = onlooker('IDLETIMER', [
  ['--timeout', verbatim],
  ['--label', verbatim],
  ['--alarm', nothing],
]);

const milliseconds = oneWord<string>(
  'milliseconds',
  (text) => {
    const read = /^([\d.]+)(ms|s|us)?$/.exec(text);
    if (read === null) return null;
    const factor = read[2] === 'ms' ? 1 : read[2] === 'us' ? 0.001 : 1000;
    return `${(Number(read[1]) * factor).toFixed(1)}ms`;
  },
  (text) => text,
);

export const RATEEST = onlooker('RATEEST', [
  ['--rateest-name', verbatim],
  ['--rateest-interval', milliseconds],
  ['--rateest-ewmalog', milliseconds, ['--rateest-ewma']],
]);

const tcpOptions: ReadonlyMap<string, number> = new Map(
  Object.entries({
    wscale: 3,
    mss: 2,
    'sack-permitted': 4,
    sack: 5,
    timestamp: 8,
    md5: 19,
  }),
);
const tcpOptionList = oneWord<readonly number[]>(
  'TCP options',
  (text) => {
    const numbers = text.split(',').map((part) => tcpOptions.get(part) ?? readNumber(part, 255));
    return numbers.some((number) => number === null) ? null : (numbers as number[]).sort((a, b) => a - b);
  },
  (numbers) => numbers.join(','),
);

export const TCPOPTSTRIP = onlooker('TCPOPTSTRIP', [['--strip-options', tcpOptionList]], {
  tables: ['mangle'],
});

export const ECN = onlooker('ECN', [['--ecn-tcp-remove', nothing]], { tables: ['mangle'] });
