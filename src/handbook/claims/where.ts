/**
 * Passages and pages that hold for some settings only. A passage stands between `<Where …>` and `</Where>`; a page
 * says it in its front matter:
 *
 *     ---
 *     where:
 *       option: redirectDNS=true
 *     ---
 *
 * What does not hold as the handbook is set is neither shown nor checked: another setting shows and checks it.
 */

import { unknown } from '../scenarios/did-you-mean.ts';
import {
  allHold,
  conditionKinds,
  isConditionKind,
  judgeCondition,
  type StatedCondition,
} from './conditions.ts';
import { Blanked, readPage } from './page.ts';
import { type PageText, passageTag, type Tag, type WherePassage } from './page-text.ts';
import { type ClaimProblem, problemAt } from './problem.ts';

export interface PassageHere {
  /** Where its tag begins, counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly conditions: readonly StatedCondition[];
  readonly holds: boolean;
}

/** A page as it stands under the handbook's setting. */
export interface PageHere {
  /** The same lines and columns; what does not hold is blank. */
  readonly text: string;
  /** False: no sentence of the page holds, and there is no such page. */
  readonly holds: boolean;
  /** What its front matter says it holds for; none: for all settings. */
  readonly conditions: readonly StatedCondition[];
  readonly passages: readonly PassageHere[];
  readonly problems: readonly ClaimProblem[];
}

/** Reads the passages of a page, and leaves out those that do not hold as the handbook is set. */
export function pageHere(file: string, source: string): PageHere {
  const page = readPage(source);
  const whole = readFrontMatter(file, source);
  const holds = allHold(whole.conditions);
  const blanked = new Blanked(source);
  if (!holds) blanked.blank(0, source.length);
  for (const passage of page.passages) {
    if (!passageHolds(passage)) blanked.blank(passage.from, passage.to);
  }
  return {
    text: blanked.text,
    holds,
    conditions: whole.conditions,
    passages: page.passages.map((passage) => ({
      line: passage.tag.line,
      column: passage.tag.column,
      conditions: conditionsOf(passage.tag),
      holds: holds && passageHolds(passage),
    })),
    problems: [...whole.problems, ...passageProblems(file, page)],
  };
}

/** Whether a page holds as the handbook is set. */
export function pageHolds(source: string): boolean {
  return allHold(readFrontMatter('', source).conditions);
}

function passageHolds({ tag }: WherePassage): boolean {
  return allHold(conditionsOf(tag));
}

function conditionsOf({ attributes }: Tag): readonly StatedCondition[] {
  return attributes.flatMap(({ name, value }) =>
    isConditionKind(name) && value !== null ? [{ kind: name, value }] : [],
  );
}

function passageProblems(file: string, { tags, passages, astray }: PageText): readonly ClaimProblem[] {
  const opened = tags.filter(({ name }) => name === passageTag);
  const whole = new Set(passages.map(({ tag }) => tag));
  const open = opened
    .filter((tag) => !whole.has(tag))
    .map((tag) =>
      problemAt(file, tag, `found <${passageTag}> that is never closed`, [
        `Write </${passageTag}> where the passage ends.`,
      ]),
    );
  const closed = astray.map((place) =>
    problemAt(file, place, `found </${passageTag}> without a <${passageTag}> before it`),
  );
  return [...open, ...closed, ...opened.flatMap((tag) => conditionProblems(file, tag))];
}

function conditionProblems(file: string, tag: Tag): readonly ClaimProblem[] {
  if (tag.attributes.length === 0) {
    return [
      problemAt(
        file,
        tag,
        `found <${passageTag}> without a condition; there are ${conditionKinds.join(', ')}`,
      ),
    ];
  }
  return tag.attributes.flatMap((attribute) => {
    const { name, value } = attribute;
    if (!isConditionKind(name))
      return [problemAt(file, attribute, unknown('condition', name, conditionKinds))];
    if (value === null) {
      return [
        problemAt(file, attribute, `found an expression as ${name} of <${passageTag}>`, [
          'Write the value itself, so that it can be checked here.',
        ]),
      ];
    }
    const found = judgeCondition({ kind: name, value });
    return typeof found === 'string' ? [problemAt(file, attribute, found)] : [];
  });
}

interface PageConditions {
  readonly conditions: readonly StatedCondition[];
  readonly problems: readonly ClaimProblem[];
}

/** What stands below `where:` in the front matter. */
function readFrontMatter(file: string, source: string): PageConditions {
  const lines = source.split('\n');
  const end = lines[0]?.trimEnd() === '---' ? lines.indexOf('---', 1) : -1;
  const start = lines.slice(0, Math.max(0, end)).findIndex((line) => /^where:/.test(line));
  const conditions: StatedCondition[] = [];
  const problems: ClaimProblem[] = [];
  if (start < 0) return { conditions, problems };
  const said = (at: number, column: number, what: string) =>
    problems.push(problemAt(file, { line: at + 1, column }, what));
  let at = start + 1;
  for (; at < end && /^\s/.test(lines[at] ?? ''); at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    const [, indent = '', kind = '', value = ''] = /^(\s+)(\w+):\s*(.*?)\s*$/.exec(line) ?? [];
    const plain = value.replace(/^(["'])(.*)\1$/, '$2');
    if (!isConditionKind(kind)) {
      said(at, indent.length + 1, unknown('condition', kind === '' ? line.trim() : kind, conditionKinds));
      continue;
    }
    const found = judgeCondition({ kind, value: plain });
    if (typeof found === 'string') said(at, line.indexOf(value, kind.length) + 1, found);
    else conditions.push({ kind, value: plain });
  }
  if (conditions.length === 0 && problems.length === 0)
    said(start, 1, `found where: without a condition; there are ${conditionKinds.join(', ')}`);
  return { conditions, problems };
}

const removed = '\0';
const removedEnd = '\x01';

/**
 * The source of a page without the passages that do not hold, and without the tags around those that do. Lines
 * move as little as they can: what is taken away is given back as empty lines at the next one that is empty.
 */
export function sourceHere(source: string): string {
  const { passages } = readPage(source);
  const units = source.split('');
  const remove = (from: number, to: number) => {
    for (let at = from; at < to; at++) units[at] = units[at] === '\n' ? removedEnd : removed;
  };
  for (const passage of passages) {
    if (!passageHolds(passage)) remove(passage.from, passage.to);
  }
  for (const { from, start, end, to } of passages) {
    remove(from, start);
    remove(end, to);
  }
  const lines: string[] = [];
  let owed = 0;
  for (const line of units.join('').split('\n')) {
    const rest = line.replaceAll(removed, '').replaceAll(removedEnd, '');
    owed += line.split(removedEnd).length - 1;
    if (rest.length < line.length && /^[\s>]*(?:[-*+]|\d+[.)])?\s*$/.test(rest)) owed += 1;
    else {
      lines.push(rest);
      if (rest.trim() === '') lines.push(...new Array<string>(owed).fill(''));
      if (rest.trim() === '') owed = 0;
    }
  }
  return [...lines, ...new Array<string>(owed).fill('')].join('\n');
}
