import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { releases, rulesFor } from '../../../src/istio/index.ts';
import { commandsIn, commandsOf, printCases, readCases } from '../cases/form.ts';

function fileText(name: string): string {
  return readFileSync(new URL(`../cases/${name}`, import.meta.url), 'utf8');
}

function textFor(release: string, options: object, family: 'v4' | 'v6'): string {
  const rules = rulesFor(release, options);
  expect(rules.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return rules.text[family] ?? '';
}

describe('every release', () => {
  const cases = readCases(fileText('releases.rules'));

  test('has a case file that names them all', () => {
    expect(cases).toHaveLength(26);
    for (const one of cases) {
      for (const { name } of releases) expect(commandsOf(one, name), `${one.name} ${name}`).not.toEqual([]);
    }
  });

  test.for(cases.map((one) => [`${one.name} ${one.family}`, one] as const))('%s', ([, one]) => {
    for (const { name } of releases) {
      const rules = commandsIn(textFor(name, one.options, one.family)).filter(
        (line) => !/^\w+ -N/.test(line),
      );
      expect(rules, `release ${name}`).toEqual(commandsOf(one, name));
    }
  });
});

describe("Istio's own tests", () => {
  const cases = readCases(fileText('newest.rules'));

  test('are all here: 21 of the rule builder, 7 of the CNI plugin', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(28);
  });

  test.for(cases.map((one) => [`${one.name} ${one.family}`, one] as const))('%s', ([, one]) => {
    for (const release of ['1.27', '1.28', '1.29', '1.30']) {
      expect(commandsIn(textFor(release, one.options, one.family)), `release ${release}`).toEqual(
        commandsOf(one, release),
      );
    }
  });

  test('have no IPv6 rules where the case has none', () => {
    for (const one of cases.filter(({ options }) => options.enableIPv6 !== true)) {
      expect(rulesFor('1.30', one.options).v6).toBeNull();
    }
  });
});

describe('the form of a case', () => {
  test.each(['releases.rules', 'newest.rules', 'ambient.rules'])('%s is printed as it is read', (name) => {
    const text = fileText(name).replace(/^(#.*\n)+\n/, '');
    expect(printCases(readCases(text))).toBe(text);
  });

  test('tells the line that it cannot read', () => {
    expect(() => readCases('== a v4\n{}\nfoo\n')).toThrow(
      'line 3: "foo" is no heading, no options, no table and no rule',
    );
    expect(() => readCases('== a v4\n{}\n* nat\n1.4- -A OUTPUT -j ACCEPT\n')).toThrow(
      '"1.4-" is no span of releases: write 1.5-1.12, 1.13- or 1.24',
    );
  });
});
