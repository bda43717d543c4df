/** A finding as it is read: what is the matter and the mend, with rules and commands told apart from words. */
import type { Finding } from '../../src/handbook/index.ts';

/** A rule between commas, as findings name it (a comma between its quotes is its own), or a command up to the end of its phrase. */
const codeParts =
  /((?<=, )(?:! )?-{1,2}[a-z][a-z-]* (?:"(?:[^"\\]|\\.)*"|[^,:"]|,(?=\S)|:(?=\S))*(?=, |$)|\b(?:ip6?tables|ip(?: -6)? (?:rule|route) add) (?:[^,:]|,(?=\S)|:(?=\S))*?(?=, | and ip |$))/g;

export function FindingSentence({ says, mend }: Pick<Finding, 'says' | 'mend'>) {
  return (
    <span>
      <Words text={says} />: <Words text={mend} />.
    </span>
  );
}

function Words({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(codeParts).map((part, at) =>
        // The parts of a sentence never change places.
        at % 2 === 1 ? (
          <code class="rule" key={String(at)}>
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  );
}
