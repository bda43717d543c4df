/** Changes that are worth a try, each with what it will change. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { bind, type Experiment, type Scenario, type State } from '../../src/handbook/index.ts';
import type { Rulesets } from '../../src/journey/index.ts';
import { stopLines } from '../../src/render/index.ts';

export interface ExperimentsProps {
  readonly scenario: Scenario;
  readonly state: State;
  readonly rulesets?: Rulesets;
  readonly onChange: (state: State, experiment: Experiment) => void;
  /** Null where there is nothing to undo. */
  readonly onUndo: (() => void) | null;
}

export function Experiments({ scenario, state, rulesets, onChange, onUndo }: ExperimentsProps) {
  const offered = useMemo(
    () => scenario.experiments.filter(({ change }) => rulesets === undefined || change.setting === undefined),
    [scenario, rulesets],
  );
  const outlooks = useOutlooks(scenario, offered, rulesets);
  if (offered.length === 0 && onUndo === null) return null;
  return (
    <div class="tries">
      <div class="tries-head">
        {offered.length > 0 && <h3>Change one thing</h3>}
        {onUndo !== null && (
          <button type="button" onClick={onUndo}>
            Undo the last change
          </button>
        )}
      </div>
      <ul class="tries-list">
        {offered.map((experiment, at) => (
          <li key={experiment.title}>
            <button type="button" onClick={() => onChange(stateOf(scenario, state, experiment), experiment)}>
              {experiment.title}
            </button>
            <span>{outlooks[at]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** On a real pod's rules, which may be very many, one after the other once the page has been shown. */
function useOutlooks(
  scenario: Scenario,
  offered: readonly Experiment[],
  rulesets: Rulesets | undefined,
): readonly string[] {
  const [later, setLater] = useState<readonly string[]>([]);
  const now = useMemo(
    () => (rulesets === undefined ? offered.map((one) => outlook(scenario, one)) : []),
    [scenario, offered, rulesets],
  );
  useEffect(() => {
    setLater([]);
    if (rulesets === undefined) return;
    let timer: ReturnType<typeof setTimeout>;
    const next = (at: number) => {
      const experiment = offered[at];
      if (experiment === undefined) return;
      timer = setTimeout(() => {
        setLater((before) => [...before, outlook(scenario, experiment, rulesets)]);
        next(at + 1);
      }, 50);
    };
    next(0);
    return () => clearTimeout(timer);
  }, [scenario, offered, rulesets]);
  return rulesets === undefined ? now : later;
}

function stateOf(
  { name, request }: Scenario,
  { replies }: State,
  { change: { setting, request: changed } }: Experiment,
): State {
  return {
    scenario: name,
    ...(replies === true ? { replies } : {}),
    ...setting,
    ...(changed === undefined ? {} : { request: { ...request, ...changed } }),
  };
}

/** What an experiment will change: the first stop at which the two paths part. */
function outlook(scenario: Scenario, { change }: Experiment, rulesets?: Rulesets): string {
  const now = decisive(bind(scenario, {}, rulesets && { rulesets }));
  const then = decisive(bind(scenario, change, rulesets && { rulesets }));
  let at = 0;
  while (at < Math.min(now.length, then.length) && now[at] === then[at]) at++;
  const [left, right] = [now[at], then[at]];
  if (left === undefined && right === undefined) return 'meets the same rules';
  if (right === undefined) return `${left} is not met any more`;
  if (left === undefined) return `meets ${right}, too`;
  return `meets ${right} instead of ${left}`;
}

/** The chain stops of a path, and a bad end. */
function decisive({ journey }: ReturnType<typeof bind>): readonly string[] {
  return stopLines(journey)
    .flatMap((line) => line.filter(({ kind }) => kind === 'chain' || kind === 'drop'))
    .map(({ text }) => text);
}
