/**
 * Rules that a page shows. A fence of the language `iptables` names a chain and holds its rules:
 *
 *     ```iptables ISTIO_OUTPUT release=1.17
 *     -A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
 *     ```
 */
import { printRule } from '../../netfilter/index.ts';
import { unknown } from '../places.ts';
import { rulesUnder } from '../rules-under.ts';
import { difference, printDifference } from './difference.ts';
import type { Fence } from './page.ts';
import { acceptCommand } from './paths.ts';
import { type ClaimProblem, problemAt } from './problem.ts';
import { type RulesQuestion, readRulesQuestion } from './question.ts';

/** The rules of the chain, as `iptables-save` prints them; a text is what is wrong with the question. */
export function rulesOf({ chain, table, change }: RulesQuestion): readonly string[] | string {
  const { v4 } = rulesUnder(change);
  const chains = v4.tables.find(({ name }) => name === table)?.chains ?? [];
  const found = chains.find(({ name }) => name === chain);
  if (found === undefined) {
    return unknown(
      `chain of ${table}`,
      chain,
      chains.map(({ name }) => name),
    );
  }
  return found.rules.map((rule) => `-A ${chain} ${printRule('v4', rule)}`);
}

export function checkRules(file: string, fence: Fence): readonly ClaimProblem[] {
  const place = { line: fence.line, column: fence.indent.length + 1 };
  const question = readRulesQuestion(fence.meta);
  const rules = typeof question === 'string' ? question : rulesOf(question);
  if (typeof rules === 'string') return [problemAt(file, place, rules)];
  const stated = fence.body.map((line) => line.slice(fence.indent.length));
  const at = Array.from({ length: Math.max(stated.length, rules.length) }).findIndex(
    (_, index) => stated[index] !== rules[index],
  );
  if (at < 0) return [];
  const { chain } = question as RulesQuestion;
  return [
    problemAt(
      file,
      { line: fence.line + 1 + Math.min(at, stated.length), column: place.column },
      `Istio programs other rules into ${chain}: rule ${at + 1} is another`,
      [...printDifference(difference(stated, rules)), `To accept the rules of Istio: ${acceptCommand}`],
    ),
  ];
}
