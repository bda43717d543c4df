/**
 * What the pages keep in a reader's browser: each thing under a key of its own, named here. `public/theme.js` runs
 * before everything else, as it stands, and so has the key of the colours once more; a test holds the two together.
 */

/** Kept until the reader takes it back, for all pages. */
export const storageKeys = {
  /** The colours that the reader has chosen. */
  scheme: 'sidetrack-scheme',
} as const;

/** Storage may be forbidden or full: what is not kept lasts for this page. */
export function keep(what: keyof typeof storageKeys, value: string): void {
  try {
    localStorage.setItem(storageKeys[what], value);
  } catch {}
}
