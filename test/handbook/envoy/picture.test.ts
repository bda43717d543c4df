/** The picture of Envoy's listeners is what istiod tells, and marks what takes the example. */
import { describe, expect, test } from 'vitest';
import { configUnder, drawnMesh, pictureOf, walkInside } from '../../../src/handbook/envoy/index.ts';
import { pod, services } from '../../../src/handbook/scenarios/index.ts';

const inbound = {
  direction: 'inbound',
  address: pod.address,
  port: pod.port,
  first: 'HTTP',
  host: 'own',
} as const;
const { address, port, name: host } = services.remote;
const outbound = { direction: 'outbound', address, port, first: 'HTTP', host } as const;

describe.each([
  ['inbound', inbound],
  ['outbound', outbound],
] as const)('%s', (direction, asked) => {
  const walk = walkInside(drawnMesh, asked, 'answers');
  const { accepting, others } = pictureOf(drawnMesh, direction, walk);
  const all = [accepting, ...others];

  test('has each listener of its direction once, and each of its chains', () => {
    const own = configUnder(drawnMesh).listeners.filter(
      (one) => one.trafficDirection.toLowerCase() === direction,
    );
    expect(all.map(({ name }) => name).sort()).toEqual(own.map(({ name }) => name).sort());
    for (const one of own) {
      const chains = one.filterChains.length + (one.defaultFilterChain === null ? 0 : 1);
      expect(all.find(({ name }) => name === one.name)?.chains).toHaveLength(chains);
    }
  });

  test('marks the one chain that takes the example', () => {
    const taken = all.flatMap((listener) =>
      listener.chains
        .filter(({ isTaken }) => isTaken)
        .map((chain) => ({ listener: listener.name, ...chain })),
    );
    expect(taken).toHaveLength(1);
    const { outcome } = walk;
    if (outcome.kind !== 'dials') throw new Error(outcome.kind);
    const [{ to } = { to: null }] = taken;
    if (to?.kind === 'cluster') expect(to.names).toContain(outcome.cluster);
    else expect(to).toEqual({ kind: 'routes', names: [`${asked.port}`] });
  });

  test('without a walk marks none', () => {
    const bare = pictureOf(drawnMesh, direction, null);
    expect(
      [bare.accepting, ...bare.others].flatMap(({ chains }) => chains.filter(({ isTaken }) => isTaken)),
    ).toEqual([]);
  });
});

test('conditions stand in Envoy’s own order', () => {
  const { accepting } = pictureOf(drawnMesh, 'inbound', null);
  const tls = accepting.chains.find(({ endsTls, name }) => endsTls && name.endsWith(`_${pod.port}`));
  expect(tls?.conditions.map(({ condition }) => condition)).toEqual([
    'destination_port',
    'transport_protocol',
    'application_protocols',
  ]);
});
