/** A packet out of a set: an example of what a rule would match. */
import { type Interval, printAddress, type Ruleset, type TableName } from '../../netfilter/index.ts';
import type { Box } from './packet-set.ts';
import { reachedRules } from './rules-alone.ts';

/** What is known of an example; what is absent may be anything. */
export interface Witness {
  readonly isLocal: boolean;
  readonly protocol?: 'tcp' | 'udp';
  readonly source?: string;
  readonly destination?: string;
  readonly destinationPort?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** One packet for each rule that is asked for, where there is one. */
export function witnesses(
  ruleset: Ruleset,
  wanted: readonly { readonly table: TableName; readonly chain: string; readonly position: number }[],
): readonly Witness[] {
  const reached = reachedRules(ruleset) ?? [];
  return wanted.flatMap(({ table, chain, position }) => {
    const found = reached.find(
      (one) => one.table === table && one.chain === chain && one.position === position,
    );
    const box = found?.packets[0];
    if (found === undefined || box === undefined) return [];
    return [witness(ruleset, box, found.hooks.includes('OUTPUT'))];
  });
}

function witness({ family }: Ruleset, box: Box, isLocal: boolean): Witness {
  const least = (dimension: string): bigint | undefined => {
    const interval = box.get(dimension)?.find(([, last]: Interval) => last >= 0n);
    return interval === undefined ? undefined : interval[0] < 0n ? 0n : interval[0];
  };
  const protocol = { 6: 'tcp', 17: 'udp' } as const;
  const number = Number(least('protocol') ?? 6n);
  const [source, destination] = [least('source'), least('destination')];
  const [port, uid, gid] = [least('destinationPort'), least('uid'), least('gid')];
  return {
    isLocal,
    protocol: protocol[number as keyof typeof protocol] ?? 'tcp',
    ...(source === undefined || source === 0n ? {} : { source: printAddress(family, source) }),
    ...(destination === undefined || destination === 0n
      ? {}
      : { destination: printAddress(family, destination) }),
    ...(port === undefined || port === 0n ? {} : { destinationPort: Number(port) }),
    ...(uid === undefined ? {} : { uid: Number(uid) }),
    ...(gid === undefined ? {} : { gid: Number(gid) }),
  };
}
