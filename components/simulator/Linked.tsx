/** Says that what is shown is what a link says, and leads back to the page's own call. */
import { useEffect, useRef } from 'preact/hooks';
import type { SeldomProps } from './seldom-props.ts';

export function Linked({ session, tell, can: { change, isChanged, linkedCall, stepOf } }: SeldomProps) {
  const { walked, beginning } = session;
  const call = linkedCall(session);
  const part = useRef<HTMLParagraphElement>(null);
  // What a link says is what its reader sees: its call in the title, its step in sight.
  useEffect(() => {
    if (call === null) return;
    const { title } = document;
    document.title = `Linked call: ${call} · ${title}`;
    return () => {
      document.title = title;
    };
  }, [call]);
  useEffect(() => {
    const frame = part.current?.closest('.simulator');
    frame?.scrollIntoView({ block: 'start' });
    frame?.querySelector('.stepper-now')?.scrollIntoView({ block: 'nearest' });
  }, [session.linkProblems]);
  if (call === null) return null;
  const isOther = isChanged(session);
  return (
    <p class="simulator-tried" data-linked ref={part}>
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
