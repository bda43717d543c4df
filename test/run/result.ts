/** What came of a step, and how it is told. */

export interface StepResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** The names of tests that were not run. */
  readonly skipped: readonly string[];
  /** False for a step that counts as one: types, lint, build, links. */
  readonly isSuite: boolean;
  readonly seconds: number;
  /** What to show when it failed. */
  readonly output: string;
}

/** `3 tests`, `1 test`. */
export function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** One line: `engine    1204 passed, 2 failed    12.1 s`. */
export function describeResult({ name, passed, failed, skipped, isSuite, seconds }: StepResult): string {
  const counts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ].join(', ');
  const outcome = isSuite ? counts : failed > 0 ? 'failed' : 'passed';
  return `${failed > 0 ? 'x' : ' '} ${name.padEnd(11)}${outcome.padEnd(32)}${seconds.toFixed(1).padStart(7)} s`;
}

/** The part of Vitest's JSON report that is read. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * Counts a report. A file that failed without a failed test (it could not be loaded, or a hook threw) counts as one
 * failure, and so does a run that failed with nothing to show for it. Where nothing may be skipped, a skipped test
 * is a failed one.
 */
export function countReport(
  report: VitestReport | undefined,
  { exitCode, maySkip }: { readonly exitCode: number; readonly maySkip: boolean },
): Pick<StepResult, 'passed' | 'failed' | 'skipped'> {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const failedTests = tests.filter(({ status }) => status === 'failed').length;
  const brokenFiles = files.filter((file) => {
    return file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed');
  }).length;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const skipped = tests
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName);
  const found = failedTests + brokenFiles;
  const unexplained = found === 0 && (exitCode !== 0 || passed + skipped.length === 0) ? 1 : 0;
  return { passed, failed: found + unexplained + (maySkip ? 0 : skipped.length), skipped };
}
