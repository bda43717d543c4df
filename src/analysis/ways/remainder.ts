/** The packets that the decisions of a way leave. */
import { type Box, type Intervals, intersect, intersectAll } from './packet-set.ts';
import type { SpaceField } from './space.ts';

export class Remainder {
  /** What each decision took: put together at the end, as behind a long chain there are thousands. */
  private readonly taken = new Map<SpaceField, Set<Intervals>>();

  cut(field: SpaceField, intervals: Intervals): void {
    const before = this.taken.get(field);
    if (before === undefined) this.taken.set(field, new Set([intervals]));
    else before.add(intervals);
  }

  /** Whether what is left is within these already; false where that is long to tell. */
  isWithin(field: SpaceField, intervals: Intervals): boolean {
    const before = this.taken.get(field);
    if (before === undefined) return false;
    if (before.has(intervals)) return true;
    if (before.size > mostCompared) return false;
    for (const one of before)
      if (one.length <= mostCompared && intersect(one, intervals) === one) return true;
    return false;
  }

  packets(): Box {
    return new Map([...this.taken].map(([field, sets]) => [field, inAll([...sets])]));
  }
}

/** More sets of one field, and more intervals of one, are not gone through. */
const mostCompared = 4;

/** Behind a long chain most leave out one value each: of few values they are asked one by one, of many two by two. */
function inAll(sets: readonly Intervals[]): Intervals {
  const [first = [], ...others] = sets.toSorted((a, b) => a.length - b.length);
  let now = first;
  for (const [at, other] of others.entries()) {
    if (now.length > mostAsked) return intersect(now, intersectAll(others.slice(at)));
    now = intersect(now, other);
  }
  return now;
}

const mostAsked = 8;
