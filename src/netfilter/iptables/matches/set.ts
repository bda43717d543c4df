/**
 * `-m set`: membership in an ipset, whose members the host tells (net/netfilter/xt_set.c). The parts of a member are
 * compared with the packet's in the order of the flags: `--match-set web dst,dst` asks for the destination's address
 * and port.
 */

import { isInSet } from '../../kernel/sets.ts';
import type { SetReference } from '../../model/rule-reason.ts';
import { type MatchExtension, matchOption, type Option, type ValueKind } from '../extension.ts';
import { notTold, type Situation, type Tested } from '../situation.ts';
import { nothing, printPlain, verbatim } from '../values.ts';

/** `web dst,dst` */
export const setReference: ValueKind<SetReference> = {
  name: 'set',
  words: 2,
  read: ([name = '', list = '']) => {
    const flags = list.split(',');
    return flags.every((flag) => flag === 'src' || flag === 'dst') && flags.length <= 6
      ? { name, flags: flags as ('src' | 'dst')[] }
      : null;
  },
  print: ({ name, flags }) => `${printPlain(name)} ${flags.join(',')}`,
};

function testMember(
  { name, flags }: SetReference,
  situation: Situation,
  returnsNomatch = false,
): Tested<string> {
  const holds = isInSet(name, flags, returnsNomatch, situation);
  if (holds === null) return notTold;
  const { packet } = situation;
  return { holds, found: flags[0] === 'src' ? packet.source : packet.destination };
}

const counters = [
  '--packets-eq',
  '--packets-lt',
  '--packets-gt',
  '--bytes-eq',
  '--bytes-lt',
  '--bytes-gt',
] as const;

export const set: MatchExtension = {
  name: 'set',
  testFirst: (options: readonly Option[], situation) => {
    const asked = options.find(({ name }) => name === '--match-set');
    const isInverted = options.some(({ name }) => name === '--return-nomatch');
    const hasCounters = options.some(({ name }) => (counters as readonly string[]).includes(name));
    if (asked === undefined || (!isInverted && !hasCounters)) return null;
    const { negated } = asked;
    const wanted = asked.value as SetReference;
    const { holds, found } = testMember(wanted, situation, isInverted);
    if (holds === null) return { code: 'not told', field: 'memberOfSet', found: null, wanted, negated };
    // of what is in the set its counters decide, before any negation
    if (hasCounters && holds)
      return { code: 'not told', field: 'countersOfSet', found: null, wanted: null, negated };
    const code = holds !== negated ? 'holds' : 'fails';
    return { code, field: isInverted ? 'nomatchElement' : 'memberOfSet', found, wanted, negated };
  },
  options: [
    matchOption<SetReference>({
      name: '--match-set',
      negatable: true,
      value: setReference,
      field: 'setMember',
      test: (value) => (situation) => testMember(value, situation),
    }),
    ...['--return-nomatch', '--update-counters', '--update-subcounters'].map((name) =>
      matchOption<null>({
        name,
        negatable: true,
        value: nothing,
        field: 'setFlag',
        test: () => () => ({ holds: true, found: null, isFinal: true }),
      }),
    ),
    ...counters.map((name) =>
      matchOption<string>({
        name,
        negatable: true,
        value: verbatim,
        field: 'setCounters',
        test: () => () => notTold,
      }),
    ),
  ],
};
