/** A set of packets as conditions that people can read, each of one field. */
import { type Family, type Host, printAddress, protocolName } from '../../netfilter/index.ts';
import { joined, widest } from './joined.ts';
import { type Box, complement, type Intervals, intersect, none, ordered } from './packet-set.ts';
import { type Entrance, everyPacket, fields, ownAddresses, type SpaceField } from './space.ts';

/** The values of one field: these, or all of a kind but these. Values are as iptables writes them. */
export type FieldCondition = { readonly field: SpaceField } & (
  | { readonly is: 'one of'; readonly values: readonly string[] }
  /** `own`: the addresses of the host; `foreign`: all others. */
  | { readonly is: 'any but'; readonly of: 'any' | 'own' | 'foreign'; readonly values: readonly string[] }
);

/** The packets for which all of these hold; none: every packet that enters there. */
export type PacketSet = readonly FieldCondition[];

/** As few sets as it can be told in; `marks`: all that packets may have, if not those that the host tells apart. */
export function packetSets(
  host: Host,
  family: Family,
  entrance: Entrance,
  boxes: readonly Box[],
  marks?: Intervals,
): readonly PacketSet[] {
  const every = everyPacket(host, family, entrance, marks);
  const whole = new Map(
    fields.map((field) => [field, ordered(every.flatMap((box) => box.get(field) ?? []))]),
  );
  const own = ownAddresses(host, family);
  return widest(joined(boxes).map(withAnyPort), whole, every).map((box) =>
    fields.flatMap((field) => {
      const all = whole.get(field) ?? [];
      return conditionOf(field, family, box.get(field) ?? all, all, own);
    }),
  );
}

const anyPort: Intervals = [[none, 65535n]];

/** Whether it has no port, or whichever: in both cases the port decides nothing. */
function withAnyPort(box: Box): Box {
  const wide = new Map(box);
  for (const field of ['sourcePort', 'destinationPort']) {
    const ports = box.get(field) ?? [];
    const isAny =
      ports.length === 1 && ((ports[0]?.[0] === 0n && ports[0][1] === 65535n) || ports[0]?.[1] === none);
    if (isAny) wide.set(field, anyPort);
  }
  return wide;
}

function conditionOf(
  field: SpaceField,
  family: Family,
  found: Intervals,
  all: Intervals,
  own: Intervals,
): readonly FieldCondition[] {
  const missing = intersect(all, complement(found));
  if (missing.length === 0) return [];
  const isAddress = field === 'source' || field === 'destination';
  const kinds = isAddress
    ? ([
        ['any', all],
        ['own', intersect(all, own)],
        ['foreign', intersect(all, complement(own))],
      ] as const)
    : ([['any', all]] as const);
  let best: { readonly of?: 'any' | 'own' | 'foreign'; readonly told: Intervals } = { told: found };
  for (const [of, kind] of kinds) {
    if (intersect(found, complement(kind)).length > 0) continue;
    const told = intersect(kind, complement(found));
    if (amountOf(field, told) < amountOf(field, best.told)) best = { of, told };
  }
  const { of, told } = best;
  const values = valuesOf(field, family, told);
  return [of === undefined ? { field, is: 'one of', values } : { field, is: 'any but', of, values }];
}

/** How many values are written for them. */
function amountOf(field: SpaceField, intervals: Intervals): number {
  if (field !== 'protocol') return intervals.filter(([, last]) => last >= 0n).length;
  return intervals.reduce((sum, [first, last]) => sum + Number(last - first) + 1, 0);
}

function valuesOf(field: SpaceField, family: Family, intervals: Intervals): readonly string[] {
  if (field === 'protocol')
    return intervals.flatMap(([first, last]) =>
      Array.from({ length: Number(last - first) + 1 }, (_, at) => protocolName(Number(first) + at)),
    );
  const print = (value: bigint) =>
    field === 'source' || field === 'destination' ? printAddress(family, value) : String(value);
  return intervals.flatMap(([first, last]) => {
    if (last < 0n) return [];
    const from = first < 0n ? 0n : first;
    if (from === last) return [print(from)];
    const length = field === 'source' || field === 'destination' ? prefixOf(family, from, last) : null;
    return [length === null ? `${print(from)}-${print(last)}` : `${print(from)}/${length}`];
  });
}

/** The length of the prefix that has just these addresses, or null. */
function prefixOf(family: Family, first: bigint, last: bigint): number | null {
  const size = last - first + 1n;
  if ((size & (size - 1n)) !== 0n || first % size !== 0n) return null;
  return (family === 'v4' ? 32 : 128) - (size.toString(2).length - 1);
}
