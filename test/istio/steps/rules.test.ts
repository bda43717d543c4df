import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type BuildStep,
  changes,
  type Options,
  placesOf,
  type Role,
  releases,
  roleAt,
  roles,
  rulesFor,
  type SidecarRules,
  steps,
} from '../../../src/istio/index.ts';
import { findChain, parseRuleset } from '../../../src/netfilter/index.ts';
import { ignoredSentence, problemWords, rolePurposes } from '../../../src/words/index.ts';
import { readCases } from '../cases/form.ts';

/** What a release puts in place of what another one has, as lines of the text. */
function difference(before: string, after: string): { readonly gone: string[]; readonly come: string[] } {
  const one = before.split('\n');
  const other = after.split('\n');
  return {
    gone: one.filter((line) => !other.includes(line)),
    come: other.filter((line) => !one.includes(line)),
  };
}

function text(release: string, options: Partial<Options>, family: 'v4' | 'v6' = 'v4'): string {
  return rulesFor(release, options).text[family] ?? '';
}

/** What was ignored, with its reason in a sentence too. */
function ignoredBy({ ignored }: SidecarRules) {
  return ignored.map((one) => ({ ...one, because: ignoredSentence(one.reason) }));
}

const caseOptions = ['releases.rules', 'newest.rules']
  .flatMap((name) => readCases(readFileSync(new URL(`../cases/${name}`, import.meta.url), 'utf8')))
  .map(({ options }) => options);

describe('the default sidecar', () => {
  test('of 1.17 has the nine rules', () => {
    const rules = rulesFor('1.17');
    expect(findChain(rules.v4, 'nat', 'ISTIO_OUTPUT')?.rules).toHaveLength(9);
    expect(
      rules.roles
        .filter(({ chain }) => chain === 'ISTIO_OUTPUT')
        .map(({ position, role }) => [position, role]),
    ).toEqual([
      [1, 'output.passthrough'],
      [2, 'output.proxy-self-call'],
      [3, 'output.app-self-call'],
      [4, 'output.proxy-bypass'],
      [5, 'output.proxy-self-call-gid'],
      [6, 'output.app-self-call-gid'],
      [7, 'output.proxy-bypass-gid'],
      [8, 'output.loopback'],
      [9, 'output.capture'],
    ]);
  });

  test('has no IPv6 rules until IPv6 is on', () => {
    expect(rulesFor('1.17').v6).toBeNull();
    expect(rulesFor('1.17').text.v6).toBeNull();
    expect(rulesFor('1.17').addresses).toEqual([]);
    const rules = rulesFor('1.17', { enableIPv6: true });
    expect(rules.v6?.family).toBe('v6');
    expect(rules.addresses).toEqual([{ interface: 'lo', address: '::6/128' }]);
  });
});

describe('interception modes', () => {
  test('NONE programs nothing', () => {
    const rules = rulesFor('1.30', { inboundInterceptionMode: 'NONE', enableIPv6: true });
    expect(rules).toMatchObject({
      v4: { tables: [] },
      v6: { tables: [] },
      text: { v4: '', v6: '' },
      roles: [],
    });
    expect(rules.problems).toEqual([]);
  });

  test('TPROXY brings its routing rule and a route for each family', () => {
    const rule = { priority: 32765, fwmark: { value: 1337, mask: 0xffffffff }, table: '133' };
    const route = { type: 'local', dev: 'lo', table: '133' };
    const options = { inboundInterceptionMode: 'TPROXY', enableIPv6: true };
    expect(rulesFor('1.30', options)).toMatchObject({
      routes: [
        { destination: '0.0.0.0/0', ...route },
        { destination: '::/0', ...route },
      ],
      routingRules: [rule],
    });
    expect(rulesFor('1.11', options).routes).toEqual([{ destination: '0.0.0.0/0', ...route }]);
    expect(rulesFor('1.30', { ...options, inboundPortsInclude: '' })).toMatchObject({
      routes: [],
      routingRules: [],
    });
    expect(
      rulesFor('1.30', { ...options, inboundTProxyMark: '7', inboundTProxyRouteTable: '8' }).routingRules,
    ).toEqual([{ priority: 32765, fwmark: { value: 7, mask: 0xffffffff }, table: '8' }]);
  });
});

describe('patch releases', () => {
  const changed: readonly (readonly [string, string, Partial<Options>, string])[] = [
    ['1.5.1', '1.5.2', { inboundInterceptionMode: 'TPROXY' }, '--ctstate RELATED,ESTABLISHED'],
    [
      '1.10.2',
      '1.10.3',
      { redirectDNS: true, dnsServersV4: ['10.96.0.10'], dnsConntrackZone: true },
      'CT --zone',
    ],
    ['1.11.2', '1.11.3', { excludeInterfaces: 'net1' }, '-i net1 -j RETURN'],
    ['1.12.1', '1.12.2', { dropInvalid: true }, '--ctstate INVALID -j DROP'],
  ];

  test.for(changed)('%s has not what %s has', ([before, after, options, words]) => {
    expect(text(before, options)).not.toContain(words);
    expect(text(after, options)).toContain(words);
    const minor = after.slice(0, after.lastIndexOf('.'));
    expect(text(minor, options), 'the minor release stands for its newest patch').toBe(text(after, options));
  });

  const ofPorts = { enableIPv6: true, outboundPortsInclude: '8080', outboundIPRangesInclude: '' };
  const rule = '-A ISTIO_OUTPUT -p tcp --dport 8080 -j ISTIO_REDIRECT';

  test.for([
    ['1.9.5', '1.9.6'],
    ['1.10.1', '1.10.2'],
  ] as const)('%s has not what was brought back to %s', ([before, after]) => {
    expect(text(before, ofPorts, 'v6')).not.toContain(rule);
    expect(text(after, ofPorts, 'v6')).toContain(rule);
    expect(text(before, ofPorts)).toBe(text(after, ofPorts));
    expect(ignoredBy(rulesFor(before, ofPorts))).toMatchObject([
      {
        option: 'outboundPortsInclude',
        family: 'v6',
        because: `Istio ${before} does not know it for IPv6: it came with ${after}.`,
      },
    ]);
    expect(rulesFor(after, ofPorts).ignored).toEqual([]);
  });

  test('have what was brought back from their patch on, and later minors from their first', () => {
    const asked = ['1.8.9', '1.9.5', '1.9.6', '1.9.9', '1.10.0', '1.10.1', '1.10.6', '1.11.0', '1.12.0'];
    expect(asked.filter((release) => text(release, ofPorts, 'v6').includes(rule))).toEqual([
      '1.9.6',
      '1.9.9',
      '1.10.6',
      '1.11.0',
      '1.12.0',
    ]);
  });

  test('of one minor do not tell of another: a step with several beginnings', () => {
    const step: BuildStep = [
      { by: changes.start, is: () => [] },
      {
        by: { since: '1.29.0', backports: ['1.27.4', '1.28.1'], effect: 'one more rule' },
        is: () => [{ table: 'nat', chain: 'ISTIO_OUTPUT', words: '-j RETURN', role: 'output.rest' }],
      },
    ];
    const has = (release: string) => placesOf(rulesFor(release, {}, { step }), 'output.rest').length > 0;
    const asked = [
      '1.26.9',
      '1.27.3',
      '1.27.4',
      '1.27.9',
      '1.28',
      '1.28.0',
      '1.28.1',
      '1.28.9',
      '1.29.0',
      '1.30',
    ];
    expect(asked.filter(has)).toEqual(['1.27.4', '1.27.9', '1.28.1', '1.28.9', '1.29.0', '1.30']);
  });

  test('differ in nothing with the default options', () => {
    for (const { name } of releases) {
      for (const patch of [0, 1, 2, 3, 9]) expect(text(`${name}.${patch}`, {})).toBe(text(name, {}));
    }
  });
});

describe('what a release does not heed', () => {
  test('is told, and the rules are those without it', () => {
    const rules = rulesFor('1.9', { excludeInterfaces: 'net1', ownerGroupsExclude: '888' });
    expect(ignoredBy(rules)).toEqual([
      {
        option: 'ownerGroupsExclude',
        value: '888',
        because: 'Istio 1.9 does not know it: it came with 1.14.0.',
        reason: { code: 'unknown to the release', release: '1.9', since: '1.14.0' },
      },
      {
        option: 'excludeInterfaces',
        value: 'net1',
        because: 'Istio 1.9 does not know it: it came with 1.11.3.',
        reason: { code: 'unknown to the release', release: '1.9', since: '1.11.3' },
      },
    ]);
    expect(rules.text).toEqual(rulesFor('1.9').text);
  });

  test('is told by family where the families differ', () => {
    const options = {
      inboundInterceptionMode: 'TPROXY',
      redirectDNS: true,
      enableIPv6: true,
      dnsServersV4: ['10.96.0.10'],
    };
    expect(ignoredBy(rulesFor('1.11', options))).toEqual([
      {
        option: 'redirectDNS',
        value: 'true',
        family: 'v6',
        because: 'Istio 1.11 does not know it for IPv6: it came with 1.12.0.',
        reason: { code: 'unknown to the release', release: '1.11', since: '1.12.0', family: 'v6' },
      },
      {
        option: 'inboundInterceptionMode',
        value: 'TPROXY',
        family: 'v6',
        because: 'Istio 1.11 redirects IPv6 in TPROXY mode too: TPROXY for IPv6 came with 1.12.0.',
        reason: { code: 'no TPROXY for IPv6', release: '1.11', since: '1.12.0' },
      },
    ]);
    expect(rulesFor('1.12', options).ignored).toEqual([]);
  });

  test('is told of the CNI plugin', () => {
    expect(
      ignoredBy(
        rulesFor('1.30', {
          cni: true,
          redirectDNS: true,
          dnsServersV4: ['10.96.0.10'],
          ownerGroupsExclude: '888',
        }),
      ),
    ).toEqual([
      {
        option: 'ownerGroupsExclude',
        value: '888',
        because: 'the CNI plugin reads it from its own environment and not from the pod.',
        reason: { code: 'in the environment of CNI' },
      },
      {
        option: 'dnsServersV4',
        value: '10.96.0.10',
        because: 'the CNI plugin does not read resolv.conf: it captures the DNS of all servers or none.',
        reason: { code: 'no resolv.conf with CNI' },
      },
    ]);
    expect(ignoredBy(rulesFor('1.10', { cni: true, redirectDNS: true }))).toEqual([
      {
        option: 'redirectDNS',
        value: 'true',
        because: 'the CNI plugin of Istio 1.10 does not know it: it came with 1.11.0.',
        reason: { code: 'unknown to CNI', release: '1.10', since: '1.11.0' },
      },
    ]);
  });

  test('the CNI plugin has ports, mark and table of its own', () => {
    const given = {
      proxyPort: '16001',
      inboundCapturePort: '16006',
      inboundTProxyMark: '2337',
      inboundTProxyRouteTable: '233',
    };
    const made = rulesFor('1.30', { cni: true, inboundInterceptionMode: 'TPROXY', ...given });
    expect(made.text).toEqual(rulesFor('1.30', { cni: true, inboundInterceptionMode: 'TPROXY' }).text);
    expect(made.routingRules).toEqual(
      rulesFor('1.30', { cni: true, inboundInterceptionMode: 'TPROXY' }).routingRules,
    );
    expect(ignoredBy(made)).toEqual(
      Object.entries(given).map(([option, value]) => ({
        option,
        value,
        because: 'the CNI plugin has its own value for it.',
        reason: { code: 'fixed with CNI' },
      })),
    );
  });

  test('does not make a faulty value an error', () => {
    expect(rulesFor('1.17', { hostIPv4LoopbackCidr: '10.0.0.0/8' })).toMatchObject({ problems: [] });
    expect(text('1.17', { hostIPv4LoopbackCidr: '10.0.0.0/8' })).toBe(text('1.17', {}));
  });
});

describe('the CNI plugin', () => {
  test('excludes outbound 15020, which moves every later position', () => {
    expect(placesOf(rulesFor('1.17'), 'output.proxy-self-call')[0]?.position).toBe(2);
    expect(placesOf(rulesFor('1.17', { cni: true }), 'output.proxy-self-call')[0]?.position).toBe(3);
    expect(placesOf(rulesFor('1.30', { cni: true }), 'output.proxy-self-call')[0]?.position).toBe(4);
  });

  test('always excludes the ports of the sidecar, once', () => {
    const rules = rulesFor('1.30', { cni: true, inboundPortsExclude: '3333,15021' });
    expect(placesOf(rules, 'inbound.exclude-port').map(({ from }) => from?.value)).toEqual([
      '3333',
      '15021',
      '15020',
      '15090',
    ]);
  });

  test('takes a uid of 0 for none', () => {
    expect(text('1.30', { cni: true, proxyUID: '0' })).toBe(text('1.30', { cni: true }));
  });
});

describe('roles', () => {
  test('are on every rule, at the place that the ruleset has it', () => {
    for (const options of caseOptions) {
      for (const { name } of releases) {
        const rules = rulesFor(name, options);
        for (const ruleset of [rules.v4, ...(rules.v6 === null ? [] : [rules.v6])]) {
          const { family } = ruleset;
          for (const table of ruleset.tables) {
            for (const chain of table.chains) {
              for (const [index, rule] of chain.rules.entries()) {
                const place = { family, table: table.name, chain: chain.name, position: index + 1 };
                expect(roleAt(rules, place)?.line, `${name} ${JSON.stringify(place)}`).toBe(rule.line);
              }
            }
          }
          const placed = rules.roles.filter((one) => one.family === family).length;
          const all = ruleset.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
          expect(placed).toBe(all.length);
        }
      }
    }
  });

  test('go both ways', () => {
    const rules = rulesFor('1.30', { inboundInterceptionMode: 'TPROXY' });
    const [place] = placesOf(rules, 'tproxy.skip-passthrough');
    expect(place).toMatchObject({ table: 'mangle', chain: 'ISTIO_INBOUND', position: 2 });
    expect(place === undefined ? null : roleAt(rules, place)?.role).toBe('tproxy.skip-passthrough');
    expect(roleAt(rules, { family: 'v4', table: 'nat', chain: 'ISTIO_OUTPUT', position: 99 })).toBeNull();
  });

  test('name the option that made a rule', () => {
    const rules = rulesFor('1.30', { outboundPortsExclude: '3306,6379' });
    expect(placesOf(rules, 'output.exclude-port').map(({ from, position }) => [position, from])).toEqual([
      [1, { option: 'outboundPortsExclude', value: '3306' }],
      [2, { option: 'outboundPortsExclude', value: '3306' }],
      [3, { option: 'outboundPortsExclude', value: '6379' }],
      [4, { option: 'outboundPortsExclude', value: '6379' }],
    ]);
  });

  test('are all met by some case, and say their purpose in a sentence', () => {
    const met = new Set<Role>(
      releases.flatMap(({ name }) =>
        [
          ...caseOptions,
          { rerouteVirtualInterfaces: 'virt0', outboundIPRangesInclude: '10.0.0.0/8', enableIPv6: true },
        ]
          .flatMap((options) => rulesFor(name, options).roles)
          .map(({ role }) => role),
      ),
    );
    expect(roles.filter((role) => !met.has(role))).toEqual([]);
    for (const purpose of Object.values(rolePurposes)) expect(purpose).toMatch(/^.{15,130}\.$/);
  });
});

describe('a release to come', () => {
  /** What one would write for it: one entry in the timeline of the step that changed. */
  const outputLoopback: BuildStep = [
    ...steps.outputLoopback,
    {
      by: {
        since: '1.33.0',
        subject: 'iptables: leave all of 127/8 alone',
        effect: 'Rule 8 is for 127.0.0.0/8',
      },
      is: ({ family }) => [
        {
          table: 'nat',
          chain: 'ISTIO_OUTPUT',
          words: family === 'v4' ? '-d 127.0.0.0/8 -j RETURN' : '-d ::1/128 -j RETURN',
          role: 'output.loopback',
        },
      ],
    },
  ];
  const withNext = { ...steps, outputLoopback };

  test('is one entry in one step, and the releases before it stay as they are', () => {
    expect(rulesFor('1.33').problems).toMatchObject([{ severity: 'warning', code: 'newer release' }]);
    for (const options of caseOptions) {
      for (const { name } of releases) {
        expect(rulesFor(name, options, withNext).text).toEqual(rulesFor(name, options).text);
      }
    }
    const next = rulesFor('1.33', {}, withNext);
    expect(next.problems).toEqual([]);
    expect(difference(text('1.30', {}), next.text.v4)).toEqual({
      gone: ['-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN'],
      come: ['-A ISTIO_OUTPUT -d 127.0.0.0/8 -j RETURN'],
    });
    expect(placesOf(next, 'output.loopback')[0]?.position).toBe(8);
    expect(rulesFor('1.34', {}, withNext).problems).toMatchObject([
      { code: 'newer release', newest: '1.33' },
    ]);
  });
});

describe('IPv6 before 1.12, which had a builder of its own', () => {
  test('returns what the app says to itself, also with a loopback range included', () => {
    const options = { enableIPv6: true, outboundIPRangesInclude: '127.0.0.1/32' };
    expect(text('1.11', options)).not.toContain('! --uid-owner');
    expect(text('1.11', options, 'v6')).toContain('! --uid-owner');
    expect(text('1.12', options, 'v6')).not.toContain('! --uid-owner');
  });

  test('returns what comes from virtual machines where it should capture it', () => {
    const options = { enableIPv6: true, rerouteVirtualInterfaces: 'virt0' };
    expect(text('1.11', options, 'v6').match(/-I PREROUTING .*/g)).toEqual([
      '-I PREROUTING 1 -i virt0 -j RETURN',
      '-I PREROUTING 1 -i virt0 -j RETURN',
    ]);
    expect(text('1.12', options, 'v6').match(/-I PREROUTING .*/g)).toEqual([
      '-I PREROUTING 1 -i virt0 -j RETURN',
      '-I PREROUTING 1 -i virt0 -j ISTIO_REDIRECT',
    ]);
  });

  test('knows included outbound ports since 1.11', () => {
    const options = { enableIPv6: true, outboundPortsInclude: '8080', outboundIPRangesInclude: '' };
    expect(text('1.10', options, 'v6')).not.toContain('8080');
    expect(text('1.11', options, 'v6')).toContain('8080');
  });
});

describe('values', () => {
  test('of ranges lose their host bits, as iptables clears them', () => {
    expect(text('1.30', { outboundIPRangesExclude: '10.1.2.3/8' })).toContain('-d 10.0.0.0/8 -j RETURN');
  });

  test('of the proxy, where they are empty, are those that Istio looks up', () => {
    expect(text('1.30', { proxyUID: '', proxyGID: '' })).toBe(text('1.30', {}));
    expect(text('1.30', { proxyUID: '5', proxyGID: '' })).toBe(
      text('1.30', { proxyUID: '5', proxyGID: '5' }),
    );
  });

  test('that are undefined are as if they were not given', () => {
    expect(rulesFor('1.30', { proxyUID: undefined } as unknown as Partial<Options>)).toEqual(
      rulesFor('1.30'),
    );
  });
});

test('no line of the text is lost or refused by the netfilter parser', () => {
  for (const options of caseOptions) {
    for (const { name } of releases) {
      const { text: texts } = rulesFor(name, options);
      for (const family of ['v4', 'v6'] as const) {
        const problems = parseRuleset(texts[family] ?? '', family).problems.filter(
          // Names of groups are nothing that a packet has, and what netfilter does not know yet is its own matter.
          (problem) =>
            !/java|ftp/.test(problemWords(problem).found) &&
            problem.code !== 'match unknown' &&
            problem.code !== 'target unknown',
        );
        expect(problems, `${name} ${JSON.stringify(options)}`).toEqual([]);
      }
    }
  }
});
