/**
 * Digests of what Istio's own tools printed, and the history of its rules. The case files say the same rule by rule;
 * the digests show that nothing of it was lost or made up on the way into their form.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Family } from '../../../src/netfilter/index.ts';

export interface PrintedRules {
  /** `dns-ipv6` */
  readonly name: string;
  readonly family: Family;
  /** The patch release that printed them first. */
  readonly from: string;
  /** The one that printed them last; none where the newest still does. */
  readonly to?: string;
  readonly digest: string;
}

export interface PrintedText {
  /** `iptables/ip-range` */
  readonly name: string;
  readonly digest: string;
}

export interface HistoryEntry {
  readonly since: string;
  readonly commit: string;
  readonly date: string;
  readonly subject: string;
}

function linesOf(file: string): readonly string[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** What each release's rule builder printed for the named configurations. */
export const printedRules: readonly PrintedRules[] = linesOf('printed.txt').flatMap((line) => {
  const found = /^(\S+) (v4|v6) +([\d.]+)-([\d.]*) +(\w+)$/.exec(line);
  if (found === null) return [];
  const [, name = '', family, from = '', to = '', digest = ''] = found;
  return [{ name, family: family as Family, from, ...(to === '' ? {} : { to }), digest }];
});

/** What Istio's own tests expect. */
export const printedTexts: readonly PrintedText[] = linesOf('printed.txt').flatMap((line) => {
  const found = /^(\S+\/\S+) +(\w+)$/.exec(line);
  return found === null ? [] : [{ name: found[1] as string, digest: found[2] as string }];
});

export const history: readonly HistoryEntry[] = linesOf('history.txt').map((line) => {
  const [, since, commit, date, subject] = /^(\S+) +(\w+) (\S+) (.*)$/.exec(line) ?? [];
  if (since === undefined || commit === undefined || date === undefined || subject === undefined)
    throw new Error(`history.txt: "${line}" is no release, commit, date and subject`);
  return { since, commit, date, subject };
});

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The digest of rules, table by table: `nat -A OUTPUT …`. */
export function digestOfRules(commands: readonly string[]): string {
  return digestOf(commands.map((command) => `${command}\n`).join(''));
}
