/** Whatever a release programs is recognised, with the options that made it. */
import { expect, test } from 'vitest';
import { identify, releaseAmong } from '../../src/analysis/index.ts';
import { isUnseen, type Options, releases, rulesFor } from '../../src/istio/index.ts';

const settings: readonly Partial<Options>[] = [
  {},
  { cni: true },
  { outboundPortsExclude: '3306,6379' },
  { inboundPortsExclude: '15090,15021,15020,8443' },
  { inboundPortsInclude: '80,8080' },
  { inboundPortsInclude: '' },
  { outboundIPRangesInclude: '10.0.0.0/8,192.168.0.0/16' },
  { outboundIPRangesInclude: '' },
  { outboundIPRangesExclude: '10.96.0.0/12' },
  { outboundPortsInclude: '443' },
  { proxyUID: '1000', proxyGID: '1000' },
  { redirectDNS: true, captureAllDNS: true },
  { redirectDNS: true, dnsServersV4: ['10.96.0.10'] },
  { inboundInterceptionMode: 'TPROXY' },
  { dropInvalid: true },
  { excludeInterfaces: 'net1' },
];

test.for(settings)('%j', (options) => {
  const tellable = releases.filter(({ name }) => !isUnseen(name));
  for (const { name } of tellable.filter((_, at) => at % 5 === 0 || at === tellable.length - 1)) {
    const rules = rulesFor(name, options);
    const found = identify(rules.v4);
    expect(found, name).not.toBeNull();
    expect([...(found?.missing ?? []), ...(found?.foreign ?? [])], name).toEqual([]);
    // A release that heeds an option no more makes the rules that others make without it.
    const origins = [found, ...(found?.others ?? [])];
    for (const origin of origins)
      expect(new Set(origin?.releases).size, `${name}: each release once`).toBe(origin?.releases.length);
    expect(
      origins.some((origin) => origin?.releases.includes(name)),
      name,
    ).toBe(true);
  }
});

test('a release whose rules nobody has seen is not told by them, and taken as the newest that was', () => {
  const found = identify(rulesFor('1.32').v4);
  expect(found?.releases.at(-1)).toBe('1.31');
  expect(['1.32.1', '1.40', '1.31.0', '1.2'].map((one) => releaseAmong(one, found?.releases ?? []))).toEqual([
    '1.31',
    '1.31',
    '1.31',
    null,
  ]);
});

test('IPv6', () => {
  const { v6 } = rulesFor('1.30', { enableIPv6: true });
  expect(v6 && identify(v6)).toMatchObject({ missing: [], foreign: [] });
});
