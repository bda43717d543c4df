/**
 * The match extensions that rules made by a program get by with. Who walks no rules but such can have these in the
 * place of all: a rule with another extension is then one that cannot be read, and is told as one.
 */
import type { MatchExtension } from '../extension.ts';
import { connmark } from './connmark.ts';
import { conntrack } from './conntrack.ts';
import { ip } from './ip.ts';
import { mark } from './mark.ts';
import { multiport } from './multiport.ts';
import { owner } from './owner.ts';
import { socket } from './socket.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';

export const matchExtensions: readonly MatchExtension[] = [
  ip,
  tcp,
  udp,
  multiport,
  owner,
  conntrack,
  mark,
  connmark,
  socket,
];
