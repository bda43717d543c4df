/**
 * `-m owner`: the user and group of the socket that a packet left.
 *
 * A packet without a socket, and the kernel's own socket, have neither: there each plain condition fails and
 * each negated one holds (net/netfilter/xt_owner.c, owner_mt).
 */
import { intervalOption, type MatchExtension, matchOption, type Option } from '../extension.ts';
import type { Dimension, Finding, Situation } from '../situation.ts';
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

/** With `--suppl-groups`, `--gid-owner` looks at all groups of the process. */
function findWithGroups(options: readonly Option[], { socket }: Situation): Finding | null {
  const gid = options.find(({ name }) => name === '--gid-owner');
  if (gid === undefined || !options.some(({ name }) => name === '--suppl-groups')) return null;
  if (socket === null || socket === 'control socket' || options.length > 2) return null;
  const [first, last] = gid.value as Range;
  const groups = [socket.gid, ...(socket.groups ?? [])];
  const holds = groups.some((group) => first <= group && group <= last) !== gid.negated;
  return {
    holds,
    found: `the groups ${groups.join(', ')} are ${holds === gid.negated ? 'not ' : ''}among ${idRange.print([first, last], 'v4')}`,
  };
}

export const owner: MatchExtension = {
  name: 'owner',
  purpose: 'The user and group of the process that sent the packet.',
  hooks: ['OUTPUT', 'POSTROUTING'],
  findFirst: findWithGroups,
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
    matchOption<null>({
      name: '--suppl-groups',
      negatable: false,
      value: nothing,
      subject: 'groups',
      find: () => ({ holds: true, found: 'looked at' }),
      relation: () => 'looked at',
    }),
  ],
};
