/**
 * Every file of `cases/`: the engine answers what stands behind each `==>`.
 *
 * `ACCEPT_CASES=1 npx vitest run test/netfilter/cases.test.ts` writes the engine's answers into the files, to be
 * read before they are committed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CaseFileError, readCaseFile } from './case-file.ts';
import { answer } from './trace-lines.ts';

const folder = new URL('./cases/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.case'));

describe.each(files)('%s', (file) => {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const cases = readCaseFile(file, text);
  if (process.env.ACCEPT_CASES === '1') accept(file, text);
  for (const one of cases) {
    test(`${one.title} (${file}:${one.line})`, () => {
      const answers = answer(one);
      for (const [at, step] of one.steps.entries()) {
        const expected = step.expected.map((line) => line.trimEnd());
        expect(answers[at], `${file}:${step.line}: ${step.text}`).toEqual(expected);
      }
    });
  }
});

describe('the format', () => {
  const refuses = (text: string) => {
    try {
      readCaseFile('a.case', text);
    } catch (error) {
      if (error instanceof CaseFileError) return error.message;
      throw error;
    }
    return null;
  };

  test('refuses a file without "==>"', () => {
    expect(refuses('# A title\n*nat\nCOMMIT\n')).toBe(
      'a.case:1: found no line "==>"; a case says what it expects behind one',
    );
  });
  test('refuses a packet without "==>"', () => {
    expect(refuses('# A\nproblems\n==>\n# B\nproblems\n')).toBe('a.case:6: found no "==>" behind "problems"');
  });
  test('refuses a line that it does not know', () => {
    expect(refuses('# A\nhorse\nproblems\n==>\n')).toMatch(/^a\.case:2: found "horse", expected interface, /);
  });
  test('refuses a packet without an origin', () => {
    expect(refuses('# A\npacket tcp 1.1.1.1:1 > 2.2.2.2:2\n==>\n')).toMatch(/^a\.case:2: .* with neither/);
  });
});

function accept(file: string, text: string): void {
  const lines = text.split('\n');
  for (const one of [...readCaseFile(file, text)].reverse()) {
    const answers = answer(one);
    for (const [at, step] of [...one.steps.entries()].reverse()) {
      const start = lines.indexOf('==>', step.line) + 1;
      lines.splice(start, step.expected.length, ...(answers[at] ?? []));
    }
  }
  writeFileSync(new URL(file, folder), lines.join('\n'));
}
