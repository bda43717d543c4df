/** What is wrong with the rules, the heaviest first, each with its mend; then every difference. */
import { type Finding, type Inspection, optionWords } from '../../src/handbook/index.ts';
import { ChainDifferences } from '../rules/ChainDifferences.tsx';
import { FindingSentence } from './FindingSentence.tsx';

export interface FindingsProps {
  readonly inspection: Inspection;
}

const weightWords: Readonly<Record<Finding['weight'], string>> = {
  wrong: 'Wrong',
  doubtful: 'Doubtful',
  note: 'Note',
};

export function Findings({ inspection: { findings, identified } }: FindingsProps) {
  return (
    <section class="lab-findings" aria-label="Findings">
      <h2>Findings</h2>
      {findings.length === 0 && (
        <p class="lab-fine">Nothing is missing, foreign, out of place or out of reach.</p>
      )}
      <ul class="lab-list">
        {findings.map(({ weight, says, mend }) => (
          <li key={says} data-weight={weight}>
            <strong>{weightWords[weight]}</strong>
            <FindingSentence says={says} mend={mend} />
          </li>
        ))}
      </ul>
      {identified.map(({ family, chains, releases, options }) =>
        chains.length === 0 ? null : (
          <details class="lab-differences difference" key={family}>
            <summary>
              Every difference from Istio {releases.at(-1)} {optionWords({ options })}
            </summary>
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
