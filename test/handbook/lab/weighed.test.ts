/** A difference is wrong where a connection ends another way because of it, and doubtful where none does. */
import { expect, test } from 'vitest';
import { inspect, inspectionWords } from '../../../src/handbook/lab/index.ts';
import { rulesFor } from '../../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';

const dump = printRuleset(withBuiltInChains(rulesFor('1.30').v4));
const without = (rule: RegExp) => dump.replace(rule, '');
const first = (rule: string) => dump.replace('-A ISTIO_OUTPUT -s', `${rule}\n-A ISTIO_OUTPUT -s`);

test.for([
  ['ICMP, which none captures', first('-A ISTIO_OUTPUT -p icmp -j RETURN'), ['rule.foreign doubtful']],
  [
    'a rule that nothing comes to',
    `${dump.replace(/COMMIT/, '')}-A ISTIO_OUTPUT -d 10.9.0.0/16 -j RETURN\nCOMMIT`,
    ['rule.foreign doubtful'],
  ],
  ['a range that goes past Envoy', first('-A ISTIO_OUTPUT -d 10.9.0.0/16 -j RETURN'), ['rule.foreign wrong']],
  [
    'a port that is thrown away',
    first('-A ISTIO_OUTPUT -p tcp --dport 9000 -j DROP'),
    ['rule.foreign wrong'],
  ],
  [
    'Envoy’s group is captured',
    without(/-A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN\n/),
    ['rule.missing wrong'],
  ],
  [
    'another table, which later packets ask too',
    `*mangle\n:PREROUTING ACCEPT [0:0]\n:ISTIO_DIVERT - [0:0]\n-A ISTIO_DIVERT -p icmp -j ACCEPT\nCOMMIT\n${dump}`,
    ['rule.foreign wrong', 'rule.never-asked doubtful'],
  ],
] as const)('%s', ([, text, told]) => {
  const { inspection } = inspect(text);
  expect(inspection.findings.map(({ id, weight }) => `${id} ${weight}`)).toEqual(told);
});

test('a connection in a circle is told so in a line of its own', () => {
  const text = without(/-A ISTIO_OUTPUT -m owner --[ug]id-owner 1337 -j RETURN\n/g);
  const { inspection } = inspect(text);
  const circle = inspection.walks?.find(({ headline }) => headline.outcome.kind === 'in a circle');
  expect(circle?.verdict).toBe('ends otherwise');
  expect(circle?.headline.ending).toMatch(/circle/);
  expect(inspectionWords(inspection).findings[0]?.weight).toBe('wrong');
});
