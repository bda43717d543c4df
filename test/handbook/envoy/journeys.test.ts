/**
 * A journey knows little of Envoy: what it says of a scenario that ends inside is what the whole model says of the same
 * call, with istiod's configuration.
 */
import { describe, expect, test } from 'vitest';
import { type EnvoyCallName, envoyCallNamed, walkInside } from '../../../src/handbook/envoy/index.ts';
import { bind, scenarioNamed } from '../../../src/handbook/scenarios/index.ts';

/** Of each scenario the call that is the same to Envoy. */
const same: readonly (readonly [scenario: string, call: EnvoyCallName])[] = [
  ['connection-reset', 'strict-plain-http'],
  ['remote-to-local', 'permissive-plain-http'],
  ['unknown-host-refused', 'unknown-address-refused'],
  ['answer-503', 'app-refuses-http'],
  ['no-endpoint', 'no-endpoint-http'],
  ['ends-at-own-service', 'host-decides'],
  ['local-to-remote', 'known-host'],
  ['connection-hangs', 'unknown-port'],
];

describe.each(same)('%s', (name, call) => {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(name);
  const { legs } = bind(scenario).journey;
  const { mesh, call: asked, server } = envoyCallNamed(call);
  const { outcome } = walkInside(mesh, asked, server);

  test('goes on, or ends, as the model of Envoy says', () => {
    const [first, second] = legs;
    expect(first?.server?.name).toBe('Envoy');
    expect(first?.closes === true).toBe(outcome.kind !== 'dials');
    if (outcome.kind !== 'dials') return;
    expect(second?.client.name).toBe('Envoy');
    const { dialled } = second ?? {};
    // A call to an address that nobody knows goes there, whichever it is.
    const isPassedOn = outcome.cluster === 'PassthroughCluster';
    const there = isPassedOn ? first?.dialled : dialled;
    expect(`${dialled?.destination}:${dialled?.destinationPort}`).toBe(
      isPassedOn ? `${there?.destination}:${there?.destinationPort}` : outcome.hosts[0],
    );
    if (outcome.source !== undefined) expect(dialled?.source).toBe(outcome.source);
  });
});
