/** Says that what is shown is what a link says, and leads back to the page's own call. */
import { change, isChanged, linkedCall, type Session, stepOf } from '../../src/handbook/walk/index.ts';
import type { Tell } from './use-session.ts';

export interface LinkedProps {
  readonly session: Session;
  readonly tell: Tell;
}

export function Linked({ session, tell }: LinkedProps) {
  const { walked, beginning } = session;
  const call = linkedCall(session);
  if (call === null) return null;
  const isOther = isChanged(session);
  return (
    <p class="simulator-tried" data-linked>
      <strong>A linked call: {call}.</strong> You came by a link to step {stepOf(session) + 1} of{' '}
      {walked.length}
      {isOther ? ', and not to the call that this page is about.' : ' of the call that this page is about.'}
      {isOther && (
        <>
          {' '}
          <button type="button" onClick={() => tell(change, beginning.first.state)}>
            Show the page’s own call
          </button>
        </>
      )}
    </p>
  );
}
