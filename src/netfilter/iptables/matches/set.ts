/**
 * `-m set`: membership in an ipset, whose members the host tells (net/netfilter/xt_set.c). The parts of a member are
 * compared with the packet's in the order of the flags: `--match-set web dst,dst` asks for the destination's address
 * and port.
 */

import { isInSet } from '../../kernel/sets.ts';
import { type MatchExtension, matchOption, type Option, type ValueKind } from '../extension.ts';
import type { Finding, Situation } from '../situation.ts';
import { nothing, printPlain, verbatim } from '../values.ts';

export interface SetReference {
  readonly name: string;
  readonly flags: readonly ('src' | 'dst')[];
}

/** `web dst,dst` */
export const setReference: ValueKind<SetReference> = {
  expected: 'the name of a set, and up to six of src and dst',
  words: 2,
  read: ([name = '', list = '']) => {
    const flags = list.split(',');
    return flags.every((flag) => flag === 'src' || flag === 'dst') && flags.length <= 6
      ? { name, flags: flags as ('src' | 'dst')[] }
      : null;
  },
  print: ({ name, flags }) => `${printPlain(name)} ${flags.join(',')}`,
};

function findMember({ name, flags }: SetReference, situation: Situation, returnsNomatch = false): Finding {
  const holds = isInSet(name, flags, returnsNomatch, situation);
  if (holds === null) return { holds, found: `the members of the set ${name} were not told` };
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
  purpose: 'Whether the packet is a member of an ipset.',
  findFirst: (options: readonly Option[], situation) => {
    const asked = options.find(({ name }) => name === '--match-set');
    const isInverted = options.some(({ name }) => name === '--return-nomatch');
    const hasCounters = options.some(({ name }) => (counters as readonly string[]).includes(name));
    if (asked === undefined || (!isInverted && !hasCounters)) return null;
    const reference = asked.value as SetReference;
    const finding = findMember(reference, situation, isInverted);
    if (finding.holds === null) return finding;
    const { name, flags } = reference;
    const words = isInverted ? `a nomatch element of ${name}` : `in the set ${name}`;
    const found = `${finding.found} is ${finding.holds ? '' : 'not '}${words} by ${flags.join(',')}`;
    // of what is in the set its counters decide, before any negation
    if (hasCounters && finding.holds) return { holds: null, found: 'the counters of the set were not told' };
    return { holds: finding.holds !== asked.negated, found };
  },
  options: [
    matchOption<SetReference>({
      name: '--match-set',
      negatable: true,
      value: setReference,
      subject: 'address',
      find: (value, situation) => findMember(value, situation),
      relation: ({ name, flags }) => `in the set ${name} by ${flags.join(',')}`,
    }),
    ...['--return-nomatch', '--update-counters', '--update-subcounters'].map((name) =>
      matchOption<null>({
        name,
        negatable: true,
        value: nothing,
        subject: 'set',
        find: (_) => ({ holds: true, found: 'asked', isFinal: true }),
        relation: () => 'asked',
      }),
    ),
    ...counters.map((name) =>
      matchOption<string>({
        name,
        negatable: true,
        value: verbatim,
        subject: 'counters of the set',
        find: () => ({ holds: null, found: 'they were not told' }),
      }),
    ),
  ],
};
