/** The sentence at the head of a path: through Envoy, past it, refused…, and what that means. Its look is in src/styles/path.css. */
import type { SaidHeadline } from '../../src/words/index.ts';

export interface OutcomeLineProps {
  readonly outcome: Pick<SaidHeadline['outcome'], 'kind'>;
  readonly says: string;
  /** What that means; left out where several paths stand on one page. */
  readonly means?: string;
}

export function OutcomeLine({ outcome, says, means = '' }: OutcomeLineProps) {
  return (
    <p class="outcome" data-outcome={outcome.kind}>
      <strong>{says}</strong>
      {means !== '' && <span> {means}</span>}
    </p>
  );
}
