/** The reference pages: nothing of the engine's tables is missing, and what is computed is so. */
import { describe, expect, test } from 'vitest';
import { handbookSetting, scenarios } from '../../../src/handbook/scenarios/index.ts';
import { hookVisits, portEntries, processEntries, ruleEntries } from '../../../src/handbook/tables/index.ts';
import { ports, roles, rulesFor } from '../../../src/istio/index.ts';

describe('the rules', () => {
  const entries = ruleEntries();

  test('are every role, once', () => {
    expect(entries.map(({ role }) => role).sort()).toEqual([...roles].sort());
  });

  test('have each a history: every role is a rule of some release with some options', () => {
    expect(entries.filter(({ history }) => history === null).map(({ role }) => role)).toEqual([]);
  });

  test('that are here have each rule of the setting, with its text', () => {
    const rules = rulesFor(handbookSetting.release, handbookSetting.options);
    const places = entries.flatMap((entry) => entry.places);
    expect(places).toHaveLength(rules.roles.length);
    for (const { text } of places) expect(text).toMatch(/-j [A-Z_]+/);
  });

  test('begin and end when Istio says so', () => {
    const span = (role: string) => {
      const history = entries.find((entry) => entry.role === role)?.history;
      return [history?.since, history?.until];
    };
    expect(span('output.proxy-bypass')).toEqual([null, null]);
    expect(span('inbound.tunnel')).toEqual(['1.7', null]);
    expect(span('inbound.ssh')).toEqual([null, '1.13']);
    expect(span('interface.excluded-out')).toEqual(['1.11.3', null]);
    expect(span('invalid.match')).toEqual(['1.12.2', null]);
    expect(span('output.rest')).toEqual([null, '1.23']);
  });

  test('are met by the types that the pages say', () => {
    const types = (role: string) => {
      const met = entries.find((entry) => entry.role === role)?.metBy ?? [];
      return [...new Set(met.map(({ type }) => type))].sort();
    };
    expect(types('output.proxy-bypass')).toEqual([2, 3, 5, 6]);
    expect(types('output.capture')).toEqual([2, 4]);
    expect(types('output.loopback')).toEqual([]);
    expect(types('inbound.exclude-port')).toEqual([3]);
    expect(types('output.jump')).toEqual([...new Set(scenarios.map(({ type }) => type))]);
  });
});

describe('the ports', () => {
  const entries = portEntries();

  test('are those of the table, once', () => {
    expect(entries.map(({ port }) => port)).toEqual(ports.map(({ port }) => port));
  });

  test('are captured or not as a packet from outside finds out', () => {
    const through = entries.filter(({ fromPeer }) => fromPeer !== null && !fromPeer.captured);
    expect(through.map(({ port }) => port)).toEqual([15008, 15020, 15021, 15090]);
    for (const { fromPeer } of entries) if (fromPeer !== null) expect(fromPeer.rule).not.toBeNull();
  });
});

test('the processes have the uid and gid of the setting', () => {
  expect(processEntries().map(({ name, uid, gid }) => `${name} ${uid}:${gid}`)).toEqual([
    'app 1000:1000',
    'Envoy 1337:1337',
    'pilot-agent 1337:1337',
  ]);
});

test('nat is asked where Linux was seen to ask it', () => {
  const lines = hookVisits().map(
    ({ what, visits }) =>
      `${what}: ${visits.map(({ hook, nat }) => (nat === 'asked' ? hook : `(${hook})`)).join(' ')}`,
  );
  expect(lines).toEqual([
    'A process of the pod to a remote address: OUTPUT POSTROUTING',
    'A process of the pod to Envoy, redirected: OUTPUT POSTROUTING (PREROUTING) (INPUT)',
    'A process of the pod to its own pod: OUTPUT POSTROUTING (PREROUTING) (INPUT)',
    'From outside to the pod: PREROUTING INPUT',
    'The answer to a connection from outside: (OUTPUT) (POSTROUTING)',
    'The answer to a connection over lo: (OUTPUT) (POSTROUTING) (PREROUTING) (INPUT)',
    'A later packet from outside: (PREROUTING) (INPUT)',
    'A later packet over lo: (OUTPUT) (POSTROUTING) (PREROUTING) (INPUT)',
  ]);
});
