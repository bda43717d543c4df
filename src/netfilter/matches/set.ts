/**
 * `-m set`: membership in an ipset, whose members the host tells (net/netfilter/xt_set.c).
 *
 * A member is written as `ipset list` prints it; its parts are compared with the packet's in the order of the
 * flags: `--match-set web dst,dst` asks for the destination's address and port.
 */
import { addressValue, prefixHolds, prefixLength, readPrefix } from '../address.ts';
import { type MatchExtension, matchOption, type Option, type ValueKind } from '../extension.ts';
import { protocolNumber } from '../protocol.ts';
import type { Finding, Situation } from '../situation.ts';
import { nothing, printPlain, readAddressRange, verbatim } from '../values.ts';

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

/** The length of the prefix that holds, null where a part is not the packet's. */
function partHolds(part: string, flag: 'src' | 'dst', situation: Situation): number | null {
  const { packet, family, ...devices } = situation;
  const side = flag === 'src' ? 'source' : 'destination';
  const port = /^(?:([a-z][a-z0-9-]*):)?(\d+)(?:-(\d+))?$/i.exec(part);
  if (port !== null) {
    const [, protocol, first, last] = port;
    const own = packet[`${side}Port`];
    const isOf = protocol === undefined || protocolNumber(protocol) === protocolNumber(packet.protocol);
    return isOf && own !== undefined && Number(first) <= own && own <= Number(last ?? first) ? 0 : null;
  }
  const range = part.includes('-') ? readAddressRange(part, family) : null;
  const value = addressValue(packet[side]);
  if (range !== null) return range[0] <= value && value <= range[1] ? 0 : null;
  const prefix = readPrefix(part);
  if (prefix !== null)
    return prefix.family === family && prefixHolds(prefix, value)
      ? (prefixLength(family, prefix.mask) ?? 0)
      : null;
  return part === (flag === 'src' ? devices.in : devices.out) ? 0 : null;
}

function isMember(members: readonly string[], flags: SetReference['flags'], situation: Situation): boolean {
  let best = -1;
  let isIn = false;
  for (const member of members) {
    const [key = '', ...words] = member.split(' ');
    const parts = key.split(',');
    let length = 0;
    const holds = flags.every((flag, at) => {
      const part = parts[at];
      const found = part === undefined ? null : partHolds(part, flag, situation);
      length += found ?? 0;
      return found !== null;
    });
    // the longest prefix decides, also where it is marked as no member
    if (holds && length > best) {
      best = length;
      isIn = !words.includes('nomatch');
    }
  }
  return isIn;
}

function findMember({ name, flags }: SetReference, situation: Situation): Finding {
  const members = situation.host.sets?.[name];
  if (members === undefined) return { holds: null, found: `the members of the set ${name} were not told` };
  const holds = isMember(members, flags, situation);
  const { packet } = situation;
  const found = flags.map((flag) => (flag === 'src' ? packet.source : packet.destination))[0] ?? '';
  return { holds, found };
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
    const plain = ['--match-set', '--update-counters', '--update-subcounters'];
    const rest = options.filter(({ name }) => !plain.includes(name));
    if (rest.length === 0) return null;
    const asked = options.find(({ name }) => name === '--match-set');
    const finding = asked === undefined ? null : findMember(asked.value as SetReference, situation);
    if (finding?.holds === false && asked?.negated === false && rest[0]?.name !== '--return-nomatch')
      return { holds: false, found: `${finding.found} is not in the set` };
    return { holds: null, found: 'the counters and flags of the set were not told' };
  },
  options: [
    matchOption<SetReference>({
      name: '--match-set',
      negatable: true,
      value: setReference,
      subject: 'the packet,',
      find: findMember,
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
