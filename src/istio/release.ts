/**
 * Releases of Istio: their names, their order, and what differs from one to the next.
 */
import type { Family } from '../netfilter/index.ts';
import { type Change, changes } from './changes.ts';

/** One minor release, with what it and its patch releases changed in the rules. */
export interface Release {
  /** `1.17` */
  readonly name: string;
  /** Oldest first. Empty where the rules are those of the release before. */
  readonly changes: readonly Change[];
}

/** A release's number: `1.17.8` is [1, 17, 8]; `1.17` stands for its newest patch. */
export type ReleaseNumber = readonly [major: number, minor: number, patch: number];

const oldestMinor = 5;
const newestMinor = 30;

/** All releases whose rules are known, oldest first. */
export const releases: readonly Release[] = Array.from({ length: newestMinor - oldestMinor + 1 }, (_, at) => {
  const name = `1.${oldestMinor + at}`;
  return { name, changes: Object.values(changes).filter(({ since }) => since.startsWith(`${name}.`)) };
});

/** The newest release: the one that Istio's own expected output is of. */
export const newestRelease = `1.${newestMinor}`;

/** Reads `1.17` or `1.17.8`; null where the text has another form. */
export function readRelease(text: string): ReleaseNumber | null {
  const found = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?$/.exec(text);
  if (found === null) return null;
  const [, major, minor, patch] = found;
  return [Number(major), Number(minor), patch === undefined ? Number.POSITIVE_INFINITY : Number(patch)];
}

/** True where `release` is `since` or a later one. */
export function isSince(release: ReleaseNumber, since: string): boolean {
  const other = readRelease(since);
  if (other === null) throw new TypeError(`"${since}" is no release: write it as 1.17.8`);
  for (const [at, part] of release.entries()) {
    const difference = part - (other[at] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference > 0;
  }
  return true;
}

/** True for a release from the oldest known one to `newest`, with any patch number. */
export function isKnown(release: ReleaseNumber, newest: string = newestRelease): boolean {
  return (
    isSince(release, `1.${oldestMinor}.0`) && isSince(readRelease(newest) ?? release, namePlain(release))
  );
}

function namePlain([major, minor]: ReleaseNumber): string {
  return `${major}.${minor}.0`;
}

/** The names of the known releases that are nearest to a text, nearest first, at most three. */
export function nearestReleases(text: string): readonly string[] {
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  const [major, minor] = numbers;
  const wanted = major === undefined ? newestMinor : major > 1 ? newestMinor : (minor ?? newestMinor);
  return releases
    .map(({ name }) => ({
      name,
      away: Math.abs(Number(name.slice(2)) - (major === 0 ? oldestMinor : wanted)),
    }))
    .sort((one, other) => one.away - other.away)
    .slice(0, 3)
    .map(({ name }) => name);
}

/**
 * Something that changed from release to release, oldest first: of the entries that a release and a family
 * know, the last one holds. An entry without a family is for both.
 */
export type Timeline<T> = readonly {
  readonly by: Change;
  readonly family?: Family;
  readonly is: T;
}[];

/** What a timeline says for a release and a family, or null where it has not begun yet. */
export function at<T>(timeline: Timeline<T>, release: ReleaseNumber, family: Family): T | null {
  const known = timeline.filter(
    (entry) => (entry.family ?? family) === family && isSince(release, entry.by.since),
  );
  return known.at(-1)?.is ?? null;
}
