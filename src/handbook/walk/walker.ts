/**
 * All that can be asked of a walk, of any scenario: what a link says, a diagram, a text for a ticket. Answers are plain
 * data, which a worker can hand over and the build can write into a page.
 */
import { interceptionModes, type Role, releases } from '../../istio/index.ts';
import type { Pod } from '../../journey/index.ts';
import {
  inTextForm,
  type Level,
  mermaid,
  messages,
  noteKinds,
  type Stop,
  type StopKind,
  type StopLine,
  sameStop,
  stopLines,
  type TextForm,
} from '../../render/index.ts';
import { linkProblemWords, optionProblemWords, outlookWords, rolePurposes } from '../../words/index.ts';
import { type Bound, bind, podOfScenario } from '../scenarios/bind.ts';
import { experimentHolds } from '../scenarios/decisive.ts';
import { callsOn, exampleDnsServer, examplePeers, exampleSenders } from '../scenarios/examples.ts';
import { requestOn } from '../scenarios/own-place.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import type { Scenario, ScenarioChange } from '../scenarios/scenario.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import { scenarioNamed, scenarios } from '../scenarios/traffic.ts';
import { openQuestion } from './open-question.ts';
import { decodePermalink, type State } from './permalink.ts';
import type { Around, MessagePlace, Walked, WalkedScenario } from './view.ts';
import { stepAt } from './view-at-step.ts';
import { tellAround, tellFrom } from './view-part.ts';
import { changeOf, problemsIn, take, view, type Walk } from './walk.ts';

export interface Opened {
  readonly walked: Walked;
  /** What is wrong with the link. */
  readonly problems: readonly string[];
}

export type Purposes = { readonly [role in Role]?: string };

/** A sequence diagram of a walk. */
export interface Sequence {
  /** Mermaid's. */
  readonly source: string;
  readonly noteKinds: readonly StopKind[];
  readonly places: readonly MessagePlace[];
}

export interface Walker {
  /** Walks a state; with a role, it begins at the rule that has it. Throws a TypeError where an address is none. */
  walk(state: State, meets?: Role): Walked;
  /** What a long walk left out, around a step. */
  around(state: State, step: number): Around;
  /** Walks what a fragment says; what it leaves open is the scenario's own. */
  open(fragment: string, scenario: string): Opened;
  /** What an experiment will change: the first stop at which the two paths part. */
  outlook(scenario: string, experiment: string): string;
  sequence(state: State, level: Level): Sequence;
  /** What each rule of Istio is for, in a sentence. */
  purposes(): Purposes;
  text(state: State, form: TextForm): string;
}

/** A walker on the rules that Istio would program, or on what is known of a real pod. */
export function walkerOn(real?: RealPod): Walker {
  const offered = new Map<string, WalkedScenario>();
  const scenarioOf = (name: string | undefined): WalkedScenario => {
    const scenario = scenarioNamed(name ?? '') ?? (scenarios[0] as Scenario);
    const made = offered.get(scenario.name) ?? offeredOn(scenario, real);
    offered.set(scenario.name, made);
    return made;
  };
  // What is asked for after a walk is nearly always of that walk.
  let last: { readonly key: string; readonly walk: Walk } | null = null;
  const walkOf = ({ step, ...state }: State): Walk => {
    const key = JSON.stringify(state);
    if (last?.key !== key) last = { key, walk: take(scenarioOf(state.scenario), state, real) };
    return last.walk;
  };
  const walk = (state: State, meets?: Role): Walked => {
    const walked = walkOf(state);
    const question = openQuestion(walked.bound, { replies: state.replies === true });
    const shown = {
      ...view(walked, state, menuOn(walked.bound.pod), meets, tellFrom),
      problems: problemsIn(walked).map((one) => ({ ...one, ...optionProblemWords(one) })),
    };
    return question === null ? shown : { ...shown, question };
  };
  const journey = (state: State) => walkOf(state).bound.journey;
  return {
    walk,
    around: (state, step) => tellAround(walkOf(state), step),
    open(fragment, scenario) {
      const { state, problems } = decodePermalink(fragment);
      return { walked: walk({ scenario, ...state }), problems: problems.map(linkProblemWords) };
    },
    outlook(name, title) {
      const scenario = scenarioOf(name);
      const experiment = scenario.experiments.find((one) => one.title === title);
      return experiment === undefined ? '' : outlook(scenario, experiment.state, real);
    },
    sequence(state, level) {
      const showing = { replies: state.replies === true };
      const walked = walk(state);
      const places = messages(journey(state), level, showing).map(
        ({ kind, ...place }): MessagePlace => ({
          step: stepAt(walked, place) ?? 0,
          ...(kind === 'note' ? { isNote: true } : {}),
        }),
      );
      return {
        source: mermaid(journey(state), level, showing),
        noteKinds: noteKinds(journey(state), level, showing),
        places,
      };
    },
    purposes: () => rolePurposes,
    text(state, form) {
      return inTextForm(form, journey(state), { replies: state.replies === true });
    },
  };
}

function menuOn(pod: Pod) {
  return {
    release: handbookSetting.release,
    releases: releases.map(({ name }) => name),
    senders: exampleSenders,
    calls: callsOn(pod),
    peers: examplePeers,
    modes: interceptionModes,
    dnsServer: exampleDnsServer,
  };
}

/** A scenario as it is walked on a pod, with what a reader is invited to try there. */
function offeredOn(scenario: Scenario, real: RealPod | undefined): WalkedScenario {
  const { name, title, setting, pod } = scenario;
  const { pod: walkedPod } = podOfScenario(scenario, {}, real);
  const state = ({ setting: changed, request }: ScenarioChange): State => ({
    scenario: name,
    ...changed,
    ...(request === undefined ? {} : { request: requestOn(walkedPod, { ...scenario.request, ...request }) }),
  });
  return {
    name,
    title,
    request: requestOn(walkedPod, scenario.request),
    ...(setting === undefined ? {} : { setting }),
    ...(pod === undefined ? {} : { pod }),
    experiments: scenario.experiments
      .filter((one) =>
        real?.rulesets === undefined ? experimentHolds(scenario, one) : one.change.setting === undefined,
      )
      .map(({ title: what, says, meets, change }) => ({ title: what, says, meets, state: state(change) })),
  };
}

function outlook(scenario: WalkedScenario, state: State, real: RealPod | undefined): string {
  const now = decisive(bind(scenario, {}, real));
  const then = decisive(bind(scenario, changeOf(state), real));
  let at = 0;
  while (at < Math.min(now.length, then.length) && sameStop(now[at] as Stop, then[at] as Stop)) at++;
  return outlookWords({ before: now[at] ?? null, after: then[at] ?? null });
}

/** The chain stops of a path, and a bad end. */
function decisive({ journey }: Bound): StopLine {
  return stopLines(journey).flatMap((line) => line.filter(({ kind }) => kind === 'chain' || kind === 'drop'));
}
