/**
 * What a page states, checked against the engine. A fence whose info string begins with `path` states a path:
 *
 *     ```path local-to-remote release=1.17 replies
 *     app uid 1000 ▸ OUTPUT ▸ …
 *     ```
 */
import { nearest } from '../netfilter/index.ts';
import { pathLine, separator } from '../render/index.ts';
import { bind } from './bind.ts';
import { decisiveRule } from './published.ts';
import type { Change } from './scenario.ts';
import { scenarioNamed, scenarios } from './scenarios.ts';

/** A fence of a page. */
export interface Fence {
  /** Of its opening line, counted from 1. */
  readonly line: number;
  /** Behind the language. */
  readonly meta: string;
  readonly language: string;
  readonly body: readonly string[];
}

/** A statement that the engine does not confirm. */
export interface ClaimProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What the words behind `path` ask for. */
export interface PathQuestion {
  readonly scenario: string;
  readonly change: Change;
  readonly replies: boolean;
}

/** Reads `local-to-remote release=1.17 replies`; a text is what is wrong with it. */
export function readPathQuestion(meta: string): PathQuestion | string {
  const [name, ...words] = meta.trim().split(/\s+/);
  if (name === undefined || name === '') return 'found a path fence without a scenario; write ```path NAME';
  if (scenarioNamed(name) === undefined) {
    const names = scenarios.map((scenario) => scenario.name);
    const meant = nearest(name, names);
    return `found scenario "${name}"; expected one of ${names.join(', ')}${meant === null ? '' : `. Did you mean "${meant}"?`}`;
  }
  let release: string | undefined;
  let replies = false;
  for (const word of words) {
    const setting = /^release=(\S+)$/.exec(word);
    if (setting !== null) release = setting[1];
    else if (word === 'replies') replies = true;
    else return `found "${word}" behind the scenario; expected "release=1.17" or "replies"`;
  }
  return { scenario: name, replies, change: release === undefined ? {} : { setting: { release } } };
}

/** The path that the engine walks, in the form of a fence's body. */
export function pathOf({ scenario, change, replies }: PathQuestion): readonly string[] {
  const found = scenarioNamed(scenario);
  return found === undefined ? [] : pathLine(bind(found, change).journey, { replies }).split('\n');
}

/** All fences of a Markdown text. */
export function readFences(source: string): readonly Fence[] {
  const lines = source.split('\n');
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const opening = /^\s*(`{3,})(\S*)\s*(.*)$/.exec(lines[at] ?? '');
    if (opening === null) continue;
    const [, ticks = '```', language = '', meta = ''] = opening;
    const start = at;
    const body: string[] = [];
    for (at++; at < lines.length && (lines[at] ?? '').trim() !== ticks; at++) body.push(lines[at] ?? '');
    fences.push({ line: start + 1, language, meta, body });
  }
  return fences;
}

/** Every path fence of a page against the engine. */
export function checkPaths(file: string, source: string): readonly ClaimProblem[] {
  return readFences(source)
    .filter(({ language }) => language === 'path')
    .flatMap((fence) => checkPath(file, fence));
}

function checkPath(file: string, { line, meta, body }: Fence): readonly ClaimProblem[] {
  const question = readPathQuestion(meta);
  if (typeof question === 'string') return [{ file, line, message: `${file}:${line}: ${question}` }];
  const walked = pathOf(question);
  const at = firstDifference(body, walked);
  if (at === null) return [];
  const place = line + 1 + Math.min(at, body.length);
  const message = [
    `${file}:${place}: the path of scenario ${question.scenario} is another`,
    ...stopDifference(body[at], walked[at]),
    ...reason(question, at),
    '  To accept what the engine walks: npm run docs:update',
  ].join('\n');
  return [{ file, line: place, message }];
}

function firstDifference(stated: readonly string[], walked: readonly string[]): number | null {
  for (let at = 0; at < Math.max(stated.length, walked.length); at++) {
    if (stated[at] !== walked[at]) return at;
  }
  return null;
}

function stopDifference(stated: string | undefined, walked: string | undefined): readonly string[] {
  if (stated === undefined) return [`  + ${walked}`, '    a leg that the page leaves out'];
  if (walked === undefined) return [`  - ${stated}`, '    a leg that the engine does not walk'];
  const said = stated.split(separator);
  const is = walked.split(separator);
  const at = said.findIndex((stop, index) => stop !== is[index]);
  const stop = at < 0 ? said.length : at;
  return [
    `  - ${stated}`,
    `  + ${walked}`,
    `    stop ${stop + 1}: the page says ${said[stop] ?? 'nothing'}, the engine walks ${is[stop] ?? 'nothing'}`,
  ];
}

function reason({ scenario, change }: PathQuestion, leg: number): readonly string[] {
  const found = scenarioNamed(scenario);
  const events = found && bind(found, change).journey.legs[leg]?.passages[0]?.traversal.events;
  const rule = events === undefined ? null : decisiveRule(events);
  return rule === null ? [] : [`    because at ${rule.chain} ${rule.position} ${rule.because}`];
}

/** The page with each path fence as the engine walks it, and nothing else changed. */
export function acceptPaths(source: string): string {
  const lines = source.split('\n');
  for (const fence of [...readFences(source)].reverse()) {
    if (fence.language !== 'path') continue;
    const question = readPathQuestion(fence.meta);
    if (typeof question === 'string') continue;
    lines.splice(fence.line, fence.body.length, ...pathOf(question));
  }
  return lines.join('\n');
}

/** What prose must not say by itself, because it would be outside the net. */
const bare: readonly { readonly pattern: RegExp; readonly what: string; readonly mend: string }[] = [
  {
    pattern: /\brules? \d+\b/gi,
    what: 'a rule number',
    mend: 'Write <Rule role="…" />; its position is computed.',
  },
  {
    pattern: /\bISTIO_[A-Z_]+\b/g,
    what: 'a chain name',
    mend: 'Write <Rule role="…" /> or <Chain name="…" />.',
  },
  { pattern: /(?<!\d)15\d{3}(?!\d)/g, what: 'a port of Istio', mend: 'Write <Port number={…} />.' },
  {
    pattern: /\b(?:uid|gid|user|group) 1337\b|(?<![\d.:])1337(?!\d)/g,
    what: 'the uid or gid of the proxy',
    mend: 'Write <Uid />.',
  },
  { pattern: /▸|→/g, what: 'a path in prose', mend: 'Write a fence: ```path SCENARIO.' },
];

/** Statements in prose that nothing checks. Code spans count; fences, markup and front matter do not. */
export function checkProse(file: string, source: string): readonly ClaimProblem[] {
  const lines = prose(source);
  return lines.flatMap(({ text, line }) =>
    bare.flatMap(({ pattern, what, mend }) =>
      [...text.matchAll(pattern)].map((found): ClaimProblem => {
        const at = `${file}:${line}:${found.index + 1}`;
        return { file, line, message: `${at}: found ${what} in prose: "${found[0]}". ${mend}` };
      }),
    ),
  );
}

/** The lines of a page that a reader reads as text, with markup blanked out so that columns stay. */
function prose(source: string): readonly { readonly text: string; readonly line: number }[] {
  const lines = source.split('\n');
  const hidden = new Set<number>();
  const frontMatter = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  for (let line = 1; line <= frontMatter + 1; line++) hidden.add(line);
  for (const { line, body } of readFences(source)) {
    for (let at = line; at <= line + body.length + 1; at++) hidden.add(at);
  }
  const blanked = source.replace(/<\/?[A-Za-z][^>]*>|\{\/\*[\s\S]*?\*\/\}|\]\([^)]*\)/g, (markup) =>
    markup.replace(/[^\n]/g, ' '),
  );
  return blanked
    .split('\n')
    .map((text, at) => ({ text, line: at + 1 }))
    .filter(({ text, line }) => !hidden.has(line) && !text.startsWith('import '));
}
