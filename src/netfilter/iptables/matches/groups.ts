/** `-m owner` with all its options: whether there is a socket, and all groups of its process. */
import { type ConditionReason, type MatchExtension, matchOption, type Option } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { nothing, type ValueRange } from '../values.ts';
import { ownerIds } from './owner.ts';

/** With `--suppl-groups`, `--gid-owner` looks at all groups of the process. */
function testWithGroups(options: readonly Option[], { socket }: Situation): ConditionReason | null {
  const gid = options.find(({ name }) => name === '--gid-owner');
  if (gid === undefined || !options.some(({ name }) => name === '--suppl-groups')) return null;
  if (socket === null || socket === 'control socket' || options.length > 2) return null;
  const { negated } = gid;
  const wanted = gid.value as ValueRange;
  const [first, last] = wanted;
  const found = [socket.gid, ...(socket.groups ?? [])];
  const holds = found.some((group) => first <= group && group <= last) !== negated;
  return { code: holds ? 'holds' : 'fails', field: 'groups', found, wanted, negated };
}

export const owner: MatchExtension = {
  ...ownerIds,
  testFirst: testWithGroups,
  options: [
    matchOption<null>({
      name: '--socket-exists',
      negatable: true,
      value: nothing,
      field: 'socket',
      test:
        () =>
        ({ socket }) => ({ holds: socket !== null, found: socket !== null }),
    }),
    ...ownerIds.options,
    matchOption<null>({
      name: '--suppl-groups',
      negatable: false,
      value: nothing,
      field: 'supplementaryGroups',
      test: () => () => ({ holds: true, found: null }),
    }),
  ],
};
