/** Packets that end otherwise, in fewer cases: told by who gets them, and not by every port that they may ask for. */
import {
  type Family,
  groupAddresses,
  type Host,
  type Packet,
  protocolNumber,
  type Traversal,
} from '../../netfilter/index.ts';
import { packetSets } from './conditions.ts';
import type { DifferentPackets } from './difference.ts';
import { type Box, complement, type Intervals, intersect, meet, ordered } from './packet-set.ts';
import type { Packets } from './questions.ts';
import { type Liked, lastAddress } from './space.ts';

/** What becomes of packets, whichever port each of them asks for. */
export type RoughEnd =
  /** One listener gets them all. */
  | {
      readonly kind: 'taken';
      readonly process: string;
      readonly port: number;
      /** Where each was sent to is not rewritten. */
      readonly isKept: boolean;
      readonly from: RoughSource;
    }
  | AsAsked
  /** They are led to a port where nobody listens. */
  | { readonly kind: 'led to nobody'; readonly port: number }
  /** `to`: set where that is not what they ask for. */
  | {
      readonly kind: 'leaves';
      readonly interface: string;
      readonly to: string | null;
      readonly from: RoughSource;
    }
  | { readonly kind: 'dropped' | 'rejected' | 'cannot tell' };

/** The source that they have at the end; null where that is not what tells two sides apart. */
type RoughSource = 'unchanged' | { readonly address: string } | null;

/** They come to where they were sent: to these processes, to nobody, or to no address that is taken there. */
interface AsAsked {
  readonly kind: 'as asked';
  readonly processes: readonly string[];
  readonly isRefused: boolean;
  /** The kernel drops some, and no rule does. */
  readonly isDropped: boolean;
}

type Ends = readonly [a: RoughEnd, b: RoughEnd];

/** Packets of one entrance that end alike on each of two sides, and otherwise on the other. */
export interface PacketsEnding {
  readonly family: Family;
  readonly packets: Packets;
  /** The same as boxes, none of which share a packet. */
  readonly boxes: readonly Box[];
  readonly ends: Ends;
}

/** Of the same cases those packets that no process has marked. */
export function unmarked(cases: readonly DifferentPackets[]): readonly DifferentPackets[] {
  const marks = [[0n, 0n]] as const;
  return cases.flatMap((one) => {
    const boxes = one.boxes.flatMap((box) => meet(box, new Map([['mark', marks]])) ?? []);
    return boxes.length === 0 ? [] : [{ ...one, boxes, marks }];
  });
}

/**
 * Of the cases of `packetsThatDiffer` by ends, which are of this host and another one. Of the examples of several cases
 * the one that is liked most stays.
 */
export function byRoughEnds(
  host: Host,
  cases: readonly DifferentPackets[],
  { destinations = [] }: Liked = {},
): readonly PacketsEnding[] {
  const rank = ({ packets: { example } }: DifferentPackets) => {
    const at = destinations.indexOf(example.destination);
    return at === -1 ? destinations.length : at;
  };
  const told = cases.map((one) => waysToTell(one));
  const amounts = new Map<string, number>();
  for (const { key } of told.flat()) amounts.set(key, (amounts.get(key) ?? 0) + 1);
  const groups = new Map<string, { readonly one: DifferentPackets; readonly ends: Ends }[]>();
  for (const [at, one] of cases.entries()) {
    // As most others are told.
    const { key, ends } = (told[at] as Told[]).reduce((best, other) =>
      (amounts.get(other.key) ?? 0) > (amounts.get(best.key) ?? 0) ? other : best,
    );
    groups.set(key, [...(groups.get(key) ?? []), { one, ends }]);
  }
  return [...groups.values()].flatMap((same) =>
    groupOf(
      host,
      same.toSorted(({ one }, { one: other }) => rank(one) - rank(other)),
    ),
  );
}

function groupOf(
  host: Host,
  same: readonly { readonly one: DifferentPackets; readonly ends: Ends }[],
): readonly PacketsEnding[] {
  const [{ one: first }] = same as readonly [{ readonly one: DifferentPackets; readonly ends: Ends }];
  const { family, packets, marks } = first;
  const boxes = same.flatMap(({ one }) => one.boxes);
  const told = boxes.flatMap((box) => toldAboutGroups(family, box) ?? []);
  if (told.length === 0) return [];
  return [
    {
      family,
      packets: { ...packets, sets: packetSets(host, family, packets.entrance, told, marks) },
      boxes,
      ends: [together(same.map(({ ends }) => ends[0])), together(same.map(({ ends }) => ends[1]))],
    },
  ];
}

/**
 * No connection of TCP is opened to a group (tcp_v4_conn_request, tcp_v6_conn_request): of most addresses they are told
 * with the others, so that fewer exceptions are named, and of few not at all. Null where there are no others.
 */
function toldAboutGroups(family: Family, box: Box): Box | null {
  const destinations = box.get('destination');
  const isTcp = box.get('protocol')?.every(([first, last]) => first === tcp && last === tcp) ?? false;
  if (!isTcp || destinations === undefined) return box;
  const groups: Intervals = [groupAddresses[family]];
  if (intersect(destinations, groups).length === 0) return box;
  const others = intersect(destinations, complement(groups));
  if (others.length === 0) return null;
  const amount = others.reduce((sum, [first, last]) => sum + last - first + 1n, 0n);
  return new Map(box).set(
    'destination',
    amount > lastAddress[family] / 2n ? ordered([...others, ...groups]) : others,
  );
}

const tcp = BigInt(protocolNumber('tcp') ?? 0);

interface Told {
  readonly ends: Ends;
  /** What tells the two apart, with where the packets enter. */
  readonly key: string;
}

/** Each of the ways in which the two ends may be told, if it tells them apart. */
function waysToTell({ family, packets, traversals }: DifferentPackets): readonly Told[] {
  const { entrance, example } = packets;
  const ways = views.flatMap((view): readonly Told[] => {
    const ends = traversals.map((one) => roughEndOf(one, example, view)) as [RoughEnd, RoughEnd];
    const [a, b] = ends.map(isExact(view) ? (end) => JSON.stringify(end) : withoutTakers);
    return a === b ? [] : [{ ends, key: JSON.stringify([family, entrance, a, b]) }];
  });
  if (ways.length === 0)
    throw new Error(`found packets that end otherwise, and are told alike: ${JSON.stringify(example)}`);
  return ways;
}

/**
 * A packet that asks for a listener's own port and gets there is one of those that the listener takes, or one that comes
 * to where it was sent. Where neither tells two ends apart, it is told who gets it, and then from where.
 */
const views = ['as asked', 'as taken', 'as taken, kept', 'each', 'with its source'] as const;

type View = (typeof views)[number];

function isExact(view: View): boolean {
  return view === 'each' || view === 'with its source';
}

function roughEndOf({ outcome, events }: Traversal, asked: Packet, view: View): RoughEnd {
  const last = events.at(-1)?.packet ?? asked;
  const isUnchanged =
    last.destination === asked.destination && last.destinationPort === asked.destinationPort;
  const source = last.source === asked.source ? 'unchanged' : { address: last.source };
  const from = view === 'with its source' ? source : null;
  const asAsked: AsAsked = { kind: 'as asked', processes: [], isRefused: false, isDropped: false };
  switch (outcome.kind) {
    case 'delivered': {
      const { process, port } = outcome.socket ?? {};
      if (process === undefined || port === undefined) return asAsked;
      const isOwnPort = last.destinationPort === port;
      if (isUnchanged && isOwnPort && (view === 'as asked' || view === 'each'))
        return { ...asAsked, processes: [process] };
      return {
        kind: 'taken',
        process,
        port,
        isKept: isUnchanged && !(isOwnPort && view === 'as taken'),
        from,
      };
    }
    case 'refused':
      return isUnchanged || last.destinationPort === undefined
        ? { ...asAsked, isRefused: true }
        : { kind: 'led to nobody', port: last.destinationPort };
    case 'sent':
      return {
        kind: 'leaves',
        interface: outcome.interface,
        to: isUnchanged ? null : last.destination,
        from,
      };
    case 'dropped':
      return 'chain' in outcome.reason ? { kind: outcome.kind } : { ...asAsked, isDropped: true };
    default:
      return { kind: outcome.kind };
  }
}

function withoutTakers(end: RoughEnd): string {
  return JSON.stringify(end.kind === 'as asked' ? end.kind : end);
}

function together(ends: readonly RoughEnd[]): RoughEnd {
  const [first] = ends as [RoughEnd];
  const asked = ends.filter((end) => end.kind === 'as asked');
  return first.kind !== 'as asked'
    ? first
    : {
        kind: first.kind,
        processes: [...new Set(asked.flatMap(({ processes }) => processes))].sort(),
        isRefused: asked.some(({ isRefused }) => isRefused),
        isDropped: asked.some(({ isDropped }) => isDropped),
      };
}
