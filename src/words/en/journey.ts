/**
 * How a journey ended, and what its processes did, in sentences.
 */
import type { Journey, Leg } from '../../journey/index.ts';
import { behaviourWords, subject } from './processes.ts';
import { because } from './reasons.ts';

/** How it ended, in a sentence. */
export function ending({ legs, ended }: Pick<Journey, 'legs' | 'ended'>): string {
  switch (ended.kind) {
    case 'nothing sent':
      return 'Nothing was sent.';
    case 'repeats':
      return `The request turns in a circle: connection ${ended.leg + 1} is made again and again.`;
    case 'too long':
      return `The request turns in a circle: ${ended.legs} connections and no end.`;
    case 'leg':
      return endingOf(legs[ended.leg]);
  }
}

function endingOf(leg: Leg | undefined): string {
  const outcome = leg?.passages[0]?.traversal.outcome;
  if (leg?.closes === true) return leg.behaviour === undefined ? '' : behaviourWords(leg.behaviour);
  if (outcome === undefined) return '';
  switch (outcome.kind) {
    case 'delivered':
      return `${subject(leg?.server?.name ?? 'A process')} has the connection.`;
    case 'sent':
      return `It leaves the pod by ${outcome.interface}.`;
    case 'refused':
      return `Refused: ${because(outcome)}.`;
    case 'dropped':
      return `Dropped: ${because(outcome)}.`;
    case 'rejected':
      return `Rejected with ${outcome.with}: ${because(outcome)}.`;
    case 'cannot tell':
      return `Cannot tell: ${because(outcome)}.`;
  }
}
