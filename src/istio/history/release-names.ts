/**
 * Which releases there are: from the oldest that is told here to the newest that was compared with Istio, or that a
 * timeline knows. Nothing but the timelines has to be touched for a new release.
 */

import { optionKinds } from '../options/kinds.ts';
import { timelines } from '../steps/steps.ts';
import { type Change, changes } from './changes.ts';
import { isSince, type ReleaseNumber, readRelease, type Timeline } from './release.ts';

const oldestMinor = 5;

/** The newest release whose rules were compared with what Istio's own program puts into the kernel. */
const comparedMinor = 31;

/**
 * The newest release that has a name. Nothing of its rules could be seen but the source of Istio's main branch after
 * that of 1.31 was cut, which builds the rules of 1.31.
 */
const latestMinor = 32;

const ofOptions: readonly Timeline<unknown>[] = Object.values(optionKinds)
  .flatMap(({ since }) => since ?? [])
  .map((entry) => [entry]);

/** Each change once, in the order of the releases; those of one release in the order in which they are told. */
export const allChanges: readonly Change[] = [
  ...new Set<Change>([
    ...Object.values(changes),
    ...[...timelines, ...ofOptions].flatMap((timeline) => timeline.map(({ by }) => by)),
  ]),
];

const newestMinor = Math.max(latestMinor, ...allChanges.map(({ since }) => readRelease(since)?.[1] ?? 0));

/** All releases whose rules are known, oldest first. */
export const releaseNames: readonly string[] = Array.from(
  { length: newestMinor - oldestMinor + 1 },
  (_, at) => `1.${oldestMinor + at}`,
);

/** The newest release. */
export const newestRelease = `1.${newestMinor}`;

/** The newest release whose rules were compared with Istio's. */
export const newestCompared = `1.${comparedMinor}`;

/** True for a release that is newer than all whose rules were compared with Istio's. */
export function isUnseen(release: string): boolean {
  const number = readRelease(release);
  return number !== null && acquaintance(number, newestCompared) === 'newer';
}

/** What is known of a release, with any patch number; a newer one is taken as `newest`. Nobody knows what 2.0 will be. */
export function acquaintance(
  release: ReleaseNumber,
  newest: string = newestRelease,
): 'known' | 'newer' | 'unknown' {
  const [major, minor] = release;
  if (major !== 1 || !isSince(release, `1.${oldestMinor}.0`)) return 'unknown';
  return isSince(readRelease(newest) ?? release, `1.${minor}.0`) ? 'known' : 'newer';
}

/** The names of the known releases that are nearest to a text, nearest first, at most three. */
export function nearestReleases(text: string): readonly string[] {
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  const [major, minor] = numbers;
  const wanted = major === undefined ? newestMinor : major > 1 ? newestMinor : (minor ?? newestMinor);
  return releaseNames
    .map((name) => ({
      name,
      away: Math.abs(Number(name.slice(2)) - (major === 0 ? oldestMinor : wanted)),
    }))
    .sort((one, other) => one.away - other.away)
    .slice(0, 3)
    .map(({ name }) => name);
}
