/** The search for what comes nearest to a text: the cheapest first, and none that cannot be it. */

export interface Nearest<Candidate, Compared> {
  /** In the order of the candidates. */
  readonly compared: readonly Compared[];
  /** What the nearest of them costs. */
  readonly least: number;
  /** Those that would cost more even if nothing differed. */
  readonly leftOut: readonly Candidate[];
}

/**
 * Compares candidates, of which each makes one or more. `floorOf`: what a candidate costs at least; `atMost`: what another
 * one costs already.
 */
export function compareNearest<Candidate, Compared extends { readonly cost: number }>(
  candidates: readonly Candidate[],
  floorOf: (candidate: Candidate) => number,
  compare: (candidate: Candidate) => readonly Compared[],
  atMost = Number.POSITIVE_INFINITY,
): Nearest<Candidate, Compared> {
  let least = atMost;
  const found = new Map<Candidate, readonly Compared[]>();
  for (const [candidate, floor] of candidates
    .map((one) => [one, floorOf(one)] as const)
    .sort(([, a], [, b]) => a - b)) {
    if (floor > least) break;
    const all = compare(candidate);
    found.set(candidate, all);
    for (const { cost } of all) least = Math.min(least, cost);
  }
  return {
    compared: candidates.flatMap((one) => found.get(one) ?? []),
    least,
    leftOut: candidates.filter((one) => !found.has(one)),
  };
}

/** Each once, by what it holds; the order is that of the first ones. */
export function distinct<Candidate>(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...new Map(candidates.map((one) => [JSON.stringify(one), one])).values()];
}
