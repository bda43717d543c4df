/** What a rule asks and does, read from the model and not from its text. */
import {
  type Family,
  findChain,
  type Option,
  type Prefix,
  printPrefix,
  printRule,
  protocolName,
  type Rule,
  type Ruleset,
  type TableName,
} from '../netfilter/index.ts';

/** Where a rule stands. Positions count from 1. */
export interface RulePlace {
  readonly table: TableName;
  readonly chain: string;
  readonly position: number;
}

export function ruleAt(ruleset: Ruleset, { table, chain, position }: RulePlace): Rule | undefined {
  return findChain(ruleset, table, chain)?.rules[position - 1];
}

/** The rule at a place without its chain, as iptables prints it: `-o lo -j RETURN`; '' where there is none. */
export function ruleTextAt(ruleset: Ruleset, place: RulePlace): string {
  const rule = ruleAt(ruleset, place);
  return rule === undefined ? '' : printRule(ruleset.family, rule);
}

/** All that a rule asks. A comment asks nothing. */
export function conditionsOf({ matches }: Rule): readonly Option[] {
  return matches.flatMap(({ extension, options }) => (extension === 'comment' ? [] : options));
}

/** What a rule asks, as iptables prints it, without comments: `-d 10.96.0.0/12 -p tcp`; '' for nothing. */
export function conditionsText(family: Family, { matches }: Rule): string {
  return printRule(family, {
    matches: matches.filter(({ extension }) => extension !== 'comment'),
    target: null,
  });
}

export function hasComment({ matches }: Rule): boolean {
  return matches.some(({ extension }) => extension === 'comment');
}

/** `RETURN`, `REDIRECT`; null for a rule that jumps to a chain, or only counts. */
export function verdictOf({ target }: Rule): string | null {
  return target?.kind === 'extension' ? target.name : null;
}

/** The chain that a rule jumps or goes to. */
export function chainCalled({ target }: Rule): string | null {
  return target?.kind === 'chain' ? target.chain : null;
}

/** A chain or a target by its name. A chain that is not there is known by nothing else. */
export function targetName({ target }: Rule): string | null {
  if (target === null) return null;
  return target.kind === 'chain' ? target.chain : target.name;
}

export function optionsOfTarget({ target }: Rule): readonly Option[] {
  return target?.kind === 'extension' ? target.options : [];
}

/** Whether a rule jumps to one of these chains, to come back from it. */
export function jumpsTo({ target }: Rule, ...chains: readonly string[]): boolean {
  return target?.kind === 'chain' && !target.goto && chains.includes(target.chain);
}

/** The condition of that name, `--dport` or `! --dport`; null where there is none. */
export function conditionNamed({ matches }: Rule, name: string): Option | null {
  for (const { options } of matches) {
    const found = options.find((one) => nameOf(one) === name);
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * Whether a rule asks for all of one of these lists and for nothing else, not even a comment: `-d`, `-p tcp`.
 */
export function asksOnly({ matches }: Rule, ...lists: readonly (readonly string[])[]): boolean {
  const asked = matches.flatMap(({ options }) => options);
  return lists.some(
    (names) =>
      names.length === asked.length && names.every((name) => asked.some((one) => isCalled(one, name))),
  );
}

function isCalled(option: Option, name: string): boolean {
  return (
    nameOf(option) === name ||
    (nameOf(option) === '-p' && name === `-p ${protocolName(option.value as number)}`)
  );
}

function nameOf({ name, negated }: Option): string {
  return negated ? `! ${name}` : name;
}

/** The numbers from and to, of a port or a uid; null for another value. */
export function numbersOf(option: Option | null | undefined): readonly [first: number, last: number] | null {
  const value = option?.value;
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [first, last] = value;
  return typeof first === 'number' && typeof last === 'number' ? [first, last] : null;
}

/** `10.0.0.0/8`; null for another value. */
export function prefixText(option: Option | null | undefined): string | null {
  const value = option?.value;
  return typeof value === 'object' && value !== null && 'mask' in value ? printPrefix(value as Prefix) : null;
}

/** Whether a condition asks for exactly this number: one port, one uid. */
export function asksFor({ name, negated, value }: Option, asked: string, number: number): boolean {
  return name === asked && !negated && Array.isArray(value) && value[0] === number && value[1] === number;
}
