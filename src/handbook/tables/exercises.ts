/**
 * Questions about a scenario, for whoever has read its page. There is no key of answers: what is right, and why something
 * else is not, is what the engine walked.
 */
import { decisiveRule, type Journey, type Leg, type OutcomeKind } from '../../journey/index.ts';
import { familyOf, type RuleEvent } from '../../netfilter/index.ts';
import { pathLine } from '../../render/index.ts';
import {
  because,
  clientName,
  type ExerciseAsks,
  headline,
  headlineWords,
  outcomeNames,
  ruleAnswerWords,
  writtenChain,
} from '../../words/index.ts';
import { bind, experimentHolds } from '../scenarios/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { scenarioOf } from './scenario.ts';

export interface Exercise {
  /** For good, as what was answered is kept under it: `local-to-remote.rule-1`. */
  readonly id: string;
  readonly asks: ExerciseAsks;
  readonly choices: readonly ExerciseChoice[];
  /** Said with every answer, right or not; '' where each choice has its own reason. */
  readonly because: string;
  /** The path that was walked, a line a leg. */
  readonly path: string;
}

export interface ExerciseChoice {
  readonly text: string;
  /** A rule, as it is written. */
  readonly isRule: boolean;
  readonly isRight: boolean;
  /** Why it is right or is not; '' where {@link Exercise.because} says it for all. */
  readonly reason: string;
}

/** What a journey can come to that is asked for: a question whose answers never include "cannot tell". */
const endings = [
  'through Envoy',
  'past Envoy',
  'refused',
  'dropped',
  'in a circle',
] as const satisfies readonly OutcomeKind[];

/** The third connection of a request and those after it have nothing new to ask. */
const legsAsked = 2;

/** How many changes of a scenario are asked about: first those after which something else becomes of the request. */
const changesAsked = 2;

/**
 * The questions about a scenario: which rule decides about each of its connections, what becomes of the request when
 * something is changed, and, where it goes wrong, which change puts it right.
 */
export function exercisesOf(name: string): readonly Exercise[] {
  return exercisesAbout(scenarioOf(name));
}

/** The same for a scenario that need not be one of the handbook's. */
export function exercisesAbout(scenario: Scenario): readonly Exercise[] {
  const { journey } = bind(scenario);
  const tried = triedOf(scenario);
  const repair = repairOf(scenario, journey, tried);
  return [
    ...journey.legs.slice(0, legsAsked).flatMap((_, leg) => ruleQuestion(scenario, journey, leg) ?? []),
    ...askedOf(tried, journey).map((one) => outcomeQuestion(scenario, one)),
    ...(repair === null ? [] : [repair]),
  ];
}

function ruleQuestion(scenario: Scenario, journey: Journey, leg: number): Exercise | null {
  const events = journey.legs[leg]?.passages[0]?.traversal.events ?? [];
  const decided = decisiveRule(events);
  if (decided === null) return null;
  const { table, chain } = decided;
  const written = writtenChain(journey.rulesets, familyOf(decided.packet.destination), table, chain);
  // Where there is one rule there is no question.
  if (written === null || written.count < 2) return null;
  const tested = events.filter(
    (one): one is RuleEvent => one.kind === 'rule' && one.table === table && one.chain === chain,
  );
  const choices = Array.from({ length: written.count }, (_, at): ExerciseChoice => {
    const position = at + 1;
    const event = tested.find((one) => one.position === position);
    const isRight = event === decided;
    return {
      text: `${position}: ${written.text(position)}`,
      isRule: true,
      isRight,
      reason: ruleAnswerWords({
        position,
        decided: decided.position,
        matched: event?.matched ?? null,
        because: event === undefined ? '' : because(event),
      }),
    };
  });
  return {
    id: `${scenario.name}.rule-${leg + 1}`,
    asks: {
      kind: 'rule',
      title: scenario.title,
      chain,
      client: clientName((journey.legs[leg] as Leg).client),
      leg: leg + 1,
      legs: journey.legs.length,
      destination: (journey.legs[leg] as Leg).dialled,
    },
    choices,
    because: '',
    path: pathLine(journey),
  };
}

/** A change of a scenario, walked. */
interface Tried {
  /** Its place among the scenario's experiments, from 1. */
  readonly number: number;
  readonly title: string;
  readonly walked: Journey;
}

/** The changes of a scenario that hold as the handbook is set. */
function triedOf(scenario: Scenario): readonly Tried[] {
  return scenario.experiments.flatMap((one, at) =>
    experimentHolds(scenario, one)
      ? [{ number: at + 1, title: one.title, walked: bind(scenario, one.change).journey }]
      : [],
  );
}

/** Those that are asked about. */
function askedOf(tried: readonly Tried[], { outcome }: Journey): readonly Tried[] {
  const possible = tried.filter(({ walked }) => endings.some((kind) => kind === walked.outcome.kind));
  const turns = possible.filter(({ walked }) => walked.outcome.kind !== outcome.kind);
  const stays = possible.filter((one) => !turns.includes(one));
  // One of each where there are both, so that "it changes" is not always the answer.
  return [...turns.slice(0, stays.length === 0 ? changesAsked : 1), ...stays].slice(0, changesAsked);
}

function outcomeQuestion({ name }: Scenario, { number, title, walked }: Tried): Exercise {
  const { says, means } = headlineWords(headline(walked));
  return {
    id: `${name}.change-${number}`,
    asks: { kind: 'outcome', change: title },
    choices: endings.map((kind) => ({
      text: outcomeNames[kind],
      isRule: false,
      isRight: kind === walked.outcome.kind,
      reason: '',
    })),
    because: `${says} ${means}`.trim(),
    path: pathLine(walked),
  };
}

/** Null where the request goes through Envoy as it is, or where all changes do the same. */
function repairOf({ name, title }: Scenario, journey: Journey, tried: readonly Tried[]): Exercise | null {
  if (journey.outcome.kind === 'through Envoy' || tried.length < 2) return null;
  const [right, ...more] = tried.filter(({ walked }) => walked.outcome.kind === 'through Envoy');
  if (right === undefined || more.length > 0) return null;
  return {
    id: `${name}.fix`,
    asks: { kind: 'fix', title },
    choices: tried.map((one) => ({
      text: one.title,
      isRule: false,
      isRight: one === right,
      reason: headlineWords(headline(one.walked)).says,
    })),
    because: '',
    path: pathLine(right.walked),
  };
}
