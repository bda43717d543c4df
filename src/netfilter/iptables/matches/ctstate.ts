/**
 * `-m conntrack --ctstate`: the state of the connection that a packet belongs to (net/netfilter/xt_conntrack.c).
 *
 * A packet without an entry is INVALID or UNTRACKED; of such a one only the state is asked, and the other
 * conditions beside it are passed over.
 */
import { rewrites } from '../../kernel/nat.ts';
import type { ConditionState } from '../../model/rule-reason.ts';
import { type MatchExtension, type MatchOptionForm, matchOption } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { listOf } from '../values.ts';

const states = [
  'INVALID',
  'NEW',
  'RELATED',
  'ESTABLISHED',
  'UNTRACKED',
  'SNAT',
  'DNAT',
] as const satisfies readonly ConditionState[];

/** Before conntrack has looked at a packet it has no entry, which is the same as INVALID. */
function statesOf({ state, connection }: Situation): readonly ConditionState[] {
  return [
    state ?? 'INVALID',
    ...(connection !== null && rewrites(connection, 'source', 'original') ? (['SNAT'] as const) : []),
    ...(connection !== null && rewrites(connection, 'destination', 'original') ? (['DNAT'] as const) : []),
  ];
}

function testState(wanted: readonly ConditionState[], situation: Situation) {
  const found = statesOf(situation);
  return { holds: found.some((state) => wanted.includes(state)), found };
}

export function stateOption(name: string, words: readonly ConditionState[]): MatchOptionForm {
  return matchOption<readonly ConditionState[]>({
    name,
    negatable: true,
    value: listOf(words),
    field: 'connectionState',
    test: (wanted) => (situation) => testState(wanted, situation),
  });
}

/** With the one option that rules made by a program get by with. */
export const conntrackState: MatchExtension = {
  name: 'conntrack',
  needsConntrack: true,
  testFirst: (options, situation) => {
    const asked = options.find(({ name }) => name === '--ctstate');
    if (situation.connection !== null || asked === undefined) return null;
    const { negated } = asked;
    const wanted = asked.value as readonly ConditionState[];
    const { holds, found } = testState(wanted, situation);
    const code = holds !== negated ? 'holds' : 'fails';
    return { code, field: 'stateWithoutEntry', found, wanted, negated };
  },
  options: [stateOption('--ctstate', states)],
};
