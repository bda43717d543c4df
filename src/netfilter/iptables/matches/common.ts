/**
 * The match extensions that rules made by a program get by with, some without the options that only people write.
 * Who walks no rules but such can have these in the place of all: a rule with something else is then one that cannot
 * be read, and is told as one.
 */
import type { MatchExtension } from '../extension.ts';
import { connmark } from './connmark.ts';
import { conntrackState } from './ctstate.ts';
import { ip } from './ip.ts';
import { mark } from './mark.ts';
import { multiport } from './multiport.ts';
import { ownerIds } from './owner.ts';
import { tcpPorts } from './ports.ts';
import { socket } from './socket.ts';
import { udp } from './udp.ts';

export const matchExtensions: readonly MatchExtension[] = [
  ip,
  tcpPorts,
  udp,
  multiport,
  ownerIds,
  conntrackState,
  mark,
  connmark,
  socket,
];
