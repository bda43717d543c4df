/** The stops “Envoy” of a path in words, with what can be chosen there: what a worker tells a page that has opened them. */

import { isSince, readRelease } from '../../istio/index.ts';
import { oldestTold, type Scoping } from '../../istio/sidecar/index.ts';
import {
  besidePathWords,
  type ComparedSteps,
  envoyChoiceLabels,
  envoyStopTitle,
  envoyTextWords,
  envoyWalkWords,
  type StepGroup,
  seenWords,
  stepGroups,
  stepsOfReleaseWords,
} from '../../words/index.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import { type EnvoyChoice, envoyChoices, envoyTexts, readEnvoyChoice } from './choice.ts';
import { type OpenedStop, openStops, type WalkToOpen } from './stop.ts';

export interface AskedOfStops {
  readonly walk: WalkToOpen;
  readonly chosen: EnvoyChoice;
}

export interface ToldStops {
  readonly stops: readonly ToldStop[];
  readonly fields: readonly ToldField[];
  readonly note: string | null;
}

export interface ToldStop {
  readonly steps: readonly StepGroup[];
  readonly ending: string;
  readonly title: string;
  /** What the client sees. */
  readonly seen: string;
  readonly client: string | null;
  readonly beside: string | null;
}

/** Something that can be chosen. */
export interface ToldField {
  readonly name: keyof EnvoyChoice;
  readonly label: string;
  readonly value: string;
  /** Null: it is written freely. */
  readonly choices: readonly string[] | null;
  /** What is wrong with what was written. */
  readonly problem: string | null;
}

/** Whether a Sidecar is chosen: then `tellStops` is to be told how one is read. */
export function hasSidecar({ chosen: { sidecar = 'none' } }: AskedOfStops): boolean {
  return sidecar !== 'none';
}

export function tellStops({ walk, chosen }: AskedOfStops, scoping?: Scoping): ToldStops {
  const isRead = (name: string, text: string) => readEnvoyChoice(name, text) !== null;
  const read = Object.fromEntries(Object.entries(chosen).filter(([name, text]) => isRead(name, text)));
  const opened = openStops(walk, read, scoping);
  const names = Object.keys(envoyChoiceLabels) as (keyof EnvoyChoice)[];
  return {
    stops: opened.map(toldStop),
    fields: names.flatMap((name): readonly ToldField[] => {
      const [first] = opened.filter((one) => hasSay(name, one));
      if (first === undefined) return [];
      const value = chosen[name] ?? first.choice[name];
      const label = envoyChoiceLabels[name];
      if (name !== 'host' && name !== 'alpn')
        return [{ name, label, value, choices: envoyChoices[name], problem: null }];
      const problem = envoyTexts[name].test(value) ? null : envoyTextWords(name);
      return [{ name, label, value, choices: null, problem }];
    }),
    note: stepsOfReleaseWords(handbookSetting.release, walk.release, comparedSteps(walk.release)),
  };
}

/**
 * How far the steps hold for a release: what istiod tells of this mesh is told the same way since 1.27, and with other names
 * since 1.25.2 (`by-release.ts`); of the Envoys those of 1.30 and 1.31 were asked.
 */
function comparedSteps(release: string): ComparedSteps {
  const read = readRelease(release);
  if (read === null || isSince(read, '1.30')) return 'same';
  if (!isSince(read, oldestTold)) return 'not compared';
  return isSince(read, '1.27') ? 'older Envoy' : 'names';
}

/** Whether a choice can change anything at a stop. */
function hasSay(
  name: keyof EnvoyChoice,
  { choice: { first }, stop, isOwn, canDeclare }: OpenedStop,
): boolean {
  switch (name) {
    case 'first':
      return true;
    case 'sidecar':
      return !isOwn;
    case 'host':
      return first === 'HTTP' || first.includes('TLS');
    case 'alpn':
      return first === 'TLS';
    case 'mutualTls':
    case 'inbound':
      return !isOwn && stop.direction === 'inbound';
    case 'outbound':
      return stop.direction === 'outbound';
    case 'declared':
      return canDeclare;
  }
}

function toldStop(opened: OpenedStop): ToldStop {
  const { stop, seen, isAsInPath } = opened;
  const { steps, ending } = envoyWalkWords(opened);
  return {
    steps: stepGroups(steps),
    ending,
    title: envoyStopTitle(stop),
    seen: seenWords(opened),
    client: seen?.client ?? null,
    beside: besidePathWords(isAsInPath),
  };
}
