/**
 * Lists of address ranges, taken apart as Istio does: by family, with host bits cleared as iptables clears them.
 */
import { type Family, type Prefix, printAddress, readPrefix } from '../../netfilter/index.ts';
import { splitList } from './options.ts';

/** The ranges of one family, or all addresses. */
export interface Ranges {
  readonly all: boolean;
  /** `10.0.0.0/8` */
  readonly prefixes: readonly string[];
}

/** A range as a prefix, and its text. */
export interface PrefixRange {
  readonly prefix: Prefix;
  /** The address as it is written, host bits and all. */
  readonly address: bigint;
  /** `10.0.0.0/8`, without host bits. */
  readonly text: string;
}

/** Reads a range in the form that Istio takes: an address, a slash and a length. Null for anything else. */
export function readRange(text: string): PrefixRange | null {
  const [address, length, more] = text.split('/');
  if (address === undefined || length === undefined || more !== undefined || !/^\d{1,3}$/.test(length))
    return null;
  const alone = readPrefix(address);
  const prefix = readPrefix(text);
  if (alone === null || prefix === null) return null;
  return {
    prefix,
    address: alone.address,
    text: `${printAddress(prefix.family, prefix.address)}/${Number(length)}`,
  };
}

/** The ranges of a list that belong to a family. What cannot be read is left out, as Istio leaves it out. */
export function rangesOf(list: string, family: Family): Ranges {
  if (list === '*') return { all: true, prefixes: [] };
  const prefixes = splitList(list).flatMap((text) => {
    const range = readRange(text);
    return range === null || range.prefix.family !== family ? [] : [range.text];
  });
  return { all: false, prefixes };
}

/** True where the address that is written in a range is one of localhost: Go's netip.Addr.IsLoopback. */
export function isLoopback({ prefix, address }: PrefixRange): boolean {
  return prefix.family === 'v4' ? address >> 24n === 127n : address === 1n;
}

/** True where a list names a loopback range, of either family. */
export function namesLoopback(list: string): boolean {
  return splitList(list).some((text) => {
    const range = readRange(text);
    return range !== null && isLoopback(range);
  });
}
