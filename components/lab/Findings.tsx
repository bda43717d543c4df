/** What is wrong with the rules, the heaviest first, each with its fix; then every difference. */
import type { Inspection, InspectionWords, ShownFinding } from '../../src/handbook/lab/index.ts';
import { withBase } from '../../src/site/addresses/base.ts';
import { ChainDifferences } from '../rules/ChainDifferences.tsx';
import { CopiedCommand } from './CopiedCommand.tsx';
import { FindingSentence } from './FindingSentence.tsx';

export interface FindingsProps {
  readonly inspection: Inspection;
  readonly words: InspectionWords;
}

const weightWords: Readonly<Record<ShownFinding['weight'], string>> = {
  wrong: 'Wrong',
  doubtful: 'Doubtful',
  note: 'Note',
};

export function Findings({
  inspection: { identified, isCompared: isOfSidecar, ambient, envoy },
  words,
}: FindingsProps) {
  // Where nothing was compared, that nothing was found says nothing.
  const isCompared = isOfSidecar || ambient !== null;
  const isEnvoyJudged = envoy?.isJudged === true;
  if (words.findings.length === 0 && !isCompared && !isEnvoyJudged) return null;
  return (
    <section class="lab-findings" aria-label="Findings">
      <h2>Findings</h2>
      {words.findings.length === 0 && (
        <p class="lab-fine">
          {isCompared
            ? 'Nothing is missing, foreign, out of place or out of reach.'
            : 'Nothing in what Envoy was told is known to go wrong.'}
        </p>
      )}
      <ul class="lab-list">
        {words.findings.map(({ id, weight, says, fix, page }, at) => (
          <li key={`${id} ${at}`} data-weight={weight}>
            <strong>{weightWords[weight]}</strong>
            <span>
              <FindingSentence says={says} fix={fix} />{' '}
              {page.path === '/lab/' ? (
                <code class="lab-page">{id}</code>
              ) : (
                <a class="lab-page" href={withBase(page.path)}>
                  {page.says} <code>{id}</code>
                </a>
              )}
            </span>
          </li>
        ))}
      </ul>
      {words.inPlace !== null && (
        <details class="lab-differences">
          <summary>Set it right without deleting the pod</summary>
          <CopiedCommand
            title="that set it right"
            note={words.inPlace.says}
            lines={words.inPlace.commands.join('\n')}
          />
        </details>
      )}
      {identified.map(({ family, chains }, at) =>
        // Of a text that has a part of the rules, the others are not known to be missing.
        chains.length === 0 || !isCompared ? null : (
          <details class="lab-differences difference" key={family}>
            <summary>Every difference from {words.nearest[at]}</summary>
            <p class="lab-hint">
              A minus stands before what is missing, a plus before what only this pod has.
            </p>
            <ChainDifferences chains={chains} said={{ gone: 'missing', come: 'only here' }} />
          </details>
        ),
      )}
    </section>
  );
}
