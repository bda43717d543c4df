/**
 * What the words of a condition are made of.
 */
import {
  type AddressBlock,
  type AddressSpan,
  type ConditionReason,
  type FieldName,
  type Fields,
  familyOf,
  type Masked,
  type ValueRange,
} from '../../../netfilter/index.ts';

/** `destination port 443 is not 80`: what is said of one field of a packet. */
export interface Wording<Found = unknown, Wanted = unknown> {
  /** What a condition looks at: `destination port`. */
  readonly subject: string;
  /** The packet's own value. Absent: as it is. */
  readonly found?: (found: NonNullable<Found>) => string;
  /** Stands in its place where the packet has none. */
  readonly absent?: string;
  /** Says all where the packet has none, and a `!` changes nothing: there is nothing to compare. */
  readonly none?: string;
  /** What stands behind "is" or "is not". Absent: the value as it is. */
  readonly wanted?: (wanted: Wanted) => string;
  /** What the packet would have to say. Absent: that the packet's own value was not told. */
  readonly notTold?: (wanted: Wanted) => string;
  /** The whole phrase, where it is not made of these parts. */
  readonly phrase?: (reason: Reason<Found, Wanted>) => string;
}

interface Reason<Found, Wanted> extends Pick<ConditionReason, 'code' | 'negated'> {
  readonly found: Found | null;
  readonly wanted: Wanted;
}

export type Wordings<Of extends Partial<Fields>> = {
  readonly [F in keyof Of & FieldName]: Wording<Fields[F]['found'], Fields[F]['wanted']>;
};

/** Of a field that is one of all. */
export function wordingOf(table: Partial<Wordings<Fields>>, field: FieldName): Wording {
  return (table[field] ?? { subject: field }) as Wording;
}

export const either = (list: readonly unknown[]) => list.join(' or ');
export const both = (list: readonly unknown[]) => list.join(' and ');
export const hexWords = (number: number) => `0x${number.toString(16)}`;

/** `80`, or `8000:8080`. */
export function rangeWords([first, last]: ValueRange, separator = ':'): string {
  return first === last ? `${first}` : `${first}${separator}${last}`;
}

export function rangesWords(ranges: readonly ValueRange[]): string {
  return ranges.map((range) => rangeWords(range)).join();
}

/** `0x539/0xfff` */
export function maskedWords({ value, mask }: Masked): string {
  return mask === 0xffffffff ? hexWords(value) : `${hexWords(value)}/${hexWords(mask)}`;
}

/** A single address by itself, and `in 10.0.0.0/8`. */
export function addressesWords(wanted: AddressBlock | AddressSpan): string {
  if ('first' in wanted) return `in ${wanted.first}-${wanted.last}`;
  const { address } = wanted;
  if ('mask' in wanted) return `in ${address}/${wanted.mask}`;
  const isOne = wanted.length === (familyOf(address) === 'v4' ? 32 : 128);
  return isOne ? address : `in ${address}/${wanted.length}`;
}
