/** Native nftables against iptables, side by side in the lab. */
import { expect, test } from 'vitest';
import { compare, comparePackets, inspectRules } from '../../../src/handbook/lab/index.ts';
import { type RulesOptions, rulesFor } from '../../../src/istio/index.ts';
import { printNft, printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { differingWords, packetsComparedWords, waysWords } from '../../../src/words/index.ts';

const native = (options: RulesOptions = {}) => {
  const { nft } = rulesFor('1.30', { ...options, nativeNftables: true });
  return nft === null ? '' : printNft(nft);
};
const iptables = (options: RulesOptions = {}) =>
  printRuleset(withBuiltInChains(rulesFor('1.30', options).v4));
const podOf = (text: string) => inspectRules(text).pod;
const compared = (a: string, b: string) => compare(podOf(a), podOf(b));

test('what Istio writes for the same options in both languages is the same', () => {
  for (const options of [{}, { outboundPortsExclude: '3306' }, { inboundInterceptionMode: 'TPROXY' }])
    for (const [a, b] of [
      [native(options), iptables(options)],
      [iptables(options), native(options)],
    ] as const) {
      const comparison = compared(a, b);
      expect(comparison).toMatchObject({ differing: 0, isOfTwoLanguages: true, otherwise: 0 });
      expect(comparison.walked).toBeGreaterThan(10);
    }
  expect(differingWords(0, true)).toContain('both are what Istio programs for the same options');
});

test('an option that one of them has is a difference, on its side', () => {
  const rows = (a: string, b: string) =>
    compared(a, b).chains.map(({ chain, rows }) => [
      chain,
      rows.flatMap(({ kind }) => (kind === 'kept' ? [] : [kind])),
    ]);
  const plain = iptables();
  expect(rows(native({ outboundPortsExclude: '3306' }), plain)).toEqual([['ISTIO_OUTPUT', ['gone', 'gone']]]);
  expect(rows(plain, native({ outboundPortsExclude: '3306' }))).toEqual([['ISTIO_OUTPUT', ['come', 'come']]]);
});

test('a rule that is nobody’s in nft is a difference, too', () => {
  const strange = native().replace('counter jump istio-redirect\n', 'tcp dport 443 accept\n$&');
  const broken = native().replace('\t\tmeta skuid 1337 counter return\n', '');
  expect(compared(broken, iptables()).differing).toBe(1);
  expect(compared(strange, native()).differing).toBe(1);
});

test('two of nft are compared as they stand', () => {
  const { differing, chains, walked, isOfTwoLanguages } = compared(
    native(),
    native({ outboundPortsExclude: '3306' }),
  );
  expect({ differing, isOfTwoLanguages }).toEqual({ differing: 2, isOfTwoLanguages: false });
  expect(walked).toBeGreaterThan(10);
  expect(chains).toMatchObject([{ family: 'inet', table: 'istio-proxy-nat', chain: 'istio-output' }]);
});

test('a connection for each rule that differs is walked, and so is every first packet', () => {
  const [plain, excluding] = [native(), native({ outboundPortsExclude: '3306' })];
  const { connections, otherwise } = compared(plain, excluding);
  expect(otherwise).toBe(1);
  expect(connections.map(({ request }) => [request.port, request.protocol])).toEqual([
    [3306, 'tcp'],
    [3306, 'udp'],
  ]);
  const said = (a: string, b: string) => {
    const { cases, not } = comparePackets(podOf(a), podOf(b));
    const ending = cases.filter(({ kind }) => kind === 'ends otherwise');
    return { ending: ending.length > 0, not, words: packetsComparedWords(cases, not) };
  };
  for (const sides of [
    [plain, excluding],
    [iptables(), excluding],
    [excluding, iptables()],
  ] as const)
    expect(said(...sides)).toMatchObject({ ending: true, not: [] });
  expect(said(plain, plain)).toMatchObject({ ending: false, not: [] });
});

test('Istio’s own under the options of these rules are theirs', () => {
  const pod = podOf(native({ outboundPortsExclude: '3306' }));
  const options = { outboundPortsExclude: '3306', nativeNftables: true };
  const comparison = compare(pod, { setting: { release: '1.31', options } });
  expect(comparison).toMatchObject({ differing: 0, isOfTwoLanguages: false });
  expect(waysWords(comparison)).toBe(`None of ${comparison.walked} connections go another way.`);
  expect(comparison.walked).toBeGreaterThan(10);
});
