/** How requests end, as data: who has them, by which rule, and when two of them end alike. */
import { expect, test } from 'vitest';
import { allScenarios, bind, type RealPod, scenarioNamed } from '../../src/handbook/scenarios/index.ts';
import { wayDifference } from '../../src/handbook/scenarios/same-way.ts';
import { type Options, rulesFor } from '../../src/istio/index.ts';
import { endAlike, type Journey, type Request } from '../../src/journey/index.ts';
import { parseRuleset } from '../../src/netfilter/index.ts';
import { pathLine } from '../../src/render/index.ts';
import { outcomePhrase } from '../../src/words/index.ts';

const istio = rulesFor('1.30').text.v4;

/** A scenario on these rules. */
function walked(name: string, text = istio, request: Partial<Request> = {}): Journey {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const { ruleset, problems } = parseRuleset(text, 'v4');
  expect(problems).toEqual([]);
  const pod: RealPod = { rulesets: { v4: ruleset } };
  return bind(scenario, { request }, pod).journey;
}

const before = (chain: string, rule: string) =>
  istio.replace(`-A ${chain}`, `-A ${chain} ${rule}\n-A ${chain}`);
const behind = (more: string) => `${istio}${more}COMMIT\n`;
const withoutProxyReturn = istio.replaceAll(
  /^-A ISTIO_OUTPUT -m owner --[ug]id-owner 1337 -j RETURN\n/gm,
  '',
);
const chance = '-m statistic --mode random --probability 0.5 -j RETURN';

test.for([
  ['Envoy takes what the app sends', walked('local-to-remote'), 'through Envoy, by ISTIO_OUTPUT 9'],
  ['Envoy takes what comes in', walked('remote-to-local'), 'through Envoy, by ISTIO_INBOUND 5'],
  [
    'what the app sends to its own localhost goes past it',
    walked('local-to-remote', istio, { address: '127.0.0.1', port: 8080 }),
    'past Envoy, by ISTIO_OUTPUT 3',
  ],
  [
    'an early RETURN lets it go past',
    walked('local-to-remote', before('ISTIO_OUTPUT', '-p tcp -j RETURN')),
    'past Envoy, by ISTIO_OUTPUT 1',
  ],
  [
    'so does one of another chain before Istio’s',
    walked('local-to-remote', before('OUTPUT', '-p tcp -j RETURN')),
    'past Envoy, by OUTPUT 1',
  ],
  ['without rules no rule decides', walked('local-to-remote', '*nat\nCOMMIT\n'), 'past Envoy'],
  [
    'a port of Envoy’s own is dialled without a rule',
    walked('local-to-remote', istio, { address: '127.0.0.1', port: 15090 }),
    'through Envoy',
  ],
  ['nobody listens', walked('remote-to-local', istio, { port: 9999 }), 'refused'],
  [
    'Envoy closes what was meant for its listener itself',
    walked('local-to-remote', istio, { address: '127.0.0.1', port: 15001 }),
    'refused',
  ],
  [
    'a rule rejects',
    walked('remote-to-local', behind('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j REJECT\n')),
    'refused, by filter INPUT 1',
  ],
  [
    'a rule drops',
    walked('remote-to-local', behind('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j DROP\n')),
    'dropped, by filter INPUT 1',
  ],
  [
    'a policy drops, and that is no rule',
    walked('remote-to-local', behind('*filter\n:INPUT DROP [0:0]\n')),
    'dropped',
  ],
  [
    'Envoy is sent to itself',
    walked('local-to-remote', withoutProxyReturn),
    'in a circle, by ISTIO_OUTPUT 7',
  ],
  [
    'a rule of which nobody can tell',
    walked('local-to-remote', before('ISTIO_OUTPUT', chance)),
    'cannot tell, by ISTIO_OUTPUT 1',
  ],
] as const)('%s', ([, journey, phrase]) => {
  expect(outcomePhrase(journey.outcome)).toBe(phrase);
});

test('TPROXY hands over without a rewriting, and its rule decides', () => {
  const options: Partial<Options> = { inboundInterceptionMode: 'TPROXY' };
  const scenario = scenarioNamed('remote-to-local');
  if (scenario === undefined) throw new Error('no scenario');
  const { outcome } = bind(scenario, { setting: { release: '1.30', options } }).journey;
  expect(outcomePhrase(outcome)).toMatch(/^through Envoy, by mangle ISTIO_TPROXY \d+$/);
});

test('the deciding rule is an event of the journey', () => {
  let found = 0;
  for (const scenario of allScenarios) {
    const { outcome, legs } = bind(scenario).journey;
    if (!('decided' in outcome) || outcome.decided === null) continue;
    const { leg, event, table, chain, position } = outcome.decided;
    expect(legs[leg]?.passages[0]?.traversal.events[event]).toMatchObject({
      kind: 'rule',
      table,
      chain,
      position,
    });
    found++;
  }
  expect(found).toBeGreaterThan(10);
});

test('a path that turns in a circle says so in its own line', () => {
  const lines = pathLine(walked('local-to-remote', withoutProxyReturn)).split('\n');
  expect(lines.map((line) => line.endsWith('Envoy :15001 ▸ in a circle'))).toEqual([false, false, true]);
  expect(pathLine(walked('local-to-remote'))).not.toContain('circle');
});

test.for([
  ['other positions', before('ISTIO_OUTPUT', '-d 192.0.2.1/32 -j RETURN'), 'moved'],
  [
    'another rule, and the same end',
    before('ISTIO_OUTPUT', '-p tcp -m tcp --dport 80 -j ISTIO_REDIRECT'),
    'by other rules',
  ],
  ['past Envoy', before('ISTIO_OUTPUT', '-p tcp -j RETURN'), 'ends otherwise'],
  [
    'to another listener of Envoy',
    istio.replace('-A ISTIO_OUTPUT -j ISTIO_REDIRECT', '-A ISTIO_OUTPUT -j ISTIO_IN_REDIRECT'),
    'ends otherwise',
  ],
  ['in a circle', withoutProxyReturn, 'ends otherwise'],
  ['that cannot be told', before('ISTIO_OUTPUT', chance), 'cannot tell'],
] as const)('against Istio’s rules: %s', ([, text, says]) => {
  const [here, meant] = [walked('local-to-remote', text), walked('local-to-remote')];
  expect(wayDifference(here, meant)).toBe(says);
  expect(wayDifference(meant, here)).toBe(says);
  expect(endAlike(here, meant)).toBe(says === 'moved' || says === 'by other rules');
});
