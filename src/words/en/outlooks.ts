/**
 * What an experiment changes in the path of a scenario, in a line under its name.
 */
import type { SaidOutlook } from '../said.ts';
import { stopText } from './stops.ts';

/** `meets ISTIO_OUTPUT 4 instead of ISTIO_REDIRECT 1` */
export function outlookWords({ before, after }: SaidOutlook): string {
  const [left, met] = [before, after].map((stop) => stop && stopText(stop));
  if (left == null && met == null) return 'meets the same rules';
  if (met == null) return `${left} is not met any more`;
  if (left == null) return `meets ${met}, too`;
  return `meets ${met} instead of ${left}`;
}
