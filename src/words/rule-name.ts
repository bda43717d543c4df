/**
 * What a chain and a rule are called, in every language.
 */
import type { RuleEvent } from '../netfilter/index.ts';

/** A chain with its table where that is not nat, because chains of two tables can share a name. */
export function chainName({ table, chain }: Pick<RuleEvent, 'table' | 'chain'>): string {
  return `${table === 'nat' ? '' : `${table} `}${chain}`;
}

/** `ISTIO_OUTPUT 9`, `mangle ISTIO_DIVERT 1` */
export function ruleName(rule: Pick<RuleEvent, 'table' | 'chain' | 'position'>): string {
  return `${chainName(rule)} ${rule.position}`;
}
