/** Changes that are worth a try, each with what it will change. */
import { redo, type Session, tryOut, undo } from '../../src/handbook/walk/index.ts';
import type { Tell } from './use-session.ts';

export interface ExperimentsProps {
  readonly session: Session;
  readonly tell: Tell;
}

export function Experiments({ session, tell }: ExperimentsProps) {
  const { experiments: offered } = session.walked.scenario;
  const { history, undone } = session;
  if (offered.length + history.length + undone.length === 0) return null;
  return (
    <div class="tries">
      <div class="tries-head">
        {offered.length > 0 && <h3>Change one thing</h3>}
        {history.length > 0 && (
          <button type="button" onClick={() => tell(undo)}>
            Undo
          </button>
        )}
        {undone.length > 0 && (
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
