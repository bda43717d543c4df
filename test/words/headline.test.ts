/** What is told first of a path: through Envoy or past it, by which rule, and what that means. */
import { describe, expect, test } from 'vitest';
import {
  allScenarios,
  ambientScenarios,
  bind,
  bindAmbient,
  scenarioNamed,
} from '../../src/handbook/scenarios/index.ts';
import { headlineOf, type Journey, journey, type Request } from '../../src/journey/index.ts';
import { markdown, stopLines, text } from '../../src/render/index.ts';
import { headline, headlineWords } from '../../src/words/index.ts';

function walked(name: string, request: Partial<Request> = {}): Journey {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return bind(scenario, { request }).journey;
}

const headOf = (of: Journey) => headlineWords(headline(of));

test.for([
  ['local-to-remote', {}, 'Through Envoy: ISTIO_OUTPUT 9 sends it there. It leaves the pod by eth0.'],
  ['remote-to-local', {}, 'Through Envoy: ISTIO_INBOUND 5 sends it there. The app has the connection.'],
  ['prometheus', {}, "Through Envoy: the call is to a port of Envoy's own. Envoy has the connection."],
  ['inside-envoy', {}, 'Through Envoy: Envoy makes this call itself. Envoy has the connection.'],
  [
    'local-to-remote',
    { from: { uid: 1337, gid: 1337 } },
    'Past Envoy: ISTIO_OUTPUT 4 lets it pass. It leaves the pod by eth0.',
  ],
  ['dns-wrong', {}, 'Past Envoy: ISTIO_OUTPUT_DNS 2 sends it elsewhere. pilot-agent has the connection.'],
  ['rules-missing', {}, 'Past Envoy: no rule captures it. The app has the connection.'],
  [
    'local-to-remote',
    { protocol: 'udp' },
    'Past Envoy: not captured, as ISTIO_OUTPUT 9 sends it to ISTIO_REDIRECT, where no rule applies: protocol udp is not tcp. It leaves the pod by eth0.',
  ],
  ['connection-refused', {}, 'Refused: no tcp socket listens on 127.0.0.1:15001.'],
  ['proxy-as-other-user', {}, 'In a circle: connection 2 is made again and again.'],
] as const)('%s, %j', ([name, request, says]) => {
  expect(headOf(walked(name, request)).says).toBe(says);
});

test.for([
  [
    'ambient-hbone',
    /^Through ztunnel: the call is to a port of ztunnel's own\..* has mutual TLS, and policy/,
  ],
  ['ambient-unknown', /^Through ztunnel: ISTIO_OUTPUT 6 .* mutual TLS where both ends are in the mesh;/],
  [
    'ambient-own-address',
    /^Past ztunnel: ISTIO_OUTPUT \d lets it pass\. The app has the connection\. No mutual TLS/,
  ],
  ['ambient-udp', /^Past ztunnel: no rule captures it\. .* No mutual TLS/],
] as const)('%s', ([name, expected]) => {
  const scenario = ambientScenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const { says, means } = headOf(bindAmbient(scenario).journey);
  expect(`${says} ${means}`).toMatch(expected);
});

const beginnings: Readonly<Record<string, RegExp>> = {
  'through Envoy': /^Through Envoy: /,
  'past Envoy': /^Past Envoy: /,
  refused: /^(Refused|Rejected)\b/,
  dropped: /^Dropped: /,
  'in a circle': /^In a circle: /,
  'cannot tell': /^Cannot tell: /,
};

test('every scenario and experiment begins with its outcome and says what it means', () => {
  for (const scenario of allScenarios) {
    for (const { change } of [{ change: {} }, ...scenario.experiments]) {
      const { journey: of } = bind(scenario, change);
      const { says, means } = headOf(of);
      expect(says).toMatch(beginnings[of.outcome.kind] ?? /^$/);
      expect(means).toMatch(/\.$/);
      expect(text(of).startsWith(`${says} ${means}\n`)).toBe(true);
      expect(markdown(of)).toContain(says);
    }
  }
});

describe('a jump that led to nothing', () => {
  test('is told, and its stop does not look taken', () => {
    const udp = walked('local-to-remote', { protocol: 'udp' });
    expect(headlineOf(udp).inVain).toMatchObject({
      chain: 'ISTIO_OUTPUT',
      position: 9,
      to: 'ISTIO_REDIRECT',
    });
    expect(stopsInVain(udp)).toEqual(['ISTIO_OUTPUT 9']);
  });

  test('is none where a rule of the chain applied', () => {
    const tcp = walked('local-to-remote');
    expect(headlineOf(tcp).inVain).toBeNull();
    expect(stopsInVain(tcp)).toEqual([]);
  });

  test('is not told where another rule captured the connection behind it', () => {
    const scenario = scenarioNamed('dns-other-server');
    if (scenario === undefined) throw new Error('no scenario');
    const { pod, request } = bind(scenario);
    const tcp = journey(pod, { ...request, protocol: 'tcp' });
    expect(tcp.outcome.kind).toBe('through Envoy');
    expect(headlineOf(tcp).inVain).toBeNull();
    expect(stopsInVain(tcp)).toEqual(['ISTIO_OUTPUT 8']);
  });
});

function stopsInVain(of: Journey): readonly string[] {
  return stopLines(of)
    .flat()
    .flatMap((stop) => (stop.kind === 'chain' && stop.inVain ? [`${stop.chain} ${stop.position}`] : []));
}
