import { describe, expect, test } from 'vitest';
import { countReport, describeResult, type VitestReport } from '../run/result.ts';
import { chosenSteps, stepNames } from '../run/steps.ts';

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

test('a step brings what it needs, in order', () => {
  const names = (...asked: string[]) => chosenSteps(asked).map(({ name }) => name);
  expect(names()).toEqual(stepNames);
  expect(names('browser', 'engine')).toEqual(['engine', 'build', 'browser']);
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
