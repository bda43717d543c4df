/** A journey as a path line. */
import type { Journey } from '../journey/index.ts';
import { type Showing, stopLines } from './stops.ts';

/** Between two stops of a path line. */
export const separator = ' ▸ ';

/** The path as text, one line a leg: `app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 9 ▸ …`. */
export function pathLine(journey: Journey, showing: Showing = {}): string {
  return stopLines(journey, showing)
    .map((line) => line.map(({ text }) => text).join(separator))
    .join('\n');
}
