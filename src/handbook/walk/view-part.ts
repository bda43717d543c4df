/** What is told of a walk of very many steps, or through chains of very many rules: what is looked at now. */
import type { Around, StepWords, Walked, WalkedRules } from './view.ts';
import { shownChain, toldSteps } from './view-at-step.ts';
import { rulesOf, stopsOf, tellAll, type Walk, wordsOf } from './walk.ts';

/** Walks of up to so many steps, in chains of up to so many rules, are told whole. */
const wholeUpTo = 400;
/** Of a longer walk so many steps at which something happens are told with it. */
const toldStops = 500;

/** All, or what is told with a walk that begins at a step. */
export function tellFrom(walk: Walk, step: number): Around {
  const rules = walk.chains.reduce((sum, { count }) => sum + count, 0);
  if (walk.steps.length <= wholeUpTo && rules <= wholeUpTo) return tellAll(walk);
  const around = tellAround(walk, step);
  const words: { [step: number]: StepWords } = { ...around.words };
  for (const stop of stopsOf(walk).slice(0, toldStops)) words[stop] = wordsOf(walk, stop);
  return { ...around, words };
}

/** The steps around one, and the chains that they are in. */
export function tellAround(walk: Walk, step: number): Around {
  const words: { [step: number]: StepWords } = {};
  const last = Math.min(walk.steps.length - 1, step + toldSteps);
  for (let at = Math.max(0, step - toldSteps); at <= last; at++) words[at] = wordsOf(walk, at);
  const rules: { [chain: number]: { [position: number]: WalkedRules[number] } } = {};
  // The chains of the steps that are told, so that stepping on finds them.
  for (const at of [step, step + toldSteps / 2, step - toldSteps / 2]) {
    if (at < 0 || at >= walk.steps.length) continue;
    const shown = shownChain({ ...walk, chains: walk.chains as unknown as Walked['chains'] }, at);
    if (shown === null) continue;
    rules[shown.chain] = { ...rules[shown.chain], ...rulesOf(walk, shown.chain, shown.first, shown.last) };
    for (const tested of shown.testedAt.values()) words[tested] ??= wordsOf(walk, tested);
  }
  return { words, rules };
}
