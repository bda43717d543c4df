/** The simulator of the pages on ambient mode: what a reader can change there, and what a link opens again. */
import { describe, expect, test } from 'vitest';
import {
  type AmbientMeshChoice,
  ambientScenarios,
  enrolledWorkload,
  inMesh,
} from '../../../src/handbook/scenarios/index.ts';
import {
  ambientWalkerOn,
  encodePermalink,
  inFamilyOf,
  linkOf,
  type State,
  walkerOn,
} from '../../../src/handbook/walk/index.ts';
import { lineText } from '../../../src/render/index.ts';
import { ambientRolePurposes } from '../../../src/words/index.ts';
import { meshNamed } from '../../mesh/ztunnel/case-file.ts';

const walker = ambientWalkerOn();
const said = (state: State): readonly string[] => walker.walk(state).lines.map(lineText);

test.for(ambientScenarios.map(({ name }) => name))('%s is walked as its page tells it', (scenario) => {
  const walked = walker.walk({ scenario });
  expect(walked.problems).toEqual([]);
  expect(walked.options).toBeNull();
  expect(walked.length).toBeGreaterThan(4);
  const roles = walked.chains.flatMap(({ rules }) => Object.values(rules).flatMap(({ role }) => role ?? []));
  for (const role of roles) expect(ambientRolePurposes).toHaveProperty([role]);
  const ofIstio = walked.chains.filter(({ chain }) => chain.startsWith('ISTIO'));
  for (const { rules, count } of ofIstio)
    expect(Object.values(rules).filter(({ role }) => role !== undefined)).toHaveLength(count);
});

describe('a reader changes', () => {
  test('the backend: the same way through rules of nft, each with its purpose', () => {
    const walked = walker.walk({ scenario: 'ambient-service', ambient: { nativeNftables: true } });
    expect(walked.lines.map(lineText)[0]).toContain('istio-output');
    const own = walked.chains.find(
      ({ table, chain }) => `${table} ${chain}` === 'inet istio-ambient-nat istio-output',
    );
    expect(Object.values(own?.rules ?? {}).map(({ role }) => role)).toContain('pod.outbound');
  });

  test('the release, and TPROXY where that has it: 15006 is reached without a rewriting', () => {
    const tproxy: State = {
      scenario: 'ambient-plain-text',
      release: '1.24',
      ambient: { tproxyRedirection: true },
    };
    expect(said(tproxy)[0]).toContain('mangle ISTIO_PRERT');
    expect(walker.walk(tproxy).ambient?.heeded).toContain('tproxyRedirection');
    expect(walker.walk({ ...tproxy, ambient: {} }).lines.map(lineText)[0]).not.toContain('mangle');
    const without = walker.walk({ ...tproxy, release: '1.31' });
    expect(without.ambient?.heeded).not.toContain('tproxyRedirection');
    expect(without.problems.map(({ severity, option }) => [severity, option])).toEqual([
      ['warning', 'tproxyRedirection'],
    ]);
  });

  test('the release to one whose ztunnel is not modelled, and is told so', () => {
    const { problems } = walker.walk({ scenario: 'ambient-service', release: '1.22' });
    expect(problems.map(({ because }) => because)).toEqual([
      'The rules are those of this release. What ztunnel does is told as 1.24 and newer do it.',
    ]);
    expect(walker.walk({ scenario: 'ambient-service', release: '1.20' }).problems).toMatchObject([
      { severity: 'error', option: 'release' },
    ]);
  });

  test('DNS, for all pods and for this one', () => {
    const udp = (ambient: State['ambient']) =>
      said({ scenario: 'ambient-dns', ...(ambient === undefined ? {} : { ambient }) })[0];
    expect(udp(undefined)).toContain('ztunnel :15053');
    expect(udp({ redirectDNS: false })).toContain('10.96.0.53:53');
    expect(udp({ redirectDNS: false, dnsProxy: 'enabled' })).toContain('ztunnel :15053');
    expect(udp({ dnsProxy: 'disabled' })).toContain('10.96.0.53:53');
  });

  test('ingress mode: what comes in plain text is left alone', () => {
    expect(said({ scenario: 'ambient-plain-text', ambient: { ingressMode: true } })[0]).toContain(
      'app :8080',
    );
  });

  test('IPv6: captured by default, and not at all where it is off', () => {
    const request = { address: '2001:db8::20', port: 443 };
    expect(said({ scenario: 'ambient-service', request })[0]).toContain('ztunnel :15001');
    expect(said({ scenario: 'ambient-service', request, ambient: { enableIPv6: false } })[0]).toContain(
      '[2001:db8::20]:443',
    );
    const { menu } = walker.walk({ scenario: 'ambient-service' });
    expect(menu.calls.filter(({ isV6 }) => isV6).map(({ address }) => address)).toContain('fd00:10:244:1::5');
  });

  test('the address of probes: the node gives a probe that one', () => {
    const [onNode, inPod] = said({
      scenario: 'ambient-probe',
      ambient: { hostProbeSNATAddress: '169.254.9.9' },
    });
    expect(onNode).toMatch(/^kubelet uid 0 ▸ .* ▸ ISTIO_POSTRT 1 ▸ 10\.244\.1\.5:8080$/);
    expect(inPod).toContain('app :8080');
    const walked = walker.walk({
      scenario: 'ambient-probe',
      ambient: { hostProbeSNATAddress: '169.254.9.9' },
    });
    expect(walked.packets.map(([, { from }]) => from)).toContain('169.254.9.9:40000');
    expect(walked.packets[0]?.[1].from).toBe('10.244.1.1:40000');
  });

  test('the connection: whatever the menu offers is walked', () => {
    const first = walker.walk({ scenario: 'ambient-service' });
    const { menu } = first;
    for (const { from } of menu.senders)
      for (const { address, port, protocol, path } of menu.calls) {
        const request = inFamilyOf({ from, address, port, protocol, ...(path && { path }) }, menu);
        const walked = walker.walk({ scenario: 'ambient-service', request });
        expect(walked.length, `${JSON.stringify(from)} ${address}:${port}`).toBeGreaterThan(0);
      }
  });

  test('the port to that of HBONE: the tunnel asks for the app', () => {
    const lines = said({ scenario: 'ambient-plain-text', request: { address: '10.244.1.5', port: 15008 } });
    expect(lines[0]).toContain('ztunnel :15008');
    expect(lines[1]).toContain('app :8080');
  });
});

describe('a reader chooses the mesh around the pod', () => {
  const asIn = (scenario: string) => walker.walk({ scenario });

  test('as each scenario has it, the fields say', () => {
    const usual = { peerAuthentication: 'PERMISSIVE', waypoint: 'none', ztunnel: 'running' };
    expect(asIn('ambient-service').ambient?.mesh).toEqual(usual);
    expect(asIn('ambient-plain-text-strict').ambient?.mesh).toEqual({
      ...usual,
      peerAuthentication: 'STRICT',
    });
    expect(asIn('ambient-waypoint').ambient?.mesh).toEqual({ ...usual, waypoint: 'of the Service' });
    expect(asIn('ambient-ztunnel-missing').ambient?.mesh).toEqual({ ...usual, ztunnel: 'missing' });
  });

  // The scenarios on the right are those that a real ztunnel has judged, see test/mesh/ztunnel/journeys.test.ts.
  test.for([
    ['ambient-plain-text', { peerAuthentication: 'STRICT' }, 'ambient-plain-text-strict'],
    ['ambient-plain-text-strict', { peerAuthentication: 'PERMISSIVE' }, 'ambient-plain-text'],
    ['ambient-service', { waypoint: 'of the Service' }, 'ambient-waypoint'],
    ['ambient-waypoint', { waypoint: 'none' }, 'ambient-service'],
    ['ambient-service', { ztunnel: 'missing' }, 'ambient-ztunnel-missing'],
    ['ambient-ztunnel-missing', { ztunnel: 'running' }, 'ambient-service'],
  ] as const)('%s with %o goes as %s', ([scenario, mesh, as]) => {
    const walked = walker.walk({ scenario, mesh });
    const { lines, words, ending, arrived, ambient } = asIn(as);
    expect({ ...walked }).toMatchObject({ lines, words, ending, arrived, ambient });
    expect(lines).not.toEqual(asIn(scenario).lines);
    for (const form of ['Markdown', 'JSON', 'Mermaid', 'text'] as const)
      expect(walker.text({ scenario, mesh }, form)).toBe(walker.text({ scenario: as }, form));
    for (const level of ['overview', 'detail'] as const)
      expect(walker.sequence({ scenario, mesh }, level)).toEqual(walker.sequence({ scenario: as }, level));
    const { walked: opened, problems } = walker.open(
      `#${linkOf(walked.state, walked.scenario)}`,
      'ambient-dns',
    );
    expect(problems).toEqual([]);
    expect(opened).toEqual(walked);
  });

  test.for([
    ['strict', { peerAuthentication: 'STRICT' }],
    ['a waypoint', { waypoint: 'of the Service' }],
    ['no ztunnel', { ztunnel: 'missing' }],
  ] as const)('%s is the mesh of that name which a real ztunnel is asked in', ([name, mesh]) => {
    const { workload = {} } = meshNamed(`iptables, ${name}`) ?? {};
    expect(inMesh(enrolledWorkload, mesh)).toMatchObject(workload);
    const { isStrict, ztunnelRuns } = inMesh(enrolledWorkload, mesh);
    expect({ isStrict, ztunnelRuns }).toEqual({
      isStrict: workload.isStrict,
      ztunnelRuns: workload.ztunnelRuns,
    });
  });

  test('each stands by itself, and all together', () => {
    const strict = { peerAuthentication: 'STRICT' } as const;
    const isLet = (scenario: string, mesh: AmbientMeshChoice) => walker.walk({ scenario, mesh }).arrived;
    expect(isLet('ambient-hbone', strict)).toBe(true);
    expect(isLet('ambient-own-service', strict)).toBe(true);
    expect(isLet('ambient-probe', strict)).toBe(true);
    expect(isLet('ambient-probe-lost', strict)).toBe(false);
    expect(isLet('ambient-probe-lost', {})).toBe(false);
    expect(isLet('ambient-probe-lost', { peerAuthentication: 'PERMISSIVE' })).toBe(true);
    expect(isLet('ambient-probe', { ...strict, ztunnel: 'missing' })).toBe(true);
    expect(isLet('ambient-hbone', { ztunnel: 'missing' })).toBe(false);
    expect(isLet('ambient-udp', { ztunnel: 'missing' })).toBe(true);
    const own = said({ scenario: 'ambient-own-service', mesh: { waypoint: 'of the Service' } });
    expect(own.at(-1)).toContain('10.244.3.20:15008');
  });

  test('a waypoint calls the pod as any peer does, in both families', () => {
    const { menu } = asIn('ambient-hbone');
    const from = menu.senders.find(({ label }) => label === 'a waypoint')?.from;
    if (from === undefined) throw new Error('no waypoint in the menu');
    for (const { address, port, path } of menu.calls.filter(({ label }) => label.includes('HBONE'))) {
      const request = inFamilyOf({ from, address, port, ...(path && { path }) }, menu);
      const walked = walker.walk({ scenario: 'ambient-hbone', request });
      expect(walked.arrived).toBe(true);
      expect(walked.packets.at(-1)?.[1].from).toContain(
        address.includes(':') ? 'fd00:10:244:3::20' : '10.244.3.20',
      );
    }
  });
});

test.for([
  { scenario: 'ambient-hbone' },
  { scenario: 'ambient-plain-text', release: '1.24', ambient: { tproxyRedirection: true }, step: 5 },
  { scenario: 'ambient-service', ambient: { nativeNftables: true }, replies: true },
  {
    scenario: 'ambient-dns',
    request: { from: { process: 'app' }, protocol: 'udp', address: '10.96.0.53', port: 53, path: 'a.b' },
  },
  { scenario: 'ambient-guest', ambient: { virtualInterfaces: '' } },
  {
    scenario: 'ambient-own-address',
    request: { from: { name: 'kubelet', address: '169.254.7.127' }, address: '10.244.1.5', port: 8080 },
  },
] satisfies readonly State[])('a link opens again what was shown: $scenario', (state) => {
  const walked = walker.walk(state);
  const link = `#${linkOf(walked.state, walked.scenario)}`;
  const opened = walker.open(link, 'ambient-waypoint');
  expect(opened.problems).toEqual([]);
  expect(opened.walked.lines).toEqual(walked.lines);
  expect(opened.walked.words).toEqual(walked.words);
});

test('a link of another kind of pod is named, and the page’s own call is shown', () => {
  const opened = walker.open(`#${encodePermalink({ scenario: 'local-to-remote' })}`, 'ambient-dns');
  expect(opened.walked.scenario.name).toBe('ambient-dns');
  expect(opened.problems).toEqual([
    'The link\'s scenario "local-to-remote" is of another kind of pod and has a page of its own; here is this page\'s.',
  ]);
  const back = walkerOn().open('#v=1&scenario=ambient-dns&ambient.dnsProxy=disabled', 'prometheus');
  expect(back.walked.scenario.name).toBe('prometheus');
  expect(back.problems).toHaveLength(1);
});

test('what else a page tells is offered, and says what changes', () => {
  const { scenario } = walker.walk({ scenario: 'ambient-plain-text' });
  const [strict] = scenario.experiments;
  expect(strict?.state).toEqual({ scenario: 'ambient-plain-text-strict' });
  expect(strict?.says).toBe('STRICT: ztunnel closes what comes in plain text.');
  expect(walker.outlook('ambient-plain-text', strict?.title ?? '')).not.toBe('');
});
