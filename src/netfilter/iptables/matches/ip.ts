/** The conditions without `-m`: addresses, interfaces, protocol. `ip_packet_match` asks them first. */
import { type Prefix, prefixHolds, prefixInterval, printAddress } from '../../model/address.ts';
import { hasPorts, protocolName, protocolNumber } from '../../model/protocol.ts';
import {
  intervalOption,
  type MatchExtension,
  type MatchOptionForm,
  matchOption,
  type Option,
} from '../extension.ts';
import type { Dimension, Situation } from '../situation.ts';
import { interfaceName, nothing, prefix, protocol } from '../values.ts';

export const protocolDimension: Dimension = {
  name: 'protocol',
  of: ({ packet }) => protocolNumber(packet.protocol),
  print: (number) => protocolName(Number(number)),
  absent: 'an unknown protocol',
};

function addressDimension(side: 'source' | 'destination'): Dimension {
  return {
    name: side,
    of: (situation) => situation[side],
    print: (value, { family }) => printAddress(family, BigInt(value)),
    absent: 'no address',
  };
}

export function portDimension(side: 'source' | 'destination'): Dimension {
  const field = side === 'source' ? 'sourcePort' : 'destinationPort';
  return {
    name: `${side} port`,
    of: ({ packet }) => (hasPorts(packet.protocol) ? (packet[field] ?? null) : null),
    print: String,
    absent: 'a packet without ports',
  };
}

export const sourceDimension = addressDimension('source');
export const destinationDimension = addressDimension('destination');

function addressOption(name: string, alias: string, dimension: Dimension): MatchOptionForm {
  return matchOption<Prefix>({
    name,
    aliases: [alias, `--${dimension.name === 'source' ? 'src' : 'dst'}`],
    negatable: true,
    value: prefix,
    subject: dimension.name,
    accepts: {
      dimension,
      intervals: (value) => {
        const interval = prefixInterval(value);
        return interval === null ? [] : [interval];
      },
    },
    find: (value, situation) => {
      const address = dimension.of(situation) as bigint;
      return { holds: prefixHolds(value, address), found: dimension.print(address, situation) };
    },
    relation: (value, family) => {
      const text = prefix.print(value, family);
      return /\/(32|128)$/.test(text) && !(family === 'v6' && text.endsWith('/32'))
        ? text.slice(0, text.indexOf('/'))
        : `in ${text}`;
    },
  });
}

/** `eth+` stands for every name that begins with `eth`. */
export function interfaceHolds(pattern: string, name: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function interfaceOption(name: string, alias: string, side: 'in' | 'out'): MatchOptionForm {
  return matchOption<string>({
    name,
    aliases: [alias],
    negatable: true,
    value: interfaceName,
    subject: `${side} interface`,
    find: (pattern, situation: Situation) => ({
      holds: interfaceHolds(pattern, situation[side] ?? ''),
      found: situation[side] ?? 'none',
    }),
  });
}

/** Conditions that every packet meets are not kept. */
function asksNothing({ name, negated, value }: Option): boolean {
  if (name === '-p') return value === 0 && !negated;
  if (name === '-s' || name === '-d') return (value as Prefix).mask === 0n && !negated;
  return (name === '-i' || name === '-o') && value === '+' && !negated;
}

export const ip: MatchExtension = {
  name: 'ip',
  purpose: 'Where a packet comes from and goes to, by which interface, over which protocol.',
  options: [
    addressOption('-s', '--source', sourceDimension),
    addressOption('-d', '--destination', destinationDimension),
    interfaceOption('-i', '--in-interface', 'in'),
    interfaceOption('-o', '--out-interface', 'out'),
    intervalOption<number>({
      name: '-p',
      aliases: ['--protocol', '--proto'],
      negatable: true,
      value: protocol,
      dimension: protocolDimension,
      intervals: (number) => (number === 0 ? [[0n, 255n]] : [[BigInt(number), BigInt(number)]]),
    }),
    matchOption<null>({
      name: '-f',
      aliases: ['--fragment'],
      negatable: true,
      value: nothing,
      subject: 'packet',
      // A packet of the engine is whole: conntrack puts fragments together before any table is asked.
      find: () => ({ holds: false, found: 'whole' }),
      relation: () => 'a fragment',
    }),
  ],
  settle: (options) =>
    options.some(asksNothing) ? options.filter((option) => !asksNothing(option)) : options,
};
