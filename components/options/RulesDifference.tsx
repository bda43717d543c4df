/** The rules that one setting has and another has not, chain by chain. The same markup still and in an island. */
import { roles, type SidecarRules } from '../../src/istio/index.ts';
import { RuleText } from '../RuleText.tsx';
import { type DifferenceRow, keptWords, routingDifference, rulesDifference } from './rules-difference.ts';

export interface RulesDifferenceProps {
  readonly before: SidecarRules;
  readonly after: SidecarRules;
  /** What it is the difference of, for those who hear the page. */
  readonly label: string;
  /** Said where nothing differs. */
  readonly same?: string;
}

const signs = { gone: '−', come: '+' } as const;
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
      {chains.map(({ family, table, chain, rows }) => (
        <div class="difference-chain" key={`${family} ${table} ${chain}`}>
          <p class="rules-chain">
            <strong>{chain}</strong> <span>{table}</span> {family === 'v6' && <span>IPv6</span>}
          </p>
          <ul class="difference-rows">
            {rows.map((row) => (
              <Row row={row} key={row.kind === 'kept' ? `kept ${row.to}` : `${row.kind} ${row.position}`} />
            ))}
          </ul>
        </div>
      ))}
      {hasRouting && (
        <div class="difference-chain">
          <p class="rules-chain">
            <strong>Beside the rules</strong>
          </p>
          <ul class="difference-rows">
            {(['gone', 'come'] as const).flatMap((kind) =>
              routing[kind].map((line) => (
                <li class="difference-row" data-kind={kind} key={line}>
                  <Sign kind={kind} /> <span />
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

function Row({ row }: { readonly row: DifferenceRow }) {
  if (row.kind === 'kept') return <li class="difference-kept">{keptWords(row)}</li>;
  const { kind, position, rule, role } = row;
  return (
    <li class="difference-row" data-kind={kind}>
      <Sign kind={kind} /> <span class="rules-position">{position}</span>{' '}
      <span>
        <RuleText rule={rule} />{' '}
        {role !== undefined && kind === 'come' && <span class="rules-purpose">{roles[role]}</span>}
      </span>
    </li>
  );
}

function Sign({ kind }: { readonly kind: 'gone' | 'come' }) {
  return (
    <span class="difference-sign" role="img" aria-label={said[kind]}>
      {signs[kind]}
    </span>
  );
}
