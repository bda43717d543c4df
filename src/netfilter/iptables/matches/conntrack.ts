/** `-m conntrack` and `-m state`: what conntrack knows of a packet's connection (net/netfilter/xt_conntrack.c). */

import { addressValue, type Prefix, prefixHolds } from '../../model/address.ts';
import type { Connection, Tuple } from '../../model/packet.ts';
import { protocolName, protocolNumber } from '../../model/protocol.ts';
import { type MatchExtension, type MatchOptionForm, matchOption, type ValueKind } from '../extension.ts';
import { notTold, type Situation, type Tested } from '../situation.ts';
import { listOf, numberRange, oneOf, oneWord, portRange, prefix, type ValueRange } from '../values.ts';
import { conntrackState, stateOption } from './ctstate.ts';
import { blockOf } from './ip.ts';

const statuses = ['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED'] as const;
type Status = (typeof statuses)[number];

/** A condition on the connection. The entry is there: without one `testFirst` has already answered. */
function ofConnection<V, Found>(
  look: (value: V, connection: Connection, situation: Situation) => Tested<Found>,
): (value: V) => (situation: Situation) => Tested<Found | null> {
  return (value) => (situation) =>
    situation.connection === null
      ? { holds: false, found: null, isFinal: true }
      : look(value, situation.connection, situation);
}

/** A single address is printed without its length. */
const addressOrPrefix: ValueKind<Prefix> = {
  ...prefix,
  print: (value, family) => prefix.print(value, family).replace(family === 'v4' ? /\/32$/ : /\/128$/, ''),
};

type Side = 'original' | 'reply';
type End = 'Source' | 'Destination';

function endOf(end: End): 'source' | 'destination' {
  return end === 'Source' ? 'source' : 'destination';
}

function addressOption(name: string, side: Side, end: End): MatchOptionForm {
  return matchOption<Prefix>({
    name,
    negatable: true,
    value: addressOrPrefix,
    field: `${side}${end}`,
    test: ofConnection((value, connection) => {
      const found = connection[side][endOf(end)];
      return { holds: prefixHolds(value, addressValue(found)), found };
    }),
    wanted: blockOf,
  });
}

/** Of ICMP, conntrack keeps id, type and code where others have ports. */
export function tuplePort({ icmp, ...tuple }: Tuple, end: 'source' | 'destination'): number {
  if (icmp !== undefined) return end === 'source' ? icmp.id : icmp.type * 256 + icmp.code;
  return tuple[`${end}Port`] ?? 0;
}

function portOption(name: string, side: Side, end: End): MatchOptionForm {
  return matchOption<ValueRange>({
    name,
    negatable: true,
    value: portRange,
    field: `${side}${end}Port`,
    test: ofConnection(([first, last], connection) => {
      const found = tuplePort(connection[side], endOf(end));
      return { holds: first <= found && found <= last, found };
    }),
  });
}

const protocolAsNumber: ValueKind<number> = oneWord<number>(
  'protocol or number',
  (text) => protocolNumber(text),
  String,
);

function statusesOf(connection: Connection, isConfirmed: boolean): readonly Status[] {
  return [
    ...(connection.expected === true ? (['EXPECTED'] as const) : []),
    ...(connection.seenReply ? (['SEEN_REPLY'] as const) : []),
    ...(connection.assured === true ? (['ASSURED'] as const) : []),
    ...(isConfirmed ? (['CONFIRMED'] as const) : []),
  ];
}

export const conntrack: MatchExtension = {
  ...conntrackState,
  testFirst: (options, situation) =>
    situation.connection === null && !options.some(({ name }) => name === '--ctstate')
      ? { code: 'fails', field: 'connection', found: null, wanted: null, negated: false }
      : (conntrackState.testFirst?.(options, situation) ?? null),
  options: [
    ...conntrackState.options,
    matchOption<number>({
      name: '--ctproto',
      negatable: true,
      value: protocolAsNumber,
      field: 'connectionProtocol',
      test: ofConnection((number, { original }) => ({
        holds: protocolNumber(original.protocol) === number,
        found: original.protocol,
      })),
      wanted: protocolName,
    }),
    addressOption('--ctorigsrc', 'original', 'Source'),
    addressOption('--ctorigdst', 'original', 'Destination'),
    addressOption('--ctreplsrc', 'reply', 'Source'),
    addressOption('--ctrepldst', 'reply', 'Destination'),
    portOption('--ctorigsrcport', 'original', 'Source'),
    portOption('--ctorigdstport', 'original', 'Destination'),
    portOption('--ctreplsrcport', 'reply', 'Source'),
    portOption('--ctrepldstport', 'reply', 'Destination'),
    matchOption<readonly Status[]>({
      name: '--ctstatus',
      negatable: true,
      value: listOf(statuses),
      field: 'connectionStatus',
      test: ofConnection((wanted, connection, { isConfirmed }): Tested<readonly Status[]> => {
        const found = statusesOf(connection, isConfirmed);
        // NONE has no bit of its own: it holds for no connection.
        const holds = found.some((status) => wanted.includes(status));
        const isOpen =
          !holds && wanted.includes('ASSURED') && connection.assured === undefined && connection.seenReply;
        return isOpen ? notTold : { holds, found };
      }),
    }),
    matchOption<ValueRange>({
      name: '--ctexpire',
      negatable: true,
      value: numberRange(0xffffffff),
      field: 'connectionExpiry',
      test: ofConnection(() => notTold),
    }),
    matchOption<'ORIGINAL' | 'REPLY'>({
      name: '--ctdir',
      negatable: false,
      value: oneOf(['ORIGINAL', 'REPLY']),
      field: 'direction',
      test: ofConnection((wanted, _, { direction }) => {
        const found = direction === 'original' ? 'ORIGINAL' : 'REPLY';
        return { holds: found === wanted, found };
      }),
    }),
  ],
};

export const state: MatchExtension = {
  name: 'state',
  needsConntrack: true,
  options: [stateOption('--state', ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'])],
};
