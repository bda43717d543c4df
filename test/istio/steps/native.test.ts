/** The rules of a sidecar in native nftables. */
import { describe, expect, test } from 'vitest';
import { type RulesOptions, rulesFor } from '../../../src/istio/index.ts';
import { type NftRuleset, parseNft, printNftRule } from '../../../src/netfilter/index.ts';
import { optionProblemWords } from '../../../src/words/index.ts';
import { nativeCases } from '../cases/native.ts';

const native = (release: string, options: RulesOptions = {}) =>
  rulesFor(release, { ...options, nativeNftables: true });

/** Each chain with what hooks it and how many rules it has: what a listing and a script have in common. */
function shape(ruleset: NftRuleset | null) {
  return ruleset?.tables.map(({ family, name, chains }) => ({
    table: `${family} ${name}`,
    chains: chains.map((chain) => [
      chain.name,
      chain.base?.type,
      chain.base?.hook,
      chain.base?.priority,
      chain.rules.length,
    ]),
  }));
}

test('the default sidecar', () => {
  expect(native('1.31').text.nft).toBe(`add table inet istio-proxy-nat
flush table inet istio-proxy-nat
add chain inet istio-proxy-nat prerouting { type nat hook prerouting priority -100 ; }
add chain inet istio-proxy-nat output { type nat hook output priority -100 ; }
add chain inet istio-proxy-nat istio-inbound
add chain inet istio-proxy-nat istio-redirect
add chain inet istio-proxy-nat istio-in-redirect
add chain inet istio-proxy-nat istio-output
add rule inet istio-proxy-nat istio-inbound meta l4proto tcp tcp dport 15008 counter return
add rule inet istio-proxy-nat istio-redirect meta l4proto tcp counter redirect to :15001
add rule inet istio-proxy-nat istio-in-redirect meta l4proto tcp counter redirect to :15006
add rule inet istio-proxy-nat prerouting meta l4proto tcp counter jump istio-inbound
add rule inet istio-proxy-nat istio-inbound meta l4proto tcp tcp dport 15090 counter return
add rule inet istio-proxy-nat istio-inbound meta l4proto tcp tcp dport 15021 counter return
add rule inet istio-proxy-nat istio-inbound meta l4proto tcp tcp dport 15020 counter return
add rule inet istio-proxy-nat istio-inbound meta l4proto tcp counter jump istio-in-redirect
add rule inet istio-proxy-nat output counter jump istio-output
add rule inet istio-proxy-nat istio-output oifname lo ip saddr 127.0.0.6/32 counter return
add rule inet istio-proxy-nat istio-output oifname lo meta l4proto tcp ip daddr != 127.0.0.1/32 tcp dport != 15008 skuid 1337 counter jump istio-in-redirect
add rule inet istio-proxy-nat istio-output oifname lo skuid != 1337 counter return
add rule inet istio-proxy-nat istio-output skuid 1337 counter return
add rule inet istio-proxy-nat istio-output oifname lo meta l4proto tcp ip daddr != 127.0.0.1/32 tcp dport != 15008 skgid 1337 counter jump istio-in-redirect
add rule inet istio-proxy-nat istio-output oifname lo skgid != 1337 counter return
add rule inet istio-proxy-nat istio-output skgid 1337 counter return
add rule inet istio-proxy-nat istio-output ip daddr 127.0.0.1/32 counter return
add rule inet istio-proxy-nat istio-output counter jump istio-redirect
`);
});

test('answers with nft in the place of iptables', () => {
  expect(native('1.31', { enableIPv6: true })).toMatchObject({
    v4: { family: 'v4', tables: [] },
    v6: null,
    roles: [],
    text: { v4: '', v6: null },
    problems: [],
  });
  expect(rulesFor('1.31')).toMatchObject({ nft: null, nativeRoles: [] });
});

test('a release before 1.27 knows nothing of it', () => {
  expect(native('1.26')).toMatchObject({ nft: null, text: { v4: rulesFor('1.26').text.v4 } });
});

test('counters came with 1.28', () => {
  expect(native('1.27').text.nft).not.toContain('counter');
  expect(native('1.28.0').text.nft?.replaceAll(' counter', '')).toBe(native('1.27.0').text.nft);
});

test('each rule has its role, at its place', () => {
  const { nft, nativeRoles } = native('1.31', {
    inboundInterceptionMode: 'TPROXY',
    redirectDNS: true,
    captureAllDNS: true,
    enableIPv6: true,
    dropInvalid: true,
    rerouteVirtualInterfaces: 'net1,net2',
  });
  const rules = nft?.tables.flatMap((table) =>
    table.chains.flatMap((chain) =>
      chain.rules.map((rule, at) => ({
        at: `${table.name} ${chain.name} ${at + 1}`,
        text: printNftRule(rule),
      })),
    ),
  );
  expect(rules).toHaveLength(nativeRoles.length);
  const textOf = (role: string) =>
    nativeRoles
      .filter((place) => place.role === role)
      .map(
        ({ table, chain, position }) => rules?.find(({ at }) => at === `${table} ${chain} ${position}`)?.text,
      );
  expect(textOf('tproxy.skip-proxied')).toEqual(['meta l4proto tcp meta mark 1337 counter return']);
  expect(textOf('tproxy.skip-app-self-call')).toEqual([
    'iifname lo meta l4proto tcp meta mark != 1338 counter return',
  ]);
  expect(textOf('interface.virtual-capture')).toEqual([
    'iifname net2 counter jump istio-redirect',
    'iifname net1 counter jump istio-redirect',
  ]);
  expect(textOf('output.proxy-self-call')).toHaveLength(2);
});

describe('what nft takes nothing of is an error, and no rule', () => {
  const wordsOf = (release: string, options: RulesOptions) => {
    const { nft, text, problems } = native(release, options);
    expect([nft, text.nft]).toEqual([null, null]);
    return problems.map((problem) => optionProblemWords(problem).fix);
  };

  test('TPROXY without an inbound port, until 1.27.4 and 1.28.1', () => {
    const options = { inboundInterceptionMode: 'TPROXY', inboundPortsInclude: '' };
    const fix = 'Include an inbound port, or take 1.27.4, 1.28.1 or newer.';
    for (const release of ['1.27.0', '1.27.3', '1.28.0']) expect(wordsOf(release, options)).toEqual([fix]);
    for (const release of ['1.27.4', '1.28.1', '1.29.0', '1.31'])
      expect(native(release, options).problems).toEqual([]);
  });

  test('DNS servers of IPv6 in a pod without it', () => {
    expect(wordsOf('1.31', { redirectDNS: true, dnsServersV6: ['fd00::10'] })).toHaveLength(2);
  });
});

test.for(nativeCases())(
  '$release, $name: chains and the number of their rules',
  ({ release, options, listed }) => {
    const { nft, problems } = native(release, options);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(shape(nft)).toEqual(shape(parseNft(listed).ruleset));
  },
);
