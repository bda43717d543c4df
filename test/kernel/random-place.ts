/** Where a random rule stands, and what may stand there. */
import type { Family, Hook, TableName } from '../../src/netfilter/model/ruleset.ts';
import type { Draw } from './draw.ts';

export interface Place {
  readonly family: Family;
  readonly table: TableName;
  /** The built-in chains that lead here. */
  readonly callers: readonly Hook[];
  /** Chains that may be jumped to from here. */
  readonly below: readonly string[];
}

export type Protocol = 'tcp' | 'udp' | 'icmp' | 'ipv6-icmp' | 'sctp';

/** One kind of condition, or of target. */
export interface Entry {
  /** For `--without`; the extension's name when absent. */
  readonly name?: string;
  /** What stands behind `-m` or `-j`; `ip` and `standard` for what needs none. */
  readonly extension: string;
  readonly weight: number;
  /** The hooks where it may stand; all when absent. */
  readonly hooks?: readonly Hook[];
  /** The tables where it may stand; all when absent. */
  readonly tables?: readonly TableName[];
  readonly families?: readonly Family[];
  /** What `-p` must say beside it. */
  readonly protocol?: readonly Protocol[];
  /** Only where no real sockets are at work: it hangs on the pod's sockets. */
  readonly isCrafted?: true;
  /** Of two entries with one slot, a rule has only one. */
  readonly slot?: string;
  readonly applies?: (place: Place) => boolean;
  readonly make: (draw: Draw, place: Place) => string;
}

/** `! `, or nothing. */
export const not = (draw: Draw) => (draw.chance(0.3) ? '! ' : '');

/** One of the entries, by weight. */
export function weighted<E extends { readonly weight: number }>(draw: Draw, entries: readonly E[]): E {
  const total = entries.reduce((sum, entry) => sum + entry.weight, 0);
  let at = draw.below(Math.round(total * 1000)) / 1000;
  for (const entry of entries) {
    at -= entry.weight;
    if (at < 0) return entry;
  }
  return draw.pick(entries);
}
