/**
 * Where two rulesets differ, chain by chain.
 */
import { type Chain, printRule, type Ruleset, type TableName } from '../netfilter/index.ts';

/** A rule that only one of the two has. */
export interface RuleDifference {
  readonly table: TableName;
  readonly chain: string;
  /** In the ruleset that has it, from 1. */
  readonly position: number;
  readonly rule: string;
  readonly only: 'a' | 'b';
}

/** The rules that stand in one of the rulesets only, with the longest common order of each chain kept. */
export function difference(a: Ruleset, b: Ruleset): readonly RuleDifference[] {
  return tablesOf(a, b).flatMap((table) => {
    const names = [...new Set([...chainsOf(a, table), ...chainsOf(b, table)].map(({ name }) => name))];
    return names.flatMap((name) => {
      const [left, right] = [a, b].map((ruleset) =>
        (chainsOf(ruleset, table).find((chain) => chain.name === name)?.rules ?? []).map((rule) =>
          printRule(ruleset.family, rule),
        ),
      ) as [string[], string[]];
      const common = commonOrder(left, right);
      const only = (rules: readonly string[], side: 'a' | 'b', kept: ReadonlySet<number>) =>
        rules.flatMap((rule, at): readonly RuleDifference[] =>
          kept.has(at) ? [] : [{ table, chain: name, position: at + 1, rule, only: side }],
        );
      return [...only(left, 'a', common.left), ...only(right, 'b', common.right)];
    });
  });
}

function tablesOf(a: Ruleset, b: Ruleset): readonly TableName[] {
  return [...new Set([...a.tables, ...b.tables].map(({ name }) => name))];
}

function chainsOf(ruleset: Ruleset, table: TableName): readonly Chain[] {
  return ruleset.tables.find(({ name }) => name === table)?.chains ?? [];
}

/** Chains whose different middles are longer than this are compared without regard to order. */
const mostCompared = 4_000_000;

/** The places of a longest common subsequence. */
function commonOrder(a: readonly string[], b: readonly string[]) {
  let front = 0;
  while (front < Math.min(a.length, b.length) && a[front] === b[front]) front++;
  let back = 0;
  while (back < Math.min(a.length, b.length) - front && a.at(-1 - back) === b.at(-1 - back)) back++;
  const middle = commonMiddle(a.slice(front, a.length - back), b.slice(front, b.length - back));
  const ends = (rules: readonly string[]) => [
    ...Array.from({ length: front }, (_, at) => at),
    ...Array.from({ length: back }, (_, at) => rules.length - 1 - at),
  ];
  return {
    left: new Set([...ends(a), ...[...middle.left].map((at) => at + front)]),
    right: new Set([...ends(b), ...[...middle.right].map((at) => at + front)]),
  };
}

function commonMiddle(a: readonly string[], b: readonly string[]) {
  const left = new Set<number>();
  const right = new Set<number>();
  if (a.length * b.length > mostCompared) {
    const places = new Map<string, number[]>();
    for (const [at, rule] of b.entries()) places.set(rule, [...(places.get(rule) ?? []), at]);
    for (const [at, rule] of a.entries()) {
      const place = places.get(rule)?.shift();
      if (place === undefined) continue;
      left.add(at);
      right.add(place);
    }
    return { left, right };
  }
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      (lengths[i] as number[])[j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      left.add(i++);
      right.add(j++);
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return { left, right };
}
