/** The text of a rule in the handbook's colours; a line breaks between two matches, never inside one. */
import { Fragment } from 'preact';
import { ruleParts } from './rule-text.ts';

export interface RuleTextProps {
  readonly rule: string;
  /** A condition that failed, as it is written: marked. */
  readonly failed?: string | undefined;
}

export function RuleText({ rule, failed }: RuleTextProps) {
  return (
    <code class="rule">
      {ruleParts(rule).map((part, index) => (
        // The parts of a rule never change places.
        <Fragment key={index}>
          {index > 0 && ' '}
          <span class={failed !== undefined && part.text.includes(failed) ? 'rule-part failed' : 'rule-part'}>
            {part.words.map((word, at) => (
              <Fragment key={at}>
                {at > 0 && ' '}
                {word.kind === 'value' ? word.text : <span class={`is-${word.kind}`}>{word.text}</span>}
              </Fragment>
            ))}
          </span>
        </Fragment>
      ))}
    </code>
  );
}
