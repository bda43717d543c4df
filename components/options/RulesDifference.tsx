/** The rules that one setting has and another has not, chain by chain. The same markup still and in an island. */

import { type DifferentChain, routingDifference, rulesDifference } from '../../src/handbook/tables/index.ts';
import type { SidecarRules } from '../../src/istio/index.ts';
import { rolePurposes } from '../../src/words/index.ts';
import { ChainDifferences, DifferenceSign, type ShownChain } from '../rules/ChainDifferences.tsx';

export interface RulesDifferenceProps {
  readonly before: SidecarRules;
  readonly after: SidecarRules;
  /** What it is the difference of, for those who hear the page. */
  readonly label: string;
  /** Said where nothing differs. */
  readonly same?: string;
}

const said = { gone: 'goes', come: 'comes' } as const;

export function RulesDifference({
  before,
  after,
  label,
  same = 'The rules are the same.',
}: RulesDifferenceProps) {
  const chains = rulesDifference(before, after);
  const routing = routingDifference(before, after);
  const hasRouting = routing.gone.length + routing.come.length > 0;
  if (chains.length === 0 && !hasRouting) return <p class="difference-same">{same}</p>;
  return (
    <section class="difference not-content" aria-label={label}>
      <ChainDifferences chains={chains.map(withPurposes)} said={said} />
      {hasRouting && (
        <div class="difference-chain">
          <p class="rules-chain">
            <strong>Beside the rules</strong>
          </p>
          <ul class="difference-rows">
            {(['gone', 'come'] as const).flatMap((kind) =>
              routing[kind].map((line) => (
                <li class="difference-row" data-kind={kind} key={line}>
                  <DifferenceSign kind={kind} said={said[kind]} /> <span />
                  <code class="rule">{line}</code>
                </li>
              )),
            )}
          </ul>
        </div>
      )}
    </section>
  );
}

/** What comes is told with what it is for. */
function withPurposes({ rows, ...chain }: DifferentChain): ShownChain {
  return {
    ...chain,
    rows: rows.map((row) =>
      row.kind === 'come' && row.role !== undefined ? { ...row, purpose: rolePurposes[row.role] } : row,
    ),
  };
}
