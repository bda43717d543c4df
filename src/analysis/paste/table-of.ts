/** The table of rules that stand without their table's line, by what only one table has. */
import type { TableName } from '../../netfilter/index.ts';
import { blankQuotes } from './quotes.ts';

const targets: readonly (readonly [TableName, RegExp])[] = [
  ['nat', / -j (?:REDIRECT|DNAT|SNAT|MASQUERADE|NETMAP)(?: |$)/],
  ['raw', / -j (?:CT|NOTRACK)(?: |$)/],
  ['mangle', / -j (?:TPROXY|CONNMARK|MARK|DSCP|TOS|TTL|HL|TEE)(?: |$)/],
  ['filter', / -j (?:REJECT)(?: |$)/],
];

/**
 * Null where nothing tells: not one target that a single table has, and no chain of Istio's. The hooks of the chains
 * decide against tables that do not have them.
 */
export function tableOf(lines: readonly string[]): TableName | null {
  const votes = new Map<TableName, number>();
  let hasPrerouting = false;
  let hasForward = false;
  let hasIstio = false;
  for (const written of lines) {
    const line = blankQuotes(written);
    if (/^(?::|-P |(?:\[\d+:\d+\] )?-A )(?:PREROUTING|POSTROUTING)\b/.test(line)) hasPrerouting = true;
    if (/^(?::|-P |(?:\[\d+:\d+\] )?-A )FORWARD\b/.test(line)) hasForward = true;
    if (/ISTIO_/.test(line)) hasIstio = true;
    for (const [table, pattern] of targets)
      if (pattern.test(line)) votes.set(table, (votes.get(table) ?? 0) + 1);
  }
  // MARK and ACCEPT stand in many tables; what translates addresses stands in one.
  if (votes.has('nat')) return 'nat';
  const [best] = [...votes].sort((a, b) => b[1] - a[1]);
  if (best !== undefined) return best[0];
  if (hasIstio) return 'nat';
  if (hasPrerouting) return hasForward ? 'mangle' : 'nat';
  return hasForward ? 'filter' : null;
}
