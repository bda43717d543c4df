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
import type { Scenario, ScenarioChange } from '../scenarios/scenario.ts';
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
  const repair = repairOf(scenario, journey);
  return [
    ...journey.legs.slice(0, legsAsked).flatMap((_, leg) => ruleQuestion(scenario, journey, leg) ?? []),
    ...changesOf(scenario, journey).map(({ number, title, change }) =>
      outcomeQuestion(`${scenario.name}.change-${number}`, bind(scenario, change).journey, { title }),
    ),
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

interface NumberedChange {
  /** Its place among the scenario's experiments, from 1. */
  readonly number: number;
  readonly title: string;
  readonly change: ScenarioChange;
}

function changesOf(scenario: Scenario, journey: Journey): readonly NumberedChange[] {
  const all = scenario.experiments.flatMap((one, at) =>
    experimentHolds(scenario, one) ? [{ number: at + 1, title: one.title, change: one.change }] : [],
  );
  const kindOf = ({ change }: NumberedChange) => bind(scenario, change).journey.outcome.kind;
  const asked = all.filter((one) => endings.some((kind) => kind === kindOf(one)));
  const turns = asked.filter((one) => kindOf(one) !== journey.outcome.kind);
  const stays = asked.filter((one) => !turns.includes(one));
  // One of each where there are both, so that "it changes" is not always the answer.
  return [...turns.slice(0, stays.length === 0 ? changesAsked : 1), ...stays].slice(0, changesAsked);
}

function outcomeQuestion(id: string, journey: Journey, { title }: { readonly title: string }): Exercise {
  const { says, means } = headlineWords(headline(journey));
  return {
    id,
    asks: { kind: 'outcome', change: title },
    choices: endings.map((kind) => ({
      text: outcomeNames[kind],
      isRule: false,
      isRight: kind === journey.outcome.kind,
      reason: '',
    })),
    because: `${says} ${means}`.trim(),
    path: pathLine(journey),
  };
}

/** Null where the request goes through Envoy as it is, or where all changes do the same. */
function repairOf(scenario: Scenario, journey: Journey): Exercise | null {
  if (journey.outcome.kind === 'through Envoy') return null;
  const tried = scenario.experiments
    .filter((one) => experimentHolds(scenario, one))
    .map((one) => ({ one, walked: bind(scenario, one.change).journey }));
  const right = tried.filter(({ walked }) => walked.outcome.kind === 'through Envoy');
  if (right.length !== 1 || tried.length < 2) return null;
  return {
    id: `${scenario.name}.fix`,
    asks: { kind: 'fix', title: scenario.title },
    choices: tried.map(({ one, walked }) => ({
      text: one.title,
      isRule: false,
      isRight: walked === right[0]?.walked,
      reason: headlineWords(headline(walked)).says,
    })),
    because: '',
    path: pathLine(right[0]?.walked ?? journey),
  };
}
