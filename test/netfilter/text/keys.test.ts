import { afterAll, describe, expect, test } from 'vitest';
import { hugeDump } from '../../browser/huge-dump.ts';
import { StepCounter } from '../steps.ts';

const steps = new StepCounter();
const { notShown, withoutKeys } = await import('../../../src/netfilter/text/keys.ts');

afterAll(() => steps.close());

describe('a run of base64', () => {
  const run = 'Ab3dEf6hIj9lMn2pQr5tUv8xYz1CdE4gHi7kLm0o';

  test('is found wherever it stands', () => {
    for (let before = 0; before < 100; before++)
      for (const words of [
        'x'.repeat(before).replaceAll(/x(?=x{7})/g, '.'),
        '.'.repeat(before),
        'a '.repeat(before),
      ])
        expect(withoutKeys(`${words} ${run} ${words}`)).toBe(`${words} ${notShown} ${words}`);
  });

  test('that is shorter stays', () => {
    for (let before = 0; before < 100; before++) {
      const text = `${'.'.repeat(before)} ${run.slice(1)} ${run.slice(1)}`;
      expect(withoutKeys(text)).toBe(text);
    }
  });
});

test('of rules without a key few letters are looked at', () => {
  const few = hugeDump(1_000);
  const many = hugeDump(10_000);
  const ofFew = steps.count(() => expect(withoutKeys(few)).toBe(few));
  const ofMany = steps.count(() => expect(withoutKeys(many)).toBe(many));
  expect(ofMany / many.length).toBeLessThan(0.3);
  expect(ofMany / ofFew).toBeLessThan((1.1 * many.length) / few.length);
});
