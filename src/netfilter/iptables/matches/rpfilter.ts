/** `-m rpfilter`: whether the way back to the source leaves by the interface that the packet came in by (ipt_rpfilter.c). */

import { route } from '../../kernel/routing.ts';
import type { WayBack } from '../../model/rule-reason.ts';
import { type ConditionReason, type MatchExtension, matchOption, type Option } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { nothing } from '../values.ts';

function testWayBack(options: readonly Option[], situation: Situation): ConditionReason {
  const { host, family, packet, ...devices } = situation;
  const asks = (name: string) => options.some((option) => option.name === name);
  const negated = asks('--invert');
  const answer = (isGood: boolean, found: WayBack | null): ConditionReason => ({
    code: isGood !== negated ? 'holds' : 'fails',
    field: 'wayBack',
    found,
    wanted: null,
    negated,
  });
  const { source } = packet;
  if (devices.in === 'lo' || devices.isReturning) return answer(true, null);
  const back = route(host, {
    family,
    source: packet.destination,
    destination: source,
    mark: asks('--validmark') ? (packet.mark ?? 0) : 0,
  });
  switch (back.kind) {
    case 'local':
      return answer(asks('--accept-local'), { kind: 'own address', source });
    case 'unicast':
      return answer(asks('--loose') || back.dev === devices.in, {
        kind: 'interface',
        source,
        interface: back.dev,
      });
    case 'unreachable':
      return answer(false, { kind: 'none', source });
  }
}

function flag(name: string) {
  return matchOption<null>({
    name,
    negatable: false,
    value: nothing,
    field: 'wayBackFlag',
    test: () => () => ({ holds: true, found: null }),
  });
}

export const rpfilter: MatchExtension = {
  name: 'rpfilter',
  hooks: ['PREROUTING'],
  testFirst: testWayBack,
  options: ['--loose', '--validmark', '--accept-local', '--invert'].map(flag),
};
