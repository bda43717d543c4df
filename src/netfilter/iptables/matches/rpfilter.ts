/** `-m rpfilter`: whether the way back to the source leaves by the interface that the packet came in by (ipt_rpfilter.c). */

import { route } from '../../kernel/routing.ts';
import { type MatchExtension, matchOption, type Option } from '../extension.ts';
import type { Finding, Situation } from '../situation.ts';
import { nothing } from '../values.ts';

function findWayBack(options: readonly Option[], situation: Situation): Finding {
  const { host, family, packet, ...devices } = situation;
  const asks = (name: string) => options.some((option) => option.name === name);
  const isInverted = asks('--invert');
  if (devices.in === 'lo') return { holds: !isInverted, found: 'what comes in over lo is not questioned' };
  const back = route(host, {
    family,
    source: packet.destination,
    destination: packet.source,
    mark: asks('--validmark') ? (packet.mark ?? 0) : 0,
  });
  const isGood =
    back.kind === 'local'
      ? asks('--accept-local')
      : back.kind === 'unicast' && (asks('--loose') || back.dev === devices.in);
  const found =
    back.kind === 'local'
      ? `the source ${packet.source} is this host's own`
      : back.kind === 'unicast'
        ? `the way back to ${packet.source} is by ${back.dev}`
        : `there is no way back to ${packet.source}`;
  return { holds: isGood !== isInverted, found };
}

function flag(name: string) {
  return matchOption<null>({
    name,
    negatable: false,
    value: nothing,
    subject: 'way back',
    find: () => ({ holds: true, found: 'looked up' }),
    relation: () => 'looked up',
  });
}

export const rpfilter: MatchExtension = {
  name: 'rpfilter',
  purpose: 'Whether an answer to the packet would leave by the interface that it came in by.',
  hooks: ['PREROUTING'],
  findFirst: findWayBack,
  options: ['--loose', '--validmark', '--accept-local', '--invert'].map(flag),
};
