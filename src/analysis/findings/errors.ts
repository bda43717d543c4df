/** Lines of a log or a terminal in which a program says that something did not work. */
import {
  type ErrorCode,
  type ErrorLine,
  type ErrorMeaning,
  type LoggedError,
  writes,
} from '../errors/index.ts';
import type { Examined, FindingOf, Weight } from './finding.ts';

/** Each kind once for all that it tells, with every line that says so, from 1 in the whole text. */
export type ErrorFinding = FindingOf<
  'log.error',
  { readonly error: ErrorLine; readonly lines: readonly number[] }
>;

const weightOf: Readonly<Record<ErrorMeaning, Weight>> = {
  cause: 'wrong',
  outcome: 'wrong',
  doubt: 'doubtful',
  remark: 'note',
};

/** Not told a second time: back-ends.ts has a finding of it, and a hint says nothing by itself. */
const toldElsewhere: ReadonlySet<ErrorCode> = new Set(['tables.legacy-too', 'tool.hint']);

/** That something was not done is worth telling where nothing says why. */
export function errors({ errors: logged }: Examined): readonly ErrorFinding[] {
  const told = logged.filter(({ error }) => !toldElsewhere.has(error.code));
  const reasons = told.filter(({ error: { meaning } }) => meaning === 'cause' || meaning === 'doubt');
  // A probe that fails, or a command that may not be run, is no reason why rules were not written.
  const isExplained = (outcome: ErrorLine) => reasons.some(({ error }) => writes(error) || !writes(outcome));
  const shown = told.filter(({ error }) => error.meaning !== 'outcome' || !isExplained(error));
  const kinds = new Map<string, LoggedError[]>();
  for (const one of shown) {
    const key = JSON.stringify(one.error);
    const same = kinds.get(key);
    if (same === undefined) kinds.set(key, [one]);
    else same.push(one);
  }
  return [...kinds.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { error } = first;
    return [
      { id: 'log.error', weight: weightOf[error.meaning], error, lines: same.map(({ line }) => line) },
    ] as const;
  });
}
