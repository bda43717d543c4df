/**
 * Paths that a page states. A fence whose info string begins with `path` states one, a line a leg:
 *
 *     ```path local-to-remote release=1.17 replies
 *     app uid 1000 ▸ OUTPUT ▸ …
 *     ```
 */
import { type Journey, matchedRules } from '../../journey/index.ts';
import type { RuleEvent } from '../../netfilter/index.ts';
import { lineText, type StopLine, separator, stopLines } from '../../render/index.ts';
import { because, ruleName, stopText } from '../../words/index.ts';
import { type Shown, shownScenarioNamed, walkShown } from '../scenarios/shown.ts';
import { lineDifference, printDifference } from './difference.ts';
import type { Fence } from './page-text.ts';
import { type ClaimProblem, problemAt } from './problem.ts';
import { type PathQuestion, readPathQuestion } from './question.ts';

export const acceptCommand = 'npm run docs:update';

/** The path that the engine walks, in the form of a fence's body. */
export function pathOf(question: PathQuestion): readonly string[] {
  const journey = walk(question)?.journey;
  return journey === undefined ? [] : stopLines(journey, { replies: question.replies }).map(lineText);
}

/** A page is checked at every save, and asks the same questions each time. */
const walked = new Map<string, Shown>();

function walk({ scenario, change }: PathQuestion): Shown | undefined {
  const found = shownScenarioNamed(scenario);
  const key = JSON.stringify([scenario, change]);
  const bound = walked.get(key) ?? (found && walkShown(found, change));
  if (bound !== undefined) walked.set(key, bound);
  return bound;
}

/** One problem for each leg that the engine walks in another way. */
export function checkPath(file: string, fence: Fence): readonly ClaimProblem[] {
  const place = { line: fence.line, column: fence.indent.length + 1 };
  const question = readPathQuestion(fence.meta);
  if (typeof question === 'string') return [problemAt(file, place, question)];
  const journey = walk(question)?.journey;
  if (journey === undefined) return [];
  const stops = stopLines(journey, { replies: question.replies });
  const stated = fence.body.map((line) => line.slice(fence.indent.length));
  return Array.from({ length: Math.max(stated.length, stops.length) }, (_, leg) =>
    checkLeg(file, fence, question, journey, { leg, stated: stated[leg], stops: stops[leg] }),
  ).flat();
}

interface StatedLeg {
  readonly leg: number;
  /** As the page has it. */
  readonly stated: string | undefined;
  /** As it is walked. */
  readonly stops: StopLine | undefined;
}

function checkLeg(
  file: string,
  fence: Fence,
  { scenario }: PathQuestion,
  journey: Journey,
  { leg, stated, stops }: StatedLeg,
): readonly ClaimProblem[] {
  if (stated !== undefined && stops !== undefined && stated === lineText(stops)) return [];
  const line = fence.line + 1 + Math.min(leg, fence.body.length);
  const accept = `To accept what the engine walks: ${acceptCommand}`;
  const column = fence.indent.length + 1;
  if (stated === undefined) {
    return [
      problemAt(
        file,
        { line, column },
        `the path of scenario ${scenario} has a leg that the page leaves out`,
        [`+ ${lineText(stops ?? [])}`, accept],
      ),
    ];
  }
  if (stops === undefined) {
    return [
      problemAt(file, { line, column }, `the path of scenario ${scenario} has no leg ${leg + 1}`, [
        `- ${stated}`,
        accept,
      ]),
    ];
  }
  const said = stated.split(separator);
  const is = stops.map(stopText);
  const first = said.findIndex((stop, index) => stop !== is[index]);
  const at = first < 0 ? said.length : first;
  const before = said.slice(0, at).reduce((length, stop) => length + stop.length + separator.length, 0);
  return [
    problemAt(
      file,
      { line, column: column + Math.min(before, stated.length) },
      `the path of scenario ${scenario} is another: stop ${at + 1} of line ${leg + 1} is ${is[at] ?? 'not there'}, not ${said[at] ?? 'nothing'}`,
      [...printDifference(lineDifference(said, is)), ...whyLeg(journey, stops, at, said[at]), accept],
    ),
  ];
}

/** The rule that decided at the stop where page and engine part, and what became of the rule that the page names. */
function whyLeg(journey: Journey, stops: StopLine, at: number, said: string | undefined): readonly string[] {
  const place = stops[at] ?? stops.at(-1);
  if (place === undefined) return [];
  const events = journey.legs[place.leg]?.passages[place.passage]?.traversal.events ?? [];
  const rules = events.filter((event): event is RuleEvent => event.kind === 'rule');
  const named = readRuleName(said ?? '');
  const isNamed = ({ table, chain, position }: RuleEvent) =>
    named !== null && table === named.table && chain === named.chain && position === named.position;
  const tested = rules.find(isNamed);
  const decided = matchedRules(events).findLast(
    ({ event, table }) => event <= place.event && table === 'nat',
  )?.rule;
  const missed = tested?.matched === false ? [`because ${said} does not match: ${because(tested)}`] : [];
  const met =
    decided === undefined || isNamed(decided)
      ? []
      : [`because ${ruleName(decided)} matches: ${because(decided)}`];
  return [...missed, ...met];
}

/** A rule as a page names it: `ISTIO_OUTPUT 9`, `mangle ISTIO_DIVERT 1`, `inet istio-proxy-nat output 1`; null for any other stop. */
function readRuleName(
  text: string,
): { readonly table: string; readonly chain: string; readonly position: number } | null {
  const [, table = 'nat', chain = '', position] =
    /^(?:(raw|mangle|filter|security|(?:ip6?|inet) \S+) )?(\S+) ([1-9]\d*)$/.exec(text) ?? [];
  return position === undefined ? null : { table, chain, position: Number(position) };
}
