/**
 * `-m owner`: the user and group of the socket that a packet left.
 *
 * A packet without a socket, and the kernel's own socket, have neither: there each plain condition fails and
 * each negated one holds (net/netfilter/xt_owner.c, owner_mt).
 */
import { intervalOption, type MatchExtension } from '../extension.ts';
import type { Dimension } from '../situation.ts';
import { idRange, type ValueRange } from '../values.ts';
import { rangeInterval } from './ports.ts';

type Id = 'uid' | 'gid';

function ownerDimension(field: Id): Dimension<Id> {
  return {
    field,
    of: ({ socket }) => (socket === null || socket === 'control socket' ? null : socket[field]),
  };
}

function ownerOption(name: string, field: Id) {
  return intervalOption<ValueRange, Id>({
    name,
    negatable: true,
    value: idRange,
    dimension: ownerDimension(field),
    intervals: (range) => [rangeInterval(range)],
  });
}

/** With the two options that rules made by a program get by with. */
export const ownerIds: MatchExtension = {
  name: 'owner',
  hooks: ['OUTPUT', 'POSTROUTING'],
  options: [ownerOption('--uid-owner', 'uid'), ownerOption('--gid-owner', 'gid')],
};
