/** `-j SET`: the packet goes on as before, and what later rules find in the set changes (net/netfilter/xt_set.c). */

import { changeSet, isInSet } from '../../kernel/sets.ts';
import type { SetReference } from '../../model/rule-reason.ts';
import { optionValue, type TargetExtension } from '../extension.ts';
import { setReference } from '../matches/set.ts';
import { nothing, verbatim } from '../values.ts';
import { optionList } from './onlookers.ts';

export const SET: TargetExtension = {
  name: 'SET',
  options: optionList([
    ['--add-set', setReference],
    ['--del-set', setReference],
    ['--map-set', setReference],
    ['--exist', nothing],
    ['--timeout', verbatim],
    ['--map-mark', nothing],
    ['--map-prio', nothing],
    ['--map-queue', nothing],
  ]),
  act: (options, situation) => {
    let { sets } = situation.host;
    for (const [change, option] of [
      ['add', '--add-set'],
      ['delete', '--del-set'],
    ] as const) {
      const to = optionValue<SetReference>(options, option);
      const now = { ...situation, host: { ...situation.host, ...(sets === undefined ? {} : { sets }) } };
      if (to !== undefined) sets = changeSet(change, to.name, to.flags, now);
    }
    const map = optionValue<SetReference>(options, '--map-set');
    const isMapped = map !== undefined && isInSet(map.name, map.flags, false, situation) !== false;
    return {
      verdict: { kind: 'continue' },
      ...(sets === undefined ? {} : { sets }),
      ...(isMapped ? { unknown: { code: 'what the set keeps' } as const } : {}),
    };
  },
};
