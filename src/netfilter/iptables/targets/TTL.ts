/** TTL and HL: how many hops the packet may still go (net/netfilter/xt_HL.c). */

import type { Family } from '../../model/ruleset.ts';
import { type Option, type TargetExtension, targetOption } from '../extension.ts';
import { ttlOf } from '../matches/ttl.ts';
import { wholeNumber } from '../values.ts';

function changed(ttl: number | null, { name, value }: Option): number | null {
  const number = value as number;
  if (name.endsWith('-set')) return number;
  if (ttl === null) return null;
  return Math.min(255, Math.max(0, name.endsWith('-inc') ? ttl + number : ttl - number));
}

function ttlTarget(name: string, family: Family): TargetExtension {
  return {
    name,
    family,
    tables: ['mangle'],
    options: ['set', 'dec', 'inc'].map((what) =>
      targetOption<number>({
        name: `--${name.toLowerCase()}-${what}`,
        negatable: false,
        value: wholeNumber(255),
      }),
    ),
    act: (options, situation) => {
      const [option] = options;
      const ttl = option === undefined ? null : changed(ttlOf(situation), option);
      return {
        verdict: { kind: 'continue' },
        ...(ttl === null ? {} : { packet: { ...situation.packet, ttl } }),
      };
    },
  };
}

export const TTL = ttlTarget('TTL', 'v4');
export const HL = ttlTarget('HL', 'v6');
