/**
 * `-m conntrack` and `-m state`: what conntrack knows of a packet (net/netfilter/xt_conntrack.c).
 *
 * A packet without an entry is INVALID or UNTRACKED; of such a one only the state is asked, and the other
 * conditions beside it are passed over.
 */

import { rewrites } from '../../kernel/nat.ts';
import { addressValue, type Prefix, prefixHolds } from '../../model/address.ts';
import type { Connection, Tuple } from '../../model/packet.ts';
import { protocolName, protocolNumber } from '../../model/protocol.ts';
import {
  type MatchExtension,
  type MatchOptionForm,
  matchOption,
  optionValue,
  type ValueKind,
} from '../extension.ts';
import type { Finding, Situation } from '../situation.ts';
import { listOf, numberRange, oneOf, oneWord, portRange, prefix, type Range } from '../values.ts';

const states = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'] as const;
type State = (typeof states)[number];

const statuses = ['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED'] as const;
type Status = (typeof statuses)[number];

/** Before conntrack has looked at a packet it has no entry, which is the same as INVALID. */
function statesOf({ state, connection }: Situation): readonly State[] {
  return [
    state ?? 'INVALID',
    ...(connection !== null && rewrites(connection, 'source', 'original') ? (['SNAT'] as const) : []),
    ...(connection !== null && rewrites(connection, 'destination', 'original') ? (['DNAT'] as const) : []),
  ];
}

function findState(wanted: readonly State[], situation: Situation): Finding {
  const own = statesOf(situation);
  return { holds: own.some((state) => wanted.includes(state)), found: own.join(' and ') };
}

function stateOption(name: string, words: readonly State[]): MatchOptionForm {
  return matchOption<readonly State[]>({
    name,
    negatable: true,
    value: listOf(words),
    subject: 'connection state',
    find: findState,
    relation: (list) => list.join(' or '),
  });
}

/** The entry is there: without one findFirst has already answered. */
function ofConnection<V>(
  form: Omit<MatchOptionForm<V>, 'find' | 'negatable'> & {
    readonly negatable?: boolean;
    readonly look: (value: V, connection: Connection, situation: Situation) => Finding;
  },
): MatchOptionForm {
  const { look, ...rest } = form;
  return matchOption<V>({
    negatable: true,
    ...rest,
    find: (value, situation) =>
      situation.connection === null
        ? { holds: false, found: 'none', isFinal: true }
        : look(value, situation.connection, situation),
  });
}

/** A single address is printed without its length. */
const addressOrPrefix: ValueKind<Prefix> = {
  ...prefix,
  print: (value, family) => prefix.print(value, family).replace(family === 'v4' ? /\/32$/ : /\/128$/, ''),
};

function addressOption(
  name: string,
  side: 'original' | 'reply',
  end: 'source' | 'destination',
): MatchOptionForm {
  return ofConnection<Prefix>({
    name,
    value: addressOrPrefix,
    subject: `${side} ${end}`,
    look: (value, connection) => ({
      holds: prefixHolds(value, addressValue(connection[side][end])),
      found: connection[side][end],
    }),
    relation: (value, family) => {
      const text = addressOrPrefix.print(value, family);
      return text.includes('/') ? `in ${text}` : text;
    },
  });
}

/** Of ICMP, conntrack keeps id, type and code where others have ports. */
function portOf({ icmp, ...tuple }: Tuple, end: 'source' | 'destination'): number {
  if (icmp !== undefined) return end === 'source' ? icmp.id : icmp.type * 256 + icmp.code;
  return tuple[`${end}Port`] ?? 0;
}

function portOption(
  name: string,
  side: 'original' | 'reply',
  end: 'source' | 'destination',
): MatchOptionForm {
  return ofConnection<Range>({
    name,
    value: portRange,
    subject: `${side} ${end} port`,
    look: ([first, last], connection) => {
      const port = portOf(connection[side], end);
      return { holds: first <= port && port <= last, found: String(port) };
    },
  });
}

const protocolAsNumber: ValueKind<number> = oneWord<number>(
  'a protocol such as tcp or 6',
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
  name: 'conntrack',
  purpose: 'The state of the connection that the packet belongs to, its addresses and its ports.',
  needsConntrack: true,
  findFirst: (options, situation) => {
    if (situation.connection !== null) return null;
    const asked = options.find(({ name }) => name === '--ctstate');
    if (asked === undefined) return { holds: false, found: 'the packet belongs to no connection' };
    const wanted = optionValue<readonly State[]>(options, '--ctstate') ?? [];
    const { holds, found } = findState(wanted, situation);
    return {
      holds: holds !== asked.negated,
      found: `connection state ${found} is ${holds ? '' : 'not '}${wanted.join(' or ')}`,
    };
  },
  options: [
    stateOption('--ctstate', states),
    ofConnection<number>({
      name: '--ctproto',
      value: protocolAsNumber,
      subject: 'protocol of the connection',
      look: (number, { original }) => ({
        holds: protocolNumber(original.protocol) === number,
        found: original.protocol,
      }),
      relation: (number) => protocolName(number),
    }),
    addressOption('--ctorigsrc', 'original', 'source'),
    addressOption('--ctorigdst', 'original', 'destination'),
    addressOption('--ctreplsrc', 'reply', 'source'),
    addressOption('--ctrepldst', 'reply', 'destination'),
    portOption('--ctorigsrcport', 'original', 'source'),
    portOption('--ctorigdstport', 'original', 'destination'),
    portOption('--ctreplsrcport', 'reply', 'source'),
    portOption('--ctrepldstport', 'reply', 'destination'),
    ofConnection<readonly Status[]>({
      name: '--ctstatus',
      value: listOf(statuses),
      subject: 'connection status',
      look: (wanted, connection, { isConfirmed }) => {
        const own = statusesOf(connection, isConfirmed);
        const found = own.length === 0 ? 'NONE' : own.join(' and ');
        // NONE has no bit of its own: it holds for no connection.
        const holds = own.some((status) => wanted.includes(status));
        const isOpen =
          !holds && wanted.includes('ASSURED') && connection.assured === undefined && connection.seenReply;
        return isOpen
          ? { holds: null, found: 'whether conntrack holds the connection for ASSURED was not told' }
          : { holds, found };
      },
      relation: (list) => list.join(' or '),
    }),
    ofConnection<Range>({
      name: '--ctexpire',
      value: numberRange(0xffffffff),
      subject: 'time to live of the connection',
      look: () => ({ holds: null, found: 'it depends on the clock' }),
    }),
    ofConnection<'ORIGINAL' | 'REPLY'>({
      name: '--ctdir',
      negatable: false,
      value: oneOf(['ORIGINAL', 'REPLY']),
      subject: 'direction',
      look: (wanted, _, { direction }) => ({
        holds: (direction === 'original') === (wanted === 'ORIGINAL'),
        found: direction === 'original' ? 'ORIGINAL' : 'REPLY',
      }),
    }),
  ],
};

export const state: MatchExtension = {
  name: 'state',
  purpose: 'The state of the connection that the packet belongs to.',
  needsConntrack: true,
  options: [stateOption('--state', ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'])],
};
