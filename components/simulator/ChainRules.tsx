/** The chain that the packet is in: each rule, and what became of it up to this step. */
import type { ChainView } from '../../src/handbook/index.ts';
import { RuleText } from '../RuleText.tsx';

export interface ChainRulesProps {
  readonly view: ChainView | null;
  readonly onGo: (step: number) => void;
}

export function ChainRules({ view, onGo }: ChainRulesProps) {
  if (view === null) {
    return (
      <div class="chain-rules">
        <p class="chain-name">No chain yet</p>
        <p class="chain-empty">The rules stand here once the packet comes to a table.</p>
      </div>
    );
  }
  return (
    <div class="chain-rules">
      <p class="chain-name">
        <strong>{view.chain}</strong> <span>{view.table}</span>
        {view.policy !== null && <span>policy {view.policy}</span>}
      </p>
      {view.rules.length === 0 && <p class="chain-empty">This chain has no rules.</p>}
      <ol>
        {view.rules.map((rule) => (
          <li
            key={rule.position}
            data-status={rule.status}
            aria-current={rule.isCurrent ? 'step' : undefined}
            title={rule.purpose}
          >
            <button
              type="button"
              disabled={rule.step === null}
              onClick={() => rule.step !== null && onGo(rule.step)}
            >
              <span class="chain-position">{rule.position}</span>
              <span class="chain-rule">
                <RuleText rule={rule.text} failed={rule.failed} />
                <span class="chain-because">
                  {rule.status === 'did not match' ? `does not match because ${rule.because}` : rule.status}
                  {rule.status === 'matched' && `: ${rule.because}`}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
