/** The releases, and what each changed. */
import type { Change } from './changes.ts';
import { isSince, readRelease } from './release.ts';
import { allChanges, releaseNames } from './release-names.ts';

/** One minor release, with what it and its patch releases changed in the rules. */
export interface Release {
  /** `1.17` */
  readonly name: string;
  /** Oldest first. Empty where the rules are those of the release before. */
  readonly changes: readonly Change[];
}

/** All releases whose rules are known, oldest first. */
export const releases: readonly Release[] = releaseNames.map((name) => ({
  name,
  changes: allChanges.filter(({ since }) => since.startsWith(`${name}.`)),
}));

/** Patches of a minor whose rules its first ones did not make: a change was brought back to them. */
export const patchesApart: readonly string[] = allChanges.flatMap(({ backports = [] }) => backports);

/** What Istio changed behind the first release, up to the last; empty where one of them is no release. */
export function changesBetween(from: string, to: string): readonly Change[] {
  const [first, last] = [readRelease(from), readRelease(to)];
  if (first === null || last === null) return [];
  return releases
    .flatMap(({ changes }) => changes)
    .filter((change) => !isSince(first, change) && isSince(last, change));
}
