/** The six traffic types on the pasted rules, each with its verdict. */
import type { InspectedWalk, Inspection } from '../../src/handbook/lab/index.ts';
import { withBase } from '../../src/site/addresses/base.ts';
import { headlineWords } from '../../src/words/index.ts';
import { OutcomeLine } from '../path/OutcomeLine.tsx';
import { Stop } from '../path/Stop.tsx';
import { AskedHere } from './AskedHere.tsx';

export interface WalksProps {
  readonly inspection: Inspection;
  /** Opens a type in the simulator. */
  readonly onOpen: (scenario: string) => void;
}

const words: Readonly<Record<InspectedWalk['verdict'], string>> = {
  'as it is': 'as with',
  moved: 'by the same rules, at other positions than with',
  'by other rules': 'the same end by other rules than with',
  'cannot tell': 'cannot tell whether as with',
  'ends otherwise': 'ends otherwise than with',
};

export function Walks({
  inspection: { walks, expected, isCompared, isOnlyUnread, isWalkable, asksWith, ambient },
  onOpen,
}: WalksProps) {
  const isOfSidecar = (isCompared || isOnlyUnread) && isWalkable;
  if (!isOfSidecar && ambient?.side !== 'pod') return null;
  const title = isOfSidecar ? 'The six types on these rules' : 'The types of ambient mode on these rules';
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {walks === null && <p role="status">They are being walked…</p>}
      {walks?.length === 0 && (
        <p>The six types are walked over IPv4; these are rules for IPv6, and so none of them is asked.</p>
      )}
      <ol class="lab-walks">
        {walks?.map(
          ({
            scenario,
            page,
            title,
            lines,
            ending,
            headline,
            outcomes,
            question,
            verdict,
            expected: path,
          }) => (
            <li key={scenario} data-verdict={verdict}>
              <p class="lab-walk-head">
                {page === undefined ? (
                  <button type="button" onClick={() => onOpen(scenario)}>
                    {title}
                  </button>
                ) : (
                  <>
                    <a href={withBase(page)}>{title}</a>
                    {asksWith !== null && (
                      <button type="button" onClick={() => onOpen(scenario)}>
                        Step through it
                      </button>
                    )}
                  </>
                )}
                <span class="lab-verdict">
                  {words[verdict]} Istio {expected.release}
                </span>
              </p>
              <OutcomeLine outcome={headline.outcome} {...headlineWords(headline)} />
              {lines.map((line) => (
                <ol class="stops compact" key={line[0]?.leg}>
                  {line.map((stop) => (
                    <Stop key={`${stop.event}-${stop.kind}`} stop={stop} />
                  ))}
                </ol>
              ))}
              <AskedHere question={question} />
              {verdict === 'ends otherwise' && (
                <p class="lab-ends">
                  Here: {outcomes[0]}. Expected: {outcomes[1]}.
                </p>
              )}
              {verdict !== 'as it is' && (
                <details>
                  <summary>Expected</summary>
                  <pre>{path}</pre>
                  <p>Here: {ending}</p>
                </details>
              )}
            </li>
          ),
        )}
      </ol>
    </section>
  );
}
