/** The chain that the packet is in: each rule, and what became of it up to this step. */
import type { ChainRule, ChainView, Purposes } from '../../src/handbook/walk/index.ts';
import { RuleText } from '../rules/RuleText.tsx';
import { Fold } from './Fold.tsx';

export interface ChainRulesProps {
  readonly view: ChainView | null;
  /** What some of the rules are for. */
  readonly purposes: Purposes;
  /** Asks for what is not known of that. */
  readonly onUnknown: () => void;
  readonly onGo: (step: number) => void;
}

export function ChainRules({ view, purposes, onUnknown, onGo }: ChainRulesProps) {
  if (view === null) {
    return (
      <div class="chain-rules">
        <p class="chain-name">No chain yet</p>
        <p class="chain-empty">The rules stand here once the packet comes to a table.</p>
      </div>
    );
  }
  const { table, chain, policy, rules, count } = view;
  const first = rules[0]?.position ?? 1;
  const behind = count - (first - 1) - rules.length;
  const isUnknown = rules.some(({ role }) => role !== undefined && purposes[role] === undefined);
  // Told on hover, so it is time when somebody comes near.
  const learn = () => {
    if (isUnknown) onUnknown();
  };
  return (
    <div class="chain-rules" onPointerEnter={learn} onFocusIn={learn}>
      <Fold label={`The rules of ${chain}`}>
        <p class="chain-name">
          <strong>{chain}</strong> <span>{table}</span>
          {policy !== null && <span>policy {policy}</span>}
        </p>
        {count === 0 && <p class="chain-empty">This chain has no rules.</p>}
        {first > 1 && <p class="chain-empty">{counted(first - 1)} before these.</p>}
        <ol class="chain-list" aria-label={`The rules of ${chain}`}>
          {rules.map((rule) => (
            <li
              key={rule.position}
              data-status={rule.status}
              aria-current={rule.isCurrent ? 'step' : undefined}
              title={rule.role && purposes[rule.role]}
            >
              <button
                type="button"
                disabled={rule.step === null}
                onClick={() => rule.step !== null && onGo(rule.step)}
              >
                <span class="chain-position">{rule.position}</span>
                <span class="chain-rule">
                  <RuleText rule={rule.text} failed={rule.failed} />
                  <span class="chain-because">{words(rule)}</span>
                </span>
              </button>
            </li>
          ))}
        </ol>
        {behind > 0 && <p class="chain-empty">{counted(behind)} after these.</p>}
      </Fold>
    </div>
  );
}

function words({ status, because }: ChainRule): string {
  switch (status) {
    case 'did not match':
      return `does not match because ${because}`;
    case 'matched':
      return because === '' ? 'matched' : `matched: ${because}`;
    case 'cannot tell':
      return `cannot tell: ${because}`;
    default:
      return 'not reached';
  }
}

function counted(number: number): string {
  return `${number.toLocaleString('en')} ${number === 1 ? 'rule' : 'rules'}`;
}
