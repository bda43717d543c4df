/** The rules against what Istio's tools printed, without the case files between; and the case files against the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { releases, rulesFor } from '../../../src/istio/index.ts';
import { type Case, commandsIn, commandsOf, readCases, textOf } from '../cases/form.ts';
import { digestOf, digestOfRules, history, printedRules, printedTexts } from '../cases/printed.ts';

function casesIn(file: string): readonly Case[] {
  return readCases(readFileSync(new URL(`../cases/${file}`, import.meta.url), 'utf8'));
}

const names = releases.map(({ name }) => name);
const minor = (patch: string): string => patch.split('.').slice(0, 2).join('.');

/** In the order of the tables' names, as the case files have them; without the chains. */
function rulesOf(text: string): readonly string[] {
  const rules = commandsIn(text).filter((line) => !/^\w+ -N/.test(line));
  const tableOf = (line: string): string => line.slice(0, line.indexOf(' '));
  return [...new Set(rules.map(tableOf))]
    .sort()
    .flatMap((table) => rules.filter((line) => tableOf(line) === table));
}

describe('what Istio itself prints', () => {
  const cases = casesIn('releases.rules');
  const caseOf = (name: string, family: string): Case => {
    const found = cases.find((one) => one.name === name && one.family === family);
    if (found === undefined) throw new Error(`releases.rules has no case ${name} ${family}`);
    return found;
  };

  test('for every configuration, release and family', () => {
    let compared = 0;
    for (const { name, family, from, to, digest } of printedRules) {
      const { options } = caseOf(name, family);
      const last = to === undefined ? names.length - 1 : names.indexOf(minor(to));
      const patches = [from, ...(to === undefined ? [] : [to])];
      for (const release of [...names.slice(names.indexOf(minor(from)), last + 1), ...patches]) {
        const text = rulesFor(release, options).text[family] ?? '';
        expect(digestOfRules(rulesOf(text)), `${name} ${family} ${release}\n${text}`).toBe(digest);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(26 * 26);
  });

  test('stands in the case files, for every release', () => {
    const told = new Set<string>();
    for (const { name, family, from, to, digest } of printedRules) {
      const last = to === undefined ? names.length - 1 : names.indexOf(minor(to));
      for (const release of names.slice(names.indexOf(minor(from)), last + 1)) {
        const commands = commandsOf(caseOf(name, family), release);
        expect(digestOfRules(commands), `${name} ${family} ${release}`).toBe(digest);
        told.add(`${name} ${family} ${release}`);
      }
    }
    expect(told.size).toBe(cases.length * names.length);
  });

  const own = [...casesIn('newest.rules'), ...casesIn('ambient.rules')];

  test('stands in the cases of its own tests, byte for byte', () => {
    expect(new Set(own.map(({ name }) => name))).toEqual(new Set(printedTexts.map(({ name }) => name)));
    for (const { name, digest } of printedTexts)
      expect(digestOf(textOf(own.filter((one) => one.name === name))), name).toBe(digest);
  });

  test('in its own tests, byte for byte', () => {
    const texts = printedTexts.filter(({ name }) => !name.startsWith('cni-iptables/'));
    expect(texts).toHaveLength(28);
    for (const { name, digest } of texts) {
      const options = own.find((one) => one.name === name)?.options;
      const { text } = rulesFor('1.30', options);
      expect(digestOf(text.v4 + (text.v6 ?? '')), `${name}\n${text.v4}${text.v6 ?? ''}`).toBe(digest);
    }
  });

  test('in its history: releases, dates and subjects of the changes', () => {
    const dated = releases.flatMap(({ changes }) => changes).filter(({ commit }) => commit !== undefined);
    expect(dated.length).toBeGreaterThan(20);
    // The history names one release for each commit. These have another: brought back to a patch that it does not
    // name, and optional at first.
    const others: readonly string[] = ['1cb72bc03d5 1.5.2', '2f0d8d80e8d 1.11.0', 'aa17d3013f6 1.28.1'];
    for (const { commit, date, subject, since } of dated) {
      const entry = history.find((one) => one.commit === commit);
      expect({ date, subject }).toEqual({ date: entry?.date, subject: entry?.subject });
      if (!others.includes(`${commit} ${since}`)) expect(since, subject).toBe(entry?.since);
    }
  });
});
