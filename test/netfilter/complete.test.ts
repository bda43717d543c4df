/**
 * Every match and target is whole: it is read and printed (`forms.test.ts`), explained, and met by a packet in at
 * least one case file. Adding one without them fails here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  matchExtensions,
  parseRuleset,
  type Rule,
  targetExtensions,
  traverse,
} from '../../src/netfilter/index.ts';
import { readCaseFile } from './case-file.ts';

const folder = new URL('./cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.case'))
  .flatMap((name) => readCaseFile(name, readFileSync(new URL(name, folder), 'utf8')));

/** The rules that packets of the cases were tested against, and what was said of each. */
const met: { readonly rule: Rule; readonly because: string }[] = [];
for (const { rules, host, steps } of cases) {
  const rulesets = {
    ...(rules.v4 === undefined ? {} : { v4: parseRuleset(rules.v4.text, 'v4').ruleset }),
    ...(rules.v6 === undefined ? {} : { v6: parseRuleset(rules.v6.text, 'v6').ruleset }),
  };
  for (const { question } of steps) {
    if (question.kind !== 'packet') continue;
    const family = question.packet.destination.includes(':') ? 'v6' : 'v4';
    for (const event of traverse({ ...host, rulesets }, question.packet).events) {
      if (event.kind !== 'rule') continue;
      const table = rulesets[family]?.tables.find(({ name }) => name === event.table);
      const rule = table?.chains.find(({ name }) => name === event.chain)?.rules[event.position - 1];
      if (rule !== undefined) met.push({ rule, because: event.because });
    }
  }
}

describe('each match', () => {
  test.each(matchExtensions.map((one) => [one.name, one] as const))('%s', (name, extension) => {
    expect(extension.purpose, 'says what it is for').toMatch(/^[A-Z].*\.$/);
    const own = met.filter(({ rule }) => rule.matches.some((match) => match.extension === name));
    expect(own.length, 'is in a case file, in a rule that a packet meets').toBeGreaterThan(0);
    for (const { because } of own) expect(because).toMatch(/^\S.*[^.!]$/);
  });
});

describe('each target', () => {
  test.each(targetExtensions.map((one) => [one.name, one] as const))('%s', (name, extension) => {
    expect(extension.purpose, 'says what it is for').toMatch(/^[A-Z].*\.$/);
    const own = met.filter(({ rule }) => rule.target?.kind === 'extension' && rule.target.name === name);
    expect(own.length, 'is in a case file, in a rule that a packet meets').toBeGreaterThan(0);
  });
});
