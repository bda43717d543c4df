/** What a journey asks of its legs where some may be walked on a node. */
import type { Leg, PlacedPassage } from '../leg.ts';

/** The index of the connection that is asked for, as its pod sees it; on a node alone, of the first. */
export function askedOf(legs: readonly Leg[]): number {
  return Math.max(
    0,
    legs.findIndex(({ node }) => node === undefined),
  );
}

/** Whether a leg may be walked on a node at all. */
export const knowsNodes: boolean = true;

/** The packets of a journey in the order in which they go. What a pod answers goes back over its node. */
export function passagesOf(legs: readonly Leg[], replies: boolean): readonly PlacedPassage[] {
  const turn = ({ leg, at, passage }: PlacedPassage) =>
    leg.node !== undefined && passage.direction === 'reply' ? at + 1.5 : at;
  return legs
    .flatMap((leg, at) => leg.passages.map((passage, number) => ({ leg, at, passage, number })))
    .filter(({ passage }) => replies || passage.direction === 'request')
    .sort((one, other) => turn(one) - turn(other));
}
