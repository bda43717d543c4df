/**
 * A release's number, the order of releases, and what changes from one to the next. Which releases there are is
 * in `releases.ts`.
 */
import type { Family } from '../../netfilter/index.ts';
import type { Change, Since } from './changes.ts';

/**
 * A release's number: `1.17.8` is [1, 17, 8]. `1.17` is [1, 17, Infinity] and stands for its newest patch, but
 * without what later releases brought back to it: that is asked for by a patch.
 */
export type ReleaseNumber = readonly [major: number, minor: number, patch: number];

/**
 * Reads `1.17`, `1.17.8`, or what is built before a release and is taken as it: `1.31.0-rc.0`, `1.33-alpha.4b1e…`;
 * null where the text has another form.
 */
export function readRelease(text: string): ReleaseNumber | null {
  const found = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:-(?:alpha|beta|rc)\.[\w.-]{1,80})?$/.exec(text);
  if (found === null) return null;
  const [, major, minor, patch] = found;
  return [Number(major), Number(minor), patch === undefined ? Number.POSITIVE_INFINITY : Number(patch)];
}

/** Beginnings of changes: few, and asked for with every rule. */
const known = new Map<string, ReleaseNumber>();

function read(release: string): ReleaseNumber {
  const number = known.get(release) ?? readRelease(release);
  if (number === null) throw new TypeError(`"${release}" is no release: write it as 1.17.8`);
  if (known.size < 1000) known.set(release, number);
  return number;
}

/** True where `release` is `since` or a later one, or a patch to which a change was brought back, or one after that. */
export function isSince(release: ReleaseNumber, since: string | Since): boolean {
  return isFrom(release, read(typeof since === 'string' ? since : beginningFor(release, since)));
}

/** True where a release is another one or a later one. */
function isFrom(release: ReleaseNumber, other: ReleaseNumber): boolean {
  for (const [at, part] of release.entries()) {
    const difference = part - (other[at] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference > 0;
  }
  return true;
}

/** The first release with a change for somebody who has `release`: the patch of the same minor, where there is one. */
export function beginningFor([major, minor, patch]: ReleaseNumber, { since, backports = [] }: Since): string {
  const own = backports.find((backport) => {
    const [otherMajor, otherMinor] = read(backport);
    return otherMajor === major && otherMinor === minor;
  });
  return own === undefined || !Number.isFinite(patch) ? since : own;
}

/**
 * Something that changed from release to release, oldest first: of the entries that a release and a family
 * know, the last one holds. An entry without a family is for both. One of a sidecar's rules is told by its change.
 */
export type Timeline<T, By extends Since = Change> = readonly {
  readonly by: By;
  readonly family?: Family;
  readonly is: T;
}[];

/** What a timeline says for a release and a family, or null where it has not begun yet. */
export function at<T>(timeline: Timeline<T, Since>, release: ReleaseNumber, family: Family): T | null {
  const begun = timeline.findLast(
    (entry) => (entry.family ?? family) === family && isSince(release, entry.by),
  );
  return begun?.is ?? null;
}
