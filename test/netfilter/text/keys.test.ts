import { afterAll, describe, expect, test } from 'vitest';
import { hugeDump } from '../../browser/huge-dump.ts';
import { StepCounter } from '../steps.ts';
import { innocentDescription, innocentPod, shows } from './texts-with-keys.ts';

const steps = new StepCounter();
const { withoutKeys } = await import('../../../src/netfilter/text/keys.ts');
const { notShown } = await import('../../../src/netfilter/text/secret-words.ts');

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

describe('is not shown', () => {
  test.each(shows)('%s', (_, text, secret) => {
    const open = withoutKeys(text);
    expect(open).not.toMatch(secret);
    expect(open).toContain(notShown);
    expect(open.split('\n')).toHaveLength(text.split('\n').length);
    expect(withoutKeys(open)).toBe(open);
  });

  const inOneLine = shows.filter(([, text]) => !/\n|^ /.test(text.trimEnd()) && !text.startsWith('db'));
  test.each(inOneLine)('%s, broken by a terminal wherever its window ends', (_, text, secret) => {
    const whole = ` ${text.trimEnd()}`.padStart(90, '# ');
    for (let width = 45; width < 90; width += 3) {
      const broken = whole.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');
      const open = withoutKeys(broken);
      expect(open.replaceAll('\n', ''), `${width}`).not.toMatch(secret);
      expect(open.split('\n')).toHaveLength(broken.split('\n').length);
    }
  });
});

test.each([
  innocentPod,
  innocentDescription,
  hugeDump(20),
  ':OUTPUT ACCEPT [0:0]\n[7:420] -A OUTPUT -m comment --comment "password: x" -j ACCEPT\n',
  '*nat\n-A OUTPUT -m comment --comment "token=abc password: x" -j ACCEPT\nCOMMIT\n',
  'TOKEN=$TOKEN\nTOKEN_PATH=/var/run/secrets/token\nMAX_TOKENS=5\nautomountServiceAccountToken: false\n',
  'istio-proxy-7f9c4d6b8-abcde\nkube-system\nISTIO_OUTPUT\n',
])('stays as it is: %j', (text) => {
  expect(withoutKeys(text)).toBe(text);
});

test.each(shows)('%s: twice the text takes twice the steps', (_, text) => {
  const [few = 0, many = 0] = [200, 1600].map((count) => {
    const all = `${text}\n`.repeat(count);
    return steps.count(() => withoutKeys(all));
  });
  expect(many / few).toBeLessThan(8 * 1.5);
});

describe('rules are passed over, and nothing between them', () => {
  test.each([
    ['an argument in quotes', '-A agent -H "Authorization: Bearer hunter2Marker"'],
    ['a row that begins like one', '-A x\nTOKEN=hunter2Marker'],
    ['a chain with more behind it', ':OUTPUT ACCEPT [0:0] TOKEN=hunter2Marker'],
    ['counters that never end', `${'[\n'.repeat(99)}TOKEN=hunter2Marker`],
  ])('%s', (_, text) => {
    for (const all of [text, `${hugeDump(3)}\n${text}\n${hugeDump(3)}`])
      expect(withoutKeys(all)).toBe(
        all.replace('hunter2Marker', notShown).replace('Bearer [not shown]', notShown),
      );
  });

  test('lines that begin like counters, each: twice the text takes twice the steps', () => {
    const [few = 0, many = 0] = [2_000, 16_000].map((count) => {
      const all = '[\n'.repeat(count);
      return steps.count(() => withoutKeys(all));
    });
    expect(many / few).toBeLessThan(8 * 1.5);
  });
});
