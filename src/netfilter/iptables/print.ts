/**
 * A ruleset as `iptables-save` prints it, from the model alone.
 */

import type { Condition, Counters, Family, Match, Option, Rule, Ruleset, Table } from '../model/ruleset.ts';
import { knownMatch, knownTarget } from './catalogue.ts';
import type { Forms } from './extension.ts';

/**
 * The text of a ruleset, ending in a line feed; counters before the rules (`iptables-save -c`) where the rules
 * have them.
 */
export function printRuleset(ruleset: Ruleset): string {
  return ruleset.tables.map((table) => printTable(ruleset.family, table)).join('');
}

function printTable(family: Family, { name, chains }: Table): string {
  const lines = [`*${name}`];
  for (const chain of chains)
    lines.push(`:${chain.name} ${chain.policy ?? '-'} ${printCounters(chain.counters)}`);
  for (const chain of chains) {
    for (const rule of chain.rules) lines.push(printCounted(family, chain.name, rule));
  }
  lines.push('COMMIT', '');
  return lines.join('\n');
}

function printCounters(counters: Counters | undefined): string {
  return counters === undefined ? '[0:0]' : `[${counters.packets}:${counters.bytes}]`;
}

function printCounted(family: Family, chain: string, rule: Rule): string {
  const parts = printRule(family, rule);
  const text = rule.unread ?? (parts === '' ? `-A ${chain}` : `-A ${chain} ${parts}`);
  return rule.counters === undefined ? text : `${printCounters(rule.counters)} ${text}`;
}

/** A rule's conditions and target, without its chain; one that could not be read, as its whole line. */
export function printRule(family: Family, rule: Rule): string {
  if (rule.unread !== undefined) return rule.unread;
  const parts: string[] = [];
  for (const match of rule.matches) parts.push(printMatch(family, match));
  if (rule.target !== null) parts.push(printTarget(family, rule));
  return parts.join(' ');
}

/** `-m multiport --dports 80,443` */
export function printMatch(family: Family, match: Match): string {
  const forms = knownMatch(match.extension, family)?.forms;
  const parts = match.extension === 'ip' ? [] : [`-m ${match.extension}`];
  for (const option of match.options) parts.push(printOption(family, option, forms));
  return parts.join(' ');
}

/** One condition as it is written: `! --dport 8080`. */
export function printCondition(family: Family, condition: Condition): string {
  if ('unread' in condition) return condition.unread;
  if ('written' in condition) return condition.written;
  const { match, option } = condition;
  return option === undefined
    ? printMatch(family, match)
    : printOption(family, option, knownMatch(match.extension, family)?.forms);
}

/** `-j REDIRECT --to-ports 8080`; empty for a rule that only counts. */
export function printTarget(family: Family, { target }: Rule): string {
  if (target === null) return '';
  if (target.kind === 'chain') return `${target.goto ? '-g' : '-j'} ${target.chain}`;
  const forms = knownTarget(target.name, family)?.forms;
  return ['-j', target.name, ...target.options.map((option) => printOption(family, option, forms))].join(' ');
}

function printOption(family: Family, option: Option, forms: Forms | undefined): string {
  const form = forms?.byName.get(option.name);
  const value = form === undefined ? String(option.value ?? '') : form.value.print(option.value, family);
  const not = option.negated ? '! ' : '';
  return value === '' && form?.value.words !== 1 ? `${not}${option.name}` : `${not}${option.name} ${value}`;
}
