/** Runs steps side by side: each as soon as what it needs is done, what it uses is free, and there is room for it. */
import type { StepResult } from './result.ts';
import type { Step } from './steps.ts';

export interface Watcher {
  started(name: string): void;
  ended(result: StepResult): void;
}

/**
 * The results, in the order in which the steps ended. A step whose need failed is not run and counts as failed; what
 * a step needs and nobody chose is taken as done.
 */
export async function runSteps(
  steps: readonly Step[],
  atOnce: number,
  watcher: Watcher,
): Promise<StepResult[]> {
  const waiting = [...steps];
  const running = new Map<Step, Promise<void>>();
  const results: StepResult[] = [];

  const end = (result: StepResult): void => {
    results.push(result);
    watcher.ended(result);
  };
  const hasEnded = (name: string): boolean => results.some((result) => result.name === name);
  const failedNeed = ({ needs }: Step): string | undefined =>
    needs.find((name) => results.some((result) => result.name === name && result.failed > 0));
  const isReady = ({ needs, uses }: Step): boolean =>
    needs.every((name) => hasEnded(name) || steps.every((step) => step.name !== name)) &&
    [...running.keys()].every((other) => other.uses.every((thing) => !uses.includes(thing)));

  while (waiting.length > 0 || running.size > 0) {
    for (const step of [...waiting]) {
      const blocked = failedNeed(step);
      if (blocked !== undefined) {
        waiting.splice(waiting.indexOf(step), 1);
        end(cannotRun(step.name, blocked));
      } else if (running.size < atOnce && isReady(step)) {
        waiting.splice(waiting.indexOf(step), 1);
        watcher.started(step.name);
        running.set(
          step,
          step.run().then((result) => {
            running.delete(step);
            end(result);
          }),
        );
      }
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.length > 0 && waiting.every((step) => failedNeed(step) === undefined && !isReady(step)))
      throw new Error(`These steps wait for each other: ${waiting.map(({ name }) => name).join(', ')}`);
  }
  return results;
}

function cannotRun(name: string, blocked: string): StepResult {
  const output = `${name} needs ${blocked}, which failed.`;
  return { name, passed: 0, failed: 1, skipped: [], isSuite: false, seconds: 0, output };
}
