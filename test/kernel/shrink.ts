/** Makes a failing ruleset small. */

import type { Rulesets } from './random.ts';

type Cut = (rulesets: Rulesets) => Rulesets | null;

const languages = ['v4', 'v6', 'nft'] as const;
type Language = (typeof languages)[number];

/** What the tables of both languages have. */
interface Chain {
  readonly name: string;
  readonly rules: readonly string[];
  /** Of iptables; null where no hook asks it. */
  readonly policy?: string | null;
  /** Of nft; empty where no hook asks it. */
  readonly head?: string;
}
interface Table {
  readonly name: string;
  readonly chains: readonly Chain[];
}
type Tables = readonly Table[];

/**
 * The rulesets with as few tables, rules and chains as still fail. `fails` is asked at most `limit` times.
 */
export async function shrink(
  rulesets: Rulesets,
  fails: (rulesets: Rulesets) => Promise<boolean>,
  limit = 200,
): Promise<Rulesets> {
  let small = rulesets;
  let asked = 0;
  const attempt = async (cut: Cut): Promise<boolean> => {
    const smaller = cut(small);
    if (smaller === null || asked >= limit) return false;
    asked += 1;
    if (!(await fails(smaller))) return false;
    small = smaller;
    return true;
  };
  for (const family of languages) {
    await attempt(change(family, () => []));
    for (const { name } of small[family]?.tables ?? [])
      await attempt(change(family, (tables) => tables.filter((table) => table.name !== name)));
    await rulesOf(family, () => small, attempt);
    // chains that nothing leads to any more
    await attempt(change(family, withoutIdleChains));
  }
  return small;
}

function change(language: Language, tables: (tables: Tables) => Tables): Cut {
  return (rulesets) => {
    const before = rulesets[language];
    return before === undefined
      ? null
      : { ...rulesets, [language]: { ...before, tables: tables(before.tables) } };
  };
}

async function rulesOf(
  family: Language,
  now: () => Rulesets,
  attempt: (cut: Cut) => Promise<boolean>,
): Promise<void> {
  const count = () => positions(now()[family]).length;
  for (let size = Math.ceil(count() / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < count(); ) {
      const at = from;
      const shrunk = await attempt(without(family, at, at + size));
      if (!shrunk) from += size;
    }
  }
}

function positions(ruleset: { readonly tables: Tables } | undefined): string[] {
  return (ruleset?.tables ?? []).flatMap((table) => table.chains.flatMap((chain) => chain.rules));
}

/** Takes out the rules from `from` to before `to`, counted through the whole ruleset. */
function without(family: Language, from: number, to: number): Cut {
  return change(family, (tables) => {
    let at = 0;
    return tables.map((table) => ({
      ...table,
      chains: table.chains.map((chain) => ({
        ...chain,
        rules: chain.rules.filter(() => {
          const goes = at >= from && at < to;
          at += 1;
          return !goes;
        }),
      })),
    }));
  });
}

function withoutIdleChains(tables: Tables): Tables {
  return tables.map((table) => {
    const named = table.chains
      .flatMap((chain) => chain.rules)
      .join(' ')
      .split(/[ ,]+/);
    return {
      ...table,
      chains: table.chains.filter(
        ({ name, policy, head }) =>
          (policy === undefined ? head !== '' : policy !== null) || named.includes(name),
      ),
    };
  });
}
