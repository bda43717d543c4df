/** What the engine cannot know and asks the reader, with what comes of either answer; and the answers given so far. */
import { useEffect, useRef } from 'preact/hooks';
import type { Walked } from '../../src/handbook/walk/index.ts';
import type { Request } from '../../src/journey/index.ts';

export interface QuestionsProps {
  readonly walked: Walked;
  /** Walks with these, and shows this step. */
  readonly onAnswers: (answers: NonNullable<Request['answers']>, step: number) => void;
}

export function Questions({ walked: { question, state }, onAnswers }: QuestionsProps) {
  const given = state.request?.answers ?? [];
  const asked = useRef<HTMLParagraphElement>(null);
  const isAnswered = useRef(false);
  // The button that was pressed goes away: whoever pressed it goes on reading at what is asked next.
  useEffect(() => {
    if (isAnswered.current) asked.current?.focus();
    isAnswered.current = false;
  }, [question, given]);
  if (question === undefined && given.length === 0) return null;
  const answer = (answers: typeof given, step: number) => {
    isAnswered.current = true;
    onAnswers(answers, step);
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
              <button
                type="button"
                onClick={() => {
                  const { table, chain, position, step } = question;
                  answer([...given, { table, chain, position, matches }], step);
                }}
              >
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
              <button
                type="button"
                onClick={() =>
                  answer(
                    given.filter((other) => other !== one),
                    0,
                  )
                }
              >
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
