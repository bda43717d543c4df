/** The number that everything at random is drawn from: the one that was asked for, else that of the day: 20261128. */
export function seedOf(environment: Readonly<Record<string, string | undefined>>): number {
  const asked = environment.SIDETRACK_SEED;
  if (asked === undefined || asked === '')
    return Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
  const seed = Number(asked);
  if (!Number.isSafeInteger(seed)) throw new Error(`SIDETRACK_SEED takes a whole number, and is "${asked}"`);
  return seed;
}
