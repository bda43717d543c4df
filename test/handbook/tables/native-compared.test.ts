/** Rules of iptables and of native nftables side by side, as the page on them shows them. */
import { expect, test } from 'vitest';
import { endingOtherwise, sixByTool } from '../../../src/handbook/tables/index.ts';

test('each type ends alike, by one rule a leg under either', () => {
  const rows = sixByTool();
  expect(rows.map(({ scenario }) => scenario.type)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { scenario, iptables, nft, endsAlike } of rows) {
    expect(endsAlike, scenario.name).toBe(true);
    expect(nft.ending).toBe(iptables.ending);
    expect(nft.decided.length).toBe(iptables.decided.length);
    for (const rule of iptables.decided) expect(rule?.name).toMatch(/^ISTIO_\w+ \d+$/);
    for (const rule of nft.decided) {
      expect(rule?.name).toMatch(/^inet istio-proxy-nat istio-[\w-]+ \d+$/);
      expect(rule?.text).toMatch(/\b(?:return|jump istio-)/);
    }
  }
});

test('what ends otherwise: IPv6 in a pod of IPv4, and TPROXY without a listener', () => {
  const rows = endingOtherwise().map(({ mode, scenario }) => `${mode} ${scenario.name}`);
  expect(rows).toEqual([
    'REDIRECT ipv6-bypasses-envoy',
    'REDIRECT ipv6-bypasses-envoy-inbound',
    'TPROXY connection-refused-inbound',
    'TPROXY ipv6-bypasses-envoy',
  ]);
});
