import { describe, expect, test } from 'vitest';
import { parts } from '../long/parts.ts';
import { readAsked } from '../long/run.ts';
import { seedOf } from '../long/seed.ts';
import { countReport, describeResult, type VitestReport } from '../run/result.ts';
import { runSteps } from '../run/schedule.ts';
import { chosenSteps, type Step, stepNames, type Thing } from '../run/steps.ts';

function report(...files: readonly (readonly [status: string, ...tests: string[]])[]): VitestReport {
  return {
    testResults: files.map(([status, ...tests], index) => ({
      name: `file ${index}`,
      status,
      assertionResults: tests.map((each, at) => ({ fullName: `${index}.${at}`, status: each })),
    })),
  };
}

describe('what counts', () => {
  const inCI = { exitCode: 0, maySkip: false };

  test('every test once', () => {
    const of = report(['passed', 'passed', 'passed'], ['failed', 'passed', 'failed']);
    expect(countReport(of, { exitCode: 1, maySkip: true })).toEqual({ passed: 3, failed: 1, skipped: [] });
  });

  test('a file that could not be loaded is a failure', () => {
    expect(countReport(report(['failed'], ['passed', 'passed']), { exitCode: 1, maySkip: true }).failed).toBe(
      1,
    );
  });

  test('a run that failed without saying where is a failure', () => {
    const passed = report(['passed', 'passed']);
    expect(countReport(passed, { exitCode: 1, maySkip: true }).failed).toBe(1);
    expect(countReport(undefined, { exitCode: 1, maySkip: true }).failed).toBe(1);
  });

  test('no tests at all is a failure', () => {
    expect(countReport(report(), inCI).failed).toBe(1);
  });

  test('a skipped test is told, and is a failure where nothing may be skipped', () => {
    const of = report(['passed', 'passed', 'pending', 'todo']);
    expect(countReport(of, inCI)).toEqual({ passed: 1, failed: 2, skipped: ['0.1', '0.2'] });
    expect(countReport(of, { exitCode: 0, maySkip: true }).failed).toBe(0);
  });
});

describe('side by side', () => {
  /** Steps that take some turns each; `log` has who began and ended, in order. */
  function planned(log: string[]) {
    return (name: string, turns: number, more: Partial<Step> & { readonly fails?: boolean } = {}): Step => ({
      needs: [],
      uses: [],
      ...more,
      name,
      run: async () => {
        log.push(`${name} begins`);
        for (let turn = 0; turn < turns; turn++) await new Promise((done) => setTimeout(done, 5));
        log.push(`${name} ends`);
        const failed = more.fails === true ? 1 : 0;
        return { name, passed: 1 - failed, failed, skipped: [], isSuite: false, seconds: 0, output: '' };
      },
    });
  }
  const nobody = { started: () => {}, ended: () => {} };

  test('as many as there is room for, the first of the list first', async () => {
    const log: string[] = [];
    const step = planned(log);
    const results = await runSteps([step('a', 9), step('b', 2), step('c', 2)], 2, nobody);
    expect(log).toEqual(['a begins', 'b begins', 'b ends', 'c begins', 'c ends', 'a ends']);
    expect(results.map(({ name }) => name)).toEqual(['b', 'c', 'a']);
  });

  test('a step begins when what it needs is done, and others go before it meanwhile', async () => {
    const log: string[] = [];
    const step = planned(log);
    await runSteps([step('build', 4), step('browser', 1, { needs: ['build'] }), step('lint', 1)], 3, nobody);
    expect(log.indexOf('browser begins')).toBeGreaterThan(log.indexOf('build ends'));
    expect(log.indexOf('lint ends')).toBeLessThan(log.indexOf('build ends'));
  });

  test('what only one can have is not given to two', async () => {
    const log: string[] = [];
    const step = planned(log);
    const uses: readonly Thing[] = ['.astro'];
    await runSteps([step('a', 3, { uses }), step('b', 1, { uses }), step('c', 1)], 3, nobody);
    expect(log.indexOf('b begins')).toBeGreaterThan(log.indexOf('a ends'));
    expect(log.indexOf('c begins')).toBeLessThan(log.indexOf('a ends'));
  });

  test('a step whose need failed is not run, says so, and counts as failed, as does what needs it', async () => {
    const log: string[] = [];
    const step = planned(log);
    const told: string[] = [];
    const results = await runSteps(
      [
        step('build', 1, { fails: true }),
        step('browser', 1, { needs: ['build'] }),
        step('shots', 1, { needs: ['browser'] }),
        step('lint', 1),
      ],
      1,
      { started: () => {}, ended: ({ name, failed, output }) => told.push(`${name} ${failed} ${output}`) },
    );
    expect(told).toEqual([
      'build 1 ',
      'browser 1 browser needs build, which failed.',
      'shots 1 shots needs browser, which failed.',
      'lint 0 ',
    ]);
    expect(results.reduce((sum, { failed }) => sum + failed, 0)).toBe(3);
    expect(log).toEqual(['build begins', 'build ends', 'lint begins', 'lint ends']);
  });

  test('steps that wait for each other are an error, and no silence', async () => {
    const step = planned([]);
    const circle = [step('a', 1, { needs: ['b'] }), step('b', 1, { needs: ['a'] })];
    await expect(runSteps(circle, 2, nobody)).rejects.toThrow('These steps wait for each other: a, b');
  });

  test('nothing of what is run here waits for itself', () => {
    for (const { needs } of chosenSteps([])) for (const name of needs) expect(stepNames).toContain(name);
  });
});

test('a step brings what it needs, in order', () => {
  const names = (...asked: string[]) => chosenSteps(asked).map(({ name }) => name);
  expect(names()).toEqual(stepNames);
  expect(names('browser', 'engine')).toEqual(['build', 'browser', 'engine']);
});

test('a result is one line', () => {
  const base = { passed: 12, failed: 0, skipped: [], isSuite: true, seconds: 3.21, output: '' };
  expect(describeResult({ ...base, name: 'engine' })).toBe(
    '  engine     12 passed                           3.2 s',
  );
  expect(describeResult({ ...base, name: 'docs', failed: 2, skipped: ['a'] })).toBe(
    'x docs       12 passed, 2 failed, 1 skipped      3.2 s',
  );
  expect(describeResult({ ...base, name: 'build', passed: 1, isSuite: false })).toBe(
    '  build      passed                              3.2 s',
  );
});

describe('what is drawn at random', () => {
  test('is drawn from the seed of the day, or from the one that was asked for', () => {
    expect(seedOf({})).toBe(Number(new Date().toISOString().slice(0, 10).replaceAll('-', '')));
    expect(seedOf({ SIDETRACK_SEED: '7' })).toBe(7);
    expect(() => seedOf({ SIDETRACK_SEED: 'x' })).toThrow('SIDETRACK_SEED takes a whole number, and is "x"');
  });

  test('goes on for as long as one likes, from where it was', () => {
    const { part, seed, from, amount, options } = readAsked(
      'kernel --seed 7 --from 12 --pairs 100 --without goto'.split(' '),
    );
    expect([part.name, seed, from, amount]).toEqual(['kernel', 7, 12, 100]);
    expect(options).toEqual({ most: undefined, without: 'goto' });
    for (const { name, usual } of parts) expect(readAsked([name]).amount).toBe(usual);
  });

  test('an order that cannot be taken is told', () => {
    expect(() => readAsked([])).toThrow(
      'npm run test:long PART [-- --seed N], where PART is one of\n  kernel ',
    );
    expect(() => readAsked(['kernel', '--sed', '7'])).toThrow(
      'kernel takes --seed, --from, --pairs, --most, --without, behind a --',
    );
    expect(() => readAsked(['reading', '--seed', 'x'])).toThrow('--seed takes a whole number, and is "x"');
  });

  test('says how far it came', async () => {
    const reached: number[] = [];
    const run = parts.find(({ name }) => name === 'reading')?.run;
    const task = { seed: 7, from: 5, amount: 40, options: {}, isStopped: () => false };
    expect(await run?.({ ...task, reached: (next) => reached.push(next) })).toBe(true);
    expect(reached).toEqual([45]);
    expect(await run?.({ ...task, isStopped: () => true, reached: (next) => reached.push(next) })).toBe(true);
    expect(reached).toEqual([45]);
  });
});
