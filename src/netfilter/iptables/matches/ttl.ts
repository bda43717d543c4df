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

const dimension: Dimension = {
  name: 'TTL',
  of: ttlOf,
  print: String,
  absent: 'unknown',
  isTold: (situation) => ttlOf(situation) !== null,
};

function ttlMatch(name: string, family: Family, purpose: string): MatchExtension {
  const option = (
    suffix: string,
    aliases: readonly string[],
    negatable: boolean,
    intervals: (value: number) => readonly Interval[],
    relation: (value: number) => string,
  ) =>
    intervalOption<number>({
      name: `--${name}-${suffix}`,
      aliases,
      negatable,
      value: wholeNumber(255),
      dimension,
      intervals,
      relation,
    });
  return {
    name,
    family,
    purpose,
    options: [
      option('eq', [`--${name}`], true, (value) => [[BigInt(value), BigInt(value)]], String),
      option(
        'lt',
        [],
        false,
        (value) => [[0n, BigInt(value) - 1n]],
        (value) => `less than ${value}`,
      ),
      option(
        'gt',
        [],
        false,
        (value) => [[BigInt(value) + 1n, 255n]],
        (value) => `greater than ${value}`,
      ),
    ],
  };
}

export const ttl = ttlMatch('ttl', 'v4', 'The time to live of the packet.');
export const hl = ttlMatch('hl', 'v6', 'The hop limit of the packet.');
