/**
 * All that can be asked of a walk, of any scenario: what a link says, a diagram, a text for a ticket. Answers are plain
 * data, which a worker can hand over and the build can write into a page. On what it is walked is handed in.
 */
import type { AmbientRole, Role } from '../../istio/index.ts';
import type { Journey } from '../../journey/index.ts';
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
import { type LinkProblem, linkProblemWords, outlookWords } from '../../words/index.ts';
import { openQuestion, type WalkedOn } from './open-question.ts';
import { decodePermalink, type State } from './permalink.ts';
import type { Around, Menu, MessagePlace, Walked, WalkedScenario } from './view.ts';
import { stepAt } from './view-at-step.ts';
import { tellAround, tellFrom } from './view-part.ts';
import { view, type Walk } from './walk.ts';

export interface Opened {
  readonly walked: Walked;
  /** What is wrong with the link. */
  readonly problems: readonly string[];
}

export type Purposes = { readonly [role in Role | AmbientRole]?: string };

/** A sequence diagram of a walk. */
export interface Sequence {
  /** Mermaid's. */
  readonly source: string;
  readonly noteKinds: readonly StopKind[];
  readonly places: readonly MessagePlace[];
}

export interface Walker {
  /** Walks a state; with a role, it begins at the rule that has it. Throws a TypeError where an address is none. */
  walk(state: State, meets?: Role | AmbientRole): Walked;
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

/** On what is walked: the pods of one kind, and their scenarios. */
export interface WalkedGround<Taken extends Walk> {
  /** Whether it has a scenario of that name. */
  readonly has: (name: string) => boolean;
  /** The scenario of that name, or the first there is. */
  readonly scenario: (name: string | undefined) => WalkedScenario;
  readonly take: (scenario: WalkedScenario, state: State) => Taken;
  readonly menu: (taken: Taken) => Menu;
  /** What the walk was taken on. */
  readonly on: (taken: Taken) => WalkedOn;
  readonly settings: (taken: Taken) => Pick<Walked, 'options' | 'ambient' | 'problems'>;
  readonly purposes: Purposes;
}

export function walkerOver<Taken extends Walk>(ground: WalkedGround<Taken>): Walker {
  const offered = new Map<string, WalkedScenario>();
  const scenarioOf = (name: string | undefined): WalkedScenario => {
    const known = offered.get(name ?? '');
    if (known !== undefined) return known;
    const made = ground.scenario(name);
    offered.set(made.name, made);
    return made;
  };
  // What is asked for after a walk is nearly always of that walk.
  let last: { readonly key: string; readonly taken: Taken } | null = null;
  const takenOf = ({ step, ...state }: State): Taken => {
    const key = JSON.stringify(state);
    if (last?.key !== key) last = { key, taken: ground.take(scenarioOf(state.scenario), state) };
    return last.taken;
  };
  const walk = (state: State, meets?: Role | AmbientRole): Walked => {
    const taken = takenOf(state);
    const question = openQuestion(ground.on(taken), { replies: state.replies === true });
    const shown = { ...view(taken, state, ground.menu(taken), meets, tellFrom), ...ground.settings(taken) };
    return question === null ? shown : { ...shown, question };
  };
  const journey = (state: State) => takenOf(state).journey;
  return {
    walk,
    around: (state, step) => tellAround(takenOf(state), step),
    open(fragment, scenario) {
      const { state, problems } = decodePermalink(fragment);
      const said: LinkProblem[] = [...problems];
      const isElsewhere = state.scenario !== undefined && !ground.has(state.scenario);
      if (isElsewhere) said.push({ code: 'scenario elsewhere', scenario: state.scenario });
      const walked = walk(isElsewhere ? { scenario } : { scenario, ...state });
      return { walked, problems: said.map(linkProblemWords) };
    },
    outlook(name, title) {
      const scenario = scenarioOf(name);
      const experiment = scenario.experiments.find((one) => one.title === title);
      if (experiment === undefined) return '';
      const changed = scenarioOf(experiment.state.scenario ?? name);
      return outlook(
        ground.take(scenario, { scenario: name }).journey,
        ground.take(changed, experiment.state).journey,
      );
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
    purposes: () => ground.purposes,
    text(state, form) {
      return inTextForm(form, journey(state), { replies: state.replies === true });
    },
  };
}

function outlook(before: Journey, after: Journey): string {
  const now = decisive(before);
  const then = decisive(after);
  let at = 0;
  while (at < Math.min(now.length, then.length) && sameStop(now[at] as Stop, then[at] as Stop)) at++;
  return outlookWords({ before: now[at] ?? null, after: then[at] ?? null });
}

/** The chain stops of a path, and a bad end. */
function decisive(journey: Journey): StopLine {
  return stopLines(journey).flatMap((line) => line.filter(({ kind }) => kind === 'chain' || kind === 'drop'));
}
