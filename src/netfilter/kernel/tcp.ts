/**
 * How conntrack follows a TCP connection (nf_conntrack_proto_tcp.c). Each segment is taken to be in its window: a
 * packet of the engine has no sequence numbers.
 */
import type { Connection, Packet, TcpFlag, TcpState } from '../model/packet.ts';

type Direction = 'original' | 'reply';
type Segment = 'syn' | 'synack' | 'fin' | 'ack' | 'rst';

/** In the order of enum tcp_conntrack, behind the first, which no entry is in. */
export const tcpStates: readonly TcpState[] = [
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
];
const states: readonly (TcpState | 'NONE')[] = ['NONE', ...tcpStates];

/** tcp_conntracks: by the state before, in the order above, the state after; `-` is INVALID, `=` is let pass. */
const moves: Readonly<Record<Direction, Readonly<Record<Segment, string>>>> = {
  original: {
    syn: '11=====119',
    synack: '--2------2',
    fin: '--4466678-',
    ack: '3-3355778-',
    rst: '-888888888',
  },
  reply: {
    syn: '-9-----1-9',
    synack: '-2=======2',
    fin: '--4466678-',
    ack: '-=2355778=',
    rst: '-888888888',
  },
};

/** A TCP packet without flags is a SYN. */
export function flagsOf(packet: Packet): readonly TcpFlag[] {
  return packet.flags ?? ['SYN'];
}

/** tcp_valid_flags and get_conntrack_index; null for flags that no connection has. */
function segmentOf(packet: Packet): Segment | null {
  const flags = flagsOf(packet).filter((flag) => flag !== 'PSH');
  const kind = flags.filter((flag) => flag !== 'URG').sort();
  switch (kind.join()) {
    case 'SYN':
      return 'syn';
    case 'ACK,SYN':
      return flags.includes('URG') ? null : 'synack';
    case 'ACK,FIN':
      return 'fin';
    case 'ACK':
      return 'ack';
    case 'RST':
    case 'ACK,RST':
      return flags.includes('URG') ? null : 'rst';
    default:
      return null;
  }
}

/** What a segment makes of its connection. `reopens`: the entry is forgotten, and the segment looked up afresh. */
export type Advance =
  | { readonly kind: 'advances'; readonly connection: Connection; readonly isForgotten: boolean }
  | { readonly kind: 'INVALID' }
  | { readonly kind: 'reopens' };

/** Where a first segment opens a connection, or null: a SYN does, and an ACK is picked up (nf_conntrack_tcp_loose). */
export function openedBy(packet: Packet): NonNullable<Connection['tcp']> | null {
  const segment = segmentOf(packet);
  const move = segment === null ? '-' : moves.original[segment][0];
  return segment === null || move === '-'
    ? null
    : { state: states[Number(move)] as TcpState, last: `original ${segment}` };
}

/** nf_conntrack_tcp_packet for an entry that is known. */
export function advance(connection: Connection, direction: Direction, packet: Packet): Advance {
  const segment = segmentOf(packet);
  const { seenReply, tcp = { state: seenReply ? 'ESTABLISHED' : 'SYN_SENT' } } = connection;
  const { state, last } = tcp;
  const other = direction === 'original' ? 'reply' : 'original';
  const move = segment === null ? '-' : moves[direction][segment][states.indexOf(state)];
  if (segment === null || move === '-') return { kind: 'INVALID' };
  const moved = states[Number(move)] as TcpState | undefined;
  const answersSyn = last === `${other} syn`;
  const isFromEnd = state === 'TIME_WAIT' || state === 'CLOSE';
  const reopens = moved === 'SYN_SENT' && isFromEnd;
  if (reopens && (tcp.isClosing === true || last === `${direction} rst`)) return { kind: 'reopens' };
  // a SYN-ACK to a SYN that was let pass brings the entry up to date again
  const resumes = moved === undefined && segment === 'synack' && answersSyn;
  const challenges = moved === 'TIME_WAIT' && state === 'LAST_ACK' && segment === 'ack' && answersSyn;
  const isMutual = moved === 'SYN_SENT2' || tcp.isMutual === true;
  const agrees = moved === 'SYN_RECV' && direction === 'reply' && segment === 'ack' && isMutual;
  const next = agrees
    ? 'ESTABLISHED'
    : resumes
      ? 'SYN_RECV'
      : moved === undefined || reopens || challenges
        ? state
        : moved;
  const closes = next === 'FIN_WAIT' && state !== 'FIN_WAIT';
  const isPassed = (moved === undefined && !resumes) || reopens;
  const assures = seenReply && next === 'ESTABLISHED' && (state === 'SYN_RECV' || state === 'ESTABLISHED');
  return {
    kind: 'advances',
    connection: {
      ...connection,
      seenReply: seenReply || direction === 'reply',
      ...(assures && !isPassed && connection.assured === false ? { assured: true } : {}),
      tcp: {
        state: next,
        ...(closes || tcp.isClosing === true ? { isClosing: true } : {}),
        ...(isMutual ? { isMutual } : {}),
        ...(challenges ? {} : { last: `${direction} ${segment}` }),
      },
    },
    isForgotten: segment === 'rst' && !seenReply,
  };
}
