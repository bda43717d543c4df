/** The conditions without `-m`: addresses, interfaces, protocol. `ip_packet_match` asks them first. */
import { type Prefix, prefixInterval, prefixLength, printAddress } from '../../model/address.ts';
import { prefixTest } from '../../model/packet-address/index.ts';
import { hasPorts, protocolName, protocolNumber } from '../../model/protocol.ts';
import type { AddressBlock } from '../../model/rule-reason.ts';
import {
  intervalOption,
  type MatchExtension,
  type MatchOptionForm,
  matchOption,
  type Option,
} from '../extension.ts';
import type { Dimension } from '../situation.ts';
import { interfaceName, nothing, prefix, protocol } from '../values.ts';

export const protocolDimension: Dimension<'protocol'> = {
  field: 'protocol',
  of: ({ packet }) => protocolNumber(packet.protocol),
  found: ({ packet }) => packet.protocol,
};

type Side = 'source' | 'destination';

function addressDimension<S extends Side>(side: S): Dimension<S> {
  return { field: side, of: (situation) => situation[side], found: ({ packet }) => packet[side] };
}

export function portDimension(side: Side): Dimension<'sourcePort' | 'destinationPort'> {
  const field = `${side}Port` as const;
  return { field, of: ({ packet }) => (hasPorts(packet.protocol) ? (packet[field] ?? null) : null) };
}

export const sourceDimension = addressDimension('source');
export const destinationDimension = addressDimension('destination');

/** The addresses of a prefix as a reason tells them. */
export function blockOf({ family, address, mask }: Prefix): AddressBlock {
  const length = prefixLength(family, mask);
  const first = printAddress(family, address);
  return length === null ? { address: first, mask: printAddress(family, mask) } : { address: first, length };
}

function addressOption(name: string, alias: string, dimension: Dimension<Side>): MatchOptionForm {
  const { field } = dimension;
  return matchOption<Prefix>({
    name,
    aliases: [alias, `--${field === 'source' ? 'src' : 'dst'}`],
    negatable: true,
    value: prefix,
    field,
    accepts: {
      dimension,
      intervals: (value) => {
        const interval = prefixInterval(value);
        return interval === null ? [] : [interval];
      },
    },
    test: (value) => {
      const holds = prefixTest(value);
      // written out: a field that is named while it runs takes several times as long, and every rule asks this
      return field === 'source'
        ? ({ source, packet }) => ({ holds: holds(source), found: packet.source })
        : ({ destination, packet }) => ({ holds: holds(destination), found: packet.destination });
    },
    wanted: blockOf,
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
    field: `${side}Interface`,
    test: (pattern) => (situation) => ({
      holds: interfaceHolds(pattern, situation[side] ?? ''),
      found: situation[side] ?? null,
    }),
    wanted: (pattern, family) => interfaceName.print(pattern, family),
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
  options: [
    addressOption('-s', '--source', sourceDimension),
    addressOption('-d', '--destination', destinationDimension),
    interfaceOption('-i', '--in-interface', 'in'),
    interfaceOption('-o', '--out-interface', 'out'),
    intervalOption<number, 'protocol'>({
      name: '-p',
      aliases: ['--protocol', '--proto'],
      negatable: true,
      value: protocol,
      dimension: protocolDimension,
      intervals: (number) => (number === 0 ? [[0n, 255n]] : [[BigInt(number), BigInt(number)]]),
      wanted: protocolName,
    }),
    matchOption<null>({
      name: '-f',
      aliases: ['--fragment'],
      negatable: true,
      value: nothing,
      field: 'fragment',
      // A packet of the engine is whole: conntrack puts fragments together before any table is asked.
      test: () => () => ({ holds: false, found: null }),
    }),
  ],
  settle: (options) =>
    options.some(asksNothing) ? options.filter((option) => !asksNothing(option)) : options,
};
