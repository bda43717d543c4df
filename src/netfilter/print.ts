/**
 * A ruleset as `iptables-save` prints it, from the model alone.
 */
import type { OptionForm } from './extension.ts';
import { matchExtensions } from './matches/index.ts';
import type { Counters, Family, Match, Option, Rule, Ruleset, Table } from './ruleset.ts';
import { targetExtensions } from './targets/index.ts';

/**
 * The text of a ruleset, ending in a line feed; counters before the rules (`iptables-save -c`) where the rules
 * have them.
 */
export function printRuleset(ruleset: Ruleset): string {
  return ruleset.tables.map((table) => printTable(ruleset.family, table)).join('');
}

function printTable(family: Family, { name, chains }: Table): string {
  const lines = [
    `*${name}`,
    ...chains.map((chain) => `:${chain.name} ${chain.policy ?? '-'} ${printCounters(chain.counters)}`),
    ...chains.flatMap((chain) => chain.rules.map((rule) => printCounted(family, chain.name, rule))),
    'COMMIT',
  ];
  return `${lines.join('\n')}\n`;
}

function printCounters(counters: Counters | undefined): string {
  return counters === undefined ? '[0:0]' : `[${counters.packets}:${counters.bytes}]`;
}

function printCounted(family: Family, chain: string, rule: Rule): string {
  if (rule.unread !== undefined) return rule.unread;
  const text = `-A ${chain} ${printRule(family, rule)}`.trimEnd();
  return rule.counters === undefined ? text : `${printCounters(rule.counters)} ${text}`;
}

/** A rule's conditions and target, without its chain. */
export function printRule(family: Family, rule: Rule): string {
  if (rule.unread !== undefined) return rule.unread;
  return [...rule.matches.map((match) => printMatch(family, match)), printTarget(family, rule)]
    .filter((part) => part !== '')
    .join(' ');
}

function printMatch(family: Family, match: Match): string {
  const forms = matchExtensions.find(({ name }) => name === match.extension)?.options;
  const options = match.options.map((option) => printOption(family, option, forms));
  return [...(match.extension === 'ip' ? [] : [`-m ${match.extension}`]), ...options].join(' ');
}

/** One condition as it is written: `! --dport 15008`. */
export function printCondition(family: Family, match: Match, option: Option): string {
  return printOption(family, option, matchExtensions.find(({ name }) => name === match.extension)?.options);
}

/** A rule's target as it is written: `-j REDIRECT --to-ports 15001`. */
export function printTarget(family: Family, { target }: Rule): string {
  if (target === null) return '';
  if (target.kind === 'chain') return `${target.goto ? '-g' : '-j'} ${target.chain}`;
  const forms = targetExtensions.find(({ name }) => name === target.name)?.options;
  return ['-j', target.name, ...target.options.map((option) => printOption(family, option, forms))].join(' ');
}

function printOption(family: Family, option: Option, forms: readonly OptionForm[] | undefined): string {
  const form = forms?.find(({ name }) => name === option.name);
  const value = form === undefined ? String(option.value ?? '') : form.value.print(option.value, family);
  return [
    ...(option.negated ? ['!'] : []),
    option.name,
    ...(value === '' && form?.value.words !== 1 ? [] : [value]),
  ].join(' ');
}
