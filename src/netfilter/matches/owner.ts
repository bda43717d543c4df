/**
 * `-m owner`: the user and group of the socket that a packet left.
 *
 * A packet without a socket, and the kernel's own socket, have neither: there each plain condition fails and
 * each negated one holds (net/netfilter/xt_owner.c, owner_mt).
 */
import { intervalOption, type MatchExtension, matchOption } from '../extension.ts';
import type { Dimension, Situation } from '../situation.ts';
import { idRange, nothing, type Range } from '../values.ts';
import { rangeInterval } from './ports.ts';

function ownerDimension(field: 'uid' | 'gid'): Dimension {
  return {
    name: field,
    of: ({ socket }: Situation) => (socket === null || socket === 'control socket' ? null : socket[field]),
    print: String,
    absent: 'none, because no process owns the packet',
  };
}

function ownerOption(name: string, field: 'uid' | 'gid') {
  return intervalOption<Range>({
    name,
    negatable: true,
    value: idRange,
    dimension: ownerDimension(field),
    intervals: (range) => [rangeInterval(range)],
  });
}

export const owner: MatchExtension = {
  name: 'owner',
  purpose: 'The user and group of the process that sent the packet.',
  options: [
    matchOption<null>({
      name: '--socket-exists',
      negatable: true,
      value: nothing,
      subject: 'socket',
      find: (_, { socket }) => ({ holds: socket !== null, found: socket === null ? 'absent' : 'present' }),
      relation: () => 'present',
    }),
    ownerOption('--uid-owner', 'uid'),
    ownerOption('--gid-owner', 'gid'),
  ],
};
