/**
 * Chains that a text calls and does not show. The kernel has each of them, since it keeps no jump to a chain that is not
 * there: the text is a listing of one chain, or the lines that somebody looked for.
 */
import type { Rule, Ruleset, Table } from '../netfilter/index.ts';
import { chainOwner } from './chain-owner.ts';

/**
 * The ruleset with those chains of which the name tells whose they are, without rules; the same one where there is none.
 * `isWhole`: of software of which the text shows a chain it should show all, and a jump elsewhere is a fault of it.
 */
export function withCalledChains(ruleset: Ruleset, isWhole: boolean): Ruleset {
  const tables = ruleset.tables.map((table) => withCalled(table, isWhole));
  return tables.every((table, at) => table === ruleset.tables[at]) ? ruleset : { ...ruleset, tables };
}

function withCalled(table: Table, isWhole: boolean): Table {
  const names = new Set(table.chains.map(({ name }) => name));
  const shown = new Set(isWhole ? [...names].map(chainOwner) : []);
  const called = new Set(
    table.chains.flatMap(({ rules }) => rules.flatMap((rule) => calledAlone(rule) ?? [])),
  );
  const missing = new Set([...called].filter((name) => !names.has(name) && !shown.has(chainOwner(name))));
  if (missing.size === 0) return table;
  return {
    ...table,
    chains: [
      ...table.chains.map((chain) => ({
        ...chain,
        rules: chain.rules.map((rule) => calling(rule, missing)),
      })),
      ...[...missing].map((name) => ({ name, policy: null, rules: [] })),
    ],
  };
}

/** What the rule calls, where the reader took it for a target that it does not know. */
function calledAlone({ target }: Rule): string | null {
  if (target?.kind !== 'extension' || target.options.length > 0) return null;
  return chainOwner(target.name) === null ? null : target.name;
}

function calling(rule: Rule, missing: ReadonlySet<string>): Rule {
  const name = calledAlone(rule);
  return name === null || !missing.has(name)
    ? rule
    : { ...rule, target: { kind: 'chain', chain: name, goto: false } };
}
