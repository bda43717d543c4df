/**
 * All first packets of a connection that a host can meet, as sets: the fields in which they differ, and one packet out
 * of a set.
 *
 * A first packet opens a connection: a SYN of TCP, a datagram, an echo request. What is not a field here is the same
 * for all of them (TTL, TOS), or follows from the way (interfaces, conntrack's state).
 */
import {
  addressValue,
  type Family,
  familyOf,
  type Host,
  hasPorts,
  type Packet,
  printAddress,
  protocolName,
  readPrefix,
  sourceAddress,
} from '../../netfilter/index.ts';
import { areOfOneKind, marksOfKinds, marksUsed } from './marks.ts';
import { type Box, type Intervals, none, ordered } from './packet-set.ts';

/** Where a packet comes from: a process of this host, or somebody behind an interface. */
export type Entrance =
  | {
      readonly kind: 'process';
      /** The host itself made it, as a tunnel does: no process stands behind it. */
      readonly isKernel?: true;
      /** Its socket may have addresses that are not the host's (IP_TRANSPARENT). */
      readonly isTransparent?: true;
      /** Its socket is bound to an interface (SO_BINDTODEVICE). */
      readonly boundTo?: string;
    }
  | {
      readonly kind: 'interface';
      readonly name: string;
      /** It may have a mark that a program of BPF or tc gave it. */
      readonly isMarked?: true;
    };

/** The fields by which first packets are told apart. */
export const fields = [
  'protocol',
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'uid',
  'gid',
  'mark',
] as const;
export type SpaceField = (typeof fields)[number];

export function isSpaceField(name: string): name is SpaceField {
  return (fields as readonly string[]).includes(name);
}

/** What an example is made of where the set leaves the choice, in the order of liking. */
export interface Liked {
  readonly sources?: readonly string[];
  readonly destinations?: readonly string[];
  readonly ports?: readonly number[];
  readonly uids?: readonly number[];
}

/** The last address of a family; the first is 0. */
export const lastAddress = { v4: 2n ** 32n - 1n, v6: 2n ** 128n - 1n } as const;
const mostId = 2n ** 32n - 2n;
const absent: Intervals = [[none, none]];
const anyPort: Intervals = [[0n, 65535n]];

export const withPorts: Intervals = numbers((number) => hasPorts(protocolName(number)));
/** Without `ip`, which is no protocol that a packet has. */
const withoutPorts: Intervals = numbers((number) => number > 0 && !hasPorts(protocolName(number)));

function numbers(isIn: (number: number) => boolean): Intervals {
  return ordered(
    Array.from({ length: 256 }, (_, number) => number)
      .filter(isIn)
      .map((number) => [BigInt(number), BigInt(number)] as const),
  );
}

/** Every first packet that enters there. A process may bind to any address of the host, and mark what it sends. */
export function everyPacket(
  host: Host,
  family: Family,
  entrance: Entrance,
  marks: Intervals = marksIn(host, family),
): readonly Box[] {
  const isProcess = entrance.kind === 'process';
  const ids: Intervals = isProcess && entrance.isKernel !== true ? [[0n, mostId]] : absent;
  const isOwn = isProcess && entrance.isTransparent !== true;
  const shared: readonly (readonly [SpaceField, Intervals])[] = [
    ['source', isOwn ? ownAddresses(host, family) : [[0n, lastAddress[family]]]],
    ['destination', [[0n, lastAddress[family]]]],
    ['uid', ids],
    ['gid', ids],
    ['mark', hasMark(entrance) ? marks : [[0n, 0n]]],
  ];
  return [
    new Map([
      ['protocol', withPorts],
      ...shared,
      ['sourcePort', anyPort],
      ['destinationPort', anyPort],
    ] as const),
    new Map([
      ['protocol', withoutPorts],
      ...shared,
      ['sourcePort', absent],
      ['destinationPort', absent],
    ] as const),
  ];
}

function hasMark(entrance: Entrance): boolean {
  return entrance.kind === 'process' || entrance.isMarked === true;
}

export function ownAddresses(host: Host, family: Family): Intervals {
  const loopback: Intervals =
    family === 'v4' ? [[addressValue('127.0.0.0'), addressValue('127.255.255.255')]] : [[1n, 1n]];
  const own = host.interfaces.flatMap(({ addresses }): Intervals => {
    return addresses.flatMap((text): Intervals => {
      const address = text.split('/')[0] as string;
      return familyOf(address) === family ? [[addressValue(address), addressValue(address)]] : [];
    });
  });
  return ordered([...loopback, ...own]);
}

const knownMarks = new WeakMap<Host, Map<Family, Intervals>>();

/** One mark of each kind: two that no rule and no routing rule tells apart are of one. All rules are looked at, once. */
function marksIn(host: Host, family: Family): Intervals {
  const ofHost = knownMarks.get(host) ?? new Map<Family, Intervals>();
  knownMarks.set(host, ofHost);
  const before = ofHost.get(family);
  if (before !== undefined) return before;
  const found = intervalsOf(marksOfKinds(marksUsed(host, family)).marks);
  ofHost.set(family, found);
  return found;
}

/** One mark of each kind that either host tells apart. */
export function marksOfBoth(a: Host, b: Host, family: Family): Intervals {
  const uses = [a, b].map((host) => marksUsed(host, family));
  return intervalsOf(
    marksOfKinds({
      asked: uses.flatMap(({ asked }) => asked),
      keeping: uses.flatMap(({ keeping }) => keeping),
    }).marks,
  );
}

/** Sets of the host's packets, in which each of its marks stands for one kind, with those of these marks that are of it. */
export function withMarks(
  host: Host,
  family: Family,
  marks: Intervals,
): (entrance: Entrance, box: Box) => Box {
  const use = marksUsed(host, family);
  const known = numbersIn(marksIn(host, family));
  // A mark of the host's own stands for its kind first.
  const kindOf = (mark: number) =>
    known.includes(mark) ? mark : known.find((one) => areOfOneKind(use, one, mark));
  const kinds = numbersIn(marks).map((mark) => ({ mark, kind: kindOf(mark) }));
  return (entrance, box) => {
    if (!hasMark(entrance)) return box;
    const own = numbersIn(box.get('mark') ?? []);
    const wider = kinds.filter(({ kind }) => kind !== undefined && own.includes(kind));
    return new Map(box).set('mark', intervalsOf(wider.map(({ mark }) => mark)));
  };
}

function intervalsOf(marks: readonly number[]): Intervals {
  return ordered(marks.map((mark) => [BigInt(mark), BigInt(mark)] as const));
}

function numbersIn(intervals: Intervals): readonly number[] {
  return intervals.flatMap(([first, last]) =>
    Array.from({ length: Number(last - first) + 1 }, (_, at) => Number(first) + at),
  );
}

const likedPorts = [8080, 80, 443];
const likedUids = [1000];
const likedDestinations = { v4: ['192.0.2.10', '127.0.0.1'], v6: ['2001:db8::10', '::1'] } as const;
const likedSources = { v4: ['198.51.100.7'], v6: ['2001:db8:1::7'] } as const;
const clientPort = 40000;

const usualSources = new WeakMap<Host, Map<string, string>>();

/** Most examples go to one of a few addresses. Empty where there is none. */
function usualSource(host: Host, destination: string): string {
  const ofHost = usualSources.get(host) ?? new Map<string, string>();
  usualSources.set(host, ofHost);
  const found = ofHost.get(destination) ?? sourceAddress(host, destination) ?? '';
  ofHost.set(destination, found);
  return found;
}

/** One packet of a set, as usual a one as the set has. */
export function packetOf(
  host: Host,
  family: Family,
  entrance: Entrance,
  box: Box,
  liked: Liked = {},
): Packet {
  const pick = (field: SpaceField, wanted: readonly (number | bigint)[]): bigint => {
    const intervals = box.get(field) ?? [];
    const found = wanted.find((value) => intervals.some(([first, last]) => first <= value && value <= last));
    return found === undefined ? (intervals[0]?.[0] ?? 0n) : BigInt(found);
  };
  const number = Number(pick('protocol', [6, 17, family === 'v4' ? 1 : 58]));
  const protocol = protocolName(number);
  const destination = printAddress(
    family,
    pick(
      'destination',
      [...(liked.destinations ?? []), ...likedDestinations[family]]
        .filter((one) => familyOf(one) === family)
        .map(addressValue),
    ),
  );
  const usual =
    entrance.kind === 'process'
      ? [usualSource(host, destination)]
      : [...(liked.sources ?? []), ...likedSources[family]];
  const source = pick(
    'source',
    usual.filter((one) => one !== '' && familyOf(one) === family).map(addressValue),
  );
  const mark = Number(pick('mark', [0]));
  const ids = [...(liked.uids ?? []), ...likedUids];
  return {
    protocol,
    source: printAddress(family, source),
    destination,
    ...(hasPorts(protocol)
      ? {
          sourcePort: Number(pick('sourcePort', [clientPort])),
          destinationPort: Number(pick('destinationPort', [...(liked.ports ?? []), ...likedPorts])),
        }
      : {}),
    ...(mark === 0 ? {} : { mark }),
    ...(entrance.kind === 'process' && entrance.boundTo !== undefined ? { boundTo: entrance.boundTo } : {}),
    from:
      entrance.kind === 'interface'
        ? { interface: entrance.name }
        : entrance.isKernel === true
          ? { kernel: 'no socket' }
          : { uid: Number(pick('uid', ids)), gid: Number(pick('gid', ids)) },
  };
}

/** The addresses at which something of the host's routing begins or ends: between two of them it decides alike. */
export function addressMarks(host: Host, family: Family): readonly bigint[] {
  const { interfaces, routes = [], rules = [] } = host;
  return marksOf(family, [
    ...interfaces.flatMap(({ addresses }) => addresses),
    ...routes.flatMap(({ destination, via, src }) => [destination, via, src]),
    ...rules.flatMap(({ from, to }) => [from, to]),
  ]);
}

/** Those at which the judgement of a source may change. Routes count where rp_filter asks for the way back. */
export function sourceMarks(host: Host, family: Family): readonly bigint[] {
  const { interfaces, routes = [], rules = [], sysctls = {} } = host;
  const asksBack = Object.entries(sysctls).some(([name, value]) => name.endsWith('.rp_filter') && value > 0);
  return marksOf(family, [
    ...interfaces.flatMap(({ addresses }) => addresses),
    ...routes.flatMap(({ type, destination }) => (asksBack || type === 'local' ? [destination] : [])),
    ...rules.map(({ from }) => from),
  ]);
}

export function marksOf(family: Family, texts: readonly (string | undefined)[]): readonly bigint[] {
  const marks = new Set<bigint>([0n]);
  for (const text of [...texts.flatMap((one) => [one, one?.split('/')[0]]), ...special[family]]) {
    const prefix = text === undefined || text === 'all' || text === 'default' ? null : readPrefix(text);
    if (prefix?.family !== family) continue;
    const last = prefix.address | (lastAddress[family] ^ prefix.mask);
    for (const value of [prefix.address, prefix.address + 1n, last, last + 1n])
      if (value <= lastAddress[family]) marks.add(value);
  }
  return [...marks].sort((a, b) => (a < b ? -1 : 1));
}

/** What Linux treats in its own way. */
const special = {
  v4: ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '255.255.255.255/32'],
  v6: ['::/128', '::1/128', '::ffff:0:0/96', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
} as const;
