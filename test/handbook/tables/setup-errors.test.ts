/** The lines on the page of what sets a pod up are real ones, and none of its programs' is left out. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ErrorCode, readErrorLine, setupLines } from '../../../src/analysis/index.ts';
import { setupErrors, setupSpeakers } from '../../../src/handbook/tables/index.ts';
import { wordings } from '../../analysis/errors/error-wordings.ts';

test('each line is of its kind, and is one that the program prints', () => {
  for (const [code, line] of Object.entries(setupLines)) {
    expect(readErrorLine(line)?.code).toBe(code);
    expect(wordings[code as ErrorCode]).toContain(line);
  }
  expect(setupErrors.map(({ code }) => code).sort()).toEqual(Object.keys(setupLines).sort());
});

test('every kind of istio-init, its validation and the CNI plugin has its row', () => {
  const own = (Object.keys(wordings) as ErrorCode[]).filter((code) =>
    wordings[code].some((line) => /^istio-(?:init|validation|cni)$/.test(readErrorLine(line)?.program ?? '')),
  );
  expect(own.length).toBeGreaterThan(25);
  expect(own.filter((code) => !(code in setupLines))).toEqual([]);
});

test('the page shows the lines of everybody who says one', () => {
  const page = readFileSync('content/runbooks/setup-fails.mdx', 'utf8');
  for (const speaker of setupSpeakers) {
    expect(setupErrors.filter((row) => row.speaker === speaker).length).toBeGreaterThan(3);
    expect(page).toContain(`<SetupErrors of="${speaker}" />`);
  }
});
