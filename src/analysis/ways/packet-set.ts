/**
 * Sets of packets: unions of boxes, each a set of intervals for every dimension that it restricts. Enough to say
 * whether any packet can come to a rule and match it.
 *
 * A packet that has no value in a dimension (no port, no socket) stands at -1. A condition that is no interval is
 * a dimension of its own: it holds at 1.
 */
import type { Interval } from '../../netfilter/index.ts';

export type Intervals = readonly Interval[];
export type Box = ReadonlyMap<string, Intervals>;

export const none = -1n;
const most = 2n ** 128n;

/** Every packet. */
export const everything: Box = new Map();

/** What is in both; `a` itself where it is all in `b`. Both are in order and have no two that overlap. */
export function intersect(a: Intervals, b: Intervals): Intervals {
  if (a.length === 1 && isWithinOne(a[0] as Interval, b)) return a;
  const both: Interval[] = [];
  let isWhole = true;
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const own = a[i] as Interval;
    const [first, last] = own;
    const [from, to] = b[j] as Interval;
    if (last < to) i++;
    else j++;
    if (last < from || to < first) continue;
    if (from <= first && last <= to) {
      both.push(own);
      continue;
    }
    isWhole = false;
    both.push([first > from ? first : from, last < to ? last : to]);
  }
  return isWhole && both.length === a.length ? a : both;
}

function isWithinOne([first, last]: Interval, intervals: Intervals): boolean {
  for (const [from, to] of intervals) if (last <= to) return from <= first;
  return false;
}

/** What is in all of many: two by two, as each may be long. */
export function intersectAll(sets: readonly Intervals[]): Intervals {
  if (sets.length < 2) return sets[0] ?? [[none, most]];
  const middle = sets.length >> 1;
  return intersect(intersectAll(sets.slice(0, middle)), intersectAll(sets.slice(middle)));
}

/** Intervals in order, those that overlap or touch made one. */
export function ordered(intervals: Intervals): Intervals {
  const sorted = [...intervals].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const joined: [bigint, bigint][] = [];
  for (const [first, last] of sorted) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1n) before[1] = last > before[1] ? last : before[1];
    else joined.push([first, last]);
  }
  return joined;
}

export function complement(intervals: Intervals): Intervals {
  const rest: Interval[] = [];
  let from = none;
  for (const [first, last] of intervals) {
    if (first > from) rest.push([from, first - 1n]);
    if (last + 1n > from) from = last + 1n;
  }
  if (from <= most) rest.push([from, most]);
  return rest;
}

/** The packets of both, or null where there is none. */
export function meet(a: Box, b: Box): Box | null {
  const met = new Map(a);
  for (const [dimension, intervals] of b) {
    const own = met.get(dimension);
    const both = own === undefined ? intervals : intersect(own, intervals);
    if (both.length === 0) return null;
    if (both !== own) met.set(dimension, both);
  }
  return met;
}

/** The packets of `box` that are not in `cut`, as boxes without common packets. */
export function subtract(box: Box, cut: Box): readonly Box[] {
  return divide(box, cut).outside;
}

/** The packets of `box` that are in `cut`, null where there is none, and those that are not. */
export function divide(
  box: Box,
  cut: Box,
): { readonly inside: Box | null; readonly outside: readonly Box[] } {
  const inside = meet(box, cut);
  if (inside === null) return { inside, outside: [box] };
  const outside: Box[] = [];
  let rest: Box = box;
  for (const [dimension, intervals] of cut) {
    const own = rest.get(dimension);
    const common = inside.get(dimension) as Intervals;
    if (common === own) continue;
    const others = own === undefined ? complement(intervals) : intersect(own, complement(intervals));
    if (others.length === 0) continue;
    outside.push(new Map(rest).set(dimension, others));
    rest = new Map(rest).set(dimension, common);
  }
  return { inside, outside };
}
