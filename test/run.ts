/**
 * Everything that this project claims, checked by one command, from a clean clone:
 *
 *     npm test                        all of it
 *     npm test -- engine docs         only these, with what they need
 *     npm test -- --at-once 1         one step after the other
 *
 * Steps run side by side. Each has one line, when it is done. The last line says `N passed, N failed`: every test
 * counts, and each step that is no test suite counts as one.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { seedOf } from './long/seed.ts';
import { endWithUs } from './run/program.ts';
import { Progress } from './run/progress.ts';
import { sayWhatIsReplayed } from './run/replayed.ts';
import { amount, describeResult, type StepResult } from './run/result.ts';
import { runSteps } from './run/schedule.ts';
import { chosenSteps, stepNames } from './run/steps.ts';
import { provideTools } from './run/tools.ts';

/** One more than there are cores: most steps wait part of their time, for a socket, a page or a disk. */
const usualAtOnce = availableParallelism() + 1;

async function main(asked: readonly string[], atOnce: number): Promise<void> {
  const unknown = asked.filter((name) => !stepNames.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no step called ${unknown.join(', ')}. The steps are: ${stepNames.join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  if (!Number.isSafeInteger(atOnce) || atOnce < 1) {
    console.error('--at-once takes how many steps run side by side: 1 or more.');
    process.exitCode = 2;
    return;
  }
  endWithUs();
  const steps = chosenSteps(asked);
  const progress = new Progress();
  await provideTools(
    steps.map(({ name }) => name),
    progress,
  );

  sayWhatIsReplayed(steps.map(({ name }) => name));

  // What is drawn at random in any step is drawn from this.
  const seed = seedOf(process.env);
  process.env.SIDETRACK_SEED = String(seed);
  console.log(`  seed ${seed}; SIDETRACK_SEED=${seed} npm test draws the same again`);

  const results = await runSteps(steps, atOnce, {
    started: (name) => progress.start(name),
    ended: (result) => {
      progress.end(result.name);
      console.log(describeResult(result));
      if (result.failed > 0) console.log(`\n${result.output.trim()}\n`);
    },
  });

  const sum = (of: (result: StepResult) => number): number =>
    results.reduce((total, each) => total + of(each), 0);
  const failed = sum((result) => result.failed);
  const skipped = sum((result) => result.skipped.length);
  const where = results.filter((result) => result.failed > 0).map(({ name }) => name);
  console.log('');
  if (skipped > 0)
    console.log(`${amount(skipped, 'test')} skipped. Where CI=true, each of them is a failure.`);
  if (where.length > 0)
    console.log(`Failed in ${where.join(', ')}. To run that again: npm test -- ${where.join(' ')}`);
  console.log(`${sum((result) => result.passed)} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

const { values, positionals } = parseArgs({
  options: { 'at-once': { type: 'string', default: String(usualAtOnce) } },
  allowPositionals: true,
});
await main(positionals, Number(values['at-once']));
