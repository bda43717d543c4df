/** How the time that a reader takes grows with its text. */

/** The least of several times, in milliseconds: what else the machine does only adds to it. */
function least(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Beyond it a reader goes back to lines that it has read: caches and the collector of garbage cost less. */
export const mostGrowth = 12;

/**
 * What a line takes in a text of 32,000 lines, against one of 1,000. A reader that looks at each line once stays
 * near 1, one that goes back to all lines before it comes to 32.
 */
export function growthOf(
  read: (lines: readonly string[]) => unknown,
  lines: (count: number) => readonly string[],
): number {
  const [few = 1, many = 0] = [1000, 32_000].map((count) => {
    const text = lines(count);
    read(text);
    return least(() => read(text)) / count;
  });
  return many / few;
}
