/** The name that was probably meant. */

/** The nearest of the names within two edits (one, for names of up to three letters), or null. */
export function nearest(text: string, names: readonly string[]): string | null {
  const limit = text.length <= 3 ? 1 : 2;
  let best: { name: string; edits: number } | null = null;
  for (const name of names) {
    if (name === text || Math.abs(name.length - text.length) > limit) continue;
    const edits = editsBetween(text.toLowerCase(), name.toLowerCase());
    if (edits <= limit && (best === null || edits < best.edits)) best = { name, edits };
  }
  return best?.name ?? null;
}

/** Letters added, left out, changed, or swapped with their neighbour. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] as number) + 1 : change;
      next.push(Math.min(change, swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
