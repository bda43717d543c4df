/** A finding as it is read: what is the matter and the fix, with rules and commands told apart from words. */
import type { FindingWords, Part } from '../../src/words/index.ts';

export function FindingSentence({ says, fix }: FindingWords) {
  return (
    <span>
      <Words parts={says} />: <Words parts={fix} />.
    </span>
  );
}

function Words({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <>
      {parts.map((part, at) =>
        typeof part === 'string' ? (
          part
        ) : (
          // The parts of a sentence never change places.
          <code class="rule" key={String(at)}>
            {part.code}
          </code>
        ),
      )}
    </>
  );
}
