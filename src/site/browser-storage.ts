/**
 * What the pages keep in a reader's browser: each thing under a key of its own, named here. `public/first.js` runs
 * before everything else, as it stands, and so has the key of the colours once more; a test holds the two together.
 */

export const storageKeys = {
  /** The colours that the reader has chosen: kept until the reader takes it back, for all pages. */
  scheme: 'sidetrack-scheme',
  /** The questions that the reader has answered, each with its day: kept until the reader takes them back. */
  answers: 'sidetrack-answers',
  /** The text of the lab, locked: kept for a tab where the reader asked for it. */
  labText: 'sidetrack-lab-text',
} as const;

/** Storage may be forbidden or full: what is not kept lasts for this page. */
export function keep(what: 'scheme', value: string): void {
  try {
    localStorage.setItem(storageKeys[what], value);
  } catch {}
}

/** The questions that were answered, by their ids, each with its day: `2026-11-29`. Empty where nothing may be kept. */
export function keptAnswers(): ReadonlyMap<string, string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKeys.answers) ?? '[]');
    const pairs = Array.isArray(kept) ? kept : [];
    return new Map(pairs.filter(isAnswer));
  } catch {
    return new Map();
  }
}

function isAnswer(kept: unknown): kept is readonly [string, string] {
  return Array.isArray(kept) && kept.length === 2 && kept.every((one) => typeof one === 'string');
}

/** Keeps the day on which a question was first answered rightly. */
export function keepAnswer(id: string, day: string): void {
  const kept = keptAnswers();
  if (kept.has(id)) return;
  try {
    localStorage.setItem(storageKeys.answers, JSON.stringify([...kept, [id, day]]));
  } catch {}
}

export function forgetAnswers(): void {
  try {
    localStorage.removeItem(storageKeys.answers);
  } catch {}
}

/** More bytes than a browser takes for a tab, once they are written in letters (five million of them). */
const longestKept = 2_000_000;
const lockName = 'sidetrack-lock:';

/**
 * Keeps a text over a reload of this tab; false where it is too long, or not allowed.
 *
 * A browser writes sessionStorage into its profile, and leaves it in its log (LevelDB) after it was taken away. So it gets
 * the text mixed with as many bytes of chance, and these stay in the name of the window, which lives in memory and is in
 * no file. Without them nothing can be read from the disk: after the tab was closed, and after `forgetInTab`.
 */
export function keepInTab(text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > longestKept) return false;
  const lock = new Uint8Array(bytes.length);
  // No more are given at once.
  for (let at = 0; at < lock.length; at += 65_536) crypto.getRandomValues(lock.subarray(at, at + 65_536));
  try {
    sessionStorage.setItem(storageKeys.labText, lettersOf(mixed(bytes, lock)));
    window.name = `${lockName}${lettersOf(lock)}`;
    return true;
  } catch {
    forgetInTab();
    return false;
  }
}

/** The text that was kept; null where there is none, or where what it was locked with is gone. */
export function keptInTab(): string | null {
  try {
    const kept = sessionStorage.getItem(storageKeys.labText);
    if (kept === null || !window.name.startsWith(lockName)) return null;
    const [bytes, lock] = [bytesOf(kept), bytesOf(window.name.slice(lockName.length))];
    return bytes.length === lock.length ? new TextDecoder().decode(mixed(bytes, lock)) : null;
  } catch {
    return null;
  }
}

export function forgetInTab(): void {
  if (window.name.startsWith(lockName)) window.name = '';
  try {
    sessionStorage.removeItem(storageKeys.labText);
  } catch {}
}

function mixed(bytes: Uint8Array, lock: Uint8Array): Uint8Array {
  return bytes.map((byte, at) => byte ^ (lock[at] ?? 0));
}

function lettersOf(bytes: Uint8Array): string {
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
}

function bytesOf(letters: string): Uint8Array {
  return Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
}
