/**
 * Where two rulesets differ, chain by chain.
 */
import {
  type Chain,
  type Family,
  hooks,
  printRule,
  type Ruleset,
  type TableName,
} from '../netfilter/index.ts';

/** A rule that only one of the two has. */
export interface RuleDifference {
  readonly table: TableName;
  readonly chain: string;
  /** In the ruleset that has it, from 1. */
  readonly position: number;
  readonly rule: string;
  readonly only: 'a' | 'b';
}

/** A rule that one of the two has, or a run of rules that both have. */
export type DifferenceRow =
  | { readonly kind: 'gone' | 'come'; readonly position: number; readonly rule: string }
  /** `from` and `to` are the first positions of the run, in the one and in the other. */
  | { readonly kind: 'kept'; readonly count: number; readonly from: number; readonly to: number };

export interface ChainDifference {
  readonly family: Family;
  readonly table: TableName;
  readonly chain: string;
  readonly rows: readonly DifferenceRow[];
}

/**
 * The chains that differ, with the longest common order of each kept: the tables by name, in each the built-in chains
 * first, in the order in which a packet meets them.
 */
export function chainDifferences(a: Ruleset, b: Ruleset): readonly ChainDifference[] {
  const tables = [...new Set([...a.tables, ...b.tables].map(({ name }) => name))].sort();
  return tables.flatMap((table) => {
    const [left, right] = [chainsOf(a, table), chainsOf(b, table)];
    return [...new Set([...left.keys(), ...right.keys()])]
      .sort(inOrder)
      .flatMap((chain): readonly ChainDifference[] => {
        const one = textsOf(a.family, left.get(chain));
        const spelled = new Map(one.map((rule) => [withoutBareMatch(rule), rule]));
        const other = textsOf(b.family, right.get(chain)).map(
          (rule) => spelled.get(withoutBareMatch(rule)) ?? rule,
        );
        const rows = rowsBetween(one, other);
        return rows.some(({ kind }) => kind !== 'kept') ? [{ family: a.family, table, chain, rows }] : [];
      });
  });
}

/** The rules that stand in one of the rulesets only. */
export function difference(a: Ruleset, b: Ruleset): readonly RuleDifference[] {
  return differingRules(chainDifferences(a, b));
}

/** The rules of a difference, without those that stay. */
export function differingRules(chains: readonly ChainDifference[]): readonly RuleDifference[] {
  return chains.flatMap(({ table, chain, rows }) =>
    rows.flatMap((row): readonly RuleDifference[] =>
      row.kind === 'kept'
        ? []
        : [{ table, chain, position: row.position, rule: row.rule, only: row.kind === 'gone' ? 'a' : 'b' }],
    ),
  );
}

function inOrder(one: string, other: string): number {
  const rank = (chain: string) => {
    const hook = (hooks as readonly string[]).indexOf(chain);
    return `${hook < 0 ? hooks.length : hook} ${chain}`;
  };
  return rank(one) < rank(other) ? -1 : 1;
}

function chainsOf(ruleset: Ruleset, table: TableName): ReadonlyMap<string, Chain> {
  const chains = ruleset.tables.find(({ name }) => name === table)?.chains ?? [];
  return new Map(chains.map((chain) => [chain.name, chain]));
}

function textsOf(family: Family, chain: Chain | undefined): readonly string[] {
  return (chain?.rules ?? []).map((rule) => printRule(family, rule));
}

/** `-m tcp` without an option asks nothing that `-p tcp` does not ask, and nft does not list it. */
function withoutBareMatch(rule: string): string {
  return rule.replace(/ -p (tcp|udp|sctp|dccp|icmp) -m \1 (?=-[jgm] )/, ' -p $1 ');
}

/** The longest common order of two lists is kept; what else the one has goes, and what else the other has comes. */
export function rowsBetween(a: readonly string[], b: readonly string[]): readonly DifferenceRow[] {
  return rowsOf(a, b, commonPairs(a, b));
}

type Pair = readonly [a: number, b: number];

/** What is kept, what goes and what comes, in order. `pairs` rise on both sides. */
function rowsOf(
  a: readonly string[],
  b: readonly string[],
  pairs: readonly Pair[],
): readonly DifferenceRow[] {
  const rows: DifferenceRow[] = [];
  let [i, j] = [0, 0];
  const until = (atA: number, atB: number) => {
    for (; i < atA; i++) rows.push({ kind: 'gone', position: i + 1, rule: a[i] as string });
    for (; j < atB; j++) rows.push({ kind: 'come', position: j + 1, rule: b[j] as string });
  };
  for (const [atA, atB] of pairs) {
    until(atA, atB);
    const last = rows.at(-1);
    if (last?.kind === 'kept') rows[rows.length - 1] = { ...last, count: last.count + 1 };
    else rows.push({ kind: 'kept', count: 1, from: atA + 1, to: atB + 1 });
    [i, j] = [atA + 1, atB + 1];
  }
  until(a.length, b.length);
  return rows;
}

/** Middles with more pairs than these are compared by the order in which equal rules first stand. */
const mostCompared = 250_000;

/** The places of a common order, the longest where it can be afforded. */
function commonPairs(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const shorter = Math.min(a.length, b.length);
  let front = 0;
  while (front < shorter && a[front] === b[front]) front++;
  let back = 0;
  while (back < shorter - front && a.at(-1 - back) === b.at(-1 - back)) back++;
  const middle = [a.slice(front, a.length - back), b.slice(front, b.length - back)] as const;
  const pairs =
    middle[0].length * middle[1].length > mostCompared ? risingPairs(...middle) : longestPairs(...middle);
  return [
    ...Array.from({ length: front }, (_, at): Pair => [at, at]),
    ...pairs.map(([one, other]): Pair => [one + front, other + front]),
    ...Array.from({ length: back }, (_, at): Pair => [a.length - back + at, b.length - back + at]),
  ];
}

/** A longest common subsequence. */
function longestPairs(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      (lengths[i] as number[])[j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** Each rule with its next equal on the other side, and of these pairs the longest run that rises. */
function risingPairs(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const places = new Map<string, number[]>();
  for (let at = b.length - 1; at >= 0; at--) {
    const rule = b[at] as string;
    const known = places.get(rule);
    if (known === undefined) places.set(rule, [at]);
    else known.push(at);
  }
  const pairs = a.flatMap((rule, at): readonly Pair[] => {
    const place = places.get(rule)?.pop();
    return place === undefined ? [] : [[at, place]];
  });
  // Patience: the smallest end of a rising run of each length, and who stood before it.
  const ends: number[] = [];
  const before: number[] = [];
  for (const [index, [, place]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] as number] as Pair)[1] < place) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : (ends[low - 1] as number);
    ends[low] = index;
  }
  const rising: Pair[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] as number)
    rising.push(pairs[index] as Pair);
  return rising.reverse();
}

/** The first rows of a difference that is too long to be shown, and how many rules differ in all. */
export function shortenedDifference<Chain extends Pick<ChainDifference, 'rows'>>(
  all: readonly Chain[],
  mostRows: number,
): { readonly chains: readonly Chain[]; readonly differing: number } {
  let left = mostRows;
  const chains = all.flatMap((chain): readonly Chain[] => {
    const rows = chain.rows.slice(0, Math.max(0, left));
    left -= rows.length;
    return rows.length === 0 ? [] : [{ ...chain, rows }];
  });
  const differing = all.reduce((sum, { rows }) => sum + rows.filter(({ kind }) => kind !== 'kept').length, 0);
  return { chains, differing };
}
