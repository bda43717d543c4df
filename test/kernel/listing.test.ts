/**
 * The rules of every release of Istio, loaded into the kernel and listed by the real `iptables -L`, by both back ends:
 * what is read of the listing is what iptables-save gives.
 */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import {
  builtInChains,
  type Family,
  parseRuleset,
  printRuleset,
  type Ruleset,
  readListing,
  type TableName,
} from '../../src/netfilter/index.ts';
import { everyRule } from './istio-texts.ts';
import { missing, modeOf } from './recording.ts';

const isLive = modeOf(process.env, missing) !== 'recorded';
const families = ['v4', 'v6'] as const;
const backends = ['nft', 'legacy'] as const;

interface Answers {
  readonly saved: string;
  readonly listed: string;
}

/** Loads a text, and asks for it in both forms, in one namespace. */
function ask(text: string, family: Family, backend: string, flags: string): Answers {
  const program = `${family === 'v4' ? 'iptables' : 'ip6tables'}-${backend}`;
  const tables = [...text.matchAll(/^\*\s*(\w+)/gm)].map(([, name]) => name);
  const lists = tables.map((name) => `echo '$ ${program} -t ${name} -L'; ${program} -t ${name} -L ${flags}`);
  const script = `${program}-restore --wait --noflush && ${program}-save -c && echo LISTED && { ${lists.join(';')}; } 2>/dev/null`;
  const said = execFileSync('unshare', ['--net', 'sh', '-c', script], { input: text, encoding: 'utf8' });
  const [saved = '', listed = ''] = said.split('LISTED\n');
  return { saved, listed };
}

/** Table, chain, rules in order; what iptables-save leaves out of a table that nothing uses is left out of both. */
function rulesOf(ruleset: Ruleset | undefined): readonly string[] {
  return (ruleset?.tables ?? []).flatMap(({ name, chains }) =>
    printRuleset({ family: ruleset?.family ?? 'v4', tables: [{ name, chains }] })
      .split('\n')
      .filter((line) => /^(\[\d+:\d+\] )?-A/.test(line))
      .map((line) => `${name} ${line}`),
  );
}

describe
  .skipIf(!isLive && process.env.CI !== 'true')
  .each(families.flatMap((family) => backends.map((backend) => [family, backend] as const)))(
  '%s %s',
  (family, backend) => {
    const text = everyRule(family);

    test('every rule that some release has', () => {
      const { saved, listed } = ask(text, family, backend, '-n -v');
      const { ruleset, problems } = parseRuleset(saved, family);
      expect(problems).toEqual([]);
      const read = readListing(listed.split('\n'));
      expect(read.problems).toEqual([]);
      expect(read.tells).toEqual({ interfaces: true, numbers: true });
      const rules = rulesOf(ruleset);
      expect(rules.length).toBeGreaterThan(150);
      expect(rulesOf(read[family]).toSorted()).toEqual(rules.toSorted());
      // the chains of a table in the order in which they are printed differ; the rules of each chain may not
      for (const { name, chains } of ruleset.tables) {
        for (const chain of chains) {
          const own = (one: Ruleset | undefined) =>
            rulesOf(one).filter((rule) => rule.includes(`${name} [0:0] -A ${chain.name} `));
          expect(own(read[family]), chain.name).toEqual(own(ruleset));
        }
      }
    });

    test('with numbers of rules, with exact counters, and which table it is without a command', () => {
      for (const flags of ['-n -v --line-numbers', '-n -v -x']) {
        const { saved, listed } = ask(text, family, backend, flags);
        const lines = listed.split('\n');
        const read = readListing(lines);
        expect(read.problems, flags).toEqual([]);
        expect(rulesOf(read[family]).toSorted(), flags).toEqual(
          rulesOf(parseRuleset(saved, family).ruleset).toSorted(),
        );
        const bare = readListing(lines.map((line) => (line.startsWith('$') ? '' : line)));
        expect(
          bare.tables.map(({ table, by }) => [table, by]),
          flags,
        ).toEqual(read.tables.map(({ table }) => [table, 'chains']));
      }
    });

    test('without -v and without -n it says what is not told', () => {
      const { saved, listed } = ask(text, family, backend, '');
      const read = readListing(listed.split('\n'));
      expect(read.tells).toEqual({ interfaces: false, numbers: false });
      const count = (one: Ruleset | undefined) => rulesOf(one).length;
      const listedRules =
        read[family]?.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules)) ?? [];
      expect(listedRules).toHaveLength(count(parseRuleset(saved, family).ruleset));
      const tables = new Set(read.tables.map(({ table }) => table as TableName));
      for (const table of tables) {
        const names = read[family]?.tables.find(({ name }) => name === table)?.chains.map(({ name }) => name);
        expect(names, table).toEqual(expect.arrayContaining([...builtInChains[table]]));
      }
    });
  },
);
