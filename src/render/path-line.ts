/** A journey as a path line. */
import type { Journey } from '../journey/index.ts';
import { stopText } from '../words/index.ts';
import type { StopLine } from './stop.ts';
import { type Showing, stopLines } from './stops.ts';

/** Between two stops of a path line. */
export const separator = ' ▸ ';

/** The path as text, one line a leg: `app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 9 ▸ …`. */
export function pathLine(journey: Journey, showing: Showing = {}): string {
  return stopLines(journey, showing).map(lineText).join('\n');
}

/** The stops of one leg in a line. */
export function lineText(line: StopLine): string {
  return line.map(stopText).join(separator);
}
