/**
 * `-m socket`: whether a socket of this host would take the packet (net/netfilter/xt_socket.c).
 *
 * Sockets that listen on every address do not count without `--nowildcard`; with `--transparent` only those
 * with IP_TRANSPARENT do.
 */

import { socketFor } from '../../kernel/sockets.ts';
import type { Socket } from '../../model/host.ts';
import type { TakingSocket } from '../../model/rule-reason.ts';
import { type ConditionReason, type MatchExtension, matchOption, type Option } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { nothing } from '../values.ts';

/** The socket that would take the packet; null for none. Only where the host's sockets were told. */
export function takingSocket(situation: Situation): Socket | null {
  const { host, packet, connection, direction } = situation;
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
  return situation.assigned ?? socketFor(host.sockets ?? [], looked);
}

function testSocket(options: readonly Option[], situation: Situation): ConditionReason {
  const asks = (name: string) => options.some((option) => option.name === name);
  const answer = (code: ConditionReason['code'], found: TakingSocket | null): ConditionReason => ({
    code,
    field: 'takingSocket',
    found,
    wanted: null,
    negated: false,
  });
  if (situation.host.sockets === undefined) return answer('not told', null);
  const socket = takingSocket(situation);
  if (socket === null) return answer('fails', null);
  const { address, port } = socket;
  if (!asks('--nowildcard') && (address === '0.0.0.0' || address === '::'))
    return answer('fails', { address, port, is: 'on every address' });
  if (asks('--transparent') && socket.transparent !== true)
    return answer('fails', { address, port, is: 'not transparent' });
  if (asks('--restore-skmark'))
    return answer('not told', { address, port, is: 'of a mark that was not told' });
  return answer('holds', { address, port, is: 'usable' });
}

function flag(name: string) {
  return matchOption<null>({
    name,
    negatable: false,
    value: nothing,
    field: 'socketFlag',
    test: () => () => ({ holds: true, found: null }),
  });
}

export const socket: MatchExtension = {
  name: 'socket',
  hooks: ['PREROUTING', 'INPUT'],
  testFirst: testSocket,
  options: [flag('--transparent'), flag('--nowildcard'), flag('--restore-skmark')],
};
