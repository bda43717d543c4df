/**
 * Every option form of every extension against what the real iptables made of it (`forms/recorded.txt`): what it
 * saved is read and printed back byte for byte, and what one types is kept as the kernel keeps it.
 */
import { describe, expect, test } from 'vitest';
import {
  matchExtensions,
  parseRuleset,
  printRuleset,
  targetExtensions,
} from '../../../src/netfilter/index.ts';
import { readAnswers } from './forms/answers.ts';

const file = 'test/netfilter/iptables/forms/recorded.txt';
const recording = readAnswers('recorded.txt').map(({ answer, ...one }) => ({ ...one, saved: answer }));
type Saved = (typeof recording)[number];

/** A rule in the shape of a dump, with the chain that some of the forms jump to. */
function printed(
  form: string,
  rule: string,
  family: 'v4' | 'v6',
): { rule: string | undefined; problems: readonly unknown[] } {
  const table = form.split(' ')[1];
  const { ruleset, problems } = parseRuleset(`*${table}\n:USER - [0:0]\n${rule}\nCOMMIT\n`, family);
  return {
    rule: printRuleset(ruleset)
      .split('\n')
      .find((line) => line.startsWith('-A')),
    problems,
  };
}

describe('what iptables saved', () => {
  test.each(recording.map((one) => [`${one.family} ${one.saved}`, one] as const))('%s', (_, one) => {
    const { rule, problems } = printed(one.form, one.saved, one.family);
    expect(problems, `${file}:${one.line}`).toEqual([]);
    expect(rule, `${file}:${one.line}`).toBe(one.saved);
  });
});

/** Forms that iptables works out further than their words: a chance rounded twice, a complement, a hash. */
const workedOut = [/! --monthdays/];

describe('what one types is kept as the kernel keeps it', () => {
  const typed = new Map<string, Saved[]>();
  for (const one of recording) {
    const key = `${one.family} ${one.form}`;
    typed.set(key, [...(typed.get(key) ?? []), one]);
  }
  test.each([...typed])('%s', (key, answers) => {
    const first = answers[0] as Saved;
    if (workedOut.some((pattern) => pattern.test(key))) return;
    const rule = first.form.replace(/^\S+ \S+ /, '-A ');
    const kept = printed(first.form, rule, first.family);
    expect(kept.problems, `${file}:${first.line}`).toEqual([]);
    expect(
      answers.map(({ saved }) => saved),
      `${file}:${first.line}`,
    ).toContain(kept.rule);
  });
});

test('every match and target, and every one of their options, is among the forms', () => {
  const used = new Set<string>();
  for (const { saved, family, form } of recording) {
    const table = form.split(' ')[1];
    const { ruleset } = parseRuleset(`*${table}\n:USER - [0:0]\n${saved}\nCOMMIT\n`, family);
    for (const rule of ruleset.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules))) {
      for (const { extension } of rule.matches) used.add(`-m ${extension}`);
      if (rule.target?.kind === 'extension') used.add(`-j ${rule.target.name}`);
    }
  }
  const all = [
    ...matchExtensions.map(({ name }) => `-m ${name}`),
    ...targetExtensions.map(({ name }) => `-j ${name}`),
  ];
  // Not in the kernel that was asked: a virtual server, a program on the other end, a label.
  const cannotBeAsked = ['-m ipvs', '-j QUEUE', '-j SECMARK'];
  expect(all.filter((one) => !used.has(one) && !cannotBeAsked.includes(one))).toEqual([]);
});
