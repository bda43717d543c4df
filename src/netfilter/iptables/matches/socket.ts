/**
 * `-m socket`: whether a socket of this host would take the packet (net/netfilter/xt_socket.c).
 *
 * Sockets that listen on every address do not count without `--nowildcard`; with `--transparent` only those
 * with IP_TRANSPARENT do.
 */

import { socketFor } from '../../kernel/sockets.ts';
import { printEndpoint } from '../../model/address.ts';
import { type MatchExtension, matchOption, type Option } from '../extension.ts';
import type { Finding, Situation } from '../situation.ts';
import { nothing } from '../values.ts';

function findSocket(options: readonly Option[], situation: Situation): Finding {
  const { host, packet, connection, direction } = situation;
  const asks = (name: string) => options.some((option) => option.name === name);
  if (host.sockets === undefined) return { holds: null, found: 'the sockets of this host were not told' };
  // nf_sk_lookup_slow_v4: the answer to a translated source belongs to the socket behind it.
  const isAnswer = connection !== null && direction === 'reply' && situation.state === 'ESTABLISHED';
  const looked = isAnswer
    ? {
        ...packet,
        destination: connection.original.source,
        ...(connection.original.sourcePort === undefined
          ? {}
          : { destinationPort: connection.original.sourcePort }),
      }
    : packet;
  const socket = situation.assigned ?? socketFor(host.sockets, looked);
  if (socket === null) return { holds: false, found: 'no socket would take the packet' };
  const name = `the socket on ${printEndpoint(socket.address, socket.port)}`;
  if (!asks('--nowildcard') && (socket.address === '0.0.0.0' || socket.address === '::'))
    return { holds: false, found: `${name} listens on every address` };
  if (asks('--transparent') && socket.transparent !== true)
    return { holds: false, found: `${name} is not transparent` };
  if (asks('--restore-skmark')) return { holds: null, found: `the mark of ${name} was not told` };
  return { holds: true, found: `${name} would take the packet` };
}

function flag(name: string) {
  return matchOption<null>({
    name,
    negatable: false,
    value: nothing,
    subject: 'socket',
    find: () => ({ holds: true, found: 'looked up' }),
    relation: () => 'looked up',
  });
}

export const socket: MatchExtension = {
  name: 'socket',
  purpose: 'Whether a socket of this host would take the packet.',
  hooks: ['PREROUTING', 'INPUT'],
  findFirst: findSocket,
  options: [flag('--transparent'), flag('--nowildcard'), flag('--restore-skmark')],
};
