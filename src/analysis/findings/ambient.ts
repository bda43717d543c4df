/**
 * Where the rules of ambient mode differ from those that Istio would program, in a pod or on its node. None is told to be
 * taken out: they keep the pod in mutual TLS, and the CNI agent writes them.
 */
import type { AmbientDifference, AmbientSide } from '../ambient/index.ts';
import type { Examined, FindingOf } from './finding.ts';

interface OfAmbient {
  readonly side: AmbientSide;
  readonly release: string;
  readonly count: number;
  readonly first: AmbientDifference;
}

export type AmbientFinding =
  /** Rules of Istio's that are not there. */
  | FindingOf<'ambient.rules-missing', OfAmbient>
  /** Rules in a chain of Istio's that Istio does not make. */
  | FindingOf<'ambient.rules-foreign', OfAmbient>
  /** Rules of Istio's that stand elsewhere in their chain. */
  | FindingOf<'ambient.rules-moved', OfAmbient>;

export function againstAmbient({ ambient }: Examined): readonly AmbientFinding[] {
  if (ambient === null) return [];
  const { side, releases } = ambient;
  const release = releases.at(-1) ?? '';
  const isMoved = (one: AmbientDifference, others: readonly AmbientDifference[]) =>
    others.some((other) => placeOf(other) === placeOf(one));
  const missing = ambient.missing.filter((one) => !isMoved(one, ambient.foreign));
  const foreign = ambient.foreign.filter((one) => !isMoved(one, ambient.missing));
  const moved = ambient.foreign.filter((one) => isMoved(one, ambient.missing));
  const about = (differing: readonly AmbientDifference[]): readonly OfAmbient[] => {
    const [first] = differing;
    return first === undefined ? [] : [{ side, release, count: differing.length, first }];
  };
  return [
    ...about(missing).map((one) => ({ id: 'ambient.rules-missing', weight: 'wrong', ...one }) as const),
    ...about(moved).map((one) => ({ id: 'ambient.rules-moved', weight: 'doubtful', ...one }) as const),
    ...about(foreign).map((one) => ({ id: 'ambient.rules-foreign', weight: 'doubtful', ...one }) as const),
  ];
}

function placeOf({ family, table, chain, rule }: AmbientDifference): string {
  return `${family} ${table} ${chain} ${rule}`;
}
