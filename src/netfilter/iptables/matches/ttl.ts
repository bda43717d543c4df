/** `-m ttl` and `-m hl`: how many hops a packet may still go. */
import type { Interval } from '../../model/address.ts';
import type { Family } from '../../model/ruleset.ts';
import { intervalOption, type MatchExtension } from '../extension.ts';
import type { Dimension, Situation } from '../situation.ts';
import { wholeNumber } from '../values.ts';

/** A packet of this host starts with 64, the default of ip_default_ttl and of hop_limit. */
export function ttlOf({ packet, isLocal }: Situation): number | null {
  return packet.ttl ?? (isLocal ? 64 : null);
}

const dimension: Dimension<'ttl'> = {
  field: 'ttl',
  of: ttlOf,
  isTold: (situation) => ttlOf(situation) !== null,
};

function ttlMatch(name: string, family: Family): MatchExtension {
  const option = (
    suffix: string,
    relation: '=' | '<' | '>',
    intervals: (value: number) => readonly Interval[],
  ) =>
    intervalOption<number, 'ttl'>({
      name: `--${name}-${suffix}`,
      aliases: relation === '=' ? [`--${name}`] : [],
      negatable: relation === '=',
      value: wholeNumber(255),
      dimension,
      intervals,
      wanted: (value) => [relation, value],
    });
  return {
    name,
    family,
    options: [
      option('eq', '=', (value) => [[BigInt(value), BigInt(value)]]),
      option('lt', '<', (value) => [[0n, BigInt(value) - 1n]]),
      option('gt', '>', (value) => [[BigInt(value) + 1n, 255n]]),
    ],
  };
}

export const ttl = ttlMatch('ttl', 'v4');
export const hl = ttlMatch('hl', 'v6');
