/**
 * The course for a new engineer: which pages, in which order, and which questions stand at the end of each. A page asks
 * about the scenario that is named here, and the course counts the same.
 */
import { handbookSetting } from '../scenarios/index.ts';
import { type Exercise, exercisesOf } from './exercises.ts';

export interface CourseStep {
  /** The page's address. */
  readonly page: string;
  /** How long it takes to read and to answer, about. */
  readonly minutes: number;
  /** Whose questions stand there; absent: none do. */
  readonly scenario?: string;
}

export const course: readonly CourseStep[] = [
  { page: '/learn/', minutes: 4 },
  { page: '/learn/iptables/', minutes: 8, scenario: 'local-to-local-localhost' },
  { page: '/learn/packet-path/', minutes: 7, scenario: 'prometheus-app' },
  { page: '/learn/conntrack/', minutes: 7, scenario: 'client-address-lost' },
  { page: '/learn/owner/', minutes: 6, scenario: 'app-bypasses-envoy' },
  { page: '/learn/lo/', minutes: 5, scenario: 'local-to-local-pod-address' },
  { page: '/traffic/local-to-remote/', minutes: 6, scenario: 'local-to-remote' },
  { page: '/traffic/remote-to-local/', minutes: 5, scenario: 'remote-to-local' },
  { page: '/traffic/local-to-local/', minutes: 4, scenario: 'local-to-local' },
  { page: '/traffic/prometheus/', minutes: 4, scenario: 'prometheus' },
  { page: '/traffic/inside-envoy/', minutes: 3, scenario: 'inside-envoy' },
  { page: '/traffic/sidecar-to-istiod/', minutes: 3, scenario: 'sidecar-to-istiod' },
];

/** The questions of a step of the course, as the handbook is set. */
export function exercisesOfStep({ scenario }: CourseStep): readonly Exercise[] {
  return scenario === undefined ? [] : exercisesOf(scenario);
}

/** What a record names: answers are about the rules of this release. */
export const courseRelease = handbookSetting.release;
