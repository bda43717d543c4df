/**
 * What a page states, checked against the engine: paths, rules and traces in fences, names in tags, and whatever prose
 * and code say by themselves.
 */
import { checkCode, exceptionOf } from './code-fences.ts';
import { checkFacts } from './facts.ts';
import { checkStatements } from './net.ts';
import { readFences, readPage } from './page.ts';
import { type Exception, type Fence, factTag } from './page-text.ts';
import { checkPath, pathOf } from './path-fences.ts';
import { type ClaimProblem, problemAt } from './problem.ts';
import { checkText } from './prose.ts';
import { readPathQuestion } from './question.ts';
import { checkRead } from './read-check.ts';
import { checkTags, isClaim } from './tags.ts';
import { type PassageHere, pageHere } from './where.ts';
import { checkWritten, isWritten, writtenLines } from './written-fences.ts';

/**
 * Everything that a page states as the handbook is set, whatever stands outside the net, and every sentence that is no
 * fact and is not listed; in the order of the page.
 */
export function checkPage(file: string, source: string): readonly ClaimProblem[] {
  const bound = checkBound(file, source);
  // A line is told of once.
  const lines = new Set(bound.map(({ line }) => line));
  const unread = checkRead(file, source, readPage(source)).filter(({ line }) => !lines.has(line));
  return [...bound, ...unread].sort(byPlace);
}

/** The same without what is listed as read: what the engine, the facts and the net find by themselves. */
export function checkBound(file: string, source: string): readonly ClaimProblem[] {
  const { text, problems } = pageHere(file, source);
  return [...problems, ...checkFences(file, text), ...checkProse(file, text)].sort(byPlace);
}

const byPlace = (one: ClaimProblem, other: ClaimProblem): number =>
  one.line - other.line || one.column - other.column;

/** Every fence of a page against the engine, where it holds as the handbook is set. */
export function checkPaths(file: string, source: string): readonly ClaimProblem[] {
  return checkFences(file, pageHere(file, source).text);
}

function checkFences(file: string, text: string): readonly ClaimProblem[] {
  return readFences(text).flatMap((fence) => checkFence(file, fence));
}

function checkFence(file: string, fence: Fence): readonly ClaimProblem[] {
  const place = { line: fence.line, column: 1 };
  if (!fence.isClosed) return [problemAt(file, place, 'found a fence that is never closed')];
  if (!isBound(fence)) return checkCode(file, fence);
  if (fence.indent.trim() !== '') {
    return [
      problemAt(file, place, `found a fence of ${fence.language} in a quote or behind a list's mark`, [
        'Give it lines of its own: only there it is checked.',
      ]),
    ];
  }
  return fence.language === 'path' ? checkPath(file, fence) : checkWritten(file, fence);
}

/** Fences that the engine writes. */
function isBound(fence: Fence): boolean {
  return fence.language === 'path' || (isWritten(fence) && exceptionOf(fence) === null);
}

/** Statements outside of fences: names that are not there, and what nothing would check. */
function checkProse(file: string, source: string): readonly ClaimProblem[] {
  const page = readPage(source);
  return [
    ...checkTags(file, page),
    ...checkFacts(file, page),
    ...checkText(file, page),
    ...checkStatements(file, source, page),
  ];
}

/** The page with each bound fence that holds here as the engine has it, and nothing else changed. */
export function acceptPaths(source: string): string {
  const lines = source.split('\n');
  for (const fence of [...readFences(pageHere('', source).text)].reverse()) {
    const answer = answerTo(fence);
    if (answer === null) continue;
    lines.splice(fence.line, fence.body.length, ...answer.map((line) => fence.indent + line));
  }
  return lines.join('\n');
}

function answerTo(fence: Fence): readonly string[] | null {
  if (!isBound(fence) || !fence.isClosed || fence.indent.trim() !== '') return null;
  if (fence.language === 'path') {
    const question = readPathQuestion(fence.meta);
    return typeof question === 'string' ? null : pathOf(question);
  }
  const lines = writtenLines(fence);
  return typeof lines === 'string' ? null : lines;
}

/** What of a page was checked, and what was not. */
export interface PageReport {
  /** Stops and rules in fences, and names in tags. */
  readonly claims: number;
  readonly paths: number;
  /** Fences of commands and configuration that were read for names. */
  readonly codes: number;
  readonly exceptions: readonly Exception[];
  /** The facts that it says, by name: as often as it says them. */
  readonly facts: readonly string[];
  /** Passages for some settings only; those that do not hold here were not checked. */
  readonly passages: readonly PassageHere[];
}

export function reportPage(source: string): PageReport {
  const here = pageHere('', source);
  const page = readPage(here.text);
  const bound = page.fences.filter(isBound);
  const codes = page.fences.filter((fence) => !isBound(fence));
  const stated = bound.flatMap(({ language, body }) =>
    language === 'path' ? body.flatMap((line) => line.split('▸')) : body,
  );
  return {
    claims: stated.length + page.tags.filter(isClaim).length,
    paths: bound.length,
    codes: codes.length,
    exceptions: [...page.exceptions, ...codes.flatMap((fence) => exceptionOf(fence) ?? [])],
    facts: page.tags
      .filter(({ name }) => name === factTag)
      .flatMap(({ attributes }) => attributes.find(({ name }) => name === 'is')?.value ?? []),
    passages: here.passages,
  };
}
