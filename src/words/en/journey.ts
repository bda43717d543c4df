/**
 * How a journey ended, and what its processes did, in sentences.
 */
import {
  askedOf,
  headlineOf,
  type Journey,
  type JourneyOutcome,
  knowsNodes,
  type Leg,
} from '../../journey/index.ts';
import { ruleName } from '../rule-name.ts';
import type { SaidHeadline } from '../said.ts';
import { behaviourWords, subject } from './processes.ts';
import { because } from './reasons.ts';

/** How it ended, in a sentence. */
export function ending({ legs, outcome }: Pick<Journey, 'legs' | 'outcome'>): string {
  switch (outcome.kind) {
    case 'nothing sent':
      return 'Nothing was sent.';
    case 'in a circle':
      return outcome.again === null
        ? `In a circle: ${legs.length} connections and no end.`
        : `In a circle: connection ${outcome.again + 1} is made again and again.`;
    default:
      return endingOf(legs[outcome.leg]);
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
      return `It ${knowsNodes && leg?.node !== undefined ? 'goes out' : 'leaves the pod'} by ${outcome.interface}.`;
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

/** What is told first of a journey; `headlineWords` says it. */
export function headline(journey: Pick<Journey, 'legs' | 'outcome'>): SaidHeadline {
  const told = headlineOf(journey);
  const asked =
    journey.legs[knowsNodes ? askedOf(journey.legs) : 0]?.passages[0]?.traversal.events[
      told.inVain?.asked ?? -1
    ];
  return {
    ...told,
    ending: ending(journey),
    because: asked?.kind === 'rule' && !asked.matched ? because(asked) : '',
  };
}

/** What became of it, in a phrase: `past Envoy, by ISTIO_OUTPUT 1`. */
export function outcomePhrase(outcome: JourneyOutcome): string {
  return 'decided' in outcome && outcome.decided !== null
    ? `${outcome.kind}, by ${ruleName(outcome.decided)}`
    : outcome.kind;
}
