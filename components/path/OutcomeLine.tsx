/** The sentence at the head of a path: through Envoy, past it, refused…, and what that means. Its look is in src/styles/path.css. */
import { headlineWords, type SaidHeadline } from '../../src/words/index.ts';

export interface OutcomeLineProps {
  readonly headline: SaidHeadline;
  /** Only what became of it, where several paths stand on one page. */
  readonly brief?: boolean;
}

export function OutcomeLine({ headline, brief = false }: OutcomeLineProps) {
  const { says, means } = headlineWords(headline);
  return (
    <p class="outcome" data-outcome={headline.outcome.kind}>
      <strong>{says}</strong>
      {!brief && means !== '' && <span> {means}</span>}
    </p>
  );
}
