/** What is wrong with the rules, the heaviest first, each with its mend; then every difference. */
import { type Finding, type Inspection, optionWords } from '../../src/handbook/index.ts';
import { RuleText } from '../RuleText.tsx';

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
            <span>
              {says}: {mend}.
            </span>
          </li>
        ))}
      </ul>
      {identified.map(({ family, missing, foreign, releases, options }) =>
        missing.length + foreign.length === 0 ? null : (
          <details class="lab-differences" key={family}>
            <summary>
              Every difference from Istio {releases.at(-1)} {optionWords({ options })}
            </summary>
            <ul class="lab-list">
              {[...missing, ...foreign].slice(0, 200).map(({ table, chain, position, rule, only }) => (
                <li
                  key={`${only} ${table} ${chain} ${position}`}
                  data-only={only === 'a' ? 'missing' : 'foreign'}
                >
                  <span>{only === 'a' ? 'missing' : 'only here'}</span>{' '}
                  <span class="lab-place">
                    {table} {chain} {position}
                  </span>{' '}
                  <RuleText rule={rule} />
                </li>
              ))}
            </ul>
          </details>
        ),
      )}
    </section>
  );
}
