/**
 * IPv4 and IPv6 addresses and prefixes as numbers, and their text as Linux prints it.
 */
import type { Family } from './ruleset.ts';

const bits: Readonly<Record<Family, number>> = { v4: 32, v6: 128 };

/** An address range with all its addresses: `[first, last]`. */
export type Interval = readonly [first: bigint, last: bigint];

export function familyOf(address: string): Family {
  return address.includes(':') ? 'v6' : 'v4';
}

/** The address as a number, or null where the text is no address of either family. */
export function readAddress(text: string): { readonly family: Family; readonly value: bigint } | null {
  if (text.includes(':')) {
    const value = readV6(text);
    return value === null ? null : { family: 'v6', value };
  }
  const value = readV4(text);
  return value === null ? null : { family: 'v4', value };
}

/** The number of an address that is known to be one. Throws a TypeError where it is not. */
export function addressValue(text: string): bigint {
  const value = text.includes(':') ? readV6(text) : readV4(text);
  if (value === null) throw new TypeError(`found "${text}" where an IPv4 or IPv6 address was expected`);
  return value;
}

/** Digit by digit: a dump has an address in nearly every line. */
function readV4(text: string): bigint | null {
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 46) {
      if (part < 0 || ++dots > 3) return null;
      value = value * 256 + part;
      part = -1;
    } else if (code >= 48 && code <= 57) {
      part = (part < 0 ? 0 : part * 10) + code - 48;
      if (part > 255) return null;
    } else return null;
  }
  return part < 0 || dots !== 3 ? null : BigInt(value * 256 + part);
}

function readV6(text: string): bigint | null {
  const [head, tail, more] = text.split('::');
  if (head === undefined || more !== undefined) return null;
  const first = readGroups(head);
  const last = tail === undefined ? [] : readGroups(tail);
  if (first === null || last === null) return null;
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...first, ...Array<number>(missing).fill(0), ...last];
  return groups.reduce((value, group) => value * 65536n + BigInt(group), 0n);
}

function readGroups(text: string): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [at, part] of parts.entries()) {
    if (at === parts.length - 1 && part.includes('.')) {
      const v4 = readV4(part);
      if (v4 === null) return null;
      groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}

/** As inet_ntop prints it, with the longest run of zeros shortened in IPv6. */
export function printAddress(family: Family, value: bigint): string {
  if (family === 'v4') {
    const bits = Number(value);
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
  }
  const groups = Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(112 - 16 * at)) & 0xffffn));
  // glibc prints ::a.b.c.d and ::ffff:a.b.c.d with their last four bytes as IPv4.
  const leading = groups.findIndex((group) => group !== 0);
  if (leading === 6 || (leading === 5 && groups[5] === 0xffff)) {
    return `${leading === 6 ? '::' : '::ffff:'}${printAddress('v4', value & 0xffffffffn)}`;
  }
  const run = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run === null) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.end).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; end: number } | null {
  let best: { start: number; end: number } | null = null;
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > (best === null ? 1 : best.end - best.start)) best = { start, end };
    if (end > start) start = end;
  }
  return best;
}

/** A prefix, or an address with a mask whose bits need not be contiguous. */
export interface Prefix {
  readonly family: Family;
  readonly address: bigint;
  readonly mask: bigint;
}

/** Reads `10.0.0.0/8`, `10.0.0.1` and `10.0.0.0/255.0.0.0`; host bits are cleared, as iptables does. */
export function readPrefix(text: string): Prefix | null {
  const slash = text.indexOf('/');
  const read = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (read === null) return null;
  const { family, value } = read;
  const whole = allOnes(family);
  const mask = slash < 0 ? whole : readMask(family, text.slice(slash + 1));
  if (mask === null) return null;
  return { family, address: mask === whole ? value : value & mask, mask };
}

function readMask(family: Family, text: string): bigint | null {
  if (text === '32' && family === 'v4') return allOnesV4;
  if (/^\d{1,3}$/.test(text)) return Number(text) <= bits[family] ? maskOf(family, Number(text)) : null;
  const read = readAddress(text);
  return read?.family === family ? read.value : null;
}

const allOnesV4 = 0xffffffffn;
const allOnesV6 = (1n << 128n) - 1n;

function allOnes(family: Family): bigint {
  return family === 'v4' ? allOnesV4 : allOnesV6;
}

export function maskOf(family: Family, length: number): bigint {
  return allOnes(family) ^ ((1n << BigInt(bits[family] - length)) - 1n);
}

/** The length of a mask with its ones in front, or null for another mask. */
export function prefixLength(family: Family, mask: bigint): number | null {
  const zeros = allOnes(family) ^ mask;
  if (zeros === 0n) return bits[family];
  if ((zeros & (zeros + 1n)) !== 0n) return null;
  return bits[family] - (zeros === 0n ? 0 : zeros.toString(2).length);
}

/** As `iptables-save` prints it: always with its length, or with the mask where that has holes. */
export function printPrefix(prefix: Prefix): string {
  const length = prefixLength(prefix.family, prefix.mask);
  return `${printAddress(prefix.family, prefix.address)}/${length ?? printAddress(prefix.family, prefix.mask)}`;
}

export function prefixHolds(prefix: Prefix, address: bigint): boolean {
  return (address & prefix.mask) === prefix.address;
}

/** The addresses of a prefix, or null for a mask with holes. */
export function prefixInterval(prefix: Prefix): Interval | null {
  if (prefixLength(prefix.family, prefix.mask) === null) return null;
  return [prefix.address, prefix.address | (allOnes(prefix.family) ^ prefix.mask)];
}

/** `10.0.0.1:80`, `[::1]:80`, and the address alone where there is no port. */
export function printEndpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
