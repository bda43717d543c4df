/** Two sides, to be compared. Who compares nothing does not load what it takes. */
import type { Request } from '../../journey/index.ts';
import type { Comparison } from './comparison.ts';
import type { Inspected } from './inspection.ts';
import type { ComparedSide } from './sides.ts';

export interface ComparedSides {
  readonly run: Generator<number, Comparison>;
  /** Where a connection opens on each side, below the base path; null where it is walked in the lab. */
  readonly links: (request: Request) => readonly [a: string | null, b: string | null];
}

export async function comparedSides(
  [a, b]: readonly [ComparedSide, ComparedSide],
  inspected: Inspected | null,
): Promise<ComparedSides> {
  const { comparingSides, layOut } = await import('./laid-sides.ts');
  const [one, other] = [layOut(a, inspected), layOut(b, inspected)];
  return {
    run: comparingSides(one, other),
    links: (request) => [one.link(request), other.link(request)],
  };
}
