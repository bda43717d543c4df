/** `-m tcp`, `-m udp` and their like: the ports, for each protocol that has them. */
import type { Interval } from '../../model/address.ts';
import { intervalOption, type MatchExtension, type MatchOptionForm, type Settle } from '../extension.ts';
import { portRange, type ValueRange } from '../values.ts';
import { portDimension } from './ip.ts';

export function rangeInterval([first, last]: ValueRange): Interval {
  return [BigInt(first), BigInt(last)];
}

/** The fields that are ports. */
export type PortField = 'sourcePort' | 'destinationPort';

export const portOptions: readonly MatchOptionForm[] = [
  intervalOption<ValueRange, PortField>({
    name: '--sport',
    aliases: ['--source-port'],
    negatable: true,
    value: portRange,
    dimension: portDimension('source'),
    intervals: (range) => [rangeInterval(range)],
    wanted: (range) => [range],
  }),
  intervalOption<ValueRange, PortField>({
    name: '--dport',
    aliases: ['--destination-port'],
    negatable: true,
    value: portRange,
    dimension: portDimension('destination'),
    intervals: (range) => [rangeInterval(range)],
    wanted: (range) => [range],
  }),
];

/** All ports are no condition, and iptables-save does not print them. */
export const withoutAllPorts: Settle = (options) => {
  const asksNothing = (value: unknown) => Array.isArray(value) && value[0] === 0 && value[1] === 65535;
  return options.some(({ value }) => asksNothing(value))
    ? options.filter(({ negated, value }) => negated || !asksNothing(value))
    : options;
};

/** `-m tcp` with the options that rules made by a program get by with. */
export const tcpPorts: MatchExtension = {
  name: 'tcp',
  impliedBy: ['tcp'],
  options: portOptions,
  settle: withoutAllPorts,
};
