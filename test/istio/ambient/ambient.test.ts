/** The rules of ambient mode, in a pod and on its node. */
import { describe, expect, test } from 'vitest';
import { type AmbientOptions, ambientRoles, ambientRulesFor, releases } from '../../../src/istio/index.ts';
import { printNftRule } from '../../../src/netfilter/index.ts';
import {
  ambientIgnoredSentence,
  ambientProblemWords,
  ambientRolePurposes,
} from '../../../src/words/index.ts';
import { ambientCases } from '../cases/ambient-expected.ts';

const chainsIn = (text: string | null | undefined): readonly string[] =>
  (text ?? '').split('\n').filter((line) => line.startsWith('-N'));
const restIn = (text: string | null | undefined): readonly string[] =>
  (text ?? '').split('\n').filter((line) => !line.startsWith('-N'));

describe('what Istio’s own tests expect', () => {
  const cases = ambientCases();

  test('is here for every release since 1.21, in a pod and on a node, with either back end', () => {
    const minors = new Set(cases.flatMap((one) => one.releases.map((tag) => tag.slice(0, 4))));
    expect([...minors].sort()).toEqual([
      '1.21',
      '1.22',
      '1.23',
      '1.24',
      '1.25',
      '1.26',
      '1.27',
      '1.28',
      '1.29',
      '1.30',
      '1.31',
    ]);
    expect(cases.flatMap(({ releases: tags }) => tags)).toHaveLength(348);
  });

  test.for(cases.map((one) => [`${one.on} ${one.name}, ${one.releases[0]}`, one] as const))(
    '%s',
    ([, { on, releases: tags, options, text }]) => {
      for (const release of tags) {
        const made = ambientRulesFor(release, options);
        expect([made.problems, made.ignored], release).toEqual([[], []]);
        const { text: own } = made[on];
        expect(own.nft, release).toBe(text.nft ?? null);
        for (const family of ['v4', 'v6'] as const) {
          expect(restIn(own[family]), release).toEqual(restIn(text[family]));
          expect([...chainsIn(own[family])].sort(), release).toEqual([...chainsIn(text[family])].sort());
        }
      }
    },
  );
});

describe('Istio’s own defaults', () => {
  const textFor = (release: string, options: Partial<AmbientOptions> = {}): string =>
    ambientRulesFor(release, options).pod.text.v4;

  test('TPROXY until 1.23, also with a patch that could do without', () => {
    for (const release of ['1.21', '1.22', '1.23.0', '1.23.1', '1.23'])
      expect(textFor(release)).toContain('-j TPROXY --on-port 15006');
    for (const release of ['1.24.0', '1.24', '1.25', '1.31'])
      expect(textFor(release)).not.toContain('TPROXY');
  });

  test('DNS since 1.25', () => {
    for (const release of ['1.21', '1.24']) expect(textFor(release)).not.toContain('15053');
    for (const release of ['1.25', '1.31']) expect(textFor(release)).toContain('15053');
  });

  test('IPv6 since 1.23', () => {
    expect(ambientRulesFor('1.22').pod.v6).toBeNull();
    expect(ambientRulesFor('1.22').rules).toHaveLength(1);
    expect(ambientRulesFor('1.23').pod.text.v6).toContain('fd16:9254:7127:1337:ffff:ffff:ffff:ffff');
    expect(ambientRulesFor('1.23').host.text.v6).toContain('istio-inpod-probes-v6');
  });

  test('the kubelet runs as root', () => {
    expect(ambientRulesFor('1.31', { nativeNftables: true }).host.text.nft).toContain('skuid 0 ip daddr');
  });

  test('routes and routing rules, a pair for each family', () => {
    const { routes, rules } = ambientRulesFor('1.31');
    expect(routes).toEqual([
      { destination: '0.0.0.0/0', type: 'local', dev: 'lo', table: '100' },
      { destination: '::/0', type: 'local', dev: 'lo', table: '100' },
    ]);
    expect(rules).toEqual(
      ['v4', 'v6'].map((family) => ({
        priority: 32764,
        family,
        fwmark: { value: 0x111, mask: 0xfff },
        table: '100',
      })),
    );
  });

  test('the sets of the node', () => {
    const names = (release: string, options: Partial<AmbientOptions> = {}) =>
      ambientRulesFor(release, options).sets.map(({ name, table }) => [name, table]);
    expect(names('1.22')).toEqual([['istio-inpod-probes', null]]);
    expect(names('1.23', { enableIPv6: false })).toEqual([['istio-inpod-probes-v4', null]]);
    expect(names('1.31', { nativeNftables: true })).toEqual([
      ['istio-inpod-probes-v4', 'istio-ambient-nat'],
      ['istio-inpod-probes-v6', 'istio-ambient-nat'],
    ]);
  });

  test('every release since 1.21 has rules, the newest too', () => {
    const names = releases.map(({ name }) => name).filter((name) => Number(name.slice(2)) >= 21);
    for (const name of names) expect(ambientRulesFor(name).pod.roles.length, name).toBeGreaterThan(9);
  });
});

describe('roles', () => {
  const everything: Partial<AmbientOptions> = { redirectDNS: true, virtualInterfaces: 'k6t-net1' };

  test('each rule has one, at its place, and each role has a rule in some release', () => {
    const seen = new Set<string>();
    const settings = ['1.21', '1.23.1', '1.24', '1.31'].flatMap((release) =>
      [everything, { ...everything, tproxyRedirection: false }].map((options) => ({ release, options })),
    );
    for (const { release, options } of settings) {
      const made = ambientRulesFor(release, options);
      for (const { v4, v6, roles } of [made.pod, made.host]) {
        const rules = [v4, v6].flatMap((ruleset) =>
          (ruleset?.tables ?? []).flatMap((table) =>
            table.chains.flatMap((chain) =>
              chain.rules.map((rule, at) => ({ ruleset, table, chain, rule, position: at + 1 })),
            ),
          ),
        );
        expect(rules).toHaveLength(roles.length);
        for (const { ruleset, table, chain, rule, position } of rules) {
          const place = roles.find(
            (one) =>
              one.family === ruleset?.family &&
              one.table === table.name &&
              one.chain === chain.name &&
              one.position === position,
          );
          expect(place?.line, `${release} ${chain.name} ${position}`).toBe(rule.line);
          seen.add(place?.role ?? '');
        }
      }
    }
    expect([...seen].sort()).toEqual([...ambientRoles].sort());
    for (const role of ambientRoles) expect(ambientRolePurposes[role]).toMatch(/^[A-Z].*\.$/);
  });

  test('the same with native nftables', () => {
    const { pod, host } = ambientRulesFor('1.31', { ...everything, nativeNftables: true });
    for (const { nft, nativeRoles } of [pod, host]) {
      const rules = (nft?.tables ?? []).flatMap((table) =>
        table.chains.flatMap((chain) =>
          chain.rules.map((rule, at) => ({ at: `${table.name} ${chain.name} ${at + 1}`, rule })),
        ),
      );
      expect(rules.length).toBe(nativeRoles.length);
      expect(nativeRoles.map(({ table, chain, position }) => `${table} ${chain} ${position}`).sort()).toEqual(
        rules.map(({ at }) => at).sort(),
      );
      const outbound = nativeRoles.filter(({ role }) => role === 'pod.outbound');
      for (const { table, chain, position } of outbound)
        expect(
          printNftRule(rules.find(({ at }) => at === `${table} ${chain} ${position}`)?.rule ?? fail()),
        ).toContain('redirect to :15001');
    }
  });
});

function fail(): never {
  throw new Error('there is no such rule');
}

describe('what is not heeded', () => {
  const said = (release: string, options: Partial<AmbientOptions>) =>
    ambientRulesFor(release, options).ignored.map(
      (one) => `${one.option}=${one.value}: ${ambientIgnoredSentence(one)}`,
    );

  test('an option that another release knows', () => {
    expect(said('1.22', { enableIPv6: true, ingressMode: true })).toEqual([
      'enableIPv6=true: only releases since 1.23.0 know it.',
      'ingressMode=true: only releases since 1.24.0 know it.',
    ]);
    expect(said('1.25', { tproxyRedirection: true })).toEqual([
      'tproxyRedirection=true: only releases since 1.23.1, and before 1.25.0, know it.',
    ]);
    expect(said('1.23.0', { tproxyRedirection: false })).toEqual([
      'tproxyRedirection=false: only releases since 1.23.1, and before 1.25.0, know it.',
    ]);
    expect(said('1.27', { nativeNftables: true })).toEqual([
      'nativeNftables=true: only releases since 1.28.0 know it.',
    ]);
  });

  test('ingress mode with TPROXY', () => {
    expect(said('1.24', { tproxyRedirection: true, ingressMode: true })).toEqual([
      'ingressMode=true: it does not go together with tproxyRedirection.',
    ]);
  });

  test('an option as the release has it in any case is no matter', () => {
    expect(said('1.31', { tproxyRedirection: false })).toEqual([]);
    expect(said('1.21', { tproxyRedirection: true })).toEqual([]);
  });
});

describe('what cannot be', () => {
  const said = (release: string, options: Record<string, unknown>) => {
    const { problems, pod } = ambientRulesFor(release, options as Partial<AmbientOptions>);
    const words = problems.map((problem) => {
      const { why, fix } = ambientProblemWords(problem);
      return `${problem.severity}, ${problem.option}: ${why} ${fix}`;
    });
    return [pod.text.v4 === '' ? 'no rules' : 'rules', ...words];
  };

  test.each([
    [
      '1.20',
      {},
      'no rules',
      'error, release: 1.20 redirects nothing within a pod in ambient mode. Take 1.21.0 or newer.',
    ],
    [
      'one',
      {},
      'no rules',
      'error, release: "one" is no release of Istio that is known. Write it as 1.30 or 1.30.3.',
    ],
    [
      '1.31',
      { redirectDns: true },
      'rules',
      'warning, redirectDns: "redirectDns" is no option of ambient mode, so it is not heeded. Did you mean "redirectDNS"?',
    ],
    [
      '1.31',
      { excludeOutboundPorts: '25' },
      'rules',
      'warning, excludeOutboundPorts: "excludeOutboundPorts" is no option of ambient mode, so it is not heeded. Leave it out.',
    ],
    [
      '1.31',
      { enableIPv6: 'yes' },
      'no rules',
      'error, enableIPv6: "enableIPv6" is a boolean, and this is none. Write true or false.',
    ],
    [
      '1.31',
      { hostProbeSNATAddress: '169.254' },
      'no rules',
      'error, hostProbeSNATAddress: "169.254" is no IPv4 address. Write one, as 169.254.7.127.',
    ],
    [
      '1.31',
      { hostProbeV6SNATAddress: '169.254.7.127' },
      'no rules',
      'error, hostProbeV6SNATAddress: "169.254.7.127" is no IPv6 address. Write one, as fd16:9254:7127:1337::1.',
    ],
    [
      '1.31',
      { kubeletUID: 'root' },
      'no rules',
      'error, kubeletUID: "root" is no uid. Write a number, as 0.',
    ],
    [
      '1.31',
      { virtualInterfaces: 'eth0,a name' },
      'no rules',
      'error, virtualInterfaces: "eth0,a name" has a name that no interface can have. Write names of at most 15 characters, with commas between.',
    ],
    [
      '1.31',
      { dnsProxy: 'true' },
      'no rules',
      'error, dnsProxy: "true" is no setting of it. Write unset, enabled or disabled.',
    ],
    [
      '1.99',
      {},
      'rules',
      'warning, release: 1.99 is newer than the newest release that is known here. It is taken as 1.32.',
    ],
  ] as const)('%s %o', (release, options, ...expected) => {
    expect(said(release, options)).toEqual(expected);
  });
});
