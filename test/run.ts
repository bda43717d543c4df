/**
 * Everything that this project claims, checked by one command, from a clean clone:
 *
 *     npm test                      all of it
 *     npm test -- engine docs       only these, with what they need
 *
 * The last line says `N passed, N failed`: every test counts, and each step that is no test suite counts as one.
 */
import { amount, describeResult, type StepResult } from './run/result.ts';
import { chosenSteps, stepNames } from './run/steps.ts';
import { provideTools } from './run/tools.ts';

async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !stepNames.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no step called ${unknown.join(', ')}. The steps are: ${stepNames.join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const steps = chosenSteps(asked);
  await provideTools(steps.map(({ name }) => name));

  const results: StepResult[] = [];
  for (const step of steps) {
    const blocked = step.needs.find((name) =>
      results.some((result) => result.name === name && result.failed > 0),
    );
    const result = blocked === undefined ? await step.run() : cannotRun(step.name, blocked);
    results.push(result);
    console.log(describeResult(result));
    if (result.failed > 0) console.log(`\n${result.output.trim()}\n`);
  }

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

function cannotRun(name: string, blocked: string): StepResult {
  const output = `${name} needs ${blocked}, which failed.`;
  return { name, passed: 0, failed: 1, skipped: [], isSuite: false, seconds: 0, output };
}

await main(process.argv.slice(2));
