/** What pages tell of calls through the Envoy of the handbook's pod is what a real Envoy did, told what istiod tells it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type EnvoyCall, envoyCallNamed, envoyCalls, walkInside } from '../../../src/handbook/envoy/index.ts';
import { sidecarPodOf } from '../../../src/handbook/envoy/mesh.ts';
import { envoyWalkWords, seenWords } from '../../../src/words/index.ts';
import { type BehaviourCase, readCases, waysOf } from '../../mesh/case-file.ts';
import { envoyOf } from '../../mesh/envoy/binary.ts';
import { askedPod } from '../../mesh/istiod/pods.ts';

const folder = new URL('../../mesh/behaviours/', import.meta.url);
const cases = ['inbound.txt', 'outbound.txt'].flatMap((file) =>
  readCases(readFileSync(new URL(file, folder), 'utf8'), file).map((one) => ({ file, ...one })),
);
const calls: readonly (readonly [string, EnvoyCall])[] = Object.entries(envoyCalls);

function behaviourOf({ asked: { file, title } }: EnvoyCall): BehaviourCase {
  const found = cases.find((one) => one.file === file && one.title === title);
  if (found === undefined) throw new Error(`no behaviour “${title}” in ${file}`);
  return found;
}

/** What a call says of itself and of what came of it, in the form in which a behaviour says it. */
function told(one: EnvoyCall) {
  const { outcome, seen } = walkInside(one.mesh, one.call, one.server);
  return {
    client: seen?.client === 'answer' ? (seen.status ?? 'answer') : seen?.client,
    flags: seen?.flags ?? null,
    cluster: 'cluster' in outcome ? outcome.cluster : null,
    host: outcome.kind === 'dials' ? outcome.hosts[0] : null,
    source: outcome.kind === 'dials' ? (outcome.source ?? null) : null,
  };
}

function recorded(one: BehaviourCase): readonly Readonly<Record<string, unknown>>[] {
  return waysOf(one, envoyOf['1.31']).map((lines) => {
    const client = lines.find((line) => line.startsWith('client: ')) ?? '';
    const [, status] = /HTTP (\d+)/.exec(client) ?? [];
    const envoy = lines.find((line) => line.startsWith('Envoy: '));
    const [, cluster, host, source] =
      /^Envoy: \S+ is (\S+?)(?: at ([^ ,]+))?(?: from ([^ ,]+))?(?:,|$)/.exec(envoy ?? '') ?? [];
    const seen = {
      client: client.includes('nothing comes')
        ? ('waits' as const)
        : client.includes('then closed')
          ? ('closed' as const)
          : client.includes('then reset')
            ? ('reset' as const)
            : status === undefined || status === '200'
              ? ('answer' as const)
              : Number(status),
      flags: /, flags ([A-Z,]+)(?:,|$)/.exec(envoy ?? '')?.[1] ?? null,
    };
    if (envoy === undefined) return seen;
    const dialled = { cluster: cluster === 'nobody' ? null : cluster, host: host ?? null };
    // Where Envoy is bound to no address the kernel chooses one.
    return source === '127.0.0.6' ? { ...seen, ...dialled, source } : { ...seen, ...dialled };
  });
}

describe.each(calls)('%s', (_, call) => {
  const behaviour = behaviourOf(call);

  test('is what was asked of a real Envoy', () => {
    const { mode, outbound, inbound, istio, objects } = askedPod(behaviour.pod);
    const { Mode, Policy, Inbound, Config, Objects } = sidecarPodOf(call.mesh);
    expect([Mode, Policy, Inbound, Config, Objects]).toEqual([mode, outbound, inbound, istio, objects]);
    const { direction, address, port, first, host } = call.call;
    expect({ address, port }).toEqual(behaviour.to);
    expect(direction).toBe(behaviour.caller === 'app' ? 'outbound' : 'inbound');
    const { http, send, tls } = behaviour;
    expect(first).toBe(
      tls !== undefined
        ? 'mutual TLS of Istio'
        : http !== undefined
          ? 'HTTP'
          : send === undefined
            ? 'nothing'
            : 'bytes',
    );
    expect(host).toBe(tls?.name ?? http?.host ?? '');
    if (http !== undefined) expect(call.call.path ?? '/').toBe(http.path);
  });

  test('ends as it did there', () => {
    const says = told(call);
    const ways = recorded(behaviour);
    expect(
      ways.some((way) =>
        Object.entries(way).every(([key, value]) => says[key as keyof typeof says] === value),
      ),
      JSON.stringify([says, ways]),
    ).toBe(true);
  });
});

test('what ends otherwise than it did there would be seen', () => {
  const one = envoyCallNamed('strict-plain-http');
  const wrong = told({ ...one, mesh: { mutualTls: 'PERMISSIVE' } });
  expect(recorded(behaviourOf(one))[0]?.client).not.toBe(wrong.client);
});

test('there is no call of another name', () => {
  expect(() => envoyCallNamed('strict')).toThrow('found call "strict", expected one of: strict-plain-http, ');
});

test('why a chain is not taken, what the client sees, and what the access log has is said', () => {
  const { mesh, call, server } = envoyCallNamed('strict-plain-http');
  const walk = walkInside(mesh, call, server);
  expect(envoyWalkWords(walk).steps.map(({ says }) => says)).toContain(
    'Chain 7 (0.0.0.0_8080) does not: its transport_protocol is tls, the connection has raw_buffer.',
  );
  expect(seenWords(walk)).toBe(
    'The client is connected, and then reset. The access log has NR filter_chain_not_found.',
  );
});
