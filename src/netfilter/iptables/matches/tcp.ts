/** `-m tcp`: ports, flags and options of TCP (net/netfilter/xt_tcpudp.c). */

import { flagsOf } from '../../kernel/tcp.ts';
import type { TcpFlag } from '../../model/packet.ts';
import type { TcpFlags } from '../../model/rule-reason.ts';
import type { ValueKind } from '../extension.ts';
import { type MatchExtension, matchOption, type Option, type Settle } from '../extension.ts';
import { notTold, type Situation, type Tested } from '../situation.ts';
import { oneWord, readNumber } from '../values.ts';
import { portOptions, tcpPorts, withoutAllPorts } from './ports.ts';

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

/** `--tcp-flags mask flags` */
const flagPair: ValueKind<TcpFlags> = {
  name: 'TCP flags',
  words: 2,
  read: ([first = '', second = '']) => {
    const mask = readFlags(first);
    const flags = readFlags(second);
    return mask === null || flags === null ? null : { mask, flags };
  },
  print: ({ mask, flags }) => `${printFlags(mask)} ${printFlags(flags)}`,
};

const synFlags: TcpFlags = { mask: ['FIN', 'SYN', 'RST', 'ACK'], flags: ['SYN'] };

function testFlags({ mask, flags }: TcpFlags, { packet }: Situation): Tested<readonly TcpFlag[]> {
  const set = flagsOf(packet);
  return {
    holds: mask.every((flag) => set.includes(flag) === flags.includes(flag)),
    found: allFlags.filter((flag) => set.includes(flag)),
  };
}

const settle: Settle = (options, family) =>
  withoutAllPorts(options, family).map(
    (option): Option =>
      option.name === '--syn' ? { ...option, name: '--tcp-flags', value: synFlags } : option,
  );

export const tcp: MatchExtension = {
  ...tcpPorts,
  settle,
  options: [
    ...portOptions,
    matchOption<number>({
      name: '--tcp-option',
      negatable: true,
      value: oneWord<number>('TCP option', (text) => readNumber(text, 255), String),
      field: 'tcpOption',
      test:
        (number) =>
        ({ packet: { mss } }) =>
          number === 2 && mss !== undefined ? { holds: mss !== null, found: mss !== null } : notTold,
    }),
    matchOption<TcpFlags>({
      name: '--tcp-flags',
      negatable: true,
      value: flagPair,
      field: 'tcpFlags',
      test: (wanted) => (situation) => testFlags(wanted, situation),
    }),
    matchOption<null>({
      name: '--syn',
      negatable: true,
      value: { name: 'nothing', words: 0, read: () => null, print: () => '' },
      field: 'tcpFlags',
      test: () => (situation) => testFlags(synFlags, situation),
      wanted: () => synFlags,
    }),
  ],
};
