/** `-m tcp`, `-m udp`: the ports, for each protocol that has them. */

import type { Interval } from '../address.ts';
import { intervalOption, type MatchOptionForm } from '../extension.ts';
import { portRange, type Range } from '../values.ts';
import { portDimension } from './ip.ts';

export function rangeInterval([first, last]: Range): Interval {
  return [BigInt(first), BigInt(last)];
}

export const portOptions: readonly MatchOptionForm[] = [
  intervalOption<Range>({
    name: '--sport',
    aliases: ['--source-port'],
    negatable: true,
    value: portRange,
    dimension: portDimension('source'),
    intervals: (range) => [rangeInterval(range)],
  }),
  intervalOption<Range>({
    name: '--dport',
    aliases: ['--destination-port'],
    negatable: true,
    value: portRange,
    dimension: portDimension('destination'),
    intervals: (range) => [rangeInterval(range)],
  }),
];
