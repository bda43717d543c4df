/** Targets that leave the decision to something that the engine does not have: a program, a hash, a label. */
import type { OpenTarget } from '../../model/rule-reason.ts';
import type { TargetExtension } from '../extension.ts';
import { hexNumber, nothing, verbatim } from '../values.ts';
import { optionList } from './onlookers.ts';

function elsewhere(
  name: string,
  code: OpenTarget['code'],
  listed: Parameters<typeof optionList>[0],
  more: Partial<TargetExtension> = {},
): TargetExtension {
  return {
    name,
    leavesOpen: { code },
    options: optionList(listed),
    act: () => ({ verdict: { kind: 'continue' }, unknown: { code } }),
    ...more,
  };
}

export const NFQUEUE = elsewhere('NFQUEUE', 'user program', [
  ['--queue-num', verbatim],
  ['--queue-balance', verbatim],
  ['--queue-bypass', nothing],
  ['--queue-cpu-fanout', nothing],
]);

export const QUEUE = elsewhere('QUEUE', 'user program', []);

export const SYNPROXY = elsewhere(
  'SYNPROXY',
  'handshake by the kernel',
  [
    ['--sack-perm', nothing],
    ['--timestamp', nothing],
    ['--wscale', verbatim],
    ['--mss', verbatim],
  ],
  { hooks: ['INPUT', 'FORWARD'], needsConntrack: () => true },
);

export const HMARK = elsewhere(
  'HMARK',
  'hash of the packet',
  [
    ['--hmark-src-prefix', verbatim],
    ['--hmark-dst-prefix', verbatim],
    ['--hmark-sport-mask', hexNumber(0xffff, 4)],
    ['--hmark-dport-mask', hexNumber(0xffff, 4)],
    ['--hmark-spi-mask', hexNumber(0xffffffff, 8)],
    ['--hmark-proto-mask', hexNumber(0xff, 2)],
    ['--hmark-rnd', hexNumber(0xffffffff, 8)],
    ['--hmark-mod', verbatim],
    ['--hmark-offset', verbatim],
    ['--hmark-tuple', verbatim],
  ],
  {
    settle: (options, family) => {
      const tuple = options.find(({ name }) => name === '--hmark-tuple');
      if (tuple === undefined) return options;
      const full = family === 'v4' ? '32' : '128';
      const parts = String(tuple.value).split(',');
      const values: ReadonlyMap<string, readonly [string, string | number]> = new Map(
        Object.entries({
          src: ['--hmark-src-prefix', full],
          dst: ['--hmark-dst-prefix', full],
          sport: ['--hmark-sport-mask', 0xffff],
          dport: ['--hmark-dport-mask', 0xffff],
        }),
      );
      const named = parts.map((part) => values.get(part));
      if (named.some((one) => one === undefined)) return options;
      return [
        ...(named as (readonly [string, string | number])[]).map(([name, value]) => ({
          name,
          negated: false,
          value,
        })),
        ...options.filter((option) => option !== tuple),
      ];
    },
  },
);

const ofLabels = ['mangle', 'security'] as const;

export const SECMARK = elsewhere('SECMARK', 'security labels', [['--selctx', verbatim]], {
  tables: ofLabels,
});

export const CONNSECMARK = elsewhere(
  'CONNSECMARK',
  'security labels',
  [
    ['--save', nothing],
    ['--restore', nothing],
  ],
  { tables: ofLabels, needsConntrack: () => true },
);
