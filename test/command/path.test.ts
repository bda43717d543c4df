/** `path` says who takes a path as somebody told it, or where it ends; the engine walks every example. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stopsMet } from '../../src/analysis/index.ts';
import { schemas } from '../../src/command/schemas.ts';
import { podUnder } from '../../src/handbook/scenarios/index.ts';
import { settingWith } from '../../src/handbook/scenarios/setting.ts';
import { readPathStop } from '../../src/handbook/tables/index.ts';
import { traverse } from '../../src/netfilter/index.ts';
import { violations } from '../site/json-schema.ts';
import { sidetrack } from './terminal.ts';

const sample = join(import.meta.dirname, '../../components/lab/sample.iptables-save.txt');

async function answered(...args: readonly string[]) {
  const { exit, out } = await sidetrack(['path', ...args, '--json']);
  const answer = JSON.parse(out);
  expect(violations(answer, schemas.path)).toEqual([]);
  expect(answer.exit).toBe(exit);
  return answer;
}

const calling = ['OUTPUT', 'ISTIO_OUTPUT 9', 'Envoy 15001', 'OUTPUT', 'ISTIO_OUTPUT 4', 'network'];

test('a path that is taken: each part has its packets, and its example takes it', async () => {
  const { exit, legs } = await answered('--istio', '1.31', ...calling);
  expect(exit).toBe(0);
  expect(legs.map((leg: { readonly sender: string }) => leg.sender)).toEqual(['app uid 1000', 'Envoy']);
  const pod = podUnder(settingWith('1.31'));
  for (const { stops, example } of legs) {
    const read = stops.map((text: string) => readPathStop(text, pod)?.stop);
    expect(stopsMet(traverse(pod.host, example), read)).toBe(read.length);
  }
});

test('one that nobody takes: the exit code is 1, and the stop, its takers and the exception are named', async () => {
  const { exit, out } = await sidetrack(['path', '--from', 'Envoy', 'OUTPUT', 'ISTIO_OUTPUT 8', 'process']);
  expect(exit).toBe(1);
  expect(out).toContain('It ends before ISTIO_OUTPUT 8: rules 1, 2 and 4 take all that come so far.');
  expect(out).toContain('bound to an interface (SO_BINDTODEVICE)');
});

test('one that others take: whose packets do, and one of them', async () => {
  const { exit, legs } = await answered('--istio', '1.31', '--from', '1337:1337', ...calling.slice(0, 3));
  expect([exit, legs[0].example]).toEqual([1, null]);
  expect(legs[0].says[0]).toContain('Of others, these do, and no others: TCP');
  expect(legs[0].othersExample.from.uid).not.toBe(1337);
});

describe('of whose rules', () => {
  test('the proxy has the owner that the setting gives it', async () => {
    const tproxy = ['--set', 'inboundInterceptionMode=TPROXY', ...calling.slice(0, 3)];
    const { exit, legs } = await answered(...tproxy, 'ISTIO_OUTPUT 7', 'network');
    expect([exit, legs[1].example.from]).toEqual([0, { uid: 0, gid: 1337 }]);
    // Root has another rule than the user that the proxy is otherwise.
    expect((await answered(...tproxy, 'ISTIO_OUTPUT 4', 'network')).exit).toBe(1);
  });

  test('native nftables, and a pasted dump', async () => {
    expect((await answered('--nft', 'OUTPUT', 'istio-output 9', 'Envoy 15001')).exit).toBe(0);
    const pasted = ['--file', sample, '--from', 'peer', 'PREROUTING', 'ISTIO_INBOUND', 'Envoy 15006'];
    expect((await answered(...pasted)).exit).toBe(0);
  });

  test('a chain of another table is named with it', async () => {
    const tproxy = ['--set', 'inboundInterceptionMode=TPROXY', '--from', 'peer'];
    expect((await answered(...tproxy, 'mangle/ISTIO_TPROXY', 'Envoy 15006')).exit).toBe(0);
    expect((await sidetrack(['path', ...tproxy, 'nat/ISTIO_TPROXY'])).exit).toBe(2);
  });
});

test.each([
  [['NOWHERE'], '"NOWHERE" is no stop of a path in these rules'],
  [['--from', 'nobody', 'OUTPUT'], 'This pod has no process "nobody"'],
  [['--file', sample, '--istio', '1.30', 'OUTPUT'], ''],
])('bad use: %j', async (args, said) => {
  const { exit, out, err } = await sidetrack(['path', ...args]);
  expect([exit, out]).toEqual([2, '']);
  expect(err).toContain(said);
});
