/**
 * The lab's work grows with its text and not faster, whatever stands in it again and again. What looks for rules that
 * nothing reaches has a limit of its own, 3,000 rules (src/analysis/findings/unreachable.ts).
 */
import { afterAll, expect, test } from 'vitest';
import { StepCounter } from '../netfilter/steps.ts';
import { growingLinks, growingTexts, nestedTexts } from './growing-texts.ts';

const counter = new StepCounter();
afterAll(() => counter.close());
const { anonymiserOf, inspect } = await import('../../src/handbook/lab/index.ts');
const { decodePermalink, walkerOn } = await import('../../src/handbook/walk/index.ts');
// What is made once for all texts is made here.
for (const text of Object.values(growingTexts)) inspect(text(2));
const walker = walkerOn();
/** What a page does with a link. */
function walkOf(link: string): unknown {
  const { state } = decodePermalink(link);
  return walker.walk(state);
}
for (const link of Object.values(growingLinks)) walkOf(link(2));

/** Four times the text takes four times the steps, a little more where something is sorted; each with each takes sixteen. */
const mostGrowth = 6;
/** What a text takes whatever its length: the releases that it is compared with. */
const slack = 150_000;

function expectToGrowSlowly(work: (count: number) => unknown): void {
  const [few, more, many] = [40, 160, 640].map((count) => counter.count(() => work(count))) as [
    number,
    number,
    number,
  ];
  expect(many - more).toBeLessThan(mostGrowth * Math.max(0, more - few) + slack);
}

test.each(Object.entries(growingTexts))('%s', (_, text) =>
  expectToGrowSlowly((count) => inspect(text(count))),
);

test.each(Object.entries(nestedTexts))('20,000 in one another: %s', (_, text) => {
  expect(() => inspect(text(20_000))).not.toThrow();
});

test.each(Object.entries(growingLinks))('a link: %s', (_, link) =>
  expectToGrowSlowly((count) => walkOf(link(count))),
);

/** Expressions are no steps, but one that has no bound does not end. */
test.each(Object.entries(growingTexts))('%s, without names', (_, text) => {
  const long = text(640);
  expect(anonymiserOf(long, 'secret')(long).length).toBeGreaterThan(0);
});

test('the steps of a work that compares each with each are seen to grow', async () => {
  const { nearest } = await import('../../src/netfilter/index.ts');
  const all = (count: number) => Array.from({ length: count }, (_, at) => `name${at}`);
  const work = (count: number) => counter.count(() => all(count).map((one) => nearest(one, all(count))));
  const [few, more, many] = [10, 40, 160].map(work) as [number, number, number];
  expect(many - more).toBeGreaterThan(mostGrowth * (more - few) + slack);
});
