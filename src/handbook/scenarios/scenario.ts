/**
 * A scenario: a named journey of the handbook's pod, and what has been published about it.
 */
import type { AmbientOptions, Role, Workload } from '../../istio/index.ts';
import type { Request } from '../../journey/index.ts';
import type { Setting } from './setting.ts';

export type TrafficType = 1 | 2 | 3 | 4 | 5 | 6;

export interface Scenario {
  /** Stable: addresses, fences and links hang on it. */
  readonly name: string;
  /** The type of traffic that it is a case of. */
  readonly type: TrafficType;
  /** True for the one that stands for its page, and has its name. */
  readonly isMain: boolean;
  /** The page of `content/runbooks` that tells it; absent: the page of its type. */
  readonly runbook?: string;
  /** Who calls whom: `A remote pod calls this pod`. */
  readonly title: string;
  /** What its page answers: the page's title. */
  readonly question: string;
  readonly request: Request;
  /** What is set otherwise than in the handbook: most of what runbooks tell is about that. */
  readonly setting?: Partial<Setting>;
  /** What is otherwise about the pod. */
  readonly pod?: Partial<Workload>;
  readonly published?: Published;
  readonly experiments: readonly Experiment[];
}

/** What the best-known article says about a type. */
export interface Published {
  /** Its stops, in its order. */
  readonly stops: readonly string[];
  /** How many legs of the journey it speaks of; absent: all. */
  readonly legs?: number;
  /** True where it goes on with the answer. */
  readonly replies?: boolean;
  /** When it would hold; null when there is no such case. Each is walked by a test. */
  readonly assumption: Assumption | null;
  /** Under what it holds though it holds here, each walked by a test. */
  readonly conditions?: readonly Assumption[];
}

/** Something changed, and the rule that is met then. */
export interface Assumption {
  readonly text: string;
  readonly change: ScenarioChange;
  /** The rule that decides then, and did not before; its position is computed. */
  readonly meets: Role;
}

/** A scenario with something else: what the simulator's controls can set. */
export interface ScenarioChange {
  readonly setting?: Partial<Setting>;
  /** Of a scenario of ambient mode its options; those of the setting are a sidecar's. */
  readonly ambient?: Partial<AmbientOptions>;
  readonly request?: Partial<Request>;
}

/** A change that a reader is invited to try, and what becomes of it: each is walked by a test. */
export interface Experiment {
  readonly title: string;
  readonly change: ScenarioChange;
  /** What changes, and why, in a sentence or two. */
  readonly says: string;
  /** The rule that decides about the changed connection, or about the first leg that differs. */
  readonly meets: Role;
  /** How many of Envoy's two capturing listeners the request passes. */
  readonly doors: 0 | 1 | 2;
  /** Whether it reaches a socket or leaves the pod. */
  readonly arrives: boolean;
}
