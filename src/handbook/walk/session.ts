/**
 * The simulator in a reader's hands, without a page, a worker or a clock: what is shown, what was asked for, and what
 * happens to it, each as a function from one session to the next. `components/simulator` shows a session, asks what it
 * wants to have asked, and tells it what happens.
 */
import type { Answer } from '../../netfilter/index.ts';
import type { Level } from '../../render/index.ts';
import type { EnvoyChoice } from '../envoy/choice.ts';
import { linkOf, type State } from './permalink.ts';
import { type Around, type MessagePlace, type OfferedExperiment, type Walked, withMore } from './view.ts';
import { isLeftOut, legStarts, nextOf } from './view-at-step.ts';
import type { Purposes } from './walker-over.ts';

export interface Session {
  readonly beginning: Beginning;
  /** What is shown; its step is the current one, where there has been one. */
  readonly walked: Walked;
  /** What was asked for, which is ahead of what is shown while it is being walked. */
  readonly state: State;
  /** What is being walked; null where nothing is. An answer to anything else comes too late. */
  readonly walking: ToWalk | null;
  /** What was shown before each change, for undoing. */
  readonly history: readonly Walked[];
  /** What was undone since, for redoing. */
  readonly undone: readonly Walked[];
  /** The experiment that is shown. */
  readonly tried: OfferedExperiment | null;
  /** How what is shown came to be shown. */
  readonly cameBy: CameBy;
  /** What is wrong with the link that was opened. */
  readonly linkProblems: readonly string[];
  readonly failure: Failure | null;
  readonly isPlaying: boolean;
  /** Between two steps when playing, in milliseconds. */
  readonly pace: number;
  readonly purposes: Purposes;
  /** What each of the experiments will change, as far as that has been told. */
  readonly outlooks: readonly string[];
  /** The messages of the drawing of what was changed, once it stands. */
  readonly drawn: Places;
}

/** With the page; by a link; by the browser's own Back, Forward or reload; by a change of the reader's. */
export type CameBy = 'page' | 'link' | 'history' | 'change';

/** What a session begins with. */
export interface Beginning {
  /** The page's scenario. */
  readonly scenario: string;
  /** What is shown first. */
  readonly first: Walked;
  /** The messages of the page's own diagram of it. */
  readonly places?: Places;
  /** What the rules of the first view are for. */
  readonly purposes?: Purposes;
  /** Its outlooks, in the order of its experiments; absent: they are asked for. */
  readonly outlooks?: readonly string[];
  /** The ports of Envoy whose connections can be opened; absent: none. */
  readonly doors?: readonly number[];
  /** The rules are a real pod's: release and options have no say, and no diagram of the page shows them. */
  readonly isLab?: boolean;
}

/** The messages of each drawing that is there, in its order. */
export type Places = { readonly [level in Level]?: readonly MessagePlace[] };

/** What a walker is asked to walk: a state, or what the fragment of an address says. */
export type ToWalk =
  | {
      readonly state: State;
      /** The experiment that it is: it begins at the rule that this meets. */
      readonly tries: OfferedExperiment | null;
    }
  | { readonly fragment: string; readonly isOfHistory?: true };

/** What could not be walked. */
export interface Failure {
  readonly because: string;
  /** What may be asked again; null where that does not help. */
  readonly again: ToWalk | null;
}

export const paces = [
  { name: 'slow', milliseconds: 2000 },
  { name: 'steady', milliseconds: 900 },
  { name: 'fast', milliseconds: 300 },
] as const;

/** An experiment whose outlook is to be asked for. */
export interface WantedOutlook {
  readonly scenario: string;
  readonly experiment: string;
  /** Its place among the scenario's. */
  readonly at: number;
}

/** What can be undone. */
const longestHistory = 50;

export function newSession(beginning: Beginning): Session {
  const { first, purposes = {}, outlooks = [] } = beginning;
  return {
    beginning,
    walked: first,
    state: first.state,
    walking: null,
    history: [],
    undone: [],
    tried: null,
    cameBy: 'page',
    linkProblems: [],
    failure: null,
    isPlaying: false,
    pace: paces[1].milliseconds,
    purposes,
    outlooks,
    drawn: {},
  };
}

/** To a step, by hand. */
export function goTo(session: Session, step: number): Session {
  return { ...atStep(session, step), isPlaying: false };
}

export function play(session: Session): Session {
  return { ...(isAtEnd(session) ? atStep(session, 0) : session), isPlaying: true };
}

/** The time of a step is over. */
export function tick(session: Session): Session {
  if (!session.isPlaying) return session;
  return isAtEnd(session) ? having(session, { isPlaying: false }) : atStep(session, stepOf(session) + 1);
}

/** What is so from now on, and changes nothing else. */
export function having(
  session: Session,
  facts: Partial<Pick<Session, 'isPlaying' | 'pace' | 'purposes' | 'drawn'>>,
): Session {
  return { ...session, ...facts };
}

/** Something else is asked for, which can be undone; it begins at the step. */
export function change(
  session: Session,
  state: State,
  tries: OfferedExperiment | null = null,
  step = 0,
): Session {
  const { history, walking, walked } = session;
  return {
    ...show(session, state, tries, step),
    // What has not been walked is nothing to come back to.
    history: walking === null ? [...history, walked].slice(-longestHistory) : history,
    tried: null,
    linkProblems: [],
    failure: null,
    isPlaying: false,
  };
}

/** Another way of showing the same. */
export function show(
  session: Session,
  state: State,
  tries: OfferedExperiment | null = null,
  step = 0,
): Session {
  const wanted = { ...state, step };
  return { ...session, state: wanted, walking: { state: wanted, tries } };
}

/** Something else is chosen of what comes to Envoy: the path stays as it is. */
export function chooseInEnvoy(session: Session, envoy: EnvoyChoice): Session {
  const { walked, state } = session;
  return {
    ...session,
    walked: { ...walked, state: { ...walked.state, envoy } },
    state: { ...state, envoy },
  };
}

/** An experiment, with the answers shown where they are now. */
export function tryOut(session: Session, experiment: OfferedExperiment): Session {
  const { state } = experiment;
  const { replies } = session.walked.state;
  return change(session, replies === true ? { ...state, replies } : state, experiment);
}

/** The reader says whether the rule matches that nobody can judge. */
export function giveAnswer(session: Session, matches: boolean): Session {
  const { question } = session.walked;
  if (question === undefined) return session;
  const { table, chain, position, step } = question;
  return withAnswers(session, [...answersOf(session), { table, chain, position, matches }], step);
}

export function takeBack(session: Session, given: Answer): Session {
  return withAnswers(
    session,
    answersOf(session).filter((one) => one !== given),
    0,
  );
}

function withAnswers(session: Session, answers: readonly Answer[], step: number): Session {
  const { state } = session.walked;
  return change(session, { ...state, request: { ...state.request, answers } }, null, step);
}

type Turn = (session: Session) => Session;

/** What was shown last before a change, or before it was undone, is shown again. */
function turn(from: 'history' | 'undone', to: 'history' | 'undone'): Turn {
  return (session) => {
    const walked = session[from].at(-1);
    if (walked === undefined) return session;
    return {
      ...shown(session, walked),
      tried: null,
      cameBy: 'change',
      [from]: session[from].slice(0, -1),
      [to]: [...session[to], session.walked],
    };
  };
}

export const undo = turn('history', 'undone');
export const redo = turn('undone', 'history');

/** The browser's own history leads back to the page as it came. */
export function openPage(session: Session): Session {
  const before = shown(session, session.beginning.first);
  return {
    ...before,
    history: historyAt(session, before),
    tried: null,
    cameBy: 'history',
    linkProblems: [],
    isPlaying: false,
  };
}

/** Where the browser's history leads back to what undoing would, that is undone. */
function historyAt({ history }: Session, next: Session): Session['history'] {
  const before = history.at(-1);
  return before !== undefined && linkOf(before.state, before.scenario) === shownLink(next)
    ? history.slice(0, -1)
    : history;
}

/** What could not be walked is asked again. */
export function again(session: Session): Session {
  const { failure } = session;
  if (!failure?.again) return session;
  const walking = { ...failure.again };
  return { ...session, walking, state: 'state' in walking ? walking.state : session.state };
}

/** The address leads somewhere: by a link, or by the browser's own history. */
export function openLink(session: Session, fragment: string, isOfHistory = false): Session {
  return { ...session, walking: { fragment, ...(isOfHistory ? { isOfHistory } : {}) } };
}

/** It was walked; what is wrong with it, where it was a link. */
export function hasWalked(
  session: Session,
  what: ToWalk,
  walked: Walked,
  problems: readonly string[] = [],
): Session {
  if (what !== session.walking) return session;
  const next = shown(session, walked);
  if (!('fragment' in what)) return { ...next, tried: what.tries ?? next.tried, cameBy: 'change' };
  const { isOfHistory } = what;
  return {
    ...next,
    linkProblems: problems,
    tried: null,
    cameBy: isOfHistory ? 'history' : 'link',
    history: isOfHistory ? historyAt(session, next) : next.history,
  };
}

/** It could not be walked: until something else is, what was shown before goes on being shown. */
export function hasNotWalked(
  session: Session,
  what: ToWalk,
  because: string,
  helpsToAskAgain: boolean,
): Session {
  if (what !== session.walking) return session;
  return { ...session, walking: null, failure: { because, again: helpsToAskAgain ? what : null } };
}

/** More of the walk that a link leads to. */
export function toldMore(session: Session, link: string, around: Around): Session {
  return link === shownLink(session) ? { ...session, walked: withMore(session.walked, around) } : session;
}

/** What an experiment will change. */
export function toldOutlook(session: Session, { scenario, at }: WantedOutlook, says: string): Session {
  const { outlooks, walked } = session;
  const isNext = scenario === walked.scenario.name && at === outlooks.length;
  return isNext ? { ...session, outlooks: [...outlooks, says] } : session;
}

/** Who calls whom, where that came by a link; null elsewhere. */
export function linkedCall({ cameBy, walked: { legs, packets } }: Session): string | null {
  if (cameBy !== 'link') return null;
  const to = packets[0]?.[1].to;
  return `${legs[0]?.client ?? 'nobody'}${to === undefined ? '' : ` to ${to}`}`;
}

/** The step that is shown. */
export function stepOf({ walked: { state, length } }: Session): number {
  return Math.max(0, Math.min(state.step ?? 0, length - 1));
}

function isAtEnd(session: Session): boolean {
  return stepOf(session) >= session.walked.length - 1;
}

function atStep(session: Session, to: number): Session {
  const { walked } = session;
  const step = Math.max(0, Math.min(to, walked.length - 1));
  return { ...session, walked: { ...walked, state: { ...walked.state, step } } };
}

function shown(session: Session, walked: Walked): Session {
  const { beginning, outlooks } = session;
  const { name } = walked.scenario;
  const known = name === beginning.scenario ? (beginning.outlooks ?? []) : [];
  const isOfSame = name === session.walked.scenario.name;
  return {
    ...session,
    walked,
    state: walked.state,
    walking: null,
    failure: null,
    undone: [],
    outlooks: isOfSame ? outlooks : known,
  };
}

/** What the reader has said of rules that nobody can judge. */
export function answersOf({ walked }: Pick<Session, 'walked'>): readonly Answer[] {
  return walked.state.request?.answers ?? [];
}

/** The fragment that leads to what is shown, without its `#` and its step. */
export function shownLink({ walked: { state, scenario } }: Session): string {
  return linkOf(state, scenario);
}

/** Whether another path is shown than the page came with. */
export function isChanged(session: Session): boolean {
  const { envoy } = session.walked.state;
  return shownLink(session) !== linkOf(envoy ? { envoy } : {}, session.beginning.first.scenario);
}

/** The fragment that leads to what is shown and its step. `also` belongs into the address, too. */
export function shownAddress(session: Session, also = ''): string {
  const { step } = session.walked.state;
  return [`#${shownLink(session)}`, ...(step === undefined ? [] : [`step=${step}`]), also]
    .filter((part) => part !== '')
    .join('&');
}

/** Whether the address is to say what is shown: not while it is the page as it came. */
export function isForAddress(session: Session): boolean {
  const { step, envoy } = session.walked.state;
  return isChanged(session) || (step ?? envoy) !== undefined;
}

/** Whether the walk that is shown has left out something of its step, which is to be asked for. */
export function wantsMore(session: Session): boolean {
  return isLeftOut(session.walked, stepOf(session));
}

/** The next outlook that is to be asked for; null where all have been. One at a time: on very many rules each takes its time. */
export function wantedOutlook({ walked, outlooks }: Session): WantedOutlook | null {
  const { name, experiments } = walked.scenario;
  const at = outlooks.length;
  const next = experiments[at];
  return next === undefined ? null : { scenario: name, experiment: next.title, at };
}

/** Where a key leads; null where it is none of the simulator's. */
export function stepOfKey(session: Session, key: string, isWithShift: boolean): number | null {
  const { walked } = session;
  const at = stepOf(session);
  const last = walked.length - 1;
  switch (key) {
    case 'ArrowRight':
      return isWithShift ? (nextOf(walked.matches, at, 1) ?? last) : at + 1;
    case 'ArrowLeft':
      return isWithShift ? (nextOf(walked.matches, at, -1) ?? 0) : at - 1;
    case 'l':
      return legStarts(walked).find(({ first }) => first > at)?.first ?? at;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
