/**
 * The question that a journey ended with: a rule that depends on rate, chance or the clock, or on what was not told.
 * Both answers are walked, so that a reader sees what hangs on it.
 */
import { type Inhabited, type Journey, journey, type Pod, type Request } from '../../journey/index.ts';
import { lineText, type Showing, type StopLine, sameStop, stopLines } from '../../render/index.ts';
import { because, ending } from '../../words/index.ts';
import type { OpenQuestion } from './view.ts';

/** What was walked, and on what. */
export interface WalkedOn {
  readonly pod: Pod | Inhabited;
  readonly request: Request;
  readonly journey: Journey;
}

/** The first question that is open on a journey, as far as it is shown; null where nothing is asked. */
export function openQuestion(
  { pod, request, journey: stopped }: WalkedOn,
  showing: Showing = {},
): OpenQuestion | null {
  let steps = 0;
  for (const { direction, traversal } of stopped.legs.flatMap(({ passages }) => passages)) {
    if (direction === 'reply' && showing.replies !== true) continue;
    const { events, outcome } = traversal;
    steps += events.length;
    if (outcome.kind !== 'cannot tell' || outcome.question === undefined) continue;
    const { table, chain, position, condition } = outcome.question;
    const given = (matches: boolean) => [...(request.answers ?? []), { table, chain, position, matches }];
    const [yes, no] = [true, false].map((matches) =>
      journey(pod, { ...request, answers: given(matches) }),
    ) as [Journey, Journey];
    const tested = events.at(-2);
    return {
      table,
      chain,
      position,
      condition,
      because: because(tested?.kind === 'rule' ? tested : outcome),
      step: steps - 2,
      yes: aheadOf(yes, no, showing),
      no: aheadOf(no, yes, showing),
    };
  }
  return null;
}

/** The way of a journey from where it parts from another, to the end of that leg, and how it ends. */
function aheadOf(one: Journey, other: Journey, showing: Showing): string {
  const [own, others] = [stopLines(one, showing), stopLines(other, showing)];
  const leg = own.findIndex((line, at) => partingAt(line, others[at]) !== null);
  const line = own[leg];
  const parting = line && partingAt(line, others[leg]);
  const rest = line?.slice(parting ?? line.length) ?? [];
  return `${rest.length === 0 ? '' : `${lineText(rest)}. `}${ending(one)}`;
}

/** The first stop at which a line is another than the one beside it; null where they are the same. */
function partingAt(line: StopLine, beside: StopLine = []): number | null {
  const found = line.findIndex((stop, at) => {
    const other = beside[at];
    return other === undefined || !sameStop(stop, other);
  });
  if (found >= 0) return found;
  return line.length === beside.length ? null : line.length;
}
