/** What every release of Istio hands to iptables-restore. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { completeOptions, type Options, optionTable, releases, rulesFor } from '../../src/istio/index.ts';
import { type Family, parseRuleset, printRuleset } from '../../src/netfilter/index.ts';
import { readCases } from '../istio/cases/form.ts';

/** One text that some release hands to iptables-restore. */
export interface Loaded {
  readonly family: Family;
  readonly text: string;
  /** The first release and options that give it. */
  readonly of: string;
}

/** iptables looks names of groups up in its own image; here they are numbers. */
function withoutNames(options: Partial<Options>): Partial<Options> {
  const numbers = (list: string) => list.replaceAll('java', '4001').replaceAll('ftp', '4002');
  const { ownerGroupsInclude, ownerGroupsExclude } = completeOptions(options);
  return {
    ...options,
    ownerGroupsInclude: numbers(ownerGroupsInclude),
    ownerGroupsExclude: numbers(ownerGroupsExclude),
  };
}

/** The option sets of Istio's own cases, and each option's example, in both ways of programming a pod. */
const optionSets: readonly Partial<Options>[] = [
  ...['releases.rules', 'newest.rules']
    .flatMap((name) => readCases(readFileSync(new URL(`../istio/cases/${name}`, import.meta.url), 'utf8')))
    .map(({ options }) => withoutNames(options)),
  ...Object.values(optionTable).flatMap(({ example, among = {} }) =>
    [{}, { cni: true }, { inboundInterceptionMode: 'TPROXY' }].map((more) => ({
      ...among,
      ...example,
      ...more,
      enableIPv6: true,
    })),
  ),
];

const patches = ['1.5.1', '1.10.2', '1.11.2', '1.12.1'];

/** All texts that differ, of every release and every option set that the project tries. */
export function everyText(): readonly Loaded[] {
  const texts = new Map<string, Loaded>();
  for (const release of [...releases.map(({ name }) => name), ...patches]) {
    for (const options of optionSets) {
      const { text, problems } = rulesFor(release, options);
      const of = `${release} ${JSON.stringify(options)}`;
      expect(
        problems.filter(({ severity }) => severity === 'error'),
        of,
      ).toEqual([]);
      for (const family of ['v4', 'v6'] as const) {
        const own = text[family];
        const key = `${family} ${own}`;
        if (own !== null && own !== '' && !texts.has(key)) texts.set(key, { family, text: own, of });
      }
    }
  }
  return [...texts.values()];
}

/** Of one family: every rule that some release has, once, in one text. */
export function everyRule(family: Family): string {
  const tables = new Map<string, { chains: Set<string>; rules: Set<string> }>();
  for (const { text } of everyText().filter((one) => one.family === family)) {
    for (const { name, chains } of parseRuleset(text, family).ruleset.tables) {
      const table = tables.get(name) ?? { chains: new Set(), rules: new Set() };
      tables.set(name, table);
      for (const chain of chains) {
        if (chain.policy === null) table.chains.add(chain.name);
      }
    }
    const dump = printRuleset(parseRuleset(text, family).ruleset);
    let table = '';
    for (const line of dump.split('\n')) {
      if (line.startsWith('*')) table = line.slice(1);
      if (line.startsWith('-A')) tables.get(table)?.rules.add(line);
    }
  }
  return [...tables]
    .map(([name, { chains, rules }]) =>
      [`*${name}`, ...[...chains].map((chain) => `:${chain} - [0:0]`), ...rules, 'COMMIT', ''].join('\n'),
    )
    .join('');
}
