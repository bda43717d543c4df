/** The table of rules that stand without their table's line, by what only one table has. */
import { onlyTableOf, type TableName } from '../../netfilter/index.ts';
import { blankQuotes } from './quotes.ts';

/** Where most who use them put them, though another table takes them, too. */
const mostlyIn: ReadonlyMap<string, TableName> = new Map([
  ['MARK', 'mangle'],
  ['CONNMARK', 'mangle'],
  ['TEE', 'mangle'],
  ['TRACE', 'raw'],
]);

/**
 * Null where nothing tells: not one target that a single table has, and no chain of Istio's. The hooks of the chains
 * decide against tables that do not have them.
 */
export function tableOf(lines: readonly string[]): TableName | null {
  const votes = new Map<TableName, number>();
  let hasPrerouting = false;
  let hasForward = false;
  let hasIstio = false;
  let mostly: TableName | undefined;
  for (const written of lines) {
    const line = blankQuotes(written);
    if (/^(?::|-P |(?:\[\d+:\d+\] )?-A )(?:PREROUTING|POSTROUTING)\b/.test(line)) hasPrerouting = true;
    if (/^(?::|-P |(?:\[\d+:\d+\] )?-A )FORWARD\b/.test(line)) hasForward = true;
    if (/ISTIO_/.test(line)) hasIstio = true;
    const [, target = ''] = / -j (\S+)/.exec(line) ?? [];
    const table = onlyTableOf(target);
    if (table !== undefined) votes.set(table, (votes.get(table) ?? 0) + 1);
    mostly ??= mostlyIn.get(target);
  }
  // What translates addresses stands in one table, whatever stands beside it.
  if (votes.has('nat')) return 'nat';
  const [best] = [...votes].sort((a, b) => b[1] - a[1]);
  if (best !== undefined) return best[0];
  if (mostly !== undefined) return mostly;
  if (hasIstio) return 'nat';
  if (hasPrerouting) return hasForward ? 'mangle' : 'nat';
  return hasForward ? 'filter' : null;
}
