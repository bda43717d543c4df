/**
 * Every match and target is whole: each of its options is read and printed (`forms.test.ts`), it is evaluated and
 * explained, and the kernel was asked about it, or it is said why not. Adding one without them fails here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  matchExtensions,
  parseRuleset,
  type Rule,
  type Traversal,
  targetExtensions,
  traverse,
  type Verification,
  verifiedMatches,
  verifiedTargets,
} from '../../src/netfilter/index.ts';
import { because, matchPurpose, subjectOf, targetPurpose, verificationWords } from '../../src/words/index.ts';
import { stepsOf } from '../kernel/case-steps.ts';
import { readCaseFile } from './case-file.ts';

const folder = new URL('./cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.case'))
  .flatMap((name) => readCaseFile(name, readFileSync(new URL(name, folder), 'utf8')));

/** A rule that a packet of a case was tested against, and what was said of it. */
interface Met {
  readonly rule: Rule;
  readonly matched: boolean;
  readonly because: string;
}

const met: Met[] = [];
/** Of these, the ones that `test/kernel/cases.test.ts` puts to the kernel. */
const asked: Met[] = [];

for (const one of cases) {
  const { v4, v6 } = one.rules;
  const rulesets = {
    ...(v4 === undefined ? {} : { v4: parseRuleset(v4.text, 'v4').ruleset }),
    ...(v6 === undefined ? {} : { v6: parseRuleset(v6.text, 'v6').ruleset }),
  };
  const rulesMet = (destination: string, { events }: Pick<Traversal, 'events'>): Met[] =>
    events.flatMap((event) => {
      if (event.kind !== 'rule') return [];
      const { table, chain, position } = event;
      const matched = event.matched === true;
      const ruleset = rulesets[destination.includes(':') ? 'v6' : 'v4'];
      const chains = ruleset?.tables.find(({ name }) => name === table)?.chains;
      const rule = chains?.find(({ name }) => name === chain)?.rules[position - 1];
      return rule === undefined ? [] : [{ rule, matched, because: because(event) }];
    });
  for (const { question } of one.steps)
    if (question.kind === 'packet')
      met.push(
        ...rulesMet(question.packet.destination, traverse({ ...one.host, rulesets }, question.packet)),
      );
  for (const { crafted, traversal } of stepsOf(one).steps)
    asked.push(...rulesMet(crafted.packet.destination, traversal));
}

/** The rules that the real iptables was given, each with its answer, by what they use: `-m tcp`, `-j MARK`. */
const recorded = readFileSync(new URL('iptables/forms/recorded.txt', import.meta.url), 'utf8').split('\n');
const forms = recorded.filter((line) => !line.startsWith('#') && !line.endsWith(': refused'));

const uses = (key: string) => {
  const [flag, name] = key.split(' ');
  return ({ rule: { matches, target } }: Met) =>
    flag === '-m'
      ? matches.some(({ extension }) => extension === name)
      : target?.kind === 'extension' && target.name === name;
};

/** Options that no kernel here takes: it has neither the IP virtual server nor security labels. */
const notRecorded: readonly string[] = [
  ...['--ipvs', '--vproto', '--vaddr', '--vport', '--vdir', '--vmethod', '--vportctl'].map(
    (name) => `-m ipvs ${name}`,
  ),
  '-j SECMARK --selctx',
];

function expectWhole(
  key: string,
  { options }: { readonly options: readonly { readonly name: string }[] },
  verification: Verification,
): void {
  const absent = options
    .map(({ name }) => `${key} ${name}`)
    .filter((option) => !notRecorded.includes(option))
    .filter((option) => !forms.some((form) => form.split(' ').includes(option.slice(key.length + 1))));
  expect(absent, 'each option is in forms/forms.txt, with what the real iptables made of it').toEqual([]);

  const own = met.filter(uses(key));
  expect(own.length, 'is in a case file, in a rule that a packet meets').toBeGreaterThan(0);
  for (const { because } of own) expect(because, 'explains itself').toMatch(/^\S.*[^.!]$/);

  const isTarget = key.startsWith('-j');
  const toKernel = asked.filter(uses(key)).filter(({ matched }) => matched || !isTarget).length;
  if (verification.kind === 'kernel')
    expect(toKernel, 'is in a case that is put to the kernel').toBeGreaterThan(0);
  else expect(verificationWords(verification)).toMatch(/^[a-z].*[^.]$/);
}

describe('each match', () => {
  test.each(matchExtensions.map((one, at) => [one.name, one, at] as const))('%s', (name, extension, at) => {
    expect(verifiedMatches[at]?.name).toBe(name);
    expect(matchPurpose(name), 'says what it is for').toMatch(/^[A-Z].*\.$/);
    expectWhole(`-m ${name}`, extension, verifiedMatches[at]?.verification ?? { kind: 'kernel' });
    for (const { field } of extension.options) {
      expect(subjectOf(field), 'names what it looks at').toMatch(/^\S/);
      expect(subjectOf(field), 'in words').not.toMatch(/[a-z][A-Z]/);
    }
  });
});

describe('each target', () => {
  test.each(targetExtensions.map((one, at) => [one.name, one, at] as const))('%s', (name, extension, at) => {
    expect(verifiedTargets[at]?.name).toBe(name);
    expect(targetPurpose(name), 'says what it is for').toMatch(/^[A-Z].*\.$/);
    expectWhole(`-j ${name}`, extension, verifiedTargets[at]?.verification ?? { kind: 'kernel' });
  });
});

test('one that has only its name is not whole', () => {
  const bare = { options: [{ name: '--nowhere' }] };
  const none = { ...bare, options: [] };
  expect(() => expectWhole('-m nowhere', bare, { kind: 'kernel' })).toThrow('each option is in forms');
  expect(() => expectWhole('-m nowhere', none, { kind: 'kernel' })).toThrow('is in a case file');
  expect(() => expectWhole('-m realm', none, { kind: 'kernel' })).toThrow('is put to the kernel');
});
