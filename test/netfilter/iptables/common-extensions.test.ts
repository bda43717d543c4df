/**
 * A page walks with the common extensions in the place of every one: they are enough for all rules that Istio writes,
 * and a rule with another one is told and kept, never passed over.
 */
import { afterAll, describe, expect, test, vi } from 'vitest';
import { problemWords } from '../../../src/words/index.ts';

vi.mock(
  '../../../src/netfilter/iptables/matches/index.ts',
  () => import('../../../src/netfilter/iptables/matches/common.ts'),
);
vi.mock(
  '../../../src/netfilter/iptables/targets/index.ts',
  () => import('../../../src/netfilter/iptables/targets/common.ts'),
);

const { parseRuleset, printRuleset, traverse } = await import('../../../src/netfilter/index.ts');
const { changes, optionTable, releases, rulesFor } = await import('../../../src/istio/index.ts');
type Options = Parameters<typeof rulesFor>[1];

afterAll(() => vi.restoreAllMocks());

/** Each option's own example, and those that bring rules only together. */
const settings: readonly Options[] = [
  {},
  ...Object.values(optionTable).map(({ among, example }) => ({ ...among, ...example })),
  { inboundInterceptionMode: 'TPROXY', enableIPv6: true },
  { inboundInterceptionMode: 'TPROXY', redirectDNS: true, captureAllDNS: true, enableIPv6: true },
  {
    redirectDNS: true,
    dnsServersV4: ['10.96.0.10'],
    dnsServersV6: ['fd00::a'],
    enableIPv6: true,
    dropInvalid: true,
  },
  { redirectDNS: true, captureAllDNS: true, ownerGroupsInclude: '2000,2001', inboundPortsInclude: '80,81' },
  {
    redirectDNS: true,
    ownerGroupsExclude: '2000',
    outboundPortsInclude: '81',
    outboundIPRangesInclude: '10.0.0.0/8',
  },
];
const everyRelease = [
  ...new Set([...releases.map(({ name }) => name), ...Object.values(changes).map(({ since }) => since)]),
];

describe.each(everyRelease)('Istio %s', (release) => {
  test('all its rules are read, under every option', () => {
    for (const options of settings) {
      const { text, v4, v6 } = rulesFor(release, options);
      for (const [family, ruleset] of [['v4', v4] as const, ['v6', v6] as const]) {
        if (ruleset === null) continue;
        expect(parseRuleset(text[family] ?? '', family).problems).toEqual([]);
        expect(parseRuleset(printRuleset(ruleset), family).problems).toEqual([]);
      }
    }
  });
});

test('the oldest release asks for a socket in TPROXY mode, and that is among them', () => {
  const { v4 } = rulesFor('1.5.0', { inboundInterceptionMode: 'TPROXY' });
  expect(printRuleset(v4)).toContain('-m socket');
});

test.each([
  ['-m set --match-set blocked dst -j ACCEPT', 'set'],
  ['-m length --length 0:100 -j DROP', 'length'],
  ['-j MASQUERADE', 'MASQUERADE'],
])('%s is told, kept in its place, and leaves open what happens', (rule, name) => {
  const text = `*filter\n-A OUTPUT ${rule}\n-A OUTPUT -p tcp -j ACCEPT\nCOMMIT\n`;
  const { ruleset, problems } = parseRuleset(text, 'v4');
  expect(problems).toHaveLength(1);
  expect(problems.map((problem) => problemWords(problem).found)).toEqual([expect.stringContaining(name)]);
  expect(printRuleset(ruleset)).toContain(rule);
  const { outcome } = traverse(
    { rulesets: { v4: ruleset }, interfaces: [{ name: 'eth0', addresses: ['10.244.1.5/24'] }] },
    {
      protocol: 'tcp',
      source: '10.244.1.5',
      destination: '10.96.0.7',
      destinationPort: 80,
      from: { uid: 0, gid: 0 },
    },
  );
  expect(outcome).toMatchObject({ kind: 'cannot tell' });
});
