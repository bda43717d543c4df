/** `-m physdev`: the ports of a bridge that a packet crosses; for one that crosses none only negations hold. */
import { type MatchExtension, matchOption } from '../extension.ts';
import type { Finding, Situation } from '../situation.ts';
import { interfaceName, nothing } from '../values.ts';

function findPort({ isLocal, ...devices }: Situation): Finding {
  return isLocal || devices.in === 'lo'
    ? { holds: false, found: 'none: the packet crosses no bridge' }
    : { holds: null, found: 'whether the packet crosses a bridge was not told' };
}

export const physdev: MatchExtension = {
  name: 'physdev',
  purpose: 'The ports of a bridge that the packet crosses.',
  options: [
    ...['--physdev-in', '--physdev-out'].map((name) =>
      matchOption<string>({
        name,
        negatable: true,
        value: interfaceName,
        subject: 'bridge port',
        find: (_, situation) => findPort(situation),
      }),
    ),
    ...['--physdev-is-in', '--physdev-is-out', '--physdev-is-bridged'].map((name) =>
      matchOption<null>({
        name,
        negatable: true,
        value: nothing,
        subject: 'bridge port',
        find: (_, situation) => findPort(situation),
        relation: () => 'there',
      }),
    ),
  ],
};
