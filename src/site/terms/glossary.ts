/** The words that the glossary explains, read from its built page: they are written there alone. */

/** Where the glossary stands, from the root of the handbook. */
export const glossaryAddress = '/reference/glossary/';

export interface ExplainedTerm {
  readonly name: string;
  /** The part of the glossary's page. */
  readonly id: string;
  /** What it means, as text. */
  readonly means: string;
}

/** Those that pages explain where they use them: a term that is a word of every day is left out. */
export function explainedTerms(glossary: Document): readonly ExplainedTerm[] {
  return [...glossary.querySelectorAll('.term[data-explained]')].map((term) => {
    const meaning = term.querySelector('.term-meaning')?.cloneNode(true) as Element;
    for (const part of meaning.querySelectorAll('.term-see, .fact-mark')) part.remove();
    return {
      name: term.querySelector('.term-name')?.textContent ?? '',
      id: term.id,
      means: (meaning.textContent ?? '').replace(/\s+/g, ' ').trim(),
    };
  });
}
