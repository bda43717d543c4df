/** The six types and the runbooks where the rules are made with nft: what ends otherwise than with iptables, and that all else is decided by rules of the same role. */
import { describe, expect, test } from 'vitest';
import { inspect } from '../../src/handbook/lab/index.ts';
import {
  allScenarios,
  bind,
  decidingRoles,
  scenarioNamed,
  scenarios,
  walkShown,
} from '../../src/handbook/scenarios/index.ts';
import { ruleRows } from '../../src/handbook/tables/index.ts';
import { decodePermalink, encodePermalink, walkerOn } from '../../src/handbook/walk/index.ts';
import { type Options, releases, rulesFor } from '../../src/istio/index.ts';
import { endAlike } from '../../src/journey/index.ts';
import { printNft } from '../../src/netfilter/index.ts';
import { json, mermaid, pathLine, stopLines, text } from '../../src/render/index.ts';

const native = (release: string, options: Partial<Options> = {}) => ({
  setting: { release, options: { ...options, nativeNftables: true } },
});

const modes: readonly Partial<Options>[] = [
  {},
  { inboundInterceptionMode: 'TPROXY' },
  { redirectDNS: true, dnsServersV4: ['10.96.0.10'] },
  { cni: true },
];

describe.each(['1.27', '1.28', releases.at(-1)?.name ?? ''])('Istio %s', (release) => {
  test.each(modes)('each scenario with %j', (options) => {
    const differ: string[] = [];
    for (const scenario of allScenarios) {
      const one = bind(scenario, { setting: { release, options } });
      const other = bind(scenario, native(release, options));
      if (other.pod.options.inboundInterceptionMode === 'NONE') continue;
      expect(other.journey.rulesets, scenario.name).toEqual({
        nft: rulesFor(release, other.setting.options).nft,
      });
      if (!endAlike(one.journey, other.journey)) differ.push(scenario.name);
      else if (other.pod.options.inboundInterceptionMode === 'REDIRECT')
        expect(decidingRoles(other), scenario.name).toEqual(decidingRoles(one));
    }
    expect(differ).toEqual(options.inboundInterceptionMode === 'TPROXY' ? differsInTproxy : differs);
  });
});

/** One ruleset is for both families: what speaks of no address captures IPv6 of a pod that is taken to have none. */
const differs = ['ipv6-bypasses-envoy', 'ipv6-bypasses-envoy-inbound'];
/** Where nothing listens, TPROXY of iptables drops the packet; nft goes on with the next rule. */
const differsInTproxy = ['connection-refused-inbound', 'ipv6-bypasses-envoy'];

const { name: newest = '' } = releases.at(-1) ?? {};
const toRemote = () => {
  const scenario = scenarioNamed('local-to-remote');
  if (scenario === undefined) throw new Error('no such scenario');
  return bind(scenario, native(newest));
};

test('a path names the rules of nft, and leaves out the jumps of base chains', () => {
  expect(pathLine(toRemote().journey).split('\n')[0]).toBe(
    'app uid 1000 ▸ OUTPUT ▸ inet istio-proxy-nat istio-output 9 ▸ inet istio-proxy-nat istio-redirect 1 ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ Envoy :15001',
  );
});

test.each(scenarios.map(({ name }) => name))('%s in every form', (name) => {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(name);
  const { journey } = bind(scenario, native(newest));
  const said = [
    text(journey),
    pathLine(journey),
    mermaid(journey, 'overview'),
    mermaid(journey, 'detail'),
    json(journey),
  ];
  for (const one of said) expect(one).not.toMatch(/ISTIO_|undefined|\[object/);
  for (const stop of stopLines(journey).flat()) if (stop.kind === 'chain') expect(stop.rule).not.toBe('');
  const rows = ruleRows(walkShown(scenario, native(newest)));
  expect(rows.every(({ rule, role }) => rule !== '' && role !== undefined)).toBe(true);
  expect(rows.some(({ met }) => met === 'matched')).toBe(
    stopLines(journey)
      .flat()
      .some(({ kind }) => kind === 'chain'),
  );
});

test('a link says that the rules are made with nft, and the simulator shows their chains', () => {
  const state = { scenario: 'local-to-remote', options: { nativeNftables: true } };
  const fragment = encodePermalink(state);
  expect(decodePermalink(fragment).state).toEqual(state);
  const { chains, ending } = walkerOn().walk(state);
  expect(ending).toBe(walkerOn().walk({ scenario: 'local-to-remote' }).ending);
  expect(chains.map(({ table, chain, policy }) => [table, chain, policy])).toContainEqual([
    'inet istio-proxy-nat',
    'output',
    'accept',
  ]);
  const output = chains.find(({ chain }) => chain === 'istio-output');
  expect(Object.values(output?.rules ?? {}).map(({ role }) => role)).toContain('output.capture');
});

describe('what nft lists of a pod, in the lab', () => {
  const listing = (options: Partial<Options>, of = newest) => {
    const { nft } = rulesFor(of, { ...options, nativeNftables: true });
    return nft === null ? '' : printNft(nft);
  };

  test.each(modes)('the six types go as Istio means it, with %j', (options) => {
    for (const of of ['1.27', '1.28', newest]) {
      const { inspection } = inspect(listing(options, of));
      expect(inspection.isWalkable).toBe(true);
      expect(inspection.walks?.map(({ scenario }) => scenario)).toEqual(
        scenarios.filter(({ isMain }) => isMain).map(({ name }) => name),
      );
      expect(inspection.walks?.map(({ verdict }) => verdict)).toEqual(
        inspection.walks?.map(() => 'as it is'),
      );
    }
  });

  test('a rule that is lacking, or stands before the others, is met', () => {
    const redirect = /\n.*redirect to :15001/;
    expect(listing({})).toMatch(redirect);
    const toRemote = (text: string) =>
      inspect(text).inspection.walks?.find(({ scenario }) => scenario === 'local-to-remote');
    expect(toRemote(listing({}).replace(redirect, ''))).toMatchObject({
      ending: 'It leaves the pod by eth0.',
      verdict: 'ends otherwise',
    });
    const dropped = listing({}).replace('chain istio-output {\n', '$&\t\ttcp dport 80 drop\n');
    expect(toRemote(dropped)?.ending).toBe('Dropped: inet istio-proxy-nat istio-output 1 drops it.');
  });

  test('rules of iptables beside it are met, too', () => {
    const filter =
      '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp -m tcp --dport 15001 -j DROP\nCOMMIT\n';
    const { inspection, pod } = inspect(`$ iptables-save\n${filter}$ nft list ruleset\n${listing({})}`);
    expect(Object.keys(pod.rulesets ?? {})).toEqual(['v4', 'nft']);
    const walk = inspection.walks?.find(({ scenario }) => scenario === 'local-to-remote');
    expect(walk?.ending).toMatch(/^Dropped: filter OUTPUT 1 drops it/);
  });
});
