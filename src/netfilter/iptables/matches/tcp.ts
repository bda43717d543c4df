/** `-m tcp`: ports, flags and options of TCP (net/netfilter/xt_tcpudp.c). */

import { flagsOf } from '../../kernel/tcp.ts';
import type { TcpFlag } from '../../model/packet.ts';
import type { ValueKind } from '../extension.ts';
import { type MatchExtension, matchOption, type Option, type Settle } from '../extension.ts';
import { oneWord, readNumber } from '../values.ts';
import { portOptions, withoutAllPorts } from './ports.ts';

/** `--tcp-flags mask flags`: of the flags in `mask`, those in `flags` are set and the others are not. */
interface Flags {
  readonly mask: readonly TcpFlag[];
  readonly flags: readonly TcpFlag[];
}

const allFlags: readonly TcpFlag[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

function readFlags(text: string): readonly TcpFlag[] | null {
  if (text === 'ALL') return allFlags;
  if (text === 'NONE') return [];
  const parts = text.split(',');
  return parts.every((part) => (allFlags as readonly string[]).includes(part))
    ? allFlags.filter((flag) => parts.includes(flag))
    : null;
}

function printFlags(flags: readonly TcpFlag[]): string {
  return flags.length === 0 ? 'NONE' : flags.join(',');
}

const flagPair: ValueKind<Flags> = {
  expected: 'two lists of FIN, SYN, RST, PSH, ACK, URG: those to look at, and those that must be set',
  words: 2,
  read: ([first = '', second = '']) => {
    const mask = readFlags(first);
    const flags = readFlags(second);
    return mask === null || flags === null ? null : { mask, flags };
  },
  print: ({ mask, flags }) => `${printFlags(mask)} ${printFlags(flags)}`,
};

const synFlags: Flags = { mask: ['FIN', 'SYN', 'RST', 'ACK'], flags: ['SYN'] };

const settle: Settle = (options, family) =>
  withoutAllPorts(options, family).map(
    (option): Option =>
      option.name === '--syn' ? { ...option, name: '--tcp-flags', value: synFlags } : option,
  );

export const tcp: MatchExtension = {
  name: 'tcp',
  impliedBy: ['tcp'],
  purpose: 'The ports, flags and options of TCP.',
  settle,
  options: [
    ...portOptions,
    matchOption<number>({
      name: '--tcp-option',
      negatable: true,
      value: oneWord<number>('the number of a TCP option', (text) => readNumber(text, 255), String),
      subject: 'TCP options',
      find: (number, { packet }) =>
        number === 2 && packet.mss !== undefined
          ? { holds: packet.mss !== null, found: packet.mss === null ? 'without MSS' : 'with MSS' }
          : { holds: null, found: 'the options of the packet were not told' },
    }),
    matchOption<Flags>({
      name: '--tcp-flags',
      negatable: true,
      value: flagPair,
      subject: 'TCP flags',
      find: ({ mask, flags }, { packet }) => {
        const set = flagsOf(packet);
        return {
          holds: mask.every((flag) => set.includes(flag) === flags.includes(flag)),
          found: printFlags(allFlags.filter((flag) => set.includes(flag))),
        };
      },
      relation: ({ mask, flags }) => `${printFlags(flags)} of ${printFlags(mask)}`,
    }),
    matchOption<null>({
      name: '--syn',
      negatable: true,
      value: { expected: 'no value', words: 0, read: () => null, print: () => '' },
      subject: 'TCP flags',
      find: (_, { packet }) => ({
        holds: synFlags.mask.every(
          (flag) => flagsOf(packet).includes(flag) === synFlags.flags.includes(flag),
        ),
        found: printFlags(flagsOf(packet)),
      }),
      relation: () => 'SYN of FIN,SYN,RST,ACK',
    }),
  ],
};
