/** Journeys that do not arrive, and those that a real pod's rules lead elsewhere. */
import { expect, test } from 'vitest';
import { bind, type Scenario, scenarioNamed } from '../../src/handbook/scenarios/index.ts';
import { rulesFor } from '../../src/istio/index.ts';
import { parseRuleset, type Ruleset } from '../../src/netfilter/index.ts';
import { pathLine } from '../../src/render/index.ts';
import { ending } from '../../src/words/index.ts';

function scenario(name: string): Scenario {
  const found = scenarioNamed(name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

function read(text: string): Ruleset {
  const { ruleset, problems } = parseRuleset(text, 'v4');
  expect(problems).toEqual([]);
  return ruleset;
}

const istio = rulesFor('1.30').text.v4;

test('a port that nobody listens on is refused at the last leg, and the kernel answers with a reset', () => {
  const { journey } = bind(scenario('remote-to-local'), { request: { port: 9999 } });
  expect(journey.arrived).toBe(false);
  expect(ending(journey)).toBe('Refused: no tcp socket listens on 10.244.1.5:9999.');
  expect(pathLine(journey).split('\n')).toHaveLength(2);
  const last = journey.legs.at(-1);
  expect(last?.server).toBeNull();
  expect(last?.passages[1]?.traversal.events[0]?.packet.flags).toEqual(['RST', 'ACK']);
});

test('a filter that drops is the end, and there is no answer', () => {
  const rules = read(
    `${istio}*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 15006 -j DROP\nCOMMIT\n`,
  );
  const { journey } = bind(scenario('remote-to-local'), {}, { rulesets: { v4: rules } });
  expect(journey.arrived).toBe(false);
  expect(ending(journey)).toMatch(/^Dropped: /);
  expect(journey.legs).toHaveLength(1);
  expect(journey.legs[0]?.passages).toHaveLength(1);
  expect(pathLine(journey)).toMatch(/filter INPUT 1 ▸ dropped$/);
});

test('without the rule for the uid and the gid of the proxy, Envoy is sent to itself, which is walked once', () => {
  const without = istio
    .split('\n')
    .filter((line) => !/^-A ISTIO_OUTPUT -m owner --[ug]id-owner 1337 -j RETURN$/.test(line))
    .join('\n');
  const { journey } = bind(scenario('local-to-remote'), {}, { rulesets: { v4: read(without) } });
  expect(journey.arrived).toBe(false);
  expect(ending(journey)).toBe('In a circle: connection 2 is made again and again.');
  expect(journey.legs).toHaveLength(3);
});

test('a connection to a listener of Envoy itself is closed', () => {
  const out = bind(scenario('local-to-remote'), { request: { address: '127.0.0.1', port: 15001 } }).journey;
  expect(out.arrived).toBe(false);
  expect(out.legs.at(-1)?.closes).toBe(true);
  const into = bind(scenario('remote-to-local'), { request: { port: 15006 } }).journey;
  expect(into.arrived).toBe(false);
  expect(ending(into)).toMatch(/circle/);
});

test('in a pod without rules the app reaches everyone without Envoy', () => {
  const none: Ruleset = { family: 'v4', tables: [] };
  const { journey } = bind(scenario('local-to-remote'), {}, { rulesets: { v4: none } });
  expect(pathLine(journey)).toBe('app uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ 10.96.0.7:80');
});

test('a process that the pod does not have is named', () => {
  expect(() => bind(scenario('local-to-remote'), { request: { from: { process: 'nginx' } } })).toThrow(
    /found process "nginx".*app, Envoy, pilot-agent/,
  );
});
