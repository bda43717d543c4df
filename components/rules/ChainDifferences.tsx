/** Where two rulesets differ, chain by chain, with the rules that stay folded. The same markup still and in an island. */
import type { ChainDifference, DifferenceRow } from '../../src/analysis/index.ts';
import { RuleText } from './RuleText.tsx';

export interface ChainDifferencesProps {
  readonly chains: readonly ShownChain[];
  /** What the signs mean, for those who do not see them. */
  readonly said: Readonly<Record<keyof typeof signs, string>>;
}

export interface ShownChain extends Pick<ChainDifference, 'chain'> {
  readonly family: ChainDifference['family'] | 'inet';
  readonly table: string;
  readonly rows: readonly (DifferenceRow & { readonly purpose?: string })[];
}

const signs = { gone: '−', come: '+' } as const;

export function ChainDifferences({ chains, said }: ChainDifferencesProps) {
  return (
    <>
      {chains.map(({ family, table, chain, rows }) => (
        <div class="difference-chain" key={`${family} ${table} ${chain}`}>
          <p class="rules-chain">
            <strong>{chain}</strong> <span>{table}</span> {family === 'v6' && <span>IPv6</span>}
          </p>
          <ul class="difference-rows">
            {rows.map((row) =>
              row.kind === 'kept' ? (
                <li class="difference-kept" key={`kept ${row.to}`}>
                  {keptWords(row)}
                </li>
              ) : (
                <li class="difference-row" data-kind={row.kind} key={`${row.kind} ${row.position}`}>
                  <DifferenceSign kind={row.kind} said={said[row.kind]} />{' '}
                  <span class="rules-position">{row.position}</span>{' '}
                  <span>
                    <RuleText rule={row.rule} />{' '}
                    {row.purpose !== undefined && <span class="rules-purpose">{row.purpose}</span>}
                  </span>
                </li>
              ),
            )}
          </ul>
        </div>
      ))}
    </>
  );
}

export interface DifferenceSignProps {
  readonly kind: keyof typeof signs;
  readonly said: string;
}

export function DifferenceSign({ kind, said }: DifferenceSignProps) {
  return (
    <span class="difference-sign" role="img" aria-label={said}>
      {signs[kind]}
    </span>
  );
}

/** `Rules 1 to 4 stay`, `Rules 5 to 9 are now 6 to 10`. */
export function keptWords({ count, from, to }: Extract<DifferenceRow, { kind: 'kept' }>): string {
  const span = (first: number) =>
    count === 1 ? `${first}` : `${first} ${count === 2 ? 'and' : 'to'} ${first + count - 1}`;
  const rules = count === 1 ? 'Rule' : 'Rules';
  if (from === to) return `${rules} ${span(from)} ${count === 1 ? 'stays' : 'stay'}`;
  return `${rules} ${span(from)} ${count === 1 ? 'is' : 'are'} now ${span(to)}`;
}
