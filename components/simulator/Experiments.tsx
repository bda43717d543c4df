/** Changes that are worth a try, each with what it will change. */
import { useMemo } from 'preact/hooks';
import { bind, type Experiment, type Scenario, type State } from '../../src/handbook/index.ts';
import type { Rulesets } from '../../src/journey/index.ts';
import { stopLines } from '../../src/render/index.ts';

export interface ExperimentsProps {
  readonly scenario: Scenario;
  readonly state: State;
  readonly rulesets?: Rulesets;
  readonly onChange: (state: State) => void;
  /** Null where there is nothing to undo. */
  readonly onUndo: (() => void) | null;
}

export function Experiments({ scenario, state, rulesets, onChange, onUndo }: ExperimentsProps) {
  const offered = useMemo(
    () => scenario.experiments.filter(({ change }) => rulesets === undefined || change.setting === undefined),
    [scenario, rulesets],
  );
  const outlooks = useMemo(
    () => offered.map((experiment) => outlook(scenario, experiment, rulesets)),
    [offered],
  );
  if (offered.length === 0 && onUndo === null) return null;
  return (
    <div class="experiments">
      {offered.length > 0 && <h3>Change one thing</h3>}
      <ul>
        {offered.map((experiment, at) => (
          <li key={experiment.title}>
            <button
              type="button"
              onClick={() =>
                onChange({
                  scenario: scenario.name,
                  ...(state.replies === true ? { replies: true } : {}),
                  ...(experiment.change.setting?.release === undefined
                    ? {}
                    : { release: experiment.change.setting.release }),
                  ...(experiment.change.setting?.options === undefined
                    ? {}
                    : { options: experiment.change.setting.options }),
                  ...(experiment.change.request === undefined ? {} : { request: experiment.change.request }),
                })
              }
            >
              {experiment.title}
            </button>
            <span>{outlooks[at]}</span>
          </li>
        ))}
      </ul>
      {onUndo !== null && (
        <button type="button" class="experiments-undo" onClick={onUndo}>
          Undo the last change
        </button>
      )}
    </div>
  );
}

/** What an experiment will change: the rules at which the two paths part, until they meet again. */
function outlook(scenario: Scenario, { change }: Experiment, rulesets?: Rulesets): string {
  const now = decisive(bind(scenario, {}, rulesets));
  const then = decisive(bind(scenario, change, rulesets));
  let front = 0;
  while (front < Math.min(now.length, then.length) && now[front] === then[front]) front++;
  let back = 0;
  while (back < Math.min(now.length, then.length) - front && now.at(-1 - back) === then.at(-1 - back)) back++;
  const left = now.slice(front, now.length - back);
  const right = then.slice(front, then.length - back);
  if (left.length + right.length === 0) return 'It meets the same rules.';
  if (left.length === 0) return `Adds ${right.join(', ')}.`;
  if (right.length === 0) return `${left.join(', ')} is not met any more.`;
  return `${left.join(', ')} becomes ${right.join(', ')}.`;
}

/** The chain stops of a path, and a bad end. */
function decisive({ journey }: ReturnType<typeof bind>): readonly string[] {
  return stopLines(journey)
    .flatMap((line) => line.filter(({ kind }) => kind === 'chain' || kind === 'drop'))
    .map(({ text }) => text);
}
