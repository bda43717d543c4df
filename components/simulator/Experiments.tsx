/** Changes that are worth a try, each with what it will change. */
import { useEffect, useState } from 'preact/hooks';
import type { OfferedExperiment, State, WalkedScenario } from '../../src/handbook/walk/index.ts';
import type { RemoteWalker } from '../engine/remote-walker.ts';

export interface ExperimentsProps {
  readonly scenario: WalkedScenario;
  readonly state: State;
  readonly walker: RemoteWalker;
  /** What each will change; absent: the walker is asked. */
  readonly outlooks?: readonly string[];
  readonly onChange: (state: State, experiment: OfferedExperiment) => void;
  /** Null where there is nothing to undo. */
  readonly onUndo: (() => void) | null;
}

export function Experiments({ scenario, state, walker, outlooks, onChange, onUndo }: ExperimentsProps) {
  const { experiments: offered } = scenario;
  const later = useOutlooks(scenario, walker, outlooks === undefined);
  const told = outlooks ?? later;
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
            <button type="button" onClick={() => onChange(withReplies(experiment.state, state), experiment)}>
              {experiment.title}
            </button>
            <span>{told[at]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One after the other, once the page has been shown: on a real pod's rules, which may be very many, each takes its time. */
function useOutlooks(
  { name, experiments }: WalkedScenario,
  walker: RemoteWalker,
  isAsked: boolean,
): readonly string[] {
  const [told, setTold] = useState<readonly string[]>([]);
  useEffect(() => {
    setTold([]);
    if (!isAsked) return;
    let isWanted = true;
    const next = (at: number) => {
      const experiment = experiments[at];
      if (experiment === undefined || !isWanted) return;
      walker.outlook(name, experiment.title).then(
        (outlook) => {
          if (!isWanted) return;
          setTold((before) => [...before, outlook]);
          next(at + 1);
        },
        // The experiments say in their own words what they are.
        () => {},
      );
    };
    next(0);
    return () => {
      isWanted = false;
    };
  }, [name, walker, isAsked]);
  return told;
}

/** The state of an experiment, with the answers shown where they are now. */
function withReplies(state: State, { replies }: State): State {
  return replies === true ? { ...state, replies } : state;
}
