/**
 * The handbook under other settings: the pages say something else then, the check finds it, and the update fixes
 * exactly the fences.
 */
import { afterEach, describe, expect, test } from 'vitest';
import handbook from '../../handbook.config.ts';
import { rulesFor } from '../../src/istio/index.ts';
import { readPages } from './check.ts';
import { type Claims, forgetHandbook, handbookWith, type Setting } from './handbook-with.ts';

const pages = readPages();
afterEach(forgetHandbook);

const dns = { redirectDNS: true, dnsServersV4: ['10.96.0.53'] };

const settings: readonly (readonly [string, Setting])[] = [
  ['Istio 1.10', { release: '1.10' }],
  ['Istio 1.12', { release: '1.12' }],
  ['Istio 1.17', { release: '1.17' }],
  ['Istio 1.24', { release: '1.24' }],
  ['Istio 1.26', { release: '1.26' }],
  ['Istio 1.30', { release: '1.30' }],
  ['DNS capture', { options: dns }],
  ['DNS capture in 1.17', { release: '1.17', options: dns }],
  ['the CNI plugin', { options: { cni: true } }],
  ['TPROXY', { options: { inboundInterceptionMode: 'TPROXY' } }],
  ['TPROXY in 1.17', { release: '1.17', options: { inboundInterceptionMode: 'TPROXY' } }],
  ['TPROXY with DNS capture', { options: { ...dns, inboundInterceptionMode: 'TPROXY' } }],
  ['two families', { options: { enableIPv6: true, dualStack: true } }],
  ['native nftables', { options: { nativeNftables: true } }],
  [
    'native nftables with TPROXY and DNS capture',
    { options: { ...dns, inboundInterceptionMode: 'TPROXY', nativeNftables: true } },
  ],
  ['native nftables in 1.27', { release: '1.27', options: { nativeNftables: true } }],
  ['another pod', { pod: { ...handbook.pod, address: '10.20.0.9/24', port: 3000, uid: 4000, gid: 5000 } }],
];

/** Settings whose rules are those that the pages are written for: the update has nothing to do. */
const asWritten = ['Istio 1.17', 'Istio 1.24', 'Istio 1.26', 'Istio 1.30', 'two families'];

/** Pages that go beyond those rules: they show DNS capture, UDP, the CNI plugin, native nftables, and chains rule by rule. */
const beyond = [
  'content/reference/rules.mdx',
  'content/learn/iptables.mdx',
  'content/learn/native-nftables.mdx',
  'content/runbooks/connection-hangs.mdx',
  'content/runbooks/dns-wrong.mdx',
  'content/runbooks/init-container-no-network.mdx',
  'content/runbooks/which-back-end.mdx',
];

describe.each(settings)('a handbook of %s', (name, change) => {
  test('is fixed by the update, in its fences and nowhere else', async () => {
    const claims = await handbookWith(change);
    const fixed: string[] = [];
    for (const { file, source } of pages) {
      const accepted = claims.acceptPaths(source);
      expect(claims.checkPage(file, accepted).map(({ message }) => message)).toEqual([]);
      expect(outside(claims, accepted)).toBe(outside(claims, source));
      const wrong = claims.checkPaths(file, source).length > 0;
      if (accepted !== source) expect(wrong, `${file} is wrong before`).toBe(true);
      if (accepted !== source) fixed.push(file);
    }
    expect(fixed.filter((file) => !beyond.includes(file)).length > 0).toBe(!asWritten.includes(name));
  });

  test('a finding names page and line, and the command that accepts', async () => {
    const claims = await handbookWith(change);
    for (const { file, source } of pages) {
      for (const { line, message } of claims.checkPaths(file, source)) {
        expect(message).toMatch(new RegExp(`^${file}:${line}:\\d+: `));
        if (message.includes('the path of scenario')) expect(message).toContain('npm run docs:update');
      }
    }
  });
});

describe('what holds for some settings only', () => {
  test('holds under one of the settings that are tried, and not under all of them', async () => {
    const held = new Map<string, number>();
    for (const [, change] of settings) {
      const claims = await handbookWith(change);
      for (const { file, source } of pages) {
        for (const { line, column, holds } of claims.pageHere(file, source).passages) {
          const place = `${file}:${line}:${column}`;
          held.set(place, (held.get(place) ?? 0) + (holds ? 1 : 0));
        }
      }
    }
    const places = [...held];
    expect(places.filter(([, times]) => times === 0)).toEqual([]);
    expect(places.filter(([, times]) => times === settings.length)).toEqual([]);
    expect(places.length).toBeGreaterThan(20);
  });

  test('what a reader is invited to try is what happens, or is not there', async () => {
    for (const [name, change] of settings) {
      const { allScenarios, experimentHolds, walkerOn } = await handbookWith(change);
      for (const scenario of allScenarios) {
        const shown = scenario.experiments.filter((one) => experimentHolds(scenario, one));
        const offered = walkerOn().walk({ scenario: scenario.name }).scenario.experiments;
        expect(
          offered.map(({ title }) => title),
          `${name}: what the simulator of ${scenario.name} offers`,
        ).toEqual(shown.map(({ title }) => title));
        if (scenario.experiments.length > 0)
          expect(shown.length, `${name}: ${scenario.name}`).toBeGreaterThan(0);
      }
    }
  });

  test('no scenario asks for options that no pod could have', async () => {
    for (const [name, change] of settings) {
      const { allScenarios, settingOf } = await handbookWith(change);
      for (const scenario of allScenarios) {
        const { release, options } = settingOf(scenario);
        const refused = rulesFor(release, options).problems.filter(({ severity }) => severity === 'error');
        expect(refused, `${name}: ${scenario.name}`).toEqual([]);
      }
    }
  });

  test('a page that holds for other settings only is not there, and nothing on it is checked', async () => {
    const source = '---\ntitle: DNS\nwhere:\n  option: redirectDNS=true\n---\n\nRule 4.\n';
    const off = await handbookWith({});
    expect([off.pageHolds(source), off.checkPage('content/x.mdx', source)]).toEqual([false, []]);
    const on = await handbookWith({ options: dns });
    expect([on.pageHolds(source), on.checkPage('content/x.mdx', source).length]).toEqual([true, 1]);
  });
});

/** The page without what the engine writes. */
function outside(claims: Claims, source: string): string {
  const lines: (string | null)[] = source.split('\n');
  for (const { language, line, body } of claims.readFences(source)) {
    if (/^(?:path|iptables|iptables-save|nft|trace)$/.test(language))
      lines.fill(null, line, line + body.length);
  }
  return lines.filter((line) => line !== null).join('\n');
}
