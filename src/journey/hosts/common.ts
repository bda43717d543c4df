/** The same where all is walked in one pod. */
import type { Leg, PlacedPassage } from '../leg.ts';

export const askedOf = (_: readonly Leg[]) => 0;

export const knowsNodes = false;

export function passagesOf(legs: readonly Leg[], replies: boolean): readonly PlacedPassage[] {
  return legs.flatMap((leg, at) =>
    leg.passages.flatMap((passage, number) =>
      replies || passage.direction === 'request' ? { leg, at, passage, number } : [],
    ),
  );
}
