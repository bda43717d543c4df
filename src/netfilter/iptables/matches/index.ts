/** Every match extension that the engine knows. To add one: a file, and a line here. */
import type { MatchExtension } from '../extension.ts';
import { addrtype } from './addrtype.ts';
import { comment } from './comment.ts';
import { connmark } from './connmark.ts';
import { conntrack, state } from './conntrack.ts';
import { dccp } from './dccp.ts';
import { owner } from './groups.ts';
import { icmp, icmp6 } from './icmp.ts';
import { ip } from './ip.ts';
import { iprange } from './iprange.ts';
import { length } from './length.ts';
import { mac } from './mac.ts';
import { mark } from './mark.ts';
import { multiport } from './multiport.ts';
import { physdev } from './physdev.ts';
import { pkttype } from './pkttype.ts';
import * as questions from './questions.ts';
import { rpfilter } from './rpfilter.ts';
import { sctp } from './sctp.ts';
import { set } from './set.ts';
import { socket } from './socket.ts';
import { tcp } from './tcp.ts';
import { tcpmss } from './tcpmss.ts';
import { dscp, ecn, tos } from './tos.ts';
import { hl, ttl } from './ttl.ts';
import { udp } from './udp.ts';

export const matchExtensions: readonly MatchExtension[] = [
  ip,
  tcp,
  udp,
  sctp,
  dccp,
  icmp,
  icmp6,
  multiport,
  owner,
  conntrack,
  state,
  mark,
  connmark,
  addrtype,
  comment,
  iprange,
  length,
  ttl,
  hl,
  tcpmss,
  tos,
  dscp,
  ecn,
  mac,
  pkttype,
  socket,
  rpfilter,
  physdev,
  set,
  ...Object.values(questions),
];
