/** Two rulesets or two settings side by side. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asIstioMakesIt, compare, comparing, inspect } from '../../../src/handbook/lab/index.ts';
import { rulesFor } from '../../../src/istio/index.ts';
import { connectionName } from '../../../src/words/index.ts';

const dump = (name: string) => readFileSync(join(import.meta.dirname, '../../analysis/dumps', name), 'utf8');
const setting = (release: string, options = {}) => ({ setting: { release, options } });

test('a setting with itself: nothing differs', () => {
  const { chains, differing, walked, moved, different, connections } = compare(
    setting('1.30'),
    setting('1.30'),
  );
  expect({ chains, differing, moved, different, connections }).toEqual({
    chains: [],
    differing: 0,
    moved: 0,
    different: 0,
    connections: [],
  });
  expect(walked).toBeGreaterThan(20);
});

test('an excluded port: its rules, and the connections that they are for', () => {
  const found = compare(setting('1.30'), setting('1.30', { outboundPortsExclude: '3306' }));
  expect(found.chains).toEqual([
    {
      family: 'v4',
      table: 'nat',
      chain: 'ISTIO_OUTPUT',
      rows: [
        { kind: 'come', position: 1, rule: '-p tcp -m tcp --dport 3306 -j RETURN' },
        { kind: 'come', position: 2, rule: '-p udp -m udp --dport 3306 -j RETURN' },
        { kind: 'kept', count: 9, from: 1, to: 3 },
      ],
    },
  ]);
  expect(found.different).toBe(2);
  expect(found.moved).toBeGreaterThan(10);
  expect(found.connections).toMatchObject([
    { connection: { destination: '10.96.0.7:3306', protocol: 'tcp' }, request: { port: 3306 } },
    {
      connection: { destination: '10.96.0.7:3306', protocol: 'udp' },
      request: { port: 3306, protocol: 'udp' },
    },
  ]);
  expect(found.connections.map(({ connection }) => connectionName(connection))).toEqual([
    'app uid 1000 to 10.96.0.7:3306, tcp',
    'app uid 1000 to 10.96.0.7:3306, udp',
  ]);
});

test('both families are compared', () => {
  const found = compare(setting('1.30'), setting('1.30', { enableIPv6: true }));
  expect(new Set(found.chains.map(({ family }) => family))).toEqual(new Set(['v6']));
  const [{ v6 }] = [rulesFor('1.30', { enableIPv6: true })];
  const rules = v6?.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules)) ?? [];
  expect(found.differing).toBe(rules.length);
});

test('a pod with what Istio would make of it, by the pod’s own addresses', () => {
  const { pod } = inspect(
    `${dump('03-hand-added-return.txt')}\n2: eth0: <UP> mtu 1500\n    inet 172.20.3.4/24 scope global eth0`,
  );
  const { differing, connections } = compare(pod, asIstioMakesIt(pod));
  expect(differing).toBe(1);
  expect(connections.map(({ connection }) => connectionName(connection))).toContain(
    'app uid 1000 to 10.96.0.7:80, tcp',
  );
  expect(JSON.stringify(connections)).not.toContain('10.244.1.5');
});

test('it says how far it has come, and can be left', () => {
  const told: number[] = [];
  const run = comparing(setting('1.20'), setting('1.30'));
  for (let step = run.next(); step.done !== true && told.length < 10; step = run.next())
    told.push(step.value);
  expect(told).toHaveLength(10);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(run.return(compare(setting('1.30'), setting('1.30'))).done).toBe(true);
});
