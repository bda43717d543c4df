/**
 * Where the rules of ambient mode differ from those that Istio would program, in a pod or on its node. None is told to be
 * taken out: they keep the pod in mutual TLS, and the CNI agent writes them.
 */
import type { AmbientRole } from '../../istio/index.ts';
import type { AmbientDifference, AmbientSide } from '../ambient/index.ts';
import type { Examined, FindingOf } from './finding.ts';

interface OfAmbient {
  readonly side: AmbientSide;
  readonly release: string;
  readonly count: number;
  readonly first: AmbientDifference;
}

export type AmbientFinding =
  /** Rules of Istio's that are not there; `role` is that of the first. */
  | FindingOf<'ambient.rules-missing', OfAmbient & { readonly role: AmbientRole | null }>
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
  const [firstMissing, firstForeign, firstMoved] = [missing[0], foreign[0], moved[0]];
  const about = { side, release };
  return [
    ...(firstMissing === undefined
      ? []
      : [
          {
            id: 'ambient.rules-missing',
            weight: 'wrong',
            ...about,
            count: missing.length,
            first: firstMissing,
            role: firstMissing.role,
          } as const,
        ]),
    ...(firstMoved === undefined
      ? []
      : [
          {
            id: 'ambient.rules-moved',
            weight: 'doubtful',
            ...about,
            count: moved.length,
            first: firstMoved,
          } as const,
        ]),
    ...(firstForeign === undefined
      ? []
      : [
          {
            id: 'ambient.rules-foreign',
            weight: 'doubtful',
            ...about,
            count: foreign.length,
            first: firstForeign,
          } as const,
        ]),
  ];
}

function placeOf({ family, table, chain, rule }: AmbientDifference): string {
  return `${family} ${table} ${chain} ${rule}`;
}
