/** Changes that are worth a try, each with what it will change. */
import { redo, type Session, tryOut, undo } from '../../src/handbook/walk/index.ts';
import type { Tell } from './use-session.ts';

export interface ExperimentsProps {
  readonly session: Session;
  readonly tell: Tell;
}

export function Experiments({ session, tell }: ExperimentsProps) {
  const { experiments: offered } = session.walked.scenario;
  const canUndo = session.history.length > 0;
  const canRedo = session.undone.length > 0;
  if (offered.length === 0 && !canUndo && !canRedo) return null;
  return (
    <div class="tries">
      <div class="tries-head">
        {offered.length > 0 && <h3>Change one thing</h3>}
        {canUndo && (
          <button type="button" onClick={() => tell(undo)}>
            Undo the last change
          </button>
        )}
        {canRedo && (
          <button type="button" onClick={() => tell(redo)}>
            Redo
          </button>
        )}
      </div>
      <ul class="tries-list">
        {offered.map((experiment, at) => (
          <li key={experiment.title}>
            <button type="button" onClick={() => tell(tryOut, experiment)}>
              {experiment.title}
            </button>
            <span>{session.outlooks[at]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
