/** Sets of numbers that are told by some of their bits: `& 255.0.255.0`, `& 0xf0 == 0x10`, and what is shifted. */
import type { Interval } from '../../netfilter/index.ts';
import { type Intervals, ordered } from './packet-set.ts';

/** A bit of a number that is made of another: a bit of that one, its contrary, or always the same. */
export type Bit = { readonly of: number; readonly isContrary: boolean } | 0 | 1;

/** The lowest first. */
export type Bits = readonly Bit[];

/** The number itself. */
export function ownBits(width: number): Bits {
  return Array.from({ length: width }, (_, of) => ({ of, isContrary: false }));
}

export function combined(bits: Bits, operator: '&' | '|' | '^', constant: bigint): Bits {
  return bits.map((bit, at): Bit => {
    const isSet = ((constant >> BigInt(at)) & 1n) === 1n;
    if (operator === '&') return isSet ? bit : 0;
    if (operator === '|') return isSet ? 1 : bit;
    if (!isSet) return bit;
    return bit === 0 ? 1 : bit === 1 ? 0 : { ...bit, isContrary: !bit.isContrary };
  });
}

/** To the left where it is more than nothing. */
export function shifted(bits: Bits, by: number): Bits {
  return by >= 0
    ? [...Array.from({ length: Math.min(by, bits.length) }, (): Bit => 0), ...bits].slice(0, bits.length)
    : bits.slice(-by);
}

/** So many intervals are told at most. */
const most = 4096;

/** The numbers of this width for which what is made of them is in the set; null where they are too many intervals. */
export function madeOf(bits: Bits, width: number, set: Intervals): Intervals | null {
  const found: Interval[] = [];
  for (const [first, last] of set) {
    for (const [from, free] of blocksOf(first < 0n ? 0n : first, last, bits.length)) {
      const one = patternOf(bits, from, free);
      if (one === null) continue;
      const intervals = withBits(one.mask, one.value, width);
      if (intervals === null || found.length + intervals.length > most) return null;
      found.push(...intervals);
    }
  }
  return ordered(found);
}

/** An interval as blocks, of which each is all numbers with the same upper bits; `free` lower ones are whichever. */
function blocksOf(first: bigint, last: bigint, width: number): readonly (readonly [bigint, number])[] {
  const end = (1n << BigInt(width)) - 1n;
  const to = last < end ? last : end;
  const blocks: [bigint, number][] = [];
  let from = first;
  while (from <= to) {
    let free = 0;
    while (
      free < width &&
      (from & ((1n << BigInt(free + 1)) - 1n)) === 0n &&
      from + (1n << BigInt(free + 1)) - 1n <= to
    )
      free++;
    blocks.push([from, free]);
    from += 1n << BigInt(free);
  }
  return blocks;
}

/** What the number has to have; null where nothing makes this. */
function patternOf(bits: Bits, from: bigint, free: number): { mask: bigint; value: bigint } | null {
  let [mask, value] = [0n, 0n];
  for (let at = free; at < bits.length; at++) {
    const bit = bits[at] as Bit;
    const wanted = ((from >> BigInt(at)) & 1n) === 1n;
    if (bit === 0 || bit === 1) {
      if ((bit === 1) !== wanted) return null;
      continue;
    }
    const place = 1n << BigInt(bit.of);
    if (wanted !== bit.isContrary) value |= place;
    mask |= place;
  }
  return { mask, value };
}

/** All numbers that have these bits, where the mask has them: null where that is more than a few thousand intervals. */
export function withBits(mask: bigint, value: bigint, width: number): Intervals | null {
  let low = 0;
  while (low < width && ((mask >> BigInt(low)) & 1n) === 0n) low++;
  const size = (1n << BigInt(low)) - 1n;
  let starts = [value & mask];
  for (let at = low; at < width; at++) {
    if (((mask >> BigInt(at)) & 1n) === 1n) continue;
    if (starts.length * 2 > most) return null;
    starts = starts.flatMap((start) => [start, start | (1n << BigInt(at))]);
  }
  return ordered(starts.map((start) => [start, start + size] as const));
}
