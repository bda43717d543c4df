/** `-m physdev`: the ports of a bridge that a packet crosses; for one that crosses none only negations hold. */
import { type MatchExtension, matchOption } from '../extension.ts';
import { notTold, type Situation, type Tested } from '../situation.ts';
import { interfaceName, nothing } from '../values.ts';

function testPort({ isLocal, ...devices }: Situation): Tested<null> {
  return isLocal || devices.in === 'lo' ? { holds: false, found: null } : notTold;
}

export const physdev: MatchExtension = {
  name: 'physdev',
  options: [
    ...['--physdev-in', '--physdev-out'].map((name) =>
      matchOption<string>({
        name,
        negatable: true,
        value: interfaceName,
        field: 'bridgePort',
        test: () => testPort,
        wanted: (port, family) => interfaceName.print(port, family),
      }),
    ),
    ...['--physdev-is-in', '--physdev-is-out', '--physdev-is-bridged'].map((name) =>
      matchOption<null>({
        name,
        negatable: true,
        value: nothing,
        field: 'bridgePort',
        test: () => testPort,
      }),
    ),
  ],
};
