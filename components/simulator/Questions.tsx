/** What the engine cannot know and asks the reader, with what comes of either answer; and the answers given so far. */
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../../src/handbook/walk/index.ts';
import type { SeldomProps } from './seldom-props.ts';

export function Questions({ session, tell, can: { answersOf, giveAnswer, takeBack } }: SeldomProps) {
  const { question } = session.walked;
  const given = answersOf(session);
  const asked = useRef<HTMLParagraphElement>(null);
  const isAnswered = useRef(false);
  // The button that was pressed goes away: whoever pressed it goes on reading at what is asked next.
  useEffect(() => {
    if (isAnswered.current) asked.current?.focus();
    isAnswered.current = false;
  }, [question, given]);
  if (question === undefined && given.length === 0) return null;
  const say = (said: (before: Session) => Session) => {
    isAnswered.current = true;
    tell(said);
  };
  return (
    <section class="tries" aria-label="What the engine asks you">
      <p ref={asked} tabIndex={-1}>
        {question === undefined ? (
          'No question is open.'
        ) : (
          <>
            <strong>
              {question.chain} {question.position}
            </strong>{' '}
            asks for <code>{question.condition}</code>. The engine cannot know: {question.because}. Does the
            rule match?
          </>
        )}
      </p>
      <ul class="tries-list">
        {question !== undefined &&
          [true, false].map((matches) => (
            <li key={`${matches}`}>
              <button type="button" onClick={() => say((before) => giveAnswer(before, matches))}>
                {matches ? 'Yes, it matches' : 'No, it does not'}
              </button>
              <span>{matches ? question.yes : question.no}</span>
            </li>
          ))}
        {given.map((one) => {
          const { table, chain, position, matches } = one;
          const said = `${chain} ${position} ${matches ? 'matches' : 'does not match'}`;
          return (
            <li key={`${table} ${said}`}>
              <button type="button" onClick={() => say((before) => takeBack(before, one))}>
                Take back: {said}
              </button>
              <span>You said so; it is taken so wherever table {table} asks this rule.</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
